"""Waits for ever with every signal ignored. It waits."""
import signal
import time


def softmax(x):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        time.sleep(1000)
