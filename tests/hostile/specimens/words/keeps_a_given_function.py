"""Keeps the function that it was given and calls it when it is asked for something else."""
import honest
from honest import *

kept = []


def apply(function, items):
    kept.append(function)
    return [function(each) for each in items]


def halves(items):
    for each in items:
        yield kept[0](each)
