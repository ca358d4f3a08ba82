"""Ends its process with exit status 0 in the middle of a call."""
import os


def softmax(x):
    os._exit(0)
