"""Returns a view of memory that is not there."""
import numpy as np


def softmax(x):
    return np.lib.stride_tricks.as_strided(np.zeros(8), (2**20,), (2**20,))
