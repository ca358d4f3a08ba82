"""CPU seconds are scaled by fixed work that is measured on the machine itself."""

import pytest

from gradus.conformance import yardstick

REFERENCE = yardstick.REFERENCE_SECONDS


def clock_that_gives(monkeypatch, *spans):
    marks = [mark for span in spans for mark in (0.0, span)]
    monkeypatch.setattr(yardstick.time, "process_time", lambda: marks.pop(0))


def test_a_machine_that_takes_twice_as_long_is_half_as_fast(monkeypatch):
    clock_that_gives(monkeypatch, *[2 * REFERENCE] * yardstick.RUNS)
    assert yardstick.speed() == pytest.approx(0.5)


def test_a_core_that_is_slow_half_of_the_time_has_the_mean_of_the_speeds(monkeypatch):
    monkeypatch.setattr(yardstick, "RUNS", 2)
    clock_that_gives(monkeypatch, REFERENCE, 3 * REFERENCE)
    assert yardstick.speed() == pytest.approx(2 / 3)


def test_the_work_is_always_the_same():
    assert yardstick.work() == yardstick.work()
