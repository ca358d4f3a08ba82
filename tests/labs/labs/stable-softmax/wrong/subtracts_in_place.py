"""You subtract inside the caller's array; make a new one."""

import numpy as np


def softmax(x):
    x -= x.max(axis=-1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)
