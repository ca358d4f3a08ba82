"""Margins: noted where somebody asks, for what a check observed, and for nothing else."""

import pytest

from gradus.check import observe
from gradus.check.far import Unmet
from gradus.check.margins import begin, is_noting, margins, note


def test_nothing_is_noted_unless_somebody_asks():
    with margins() as found:
        pass
    observe("share", 0.95).must_be_at_least(0.9)
    assert found == []


def test_where_nobody_asks_a_note_is_dropped():
    begin("It learns.")
    note("share", 0.95, 0.9, None)
    assert not is_noting()
    with margins() as found:
        assert is_noting()
        note("count", 3, 0, None)
        note("share", 0.95, 0.9, None)
    assert not is_noting()
    assert [(each.claim, each.label) for each in found] == [("", "share")]


def test_the_room_is_the_distance_to_the_nearest_bound():
    with margins() as found:
        begin("It learns.")
        observe("share", 0.95).must_be_at_least(0.9)
        observe("loss", 0.5).must_be_below(0.75)
        observe("spread", 1.25).must_be_between(1.0, 2.0)
        observe("estimate", 0.5).must_be_close_to(0.5, rtol=0, atol=0.125)
    assert [each.room for each in found] == pytest.approx([0.05, 0.25, 0.25, 0.125])
    assert {each.claim for each in found} == {"It learns."}
    assert [each.label for each in found] == ["share", "loss", "spread", "estimate"]


def test_what_misses_its_bound_is_noted_below_zero():
    with margins() as found, pytest.raises(Unmet):
        observe("share", 0.5).must_be_at_least(0.75)
    assert found[0].room == -0.25


def test_a_mean_over_seeds_is_noted_by_its_confidence_bound():
    with margins() as found:
        observe("shares", [0.9, 0.92, 0.94]).must_average_at_least(0.5)
    assert 0 < found[0].room < 0.42


def test_counts_and_arrays_are_no_statistics():
    with margins() as found:
        observe("calls", 3).must_be_at_most(5)
        observe("rows", [0.1, 0.2]).must_be_at_most(1)
    assert found == []


def test_a_tolerance_for_the_last_digits_bounds_no_statistic():
    with margins() as found:
        observe("slope", 2.0).must_be_close_to(2.0)
        observe("slope", 2.0).must_be_close_to(2.0, rtol=1e-3, atol=1e-3)
        observe("share", 2.0).must_be_close_to(2.0, rtol=0, atol=0.002)
        observe("size", 2.0).must_be_close_to(2.0, rtol=0.03)
    assert [each.label for each in found] == ["share", "size"]
