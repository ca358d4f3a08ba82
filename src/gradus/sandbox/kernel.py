"""What the kernel says of a process: memory, processor time, whether it lives, what it started.

Nothing here asks the process itself.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> tuple[int, int]:
    """Return resident memory and its peak in KiB; zeros where the process is gone."""
    fields = _status(pid)
    return fields.get("VmRSS", 0), fields.get("VmHWM", 0)


def share_kb(pid: int) -> int:
    """Return a process's share of memory in KiB: what it shares is divided by those who do."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return memory_kb(pid)[0]
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1])


def _status(pid: int) -> dict[str, int]:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return {}
    fields = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if value.endswith(" kB"):
            fields[name] = int(value[:-3])
    return fields


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds of a process and of its children that ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / _TICK


def nameless_bytes(pid: int) -> int:
    """Return what a process holds on disk in open files that it has deleted."""
    total = 0
    try:
        with os.scandir(f"/proc/{pid}/fd") as descriptors:
            for each in descriptors:
                with suppress(OSError):
                    found = each.stat()
                    if stat.S_ISREG(found.st_mode) and not found.st_nlink:
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
    started: list[int] = []
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    for thread in threads:
        try:
            text = (thread / "children").read_text()
        except OSError:
            continue
        started += [int(word) for word in text.split()]
    return started


def pid_of(pidfd: int) -> int:
    """Return the number, in our own numbering, of the process behind a pidfd; -1 if unknown."""
    try:
        text = Path(f"/proc/self/fdinfo/{pidfd}").read_text()
    except OSError:
        return -1
    for line in text.splitlines():
        if line.startswith("Pid:"):
            return int(line[4:])
    return -1
