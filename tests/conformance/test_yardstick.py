"""CPU seconds are scaled by fixed work that is measured on the machine itself."""

from dataclasses import replace

import pytest

from gradus.catalogue import load_catalogue
from gradus.conformance import bench, yardstick

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


def test_a_machine_that_takes_long_to_start_programs_is_slow_at_that(monkeypatch):
    seconds = iter([0.5 * yardstick.REFERENCE_START_SECONDS, 2 * yardstick.REFERENCE_START_SECONDS])
    monkeypatch.setattr(yardstick, "_seconds_of_a_start", lambda: next(seconds))
    assert yardstick.speed_of_starts() == pytest.approx(1.25)


def test_a_start_takes_the_processor_seconds_of_the_program(monkeypatch):
    plain = yardstick._seconds_of_a_start()
    monkeypatch.setattr(yardstick, "STARTED", f"{yardstick.STARTED}; sum(range(10**7))")
    assert plain > 0
    assert yardstick._seconds_of_a_start() > plain


@pytest.mark.parametrize(
    ("environment", "quick", "worth"),
    [("ops", {}, 1.5), ("base", {}, 2.0), ("deep", {}, 2.0), ("base", {"rows": 10}, 1.5)],
)
def test_large_libraries_and_tables_count_by_the_lower_speed(
    monkeypatch, environment, quick, worth
):
    monkeypatch.setattr(bench, "speed", lambda: 2.0)
    monkeypatch.setattr(bench, "speed_of_starts", lambda: 1.5)
    lab = replace(load_catalogue().lab("matmul"), environment=environment, quick=quick)
    assert bench.Bench(lab, load_catalogue())._speed() == worth
