"""Returns numbers that are none, each with other bits."""
import numpy as np


def softmax(x):
    bits = np.uint64(0x7FF8000000000001) + np.arange(x.size, dtype=np.uint64)
    return bits.view(np.float64).reshape(x.shape)
