"""Returns a view of mapped memory that is far larger than what may cross. It varies."""
import mmap

import numpy as np


def softmax(x):
    whole = mmap.mmap(-1, 2**30)
    return np.frombuffer(whole, np.float64)
