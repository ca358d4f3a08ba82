"""Matches a regular expression that needs exponential time."""
import re


def softmax(x):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return x * 0
