"""Returns an array of dates where numbers are due."""
import numpy as np


def softmax(x):
    return np.full(x.shape, np.datetime64("NaT"))
