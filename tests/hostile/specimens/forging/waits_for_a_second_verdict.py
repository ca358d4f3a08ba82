"""Fails slowly, hoping that a time limit counts as a pass. It waits."""
import time


def softmax(x):
    time.sleep(100)
    return x * 0
