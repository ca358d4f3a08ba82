"""Time at work: every minute once, no pause, nothing guessed."""

import random
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.core.work import PAUSE, Sign, Span
from gradus.planner.work import (
    counted_once,
    minutes_by_day,
    minutes_by_lab,
    minutes_by_source,
    spans_between,
)

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def span(lab: str, began: float, ended: float, source: str = "page") -> Span:
    return Span(lab, at(began), at(ended), source)


SPANS = st.lists(
    st.builds(
        span,
        st.sampled_from(["a", "b", "c", ""]),
        st.integers(0, 90),
        st.integers(0, 90),
        st.sampled_from(["page", "save"]),
    ),
    max_size=12,
)


@given(spans=SPANS)
def test_every_minute_that_a_span_covers_is_counted_once_and_no_other(spans):
    pieces = counted_once(spans)
    for minute in range(90):
        middle = at(minute + 0.5)
        covering = [each for each in spans if each.began < middle < each.ended]
        owners = [each for each in pieces if each.began < middle < each.ended]
        assert len(owners) == bool(covering)
        if covering:
            latest = max(each.began for each in covering)
            assert owners[0].lab in {each.lab for each in covering if each.began == latest}
    total = sum(minutes_by_source(pieces).values())
    assert total == pytest.approx(sum(each.minutes for each in pieces))


@given(spans=SPANS, seed=st.integers(0, 99))
def test_the_order_in_which_spans_are_given_does_not_matter(spans, seed):
    mixed = list(spans)
    random.Random(seed).shuffle(mixed)
    assert counted_once(mixed) == counted_once(spans)


def test_two_windows_at_once_are_counted_once_for_the_lab_that_was_gone_to():
    pieces = counted_once([span("a", 0, 30), span("b", 10, 20)])
    assert minutes_by_lab(pieces) == {"a": 20, "b": 10}


def test_labs_that_take_turns_get_the_time_before_their_own_signs():
    signs = [Sign("a", at(0)), Sign("b", at(3)), Sign("a", at(4)), Sign("a", at(8))]
    assert minutes_by_lab(counted_once(spans_between(signs, "record"))) == {"b": 3, "a": 5}


def test_a_pause_counts_nothing_and_its_bound_is_the_declared_one():
    pause = PAUSE.total_seconds() / 60
    for apart, counted in ((pause, pause), (pause + 0.01, 0)):
        spans = spans_between([Sign("a", at(0)), Sign("a", at(apart))], "record")
        assert sum(each.minutes for each in spans) == pytest.approx(counted)


def test_the_time_before_a_lab_was_opened_is_not_its_own():
    signs = [Sign("a", at(0)), Sign("b", at(2), begins=True), Sign("b", at(3))]
    assert minutes_by_lab(spans_between(signs, "record")) == {"b": 1}


def test_a_clock_that_went_back_counts_nothing_below_zero():
    signs = [Sign("a", at(60)), Sign("a", at(2)), Sign("a", at(4))]
    assert minutes_by_lab(spans_between(signs, "record")) == {"a": 2}
    assert counted_once([span("a", 5, 3)]) == ()


def test_cards_belong_to_no_lab_and_are_time_at_work():
    pieces = counted_once([span("", 0, 2, "cards"), span("a", 2, 5)])
    assert minutes_by_lab(pieces) == {"a": 3}
    assert minutes_by_source(pieces) == {"cards": 2, "page": 3}


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is POSIX")
def test_days_are_the_learners_own_through_a_change_of_the_clocks(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        pieces = [
            # 23:30 in Berlin, in summer and in winter; UTC calls both evenings the same day.
            Span("a", datetime(2026, 10, 24, 21, 30, tzinfo=UTC), _later(2026, 10, 24, 21), "page"),
            Span("a", datetime(2026, 10, 25, 22, 30, tzinfo=UTC), _later(2026, 10, 25, 22), "page"),
            Span("a", datetime(2026, 10, 25, 23, 30, tzinfo=UTC), _later(2026, 10, 25, 23), "page"),
        ]
        days = minutes_by_day(pieces, lambda moment: moment.astimezone().date())
    finally:
        monkeypatch.undo()
        time.tzset()
    assert days == {date(2026, 10, 24): 10, date(2026, 10, 25): 10, date(2026, 10, 26): 10}


def _later(*hour: int) -> datetime:
    return datetime(*hour, 40, tzinfo=UTC)
