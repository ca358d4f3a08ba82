"""Answers all calls that came at once with the buffers of the first."""
import sys

import numpy as np

frames = sys.modules["gradus_inside.frames"]
real, calls = frames.send, []


def send(fd, header, buffers=()):
    if "replies" in header:
        header = {"seq": header["seq"], "replies": [header["replies"][0]] * len(header["replies"])}
    real(fd, header, buffers)


def softmax(x):
    frames.send = send
    calls.append(x)
    z = np.exp(x - x.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True) if len(calls) < 3 else x * 0
