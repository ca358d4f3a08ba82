"""Closes the child in before the learner's code runs: limits, files, system calls, namespaces.

What the system cannot enforce is reported, never pretended.
"""

import os
import resource
import socket
from dataclasses import dataclass
from typing import Any

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
_SLACK_MB = 64
_SERVICE_SLACK_MB = 1024


@dataclass(frozen=True)
class Prepared:
    """What the warm parent works out once for all its children."""

    keep_fds: tuple[int, ...]
    resident_kb: int


def enter_namespaces(control: socket.socket) -> list[str]:
    """Move into namespaces of our own and return the names of those that were allowed."""
    return []


def prepare(words: dict[str, Any]) -> Prepared:
    """Do once what every child would repeat."""
    return Prepared((), memory_kb()[1])


def memory_kb() -> tuple[int, int]:
    """Return the size and the resident part of this process in KiB."""
    try:
        with open("/proc/self/statm") as stream:
            size, resident = stream.read().split()[:2]
        return int(size) * _PAGE_KB, int(resident) * _PAGE_KB
    except OSError:
        return 0, 0


def close_in(words: dict[str, Any], prepared: Prepared) -> list[str]:
    """Apply every layer to this process and return the names of those in force."""
    folder = words["folder"]
    if folder:
        os.chdir(folder)
        os.environ["HOME"] = folder
        os.environ["TMPDIR"] = os.path.join(folder, ".tmp")
    else:
        os.chdir("/")
    _limit(words["limits"], words["profile"])
    return ["limits"]


def _limit(limits: dict[str, Any], profile: str) -> None:
    seconds = max(1, int(limits["seconds"] + 0.999))
    slack = _SERVICE_SLACK_MB if profile != "compute" else _SLACK_MB
    room = memory_kb()[0] * 1024 + (limits["memory_mb"] + slack) * 2**20
    bounds = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits["file_mb"] * 2**20),
        (resource.RLIMIT_NOFILE, 256 if profile == "compute" else 1024),
    ]
    if room > limits["memory_mb"] * 2**20 + slack * 2**20:
        bounds.append((resource.RLIMIT_AS, room))
    for which, bound in bounds:
        _bound(which, bound, bound)
    _bound(resource.RLIMIT_CPU, seconds, seconds + 1)


def _bound(which: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))
