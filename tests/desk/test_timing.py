"""Signs of work become rows, and rows become minutes that somebody really spent."""

from datetime import UTC, datetime, timedelta

import pytest

from gradus.core.errors import UsageError
from gradus.desk.timing import Timekeeper, recorded_minutes, time_at_work, time_facts
from gradus.ledger import Ledger
from gradus.planner.work import minutes_by_source

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Day:
    """A record and a clock that a test moves."""

    def __init__(self, ledger: Ledger) -> None:
        self.now = START
        self.ledger = ledger
        ledger._clock = lambda: self.now
        self.time = Timekeeper(
            lambda span: ledger.append("time", time_facts(span)) and None, lambda: self.now
        )

    def after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def minutes(self) -> dict[str, float]:
        self.time.close()
        found = recorded_minutes(self.ledger.rows())
        return {lab: round(minutes, 2) for lab, minutes in found.items()}


@pytest.fixture
def day(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield Day(ledger)


def test_reports_of_one_page_become_few_rows_and_all_their_time(day):
    for _ in range(90):
        day.after(20)
        day.time.worked("matmul", 20)
    assert day.minutes() == {"matmul": 30}
    assert len(list(day.ledger.rows("time"))) <= 16


def test_a_process_that_is_killed_loses_no_more_than_one_row(day):
    for _ in range(90):
        day.after(20)
        day.time.worked("matmul", 20)
    written = recorded_minutes(day.ledger.rows())["matmul"]
    assert 30 - written <= 2


def test_two_pages_in_turn_each_get_their_own_time(day):
    for _ in range(6):
        for lab in ("matmul", "attention"):
            day.after(30)
            day.time.worked(lab, 20)
    assert day.minutes() == {"matmul": 2, "attention": 2}


def test_a_page_and_a_terminal_at_once_are_counted_once(day):
    day.time.saved("matmul")
    for _ in range(6):
        day.after(20)
        day.time.worked("matmul", 20)
    day.time.saved("matmul")
    day.ledger.append("attempt", {"lab": "matmul"})
    assert day.minutes() == {"matmul": 2}


def test_saves_count_the_time_between_them_unless_it_was_a_pause(day):
    for pause in (0, 240, 301, 60):
        day.after(pause)
        day.time.saved("matmul")
    assert day.minutes() == {"matmul": 5}


def test_facts_of_the_record_are_signs_too_and_are_said_to_be(day):
    day.ledger.append("opened", {"lab": "matmul"})
    for kind in ("hint", "attempt", "attempt"):
        day.after(120)
        day.ledger.append(kind, {"lab": "matmul"})
    assert day.minutes() == {"matmul": 6}
    assert minutes_by_source(time_at_work(day.ledger.rows())) == {"record": 6}


def test_a_single_check_is_no_time_at_all(day):
    day.ledger.append("attempt", {"lab": "matmul"})
    assert day.minutes() == {}


def test_a_clock_that_goes_back_loses_time_and_never_counts_below_zero(day):
    day.time.saved("matmul")
    day.after(-3600)
    day.time.saved("matmul")
    day.after(60)
    day.time.saved("matmul")
    day.time.worked("matmul", 60)
    assert day.minutes() == {"matmul": 1}


@pytest.mark.parametrize(
    ("seconds", "ago"), [(0, 0), (-5, 0), (400, 0), (20, -1), (20, 1e9), (float("nan"), 0)]
)
def test_a_report_that_no_page_sends_is_refused(day, seconds, ago):
    with pytest.raises(UsageError, match="between 0 and 360 seconds"):
        day.time.worked("matmul", seconds, ago)
    assert day.minutes() == {}
