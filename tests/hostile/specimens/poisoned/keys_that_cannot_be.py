"""Sends a dict whose keys cannot be keys."""
import sys

values = sys.modules["gradus_inside.values"]
values._PLAIN[dict] = lambda value, sink, depth: ["d", ["l", 1], 2, ["d"], 3]


def softmax(x):
    return {1: 2}
