"""A process between Gradus and a service: when Gradus is gone, the service goes too.

Run as a program: `python -m gradus.prover.keeper COMMAND ...`. Its standard input is a pipe that
only Gradus holds open; its end is the sign to stop. On Linux it adopts whatever the service leaves
behind, so that a daemon that left its group is found and ended as well.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE = 3.0
"""Seconds between SIGTERM and SIGKILL."""
_PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Start the command, wait for its end or for the end of our input, leave nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A handler and not SIG_IGN: what is ignored would be ignored by the service too.
        signal.signal(number, lambda *_: None)
    if shutil.which(command[0]) is None and "/" not in command[0]:
        # A folder of PATH that may not be read would make of it a permission that is denied.
        print(f"gradus: {command[0]}: No such file or directory", file=sys.stderr, flush=True)
        return 127
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)
    except OSError as fault:
        print(f"gradus: {command[0]}: {fault.strerror}", file=sys.stderr, flush=True)
        return 127
    try:
        while child.poll() is None:
            if select.select([0], [], [], 0.05)[0] and not os.read(0, 64):
                break
    finally:
        _end(child)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def descendants(pid: int) -> list[int]:
    """Return every process below one, nearest first; empty where the system does not say."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = _children(waiting.pop(0))
        found += below
        waiting += below
    return found


def _children(pid: int) -> list[int]:
    """Return what a process started; it may end at any moment, also while its folder is read."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


def _end(child: subprocess.Popen[bytes]) -> None:
    _signal(child, signal.SIGTERM)
    end = time.monotonic() + GRACE
    while time.monotonic() < end and (child.poll() is None or _alive()):
        _reap(child)
        time.sleep(0.02)
    while child.poll() is None or _alive():
        _signal(child, signal.SIGKILL)
        _reap(child)
        time.sleep(0.02)


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    if child.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(child.pid, number)
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _alive() -> list[int]:
    return descendants(os.getpid())


def _reap(child: subprocess.Popen[bytes]) -> None:
    """Collect what was adopted and has ended; the child itself is `poll`'s."""
    for pid in descendants(os.getpid()):
        if pid != child.pid:
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
