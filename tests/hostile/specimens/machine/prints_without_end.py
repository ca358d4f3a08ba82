"""Prints without end, in one line."""
import os


def softmax(x):
    while True:
        os.write(1, b"PASSED " * 1000)
