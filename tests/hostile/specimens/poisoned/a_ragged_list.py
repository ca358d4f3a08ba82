"""Returns a ragged list of arrays, dicts, texts and numbers."""
import numpy as np


def softmax(x):
    return [np.zeros(3), [1, [2, [3]]], {"a": np.zeros((2, 2))}, "x", None, True, {1, 2}, np.True_]
