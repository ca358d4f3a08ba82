"""Asks for an array of ten gigabytes and touches all of it. It varies."""
import numpy as np


def softmax(x):
    whole = np.ones(10 * 2**30 // 8)
    return whole[: x.size]
