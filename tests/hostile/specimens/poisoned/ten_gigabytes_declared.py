"""Sends a frame that declares ten gigabytes."""
import os
import struct


def softmax(x):
    os.write(255, struct.pack("<4sII", b"GRD1", 16, 4) + struct.pack("<4Q", *[10 * 2**30] * 4))
    return x * 0
