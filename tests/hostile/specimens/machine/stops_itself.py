"""Stops its own process, so that it answers no more and does not end. It waits."""
import os
import signal


def softmax(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x * 0
