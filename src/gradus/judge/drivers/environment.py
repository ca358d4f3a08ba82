"""Sets environment variables before the learner's module is imported."""

import os


def update(variables):
    """Add variables to the environment of this process."""
    os.environ.update(variables)
