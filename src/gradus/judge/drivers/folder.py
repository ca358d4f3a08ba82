"""Calls the lab's own scripts (`reader.py`, `build.py`) with the folder they work on."""

from pathlib import Path


def bound(module, name):
    """Return a function of `reader.py` with the folder as its first argument."""
    function = getattr(module, name)
    return lambda *args: function(Path.cwd(), *args)


def build(module, case):
    """Run a script's `build(folder, case)` in the current folder."""
    module.build(Path.cwd(), case)
