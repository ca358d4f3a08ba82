"""A service that is started by a command: its port, its end, and what it takes of the machine.

Everything is read from the system, nothing from the service. It must not send a request.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gradus.core.errors import UsageError
from gradus.prover.keeper import GRACE, descendants
from gradus.sandbox.printing import printable

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
SAID = 100
"""Characters of another program's command that a sentence shows."""
LOG_SHOWN = 2000
"""Bytes of the service's own output that a sentence may show."""


LINUX_NEEDED = (
    "A service is started and watched through /proc, which this system does not have. On another "
    "system, prove a deployed service by its URL.",
    "uname -s",
)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a service and all processes below it have taken."""

    cpu_seconds: float
    """CPU seconds since their start, those of processes that have ended included."""
    memory_mb: float
    """MiB in memory, shared pages divided among those that share them."""
    n_processes: int
    """How many processes there are."""


class Process:
    """A started service; leaving the context ends it and everything that it started."""

    def __init__(self, keeper: subprocess.Popen[bytes], log: Path) -> None:
        self._keeper = keeper
        self.log = log

    @classmethod
    def start(
        cls, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
    ) -> Self:
        """Start a command in a folder; what it prints goes to `log`.

        Raises UsageError where the folder does not exist.
        """
        if not folder.is_dir():
            raise UsageError(f"The service is to start in {folder}, which is no folder.")
        with log.open("ab") as stream:
            keeper = subprocess.Popen(
                [sys.executable, "-P", "-m", "gradus.prover.keeper", *command],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        return cls(keeper, log)

    @property
    def running(self) -> bool:
        """Say whether the command has not ended."""
        return self._keeper.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Return how it ended; None while it runs."""
        return self._keeper.poll()

    def pids(self) -> list[int]:
        """Return the service's processes, its first one first."""
        return descendants(self._keeper.pid)

    def kill(self) -> None:
        """End the service as a crash does: SIGKILL to all of its processes at once."""
        for pid in self.pids():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """End the service as an operator does, and everything that it left behind."""
        if self._keeper.stdin is not None:
            with contextlib.suppress(OSError):
                self._keeper.stdin.close()
        self._await_end()

    def usage(self) -> Usage:
        """Return what it has taken so far."""
        cpu, memory, count = 0.0, 0.0, 0
        for pid in self.pids():
            with contextlib.suppress(OSError, ValueError, IndexError):
                cpu += cpu_seconds(pid)
                memory += _memory_mb(pid)
                count += 1
        return Usage(cpu, memory, count)

    def owns(self, port: int) -> bool:
        """Say whether one of its processes listens on a TCP port."""
        inodes = {inode for each, inode in _listening() if each == port}
        return any(inodes & _sockets(pid) for pid in self.pids())

    def ports(self) -> list[int]:
        """Return the TCP ports on which its processes listen."""
        ours = set().union(*(_sockets(pid) for pid in self.pids()))
        return sorted({port for port, inode in _listening() if inode in ours})

    def said(self) -> str:
        """Return the last part of what it printed."""
        try:
            with self.log.open("rb") as stream:
                stream.seek(max(stream.seek(0, os.SEEK_END) - LOG_SHOWN, 0))
                content = stream.read(LOG_SHOWN)
        except OSError:
            return ""
        return content.decode("utf-8", "backslashreplace").strip()

    def _await_end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._keeper.wait(GRACE + 5)
        if self._keeper.poll() is None:
            self._keeper.kill()
            self._keeper.wait()

    def __enter__(self) -> Self:
        """Return the process itself."""
        return self

    def __exit__(self, *fault: object) -> None:
        """End it."""
        self.stop()


def reads_processes() -> bool:
    """Say whether this system tells what processes take, and which ones a service started."""
    return Path("/proc/self/task").is_dir()


def free_port() -> int:
    """Return a TCP port on which nobody listens now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def port_is_taken(port: int) -> bool:
    """Say whether somebody listens on a TCP port of this machine."""
    with socket.socket() as tried:
        tried.settimeout(0.5)
        return tried.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that listens on a port."""

    pid: int
    """Its number."""
    command: str
    """Its words, as it was started or as it calls itself."""

    def __str__(self) -> str:
        """Return how a sentence names it."""
        return f"process {self.pid}: {self.command or 'no name'}"

    def was_given(self, name: str, value: str) -> bool:
        """Say whether it was started with a variable that has this value."""
        with contextlib.suppress(OSError):
            given = Path(f"/proc/{self.pid}/environ").read_bytes().split(b"\0")
            return f"{name}={value}".encode() in given
        return False


def port_holder(port: int) -> Holder | None:
    """Return who listens on a TCP port; None where the system does not say, or nobody does."""
    inodes = {inode for each, inode in _listening() if each == port}
    numbers = [int(each.name) for each in Path("/proc").glob("[0-9]*")] if inodes else []
    for pid in numbers:
        if inodes & _sockets(pid):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                said = printable(words.decode("utf-8", "backslashreplace")).strip()
                return Holder(pid, said if len(said) <= SAID else f"{said[:SAID]}…")
    return None


def cpu_seconds(pid: int) -> float:
    """Return CPU seconds of one process and of its children that were waited for."""
    # A process's name stands before; it may be cut within a letter, or be no text.
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return sum(int(each) for each in fields[11:15]) / TICKS


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _listening() -> set[tuple[int, str]]:
    """Return every port on which somebody listens, with the inode of the socket."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A":
                    found.add((int(fields[1].rpartition(":")[2], 16), fields[9]))
    return found


def _sockets(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                target = str(each.readlink())
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found
