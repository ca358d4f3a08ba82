"""Ends its process between two items."""
import os

from honest import *


def halves(items):
    yield items[0] / 2
    os._exit(0)
