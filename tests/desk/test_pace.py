"""How the work goes beside the plan: rows of days, weeks, hours finished, the next fork."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.core.learner import DaysOff, LearnerProfile
from gradus.desk.pace import pace, streaks
from gradus.desk.planning import current_plan
from gradus.desk.profile import answer
from gradus.desk.study import mark_done
from gradus.desk.timing import TIME, Span, time_facts

DAY = timedelta(days=1)
TODAY = date(2027, 3, 5)
EVERY_DAY = LearnerProfile()
WEEKDAYS = LearnerProfile(minutes=(60, 60, 60, 60, 60, 0, 0))


def on(*before: int) -> dict[date, float]:
    return {TODAY - number * DAY: 30.0 for number in before}


def test_a_row_of_days_counts_up_to_today_and_today_breaks_nothing():
    assert streaks(on(2, 1, 0), EVERY_DAY, TODAY) == [3]
    assert streaks(on(2, 1), EVERY_DAY, TODAY) == [2]
    assert streaks(on(3, 2), EVERY_DAY, TODAY) == [2, 0]
    assert streaks(on(9, 8, 7, 1), EVERY_DAY, TODAY) == [3, 1]
    assert streaks({}, EVERY_DAY, TODAY) == []


def test_days_without_time_and_days_off_break_nothing_and_count_nothing():
    monday, friday = date(2027, 3, 1), date(2027, 2, 26)
    assert streaks({friday: 20.0, monday: 20.0}, WEEKDAYS, monday) == [2]
    off = LearnerProfile(days_off=(DaysOff(TODAY - 4 * DAY, TODAY - DAY),))
    assert streaks(on(5, 0), off, TODAY) == [2]
    assert streaks(on(5, 2, 0), off, TODAY) == [3]


def test_less_than_a_minute_is_no_day_of_study():
    assert streaks({TODAY: 0.9}, EVERY_DAY, TODAY) == []


@given(
    days=st.sets(st.integers(0, 60)),
    hours=st.tuples(*[st.sampled_from([0, 60])] * 7),
    off=st.sets(st.integers(0, 60), max_size=12),
)
def test_rows_count_every_day_of_study_once_and_days_off_only_mend(days, hours, off):
    free = LearnerProfile(minutes=hours)
    rested = LearnerProfile(
        minutes=hours,
        days_off=tuple(DaysOff(TODAY - each * DAY, TODAY - each * DAY) for each in off),
    )
    rows, mended = streaks(on(*days), free, TODAY), streaks(on(*days), rested, TODAY)
    assert sum(rows) == sum(mended) == len(days)
    assert all(rows[:-1])
    assert len([each for each in mended if each]) <= len([each for each in rows if each])
    assert max(mended, default=0) >= max(rows, default=0)
    breaks = [
        each
        for each in range(1, max(days, default=0))
        if each not in days and free.capacity(TODAY - each * DAY)
    ]
    if not breaks:
        assert rows == ([len(days)] if days else [])


def study(desk, day: date, minutes: int) -> None:
    began = datetime(day.year, day.month, day.day, 12).astimezone()
    span = Span("matmul", began, began + timedelta(minutes=minutes), "page")
    desk.ledger().append(TIME, time_facts(span))


def test_a_week_stands_beside_what_the_plan_of_its_monday_had_for_it(desk):
    monday = date(2027, 3, 1)
    first = current_plan(desk, monday).plan
    study(desk, monday, 40)
    study(desk, monday + 8 * DAY, 25)
    weeks = pace(desk, monday + 9 * DAY).weeks
    assert [week.monday for week in weeks] == [monday, monday + 7 * DAY]
    assert [week.minutes for week in weeks] == pytest.approx([40, 25])
    assert weeks[0].planned == sum(
        item.minutes for item in first.items if item.day < monday + 7 * DAY
    )
    assert weeks[1].planned > 0


def test_the_week_in_which_the_first_plan_was_made_stands_beside_that_plan(desk):
    wednesday = date(2027, 3, 3)
    first = current_plan(desk, wednesday).plan
    current_plan(desk, wednesday + 3 * DAY)
    study(desk, wednesday, 30)
    weeks = pace(desk, wednesday + 8 * DAY).weeks
    assert weeks[0].planned == sum(
        item.minutes for item in first.items if item.day < wednesday + 5 * DAY
    )


def test_work_before_the_first_plan_changes_nothing_of_the_week_in_which_that_was_made(desk):
    wednesday = date(2027, 3, 10)
    study(desk, wednesday - 9 * DAY, 30)
    first = current_plan(desk, wednesday).plan
    weeks = pace(desk, wednesday + 7 * DAY).weeks
    assert [week.minutes for week in weeks] == pytest.approx([30, 0, 0])
    assert [weeks[0].planned, weeks[1].planned] == [
        0.0,
        sum(item.minutes for item in first.items if item.day < wednesday + 5 * DAY),
    ]
    assert weeks[2].planned > 0


def test_a_new_learner_has_one_week_and_nothing_finished(desk):
    found = pace(desk, TODAY)
    assert (len(found.weeks), found.finished, found.streak, found.longest) == (1, (), 0, 0)
    assert found.scope > 100


def test_what_is_finished_adds_its_hours_and_leaves_the_scope(desk):
    scope = pace(desk, TODAY).scope
    reading = next(i for i in current_plan(desk, TODAY).plan.items if i.kind == "reading")
    mark_done(desk, reading.ref)
    found = pace(desk, TODAY)
    ((_, hours),) = found.finished
    assert 0 < hours < 40
    assert found.scope == pytest.approx(scope, rel=0.02)
    mark_done(desk, reading.ref, False)
    assert pace(desk, TODAY).finished == ()


def test_the_fork_of_a_track_is_the_two_jobs_and_comes_when_the_plan_reaches_it(desk):
    fork_track = next(t.forks_from for t in desk.catalogue.tracks.values() if t.forks_from)
    answer(desk, {"track": fork_track}, TODAY)
    found = pace(desk, TODAY)
    assert found.fork is not None
    assert len(found.fork.ways) == 2
    assert TODAY < found.fork.on <= found.ends
    answer(desk, {"track": "five-steps"}, TODAY)
    assert pace(desk, TODAY).fork is None
