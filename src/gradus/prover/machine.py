"""What else the machine did while a proof ran: whether it explains that a service was late.

Everything is read from the system. Where the system does not say (it is not Linux), nothing is
explained by the machine.
"""

import asyncio
import contextlib
import os
import platform
import time
from bisect import bisect_left, bisect_right
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from gradus.prover.process import TICKS, Process, cpu_seconds

LOOKED_EVERY = 0.1
"""Seconds between two looks."""
_PIDS_KEPT = 1.0
"""Seconds for which the list of the service's processes is not read again."""
BUSY = 0.3
"""Share of all cores that other programs must take before they explain anything."""
_MOST_THREADS = 100
"""Threads of a process that are looked at, so that a look stays short."""
_CORES = os.cpu_count() or 1


class Watch:
    """Looks at the machine while the context is open."""

    def __init__(self, process: Process | None) -> None:
        self._process = process
        self._times: list[float] = []
        self._others: list[float] = []
        self._waits: list[float] = []
        self._services: list[float] = []
        self._waited: dict[str, float] = {}
        self._pids: list[int] = []
        self._pids_at = 0.0
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to look."""
        self._look()
        self._looking = asyncio.create_task(self._look_on())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look a last time."""
        assert self._looking is not None
        self._looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._looking
        self._look()

    def explains(self, excess: float, began: float, ended: float) -> bool:
        """Say whether other programs may have made something so many seconds late.

        `began` and `ended` are Unix times.
        """
        return 0 < self.waited(began, ended) >= excess

    def waited(self, began: float, ended: float) -> float:
        """Return seconds that the service, or our generator, waited for a processor meanwhile.

        It is 0 unless other programs took a good part of the machine: who waits for a processor
        that the service itself holds waits for the service.
        """
        if len(self._times) < 2:
            return 0.0
        first, last = self._looks(began, ended)
        length = self._times[last] - self._times[first]
        taken = self._others[last] - self._others[first]
        busy = length > 0 and taken >= BUSY * _CORES * length
        return self._waits[last] - self._waits[first] if busy else 0.0

    def worked(self, began: float, ended: float) -> float:
        """Return seconds that the service's own work would have taken on the whole machine.

        Of the work that it did meanwhile; 0 where we did not start it.
        """
        if len(self._times) < 2:
            return 0.0
        first, last = self._looks(began, ended)
        return max(0.0, self._services[last] - self._services[first]) / _CORES

    def _looks(self, began: float, ended: float) -> tuple[int, int]:
        """Return the places of the last look before and of the first one after."""
        first = max(0, bisect_right(self._times, began) - 1)
        return first, min(len(self._times) - 1, bisect_left(self._times, ended))

    def others_share(self) -> float:
        """Return the share of all cores that other programs took, from 0 to 1."""
        if len(self._times) < 2:
            return 0.0
        length = self._times[-1] - self._times[0]
        taken = self._others[-1] - self._others[0]
        return min(1.0, max(0.0, taken / (_CORES * length))) if length > 0 else 0.0

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOKED_EVERY)
            self._look()

    def _look(self) -> None:
        now = time.time()
        if self._process is not None and now - self._pids_at > _PIDS_KEPT:
            self._pids, self._pids_at = self._process.pids(), now
        service = 0.0
        for pid in self._pids:
            with contextlib.suppress(OSError, ValueError, IndexError):
                service += cpu_seconds(pid)
        with contextlib.suppress(OSError, ValueError, IndexError):
            others = _busy_seconds() - service - time.process_time()
            length = now - self._times[-1] if self._times else 0.0
            served = sum(self._new_waits(pid) for pid in self._pids)
            waits = min(served, length) + min(self._new_waits(os.getpid()), length)
            self._times.append(now)
            self._others.append(others)
            self._services.append(service)
            self._waits.append(waits + (self._waits[-1] if self._waits else 0.0))

    def _new_waits(self, pid: int) -> float:
        """Return seconds that threads of a process waited for a processor since the last look."""
        total = 0.0
        with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/task") as threads:
            for thread in islice(threads, _MOST_THREADS):
                with contextlib.suppress(OSError, ValueError, IndexError):
                    waited = _waited_seconds(f"{thread.path}/schedstat")
                    total += waited - self._waited.get(thread.path, 0.0)
                    self._waited[thread.path] = waited
        return total


def described() -> dict[str, str]:
    """Return what a report says of the machine."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": str(_CORES),
        "load": f"{load:.2f}",
    }


def _busy_seconds() -> float:
    """Return CPU seconds of all cores since the start that were not idle."""
    with Path("/proc/stat").open("rb") as stream:
        fields = [int(each) for each in stream.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def _waited_seconds(path: str) -> float:
    """Return seconds that one thread waited for a processor while it could have run."""
    with Path(path).open("rb") as stream:
        return int(stream.read(80).split()[1]) / 1e9
