"""Raises an exception with an enormous name, message and many bases."""


def softmax(x):
    kind = Exception
    for number in range(200):
        kind = type("E" * 10**4 + str(number), (kind,), {})
    raise kind("m" * 10**6)
