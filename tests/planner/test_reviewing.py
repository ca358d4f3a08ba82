"""Schedules are computed from raw reviews: the same each time, in one go or one by one."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.review import Grade, Review
from gradus.planner.reviewing import (
    LABS,
    MOST_FAILURES,
    Today,
    due_counts,
    due_labs,
    expected_review_minutes,
    fading_labs,
    queue,
    reviewed,
    schedule,
    seconds_for_a_card,
    without_undone,
)

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def day_of(at: datetime) -> date:
    return at.astimezone(BERLIN).date()


def review(item: str, grade: Grade | None, days: float = 0, seq: int = 0) -> Review:
    return Review(seq, item, START + timedelta(days=days), grade)


def asked(items, memories, days: float = 0, answered=(), limit: int = 40):
    return queue(items, memories, answered, on(days, limit))


def on(days: float, limit: int = 40) -> Today:
    return Today(START + timedelta(days=days), limit, day_of)


@st.composite
def logs(draw, jumps: bool = True):
    """Reviews whose clock goes on, and now and then back."""
    at, found = 0.0, []
    for seq in range(1, draw(st.integers(0, 25)) + 1):
        at += draw(st.floats(-40 if jumps else 0, 40))
        grade = draw(st.sampled_from([*Grade, *Grade, None]))
        found.append(review(draw(st.sampled_from("abc")), grade, at, seq))
    return found


@given(log=logs(), cut=st.integers(0, 25))
def test_a_schedule_computed_again_is_the_one_that_grew_with_each_answer(log, cut):
    grown = schedule(log[:cut])
    for each in log[cut:]:
        after = reviewed(grown.get(each.item), each)
        if after is not None:
            grown[each.item] = after
    assert grown == schedule(log) == schedule(list(log))


@given(log=logs())
def test_no_clock_makes_anything_negative(log):
    for item, memory in schedule(log).items():
        last = [each for each in log if each.item == item][-1]
        assert memory.due >= last.at.astimezone(UTC)
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10
        assert memory.due - last.at <= timedelta(days=365)


@given(log=logs(), undone=st.sets(st.integers(1, 25)))
def test_what_was_undone_is_as_if_it_had_never_been(log, undone):
    kept = [each for each in log if each.seq not in undone]
    assert schedule(without_undone(log, undone)) == schedule(kept)


@given(log=logs(jumps=False))
def test_the_zone_in_which_a_time_is_told_changes_no_schedule(log):
    elsewhere = [replace(each, at=each.at.astimezone(ZoneInfo("Asia/Tokyo"))) for each in log]
    assert schedule(elsewhere) == schedule(log)


def test_better_answers_come_back_later():
    due = {grade: schedule([review("a", grade)])["a"].due for grade in Grade}
    assert due[Grade.AGAIN] < due[Grade.HARD] < due[Grade.GOOD] < due[Grade.EASY]
    assert due[Grade.AGAIN] == START + timedelta(minutes=10)


def test_intervals_grow_with_good_answers():
    memory, at, gaps = None, START, []
    for _ in range(5):
        memory = reviewed(memory, Review(0, "a", at, Grade.GOOD))
        gaps.append((memory.due - at).days)
        at = memory.due
    assert gaps == sorted(set(gaps))


def test_what_is_due_comes_before_what_is_new_and_the_longest_due_first():
    memories = schedule(
        [review("b", Grade.EASY), review("a", Grade.GOOD), review("c", Grade.GOOD, 1)]
    )
    assert asked("abcd", memories, 20).now == ("a", "c", "b", "d")
    assert asked("abcd", memories, 1.5).now == ("d",)
    assert asked("bcd", memories, 20).now == ("c", "b", "d"), "a lab's cards may be gone"


def test_the_limit_counts_different_cards_of_a_day():
    memories = schedule([review("a", Grade.AGAIN)])
    later = asked("abcd", memories, 0.01, answered={"a"}, limit=2)
    assert later.now == ("a", "b"), "a card that was answered today comes back beyond the limit"
    assert later.over_limit == 2
    assert asked("abcd", memories, 0, answered={"a"}, limit=0).now == ("a",)
    assert asked("bcd", {}, limit=0).over_limit == 3


def test_a_card_that_comes_back_in_minutes_is_not_waited_for():
    memories = schedule([review("a", Grade.AGAIN), review("b", Grade.GOOD)])
    assert asked("ab", memories, 0, answered={"a", "b"}).now == ("a",)
    assert asked("ab", memories, -1, answered={"a", "b"}).now == (), "the clock went back a day"
    assert asked("ab", memories, -1, answered={"a", "b"}).later == memories["a"].due


def test_a_card_is_due_on_the_whole_local_day_through_a_change_of_the_clocks():
    evening = datetime(2026, 10, 23, 21, 30, tzinfo=UTC)  # 23:30 in Berlin, two days before winter
    memory = schedule([Review(1, "a", evening, Grade.GOOD)])
    assert (memory["a"].due - evening).days == 2
    for hour, expected in ((21, ()), (23, ("a",))):
        now = datetime(2026, 10, 24, hour, 45, tzinfo=UTC)
        assert queue("a", memory, (), Today(now, 9, day_of)).now == expected


def test_a_card_that_is_never_remembered_is_set_aside_and_can_be_brought_back():
    log = [review("a", Grade.AGAIN, days, days) for days in range(MOST_FAILURES)]
    before = schedule(log[:-1])
    assert not before["a"].is_set_aside
    memories = schedule(log)
    assert asked("ab", memories, 30).set_aside == ("a",)
    assert asked("ab", memories, 30).now == ("b",)
    back = schedule([*log, review("a", None, 30, 30)])
    assert asked("ab", back, 30).now == ("a", "b")
    assert back["a"].failures == 0
    assert back["a"].stability == memories["a"].stability


@given(log=logs(jumps=False), limit=st.integers(0, 5), n_days=st.integers(1, 40))
@settings(deadline=None)
def test_a_forecast_never_exceeds_the_limit_and_is_the_same_each_time(log, limit, n_days):
    memories = schedule(log)
    counts = due_counts("abcdefgh", memories, on(100, limit), n_days)
    assert len(counts) == n_days
    assert max(counts) <= limit
    assert counts == due_counts("abcdefgh", memories, on(100, limit), n_days)


def test_a_forecast_is_what_a_learner_meets_who_answers_well():
    items = [f"c{n}" for n in range(12)]
    log, met = [], []
    for ahead in range(60):
        today = queue(items, schedule(log), (), on(ahead, 5)).now
        met.append(len(today))
        log += [Review(len(log), each, on(ahead).now, Grade.GOOD) for each in today]
    assert due_counts(items, {}, on(0, 5), 60) == tuple(met)
    assert max(met) == 5


def test_cards_of_labs_that_are_still_to_come_are_in_the_forecast():
    counts = due_counts([], {}, on(0), 8, arriving={3: 5})
    assert counts[:4] == (0, 0, 0, 5)
    assert sum(counts[4:]) >= 5


def test_minutes_lean_on_the_learners_own_times_as_these_grow():
    assert seconds_for_a_card([]) == 30
    assert 30 < seconds_for_a_card([90] * 5) < seconds_for_a_card([90] * 500) < 90
    assert expected_review_minutes((0, 10), 30) == (0, 5)


def test_a_lab_comes_back_after_a_week_and_sooner_when_it_was_not_remembered():
    passed = review("matmul", Grade.EASY)
    memories = schedule([passed], LABS)
    assert due_labs(memories, on(7)) == ()
    assert due_labs(memories, on(8)) == ("matmul",)
    held = schedule([passed, review("matmul", Grade.GOOD, 8, 2)], LABS)["matmul"]
    failed = schedule([passed, review("matmul", Grade.AGAIN, 8, 2)], LABS)["matmul"]
    assert held.due > failed.due + timedelta(days=10)
    assert failed.due >= START + timedelta(days=9)


def test_a_lab_fades_with_a_claim_that_fails_and_stops_with_one_that_holds():
    failed = [review("a", Grade.AGAIN, 1), review("b", Grade.GOOD, 1)]
    assert fading_labs(failed) == {"a"}
    assert fading_labs([*failed, review("a", Grade.GOOD, 1)]) == set()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is POSIX")
def test_no_schedule_reads_the_zone_of_the_machine(monkeypatch):
    log = [review("a", Grade.GOOD), review("a", Grade.AGAIN, 3), review("a", Grade.GOOD, 4)]
    found = []
    try:
        for zone in ("UTC", "Pacific/Auckland", "America/St_Johns"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            found.append(schedule(log))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found[0] == found[1] == found[2]
