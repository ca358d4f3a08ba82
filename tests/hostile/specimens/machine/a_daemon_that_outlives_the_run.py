"""Leaves a process in a session of its own that forgets its parent. It varies."""
import ctypes
import os
import time


def softmax(x):
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
    try:
        if os.fork() == 0:
            os.setsid()
            ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
            if os.fork() == 0:
                while True:
                    time.sleep(0.1)
            os._exit(0)
    except OSError:
        pass
    return x * 0
