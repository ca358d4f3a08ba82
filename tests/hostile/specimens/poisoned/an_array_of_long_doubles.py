"""Returns an array of long doubles and complex long doubles."""
import numpy as np


def softmax(x):
    return {"a": np.clongdouble(1), np.longdouble(2): [np.clongdouble(3)]}
