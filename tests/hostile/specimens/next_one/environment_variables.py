"""Changes environment variables for the next submission."""
import ctypes
import os

for name in ("PATH", "PYTHONPATH", "LD_PRELOAD", "OMP_NUM_THREADS", "HOME", "TMPDIR"):
    os.environ[name] = "/poisoned"
ctypes.CDLL(None).setenv(b"LD_PRELOAD", b"/poisoned.so", 1)


def softmax(x):
    return x * 0
