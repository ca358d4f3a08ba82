"""CPU seconds are scaled by fixed work that is measured on the machine itself."""

import pytest

from gradus.conformance import yardstick


def clock_that_gives(monkeypatch, *spans):
    marks = [mark for span in spans for mark in (0.0, span)]
    monkeypatch.setattr(yardstick.time, "process_time", lambda: marks.pop(0))


def test_a_machine_that_takes_twice_as_long_is_twice_as_slow(monkeypatch):
    clock_that_gives(monkeypatch, 2 * yardstick.REFERENCE_SECONDS)
    assert yardstick.Yardstick().slowness == 2.0


def test_what_is_measured_between_judgings_is_averaged(monkeypatch):
    clock_that_gives(monkeypatch, yardstick.REFERENCE_SECONDS, 4 * yardstick.REFERENCE_SECONDS)
    stick = yardstick.Yardstick()
    stick.measure()
    stick.measure()
    assert stick.slowness == pytest.approx(2.5)


def test_the_work_is_always_the_same():
    assert yardstick.work() == yardstick.work()
