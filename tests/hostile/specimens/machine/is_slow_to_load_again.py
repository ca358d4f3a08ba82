"""Ends its process, and is slow to load when it is started again. It waits."""
import os
import time

time.sleep(0.7)


def softmax(x):
    os._exit(0)
