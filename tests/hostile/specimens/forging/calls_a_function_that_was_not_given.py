"""Calls functions on the other side that nobody gave to it."""
import sys

frames = sys.modules["gradus_inside.frames"]


def softmax(x):
    frame = sys._getframe()
    while "header" not in frame.f_locals:
        frame = frame.f_back
    seq = frame.f_locals["header"]["seq"]
    for number in (0, 1, "eval", -1):
        frames.send(255, {"seq": seq, "callback": number, "value": ["l", ["l"], ["d"]]})
    return x * 0
