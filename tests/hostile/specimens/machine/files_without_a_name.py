"""Fills the disk with files that it has deleted and keeps open."""
import os

kept = []


def softmax(x):
    for number in range(8):
        fd = os.open(f"gone-{number}", os.O_RDWR | os.O_CREAT)
        os.unlink(f"gone-{number}")
        for _ in range(3):
            os.write(fd, b"x" * 2**20)
        kept.append(fd)
    import time

    time.sleep(30)
