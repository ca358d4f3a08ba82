"""Sends an exception whose fields have no form."""
import sys

frames = sys.modules["gradus_inside.frames"]
real = frames.send


def send(fd, header, buffers=()):
    raised = {"types": ["E" * 3000] * 40, "message": 5, "frames": {"a": 1}}
    real(fd, {"seq": header["seq"], "raised": raised})


def softmax(x):
    frames.send = send
    return x * 0
