"""What other programs took is told apart from what a service took, by numbers of the system."""

import asyncio
import gc
import os
import sys
import warnings

import pytest

from gradus.prover import machine
from gradus.prover.machine import Watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")


def watched(monkeypatch, *, busy, waited):
    """Return a watch over ten looks at which others had taken and we had waited so much more."""
    watch = Watch(None)
    moments = iter(range(100))
    monkeypatch.setattr(machine.time, "time", lambda: 1000.0 + next(moments))
    monkeypatch.setattr(machine.time, "process_time", lambda: 0.0)
    monkeypatch.setattr(machine, "_CORES", 2)
    taken = iter([busy * each for each in range(100)])
    monkeypatch.setattr(machine, "_busy_seconds", lambda: next(taken))
    monkeypatch.setattr(watch, "_new_waits", lambda pid: waited)
    for _ in range(10):
        watch._look()
    return watch


def test_waiting_beside_busy_programs_explains_as_much_as_was_waited(monkeypatch):
    watch = watched(monkeypatch, busy=1.5, waited=0.5)
    assert watch.explains(1.0, 1002.0, 1004.0)
    assert not watch.explains(1.1, 1002.0, 1004.0)
    assert watch.others_share() == pytest.approx(0.75)


def test_waiting_on_a_quiet_machine_explains_nothing(monkeypatch):
    watch = watched(monkeypatch, busy=0.2, waited=0.5)
    assert not watch.explains(0.1, 1002.0, 1004.0)


def test_a_busy_machine_on_which_nobody_waited_explains_nothing(monkeypatch):
    watch = watched(monkeypatch, busy=2.0, waited=0.0)
    assert not watch.explains(0.01, 1002.0, 1004.0)


def test_the_work_of_the_service_is_told_as_time_of_the_whole_machine(monkeypatch):
    watch = Watch(None)
    for at, used in ((10.0, 1.0), (11.0, 1.5), (12.0, 3.5), (13.0, 3.0)):
        watch._times.append(at)
        watch._services.append(used)
    monkeypatch.setattr(machine, "_CORES", 2)
    assert watch.worked(10.2, 11.5) == pytest.approx(1.25)
    assert watch.worked(12.0, 13.0) == 0.0  # one of its processes ended
    assert Watch(None).worked(10.0, 12.0) == 0.0


def test_a_system_that_says_nothing_explains_nothing(monkeypatch):
    def silent():
        raise OSError

    monkeypatch.setattr(machine, "_busy_seconds", silent)

    async def look():
        async with Watch(None) as watch:
            await asyncio.sleep(0.01)
        return watch

    watch = asyncio.run(look())
    assert not watch.explains(0.0, 0.0, 2e9)
    assert watch.others_share() == 0.0


def test_the_system_is_read_as_it_is():
    async def look():
        async with Watch(None) as watch:
            await asyncio.sleep(0.3)
        return watch

    assert 0.0 <= asyncio.run(look()).others_share() <= 1.0


def test_a_process_of_very_many_threads_leaves_nothing_open(monkeypatch):
    monkeypatch.setattr(machine, "_MOST_THREADS", 0)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        Watch(None)._new_waits(os.getpid())
        gc.collect()
    assert [str(each.message) for each in warned] == []
