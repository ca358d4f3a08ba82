"""How fast this machine is right now, so that CPU seconds mean the same on every machine.

A piece of fixed work, half of it Python and half NumPy on small arrays as checks have them, is
done between judgings in the same process. What it takes is set against what it took on the
reference machine.
"""

import statistics
import time

import numpy as np

REFERENCE_SECONDS = 0.0042
"""CPU seconds of `work` on the reference machine: one idle core of a 2026 cloud server."""


def work() -> float:
    """Do the fixed work; the number that comes out is always the same."""
    counts: dict[int, int] = {}
    total = 0.0
    for number in range(2000):
        row = number * 7919 % 1009 / 7.0
        total += row * row
        counts[int(row)] = counts.get(int(row), 0) + 1
    table = np.arange(16.0).reshape(4, 4)
    for _ in range(300):
        table = np.abs(table @ table.T) / (1.0 + np.abs(table).max())
        table = table - table.mean(axis=0)
    return total + float(table.sum()) + len(counts)


class Yardstick:
    """Measures again and again while something is judged."""

    def __init__(self) -> None:
        self._seconds: list[float] = []

    def measure(self) -> None:
        """Do the work once and note what it took."""
        before = time.process_time()
        work()
        self._seconds.append(time.process_time() - before)

    @property
    def slowness(self) -> float:
        """How many seconds this machine takes for one of the reference machine."""
        if not self._seconds:
            self.measure()
        return statistics.fmean(self._seconds) / REFERENCE_SECONDS
