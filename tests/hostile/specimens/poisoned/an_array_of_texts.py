"""Returns an array of texts, some of them enormous."""
import numpy as np


def softmax(x):
    return np.array(["x" * 10**4, "\x1b[2J"] * 8)
