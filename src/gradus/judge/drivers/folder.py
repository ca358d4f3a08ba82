"""Calls the lab's own scripts (`reader.py`, `build.py`) with the folder they work on."""

# ruff: noqa: E402
import os
import sys

# What lies in the folder is read and never imported: it would run in the reader's place.
_HERE = os.path.realpath(".")
sys.path[:] = [each for each in sys.path if os.path.realpath(each or ".") != _HERE]

from pathlib import Path


def bound(module, name):
    """Return a function of `reader.py` with the folder as its first argument."""
    function = getattr(module, name)
    return lambda *args: function(Path.cwd(), *args)


def build(module, case):
    """Run a script's `build(folder, case)` in the current folder."""
    module.build(Path.cwd(), case)
