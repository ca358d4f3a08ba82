"""How fast this machine is right now, so that CPU seconds mean the same on every machine.

A piece of fixed work, half of it Python and half NumPy on small arrays as checks have them, is
done in the same process just before and just after each judging. What it takes is set against what
it takes on the reference machine.
"""

import os
import statistics
import sys
import time

import numpy as np

REFERENCE_SECONDS = 0.00105
"""CPU seconds of `work` on the reference machine: one idle core of a 2026 cloud server."""
REFERENCE_START_SECONDS = 0.088
"""CPU seconds there of an interpreter that starts and imports `STARTED`."""
STARTED = (
    "asyncio,decimal,email.message,http.client,logging.config,sqlite3,unittest,xml.dom.minidom"
)
"""Modules of the standard library that take longer to import than an interpreter to start."""
LARGE = frozenset({"ops"})
"""Environments whose libraries are so large that work with them mostly waits for memory."""
RUNS = 5
"""How often the work is done for one look at the machine; it takes some milliseconds."""


def work() -> float:
    """Do the fixed work; the number that comes out is always the same."""
    counts: dict[int, int] = {}
    total = 0.0
    for number in range(500):
        row = number * 7919 % 1009 / 7.0
        total += row * row
        counts[int(row)] = counts.get(int(row), 0) + 1
    table = np.arange(16.0).reshape(4, 4)
    for _ in range(75):
        table = np.abs(table @ table.T) / (1.0 + np.abs(table).max())
        table = table - table.mean(axis=0)
    return total + float(table.sum()) + len(counts)


def speed() -> float:
    """Return how many seconds of the reference machine one CPU second is worth right now.

    A core whose neighbour is busy has, from one millisecond to the next, half of its speed or all
    of it: the mean of the speeds is what a longer piece of work gets. The first run finds the
    caches full of something else, as it would not in longer work, and does not count.
    """
    work()
    return statistics.fmean(REFERENCE_SECONDS / _seconds_of_work() for _ in range(RUNS))


def _seconds_of_work() -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def speed_of_starts() -> float:
    """Return how many seconds of the reference machine one CPU second of imports is worth.

    Imports mostly wait for memory. Where pages are dear, as in a virtual machine within another, a
    machine that is quick at `work` is slow at this.
    """
    return statistics.fmean(REFERENCE_START_SECONDS / _seconds_of_a_start() for _ in range(2))


def _seconds_of_a_start() -> float:
    words = [sys.executable, "-I", "-c", f"import {STARTED}"]
    _, _, usage = os.wait4(os.posix_spawn(sys.executable, words, dict(os.environ)), 0)
    return usage.ru_utime + usage.ru_stime
