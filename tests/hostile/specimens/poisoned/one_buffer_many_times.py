"""Sends one large buffer and names it a hundred thousand times."""
import sys

import numpy as np

frames = sys.modules["gradus_inside.frames"]
real = frames.send


def send(fd, header, buffers=()):
    buffer = np.zeros(4 * 2**20, np.uint8)
    node = ["l", *[["a", "|b1", [len(buffer)], 0]] * 100_000]
    real(fd, {"seq": header["seq"], "ok": 1, "value": node}, [buffer])


def softmax(x):
    frames.send = send
    return x * 0
