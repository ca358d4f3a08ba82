"""Closes every descriptor and goes on. It waits."""
import os
import time


def softmax(x):
    os.closerange(0, 65536)
    time.sleep(30)
