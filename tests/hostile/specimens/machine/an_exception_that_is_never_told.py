"""Raises an exception whose message is never ready. It waits."""
import time


class Slow(Exception):
    def __str__(self):
        time.sleep(1000)


def softmax(x):
    raise Slow
