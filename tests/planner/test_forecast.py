"""A forecast is an interval that learns from what was kept."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.basis import PlanBasis, StudyRecord
from gradus.core.learner import LearnerProfile
from gradus.planner.days import StudyDays
from gradus.planner.estimates import prior
from gradus.planner.forecast import KEPT_PRIOR, _dates, _shares, learn_kept

MONDAY = date(2028, 2, 21)
WEEK = timedelta(7)
DAYS = StudyDays(LearnerProfile(), MONDAY, 0)


def test_without_weeks_the_prior_stands():
    assert learn_kept([]).mean == KEPT_PRIOR


def test_weeks_pull_the_share_towards_what_was_kept():
    few, many = learn_kept([0.4] * 2), learn_kept([0.4] * 20)
    assert 0.4 < many.mean < few.mean < KEPT_PRIOR
    assert many.unsure < few.unsure


def test_good_and_bad_weeks_in_runs_make_the_mean_less_sure():
    runs, mixed = learn_kept(([1.0] * 4 + [0.0] * 4) * 3), learn_kept([1.0, 0.0] * 12)
    assert runs.runs > mixed.runs
    assert runs.unsure > mixed.unsure


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 3), max_size=12), st.lists(st.integers(5, 600), min_size=1, max_size=20)
)
def test_the_dates_are_in_order(shares, minutes):
    early, likely, late = _dates(DAYS, learn_kept(shares), prior(), minutes)
    assert MONDAY <= early <= likely <= late


def test_who_keeps_more_is_done_earlier():
    kept = [_dates(DAYS, learn_kept([share] * 12), prior(), [60] * 60)[1] for share in (0.4, 0.9)]
    assert kept[1] < kept[0]


def test_more_work_is_done_later():
    kept = learn_kept([])
    ends = [_dates(DAYS, kept, prior(), [60] * count) for count in (10, 40, 160)]
    assert ends == sorted(ends)


def test_only_whole_weeks_count_and_days_off_do_not(empty_catalogue, empty_track):
    profile = LearnerProfile(minutes=(60, 0, 0, 0, 0, 0, 0), start=MONDAY)
    record = StudyRecord(studied={MONDAY: 30.0, MONDAY + WEEK: 60.0, MONDAY + 2 * WEEK: 60.0})
    basis = PlanBasis(empty_catalogue, empty_track, profile, MONDAY + 2 * WEEK, record)
    assert _shares(basis) == [0.5, 1.0]
