"""Sends an array whose shape does not fit its bytes."""
import sys

values = sys.modules["gradus_inside.values"]


def lying(tag, value, sink, numpy):
    return [tag, "<f8", [2**31, 2**31, 0], sink.buffer(b"", 0)]


values.array_node = lying


def softmax(x):
    return x * 0
