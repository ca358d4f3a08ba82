"""Forks without end. It waits."""
import os
import time


def softmax(x):
    for _ in range(20):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        except OSError:
            break
    time.sleep(60)
