"""Returns a number with more digits than a float, and an array of them."""
import numpy as np


def softmax(x):
    return np.longdouble(1) / 3
