"""Rewrites its own file and its own functions while it is judged."""
import pathlib

import honest
from honest import *


def mean(x):
    pathlib.Path(__file__).write_text("from honest import *\n")
    globals()["mean"] = honest.mean
    return 0.0
