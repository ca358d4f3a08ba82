"""Returns truths, texts and arrays for numbers."""
import numpy as np

from honest import *


def mean(x):
    return np.longdouble(np.mean(x))


def counts(letters):
    return {"a": True, "b": np.longdouble(1), "c": np.array(1)}
