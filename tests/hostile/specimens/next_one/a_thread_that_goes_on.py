"""Leaves threads that go on after the answer. It varies."""
import os
import threading
import time


def go_on():
    while True:
        time.sleep(0.001)
        try:
            with open("still-here", "a") as stream:
                stream.write("x")
        except OSError:
            os.sched_yield()


def softmax(x):
    for _ in range(8):
        threading.Thread(target=go_on).start()
    return x * 0
