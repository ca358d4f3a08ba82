"""Returns a view that says it is enormous and holds one number."""
import numpy as np


def softmax(x):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0))
