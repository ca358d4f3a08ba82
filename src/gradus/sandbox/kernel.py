"""What the kernel says of a process: memory, processor time, whether it lives, what it started.

Nothing here asks the process itself.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> tuple[int, int]:
    """Return resident memory and its peak in KiB; zeros where the process is gone."""
    said = _said(f"/proc/{pid}/status")
    return _kb(said, b"VmRSS"), _kb(said, b"VmHWM")


def share_kb(pid: int) -> int:
    """Return a process's share of memory in KiB: what it shares is divided by those who do."""
    said = _said(f"/proc/{pid}/smaps_rollup")
    return _kb(said, b"Pss") if said else memory_kb(pid)[0]


def _said(file: str | Path) -> bytes:
    """Return what the kernel says, nothing where the process is gone.

    A process gives itself any name: the name's bytes are no text, and may look like an answer.
    """
    try:
        return Path(file).read_bytes()
    except OSError:
        return b""


def _kb(said: bytes, name: bytes) -> int:
    found = re.search(rb"^%s:\s*(\d+) kB$" % name, said, re.MULTILINE)
    return int(found[1]) if found else 0


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds of a process and of its children that ended."""
    fields = _said(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / _TICK


def nameless_bytes(pid: int) -> int:
    """Return what a process holds on disk in open files that it has deleted."""
    total = 0
    try:
        with os.scandir(f"/proc/{pid}/fd") as descriptors:
            for each in descriptors:
                with suppress(OSError):
                    found = each.stat()
                    if not found.st_nlink:
                        total += found.st_blocks * 512
    except OSError:
        return total
    return total


def family(pid: int) -> list[int]:
    """Return a process and everything that it started and that still lives."""
    found: list[int] = []
    new = [pid]
    while new and len(found) < 10_000:
        one = new.pop()
        found.append(one)
        new += children(one)
    return found


def children(pid: int) -> list[int]:
    """Return what a process, or one of its threads, started and that still lives."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    return [int(word) for each in threads for word in _said(each / "children").split()]


def pid_of(pidfd: int) -> int:
    """Return the number, in our own numbering, of the process behind a pidfd; -1 if unknown."""
    found = re.search(rb"^Pid:\s*(-?\d+)$", _said(f"/proc/self/fdinfo/{pidfd}"), re.MULTILINE)
    return int(found[1]) if found else -1
