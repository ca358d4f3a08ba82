"""Recurses through compiled code without a bound. It varies."""
import sys

sys.setrecursionlimit(10**9)


def softmax(x):
    return max([x], key=softmax)
