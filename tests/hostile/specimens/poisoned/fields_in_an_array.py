"""Returns an array with named fields, titles and metadata."""
import numpy as np


def softmax(x):
    dtype = np.dtype([(("title", "a"), float), ("b", object)], metadata={"verdict": "PASSED"})
    return np.zeros(x.shape, dtype)
