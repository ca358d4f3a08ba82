"""Rewrites of Python files; every module here is looked through for them."""
