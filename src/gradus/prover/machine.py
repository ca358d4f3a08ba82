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
from pathlib import Path
from types import TracebackType
from typing import Self

from gradus.prover.process import Process, cpu_seconds

LOOKED_EVERY = 0.1
"""Seconds between two looks."""
_PIDS_KEPT = 1.0
"""Seconds for which the list of the service's processes is not read again."""
BUSY = 0.3
"""Share of all cores that other programs must take before they explain anything."""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_CORES = os.cpu_count() or 1


class Watch:
    """Looks at the machine while the context is open."""

    def __init__(self, process: Process | None) -> None:
        self._process = process
        self._times: list[float] = []
        self._others: list[float] = []
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

        `began` and `ended` are Unix times. Who waits for a processor waits for what others take
        of it, so others must have taken at least the excess, and a good part of the machine.
        """
        if len(self._times) < 2:
            return False
        first = max(0, bisect_right(self._times, began) - 1)
        last = min(len(self._times) - 1, bisect_left(self._times, ended))
        length = self._times[last] - self._times[first]
        taken = self._others[last] - self._others[first]
        return length > 0 and taken >= excess and taken >= BUSY * _CORES * length

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
            self._times.append(now)
            self._others.append(others)


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
    return (sum(fields) - fields[3] - fields[4]) / _TICKS
