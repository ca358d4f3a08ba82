"""Minutes learn from the learner's own record, shrunk towards the catalogue's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.catalogue import load_catalogue
from gradus.core.basis import PlanBasis
from gradus.core.learner import Background, LearnerProfile
from gradus.planner.estimates import learn, prior, stated_pace

RATIOS = st.lists(st.floats(0.05, 20).map(lambda ratio: ("a", ratio)), max_size=30)


def test_without_a_record_the_catalogue_stands():
    assert abs(prior().factor() - 1.0) < 1e-12
    assert learn([]) == prior()


@pytest.mark.parametrize(
    ("track", "background", "pace"),
    [
        ("month-by-month", Background.FROM_ZERO, 2.0),  # 52 weeks beside 26
        ("month-by-month", Background.SOFTWARE_ENGINEER, 1.0),
        ("month-by-month", Background.DATA_SCIENTIST, 1.0),  # the source says nothing of them
        ("month-by-month", None, 1.0),
        ("four-phases", Background.FROM_ZERO, 1.0),  # one span for everybody
        ("capability-layers", Background.FROM_ZERO, 1.0),  # no span at all
    ],
)
def test_a_background_takes_as_much_longer_as_the_source_says(track, background, pace):
    catalogue = load_catalogue()
    profile = LearnerProfile(background=background)
    basis = PlanBasis(catalogue, catalogue.tracks[track], profile, date(2027, 1, 4))
    assert stated_pace(basis) == pace


def test_own_times_outweigh_the_background():
    at_first, later = learn([], 2.0), learn([("a", 1.0)] * 200, 2.0)
    assert abs(at_first.factor() - 2.0) < 1e-12
    assert later.factor() < 1.1


def test_one_slow_piece_moves_the_estimate_a_part_of_the_way():
    assert 1.0 < learn([("a", 2.0)]).factor() < 2.0


def test_much_of_the_same_moves_it_nearly_all_of_the_way():
    assert abs(learn([("a", 2.0)] * 200).factor() - 2.0) < 0.05


def test_a_layer_that_takes_longer_is_told_apart():
    learned = learn([("maths", 2.0)] * 10 + [("code", 1.0)] * 10)
    assert learned.factor("maths") > learned.factor() > learned.factor("code")
    assert learned.factor("unknown") == learned.factor()


@given(RATIOS)
def test_no_record_makes_an_estimate_absurd(ratios):
    learned = learn(ratios)
    assert 0.2 < learned.factor() < 8.0
    assert learned.variance > 0


@given(RATIOS, st.floats(0.1, 10))
def test_the_same_record_but_slower_never_shortens_the_mean(ratios, times):
    slower = [(layer, ratio * max(1.0, times)) for layer, ratio in ratios]
    assert learn(slower).mean >= learn(ratios).mean - 1e-9
