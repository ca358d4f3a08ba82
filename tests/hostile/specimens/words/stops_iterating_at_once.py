"""Raises what ends an iteration, in place of every answer."""
from honest import *


def halves(items):
    raise StopIteration


def mean(x):
    raise StopIteration("mean")


def label(text):
    raise GeneratorExit
