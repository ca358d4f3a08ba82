"""Raises an exception whose causes go round in a circle."""


def softmax(x):
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    one.__context__, other.__context__ = other, one
    raise one
