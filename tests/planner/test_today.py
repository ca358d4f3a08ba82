"""What fits into the minutes at hand: reviews, what was left, today's, then the next."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.core.errors import UsageError
from gradus.core.plan import ItemKind, Plan, PlanItem
from gradus.planner import today_items

MONDAY = date(2028, 2, 21)
TUESDAY = MONDAY + timedelta(1)


def piece(day: date, ref: str, minutes: int, kind: ItemKind = ItemKind.LAB) -> PlanItem:
    return PlanItem(day, kind, ref, ref, minutes, "")


PLAN = Plan(
    MONDAY,
    "own",
    (
        piece(MONDAY, "", 10, ItemKind.REVIEW),
        piece(MONDAY, "A", 30),
        piece(TUESDAY, "B", 40),
        piece(TUESDAY + timedelta(1), "C", 50),
    ),
)


def refs(found) -> list[tuple[str, int]]:
    return [(each.ref or str(each.kind), each.minutes) for each in found.items]


def test_due_reviews_come_first_then_what_was_left_then_today():
    found = today_items(PLAN, TUESDAY, review_minutes=10)
    assert refs(found) == [("review", 10), ("A", 30), ("B", 40)]
    assert (found.minutes, found.left, found.ahead) == (80, 0, False)


def test_many_due_reviews_leave_half_of_the_minutes_for_what_is_new():
    assert refs(today_items(PLAN, MONDAY, 60, review_minutes=90)) == [("review", 30), ("A", 30)]
    assert refs(today_items(PLAN, MONDAY, 20, review_minutes=90)) == [("review", 20)]
    done = today_items(PLAN, MONDAY, 60, review_minutes=90, finished="ABC")
    assert refs(done) == [("review", 60)]


def test_minutes_that_the_plan_leaves_go_to_due_cards():
    found = today_items(PLAN, MONDAY, 200, review_minutes=190)
    assert refs(found) == [("review", 100), ("A", 30), ("B", 40), ("C", 30)]
    found = today_items(PLAN, MONDAY, 60, review_minutes=90, finished="AB")
    assert refs(found) == [("review", 30), ("C", 30)]
    small = piece(MONDAY, "A", 10)
    found = today_items(replace(PLAN, items=(small,)), MONDAY, 60, review_minutes=90)
    assert refs(found) == [("review", 50), ("A", 10)]
    found = today_items(replace(PLAN, items=(small,)), MONDAY, 60, review_minutes=35)
    assert (refs(found), found.left) == ([("review", 35), ("A", 10)], 15)


def test_a_piece_is_cut_to_the_minutes_at_hand():
    assert refs(today_items(PLAN, MONDAY, 25, review_minutes=10)) == [("review", 10), ("A", 15)]


def test_with_more_time_the_next_of_the_plan_follow():
    found = today_items(PLAN, MONDAY, 60)
    assert refs(found) == [("A", 30), ("B", 30)]
    assert found.ahead


def test_what_is_finished_is_not_offered_again():
    assert refs(today_items(PLAN, TUESDAY, finished=["A"])) == [("B", 40)]
    assert refs(today_items(PLAN, TUESDAY, finished=["lab:B"])) == [("A", 30)]


def test_when_everything_is_done_the_minutes_are_left():
    found = today_items(PLAN, TUESDAY, 30, finished=["A", "B", "C"])
    assert (found.items, found.left) == ((), 30)


@given(st.integers(1, 300), st.integers(0, 60), st.sets(st.sampled_from("ABC")))
def test_it_never_takes_more_than_there_is(minutes, reviews, finished):
    found = today_items(PLAN, TUESDAY, minutes, review_minutes=reviews, finished=finished)
    assert sum(each.minutes for each in found.items) == found.minutes == minutes - found.left


@pytest.mark.parametrize(
    ("day", "minutes", "said"),
    [(MONDAY, 0, "In 0 minutes"), (MONDAY - timedelta(1), 30, "the clock of this machine went")],
)
def test_what_cannot_be_is_said(day, minutes, said):
    with pytest.raises(UsageError, match=said):
        today_items(PLAN, day, minutes)
