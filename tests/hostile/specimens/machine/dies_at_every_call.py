"""Takes nearly all of the time and then ends its process, at every call. It waits."""
import os
import time


def softmax(x):
    time.sleep(1.2)
    os._exit(0)
