"""Arrays."""

import math

import numpy as np


def product(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """x times y."""
    whole: np.ndarray = x @ y
    return whole


def centred(x):
    middle = x.mean(axis=0)
    spread = np.std(x, axis=0)
    return (x - middle) / np.where(spread == 0, 1.0, spread + 0.0)


def scaled(x, y):
    shifted = x * y + x
    return shifted - 0.5 * x


def length(x):
    x = np.asarray(x, dtype=float)
    squared = x * x
    return math.sqrt(np.sum(squared)) + float(x.sum())
