"""Sends one long text and names it a hundred thousand times. It varies."""
import sys

frames = sys.modules["gradus_inside.frames"]
real = frames.send


def send(fd, header, buffers=()):
    buffer = b"x" * (4 * 2**20)
    node = ["l", *[["x", 0]] * 50_000]
    real(fd, {"seq": header["seq"], "ok": 1, "value": node}, [buffer])


def softmax(x):
    frames.send = send
    return x * 0
