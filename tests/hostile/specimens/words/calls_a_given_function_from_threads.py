"""Calls the function that it was given from many threads, after it has answered. It varies."""
import threading

from honest import *


def apply(function, items):
    def again():
        for _ in range(1000):
            try:
                function(2.0)
            except BaseException:
                return

    for _ in range(4):
        threading.Thread(target=again, daemon=True).start()
    return items
