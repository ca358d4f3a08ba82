"""Opens descriptors until there are no more."""
import os


def softmax(x):
    while True:
        os.dup(0)
