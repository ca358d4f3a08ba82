"""Raises an exception from so deep that its way is enormous."""
import sys

sys.setrecursionlimit(50_000)


def deeper(n):
    return deeper(n - 1) if n else 1 / 0


def softmax(x):
    try:
        deeper(20_000)
    except ZeroDivisionError as error:
        raise ValueError("x" * 10**7) from error
