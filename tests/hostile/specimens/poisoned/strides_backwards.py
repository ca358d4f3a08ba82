"""Returns views that go backwards, overlap and leave their memory."""
import numpy as np


def softmax(x):
    return np.lib.stride_tricks.as_strided(x[..., ::-1], x.shape, [-8 for _ in x.shape])
