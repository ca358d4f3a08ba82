"""Gradus: the machine-learning-engineer roadmap that you prove, not read."""

__version__ = "0.1.0"
