"""Prints without end from a thread while it answers. It varies."""
import os
import threading


def flood():
    while True:
        os.write(2, b"x" * 4096)


def softmax(x):
    threading.Thread(target=flood, daemon=True).start()
    return x * 0
