"""Raises groups of exceptions within groups."""


def softmax(x):
    error = ValueError("one")
    for _ in range(50):
        error = ExceptionGroup("group", [error, ValueError("x")])
    raise error
