"""Sends a frame and never ends it. It waits."""
import os
import struct
import time


def softmax(x):
    os.write(255, struct.pack("<4sII", b"GRD1", 1000, 0))
    while True:
        os.write(255, b"\xc0")
        time.sleep(0.05)
