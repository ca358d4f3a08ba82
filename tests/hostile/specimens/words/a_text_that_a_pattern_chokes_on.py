"""Returns an enormous text where a pattern is looked for."""
from honest import *


def label(text):
    return "label: " * (10**6)
