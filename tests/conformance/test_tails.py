"""The bound on a miss: it covers what is drawn from thin tails, and admits what it cannot know."""

import math

import numpy as np
import pytest

from gradus.conformance.tails import (
    chi_square_quantile,
    from_moments,
    share_at_most,
    survival_at_most,
    tail_of,
)


def test_no_miss_in_a_hundred_is_three_in_a_hundred_at_most():
    assert share_at_most(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100), rel=1e-9)
    assert share_at_most(5, 5) == 1.0


def test_the_quantile_of_chi_square_is_that_of_an_exponential_for_two_degrees():
    assert chi_square_quantile(0.05, 2) == pytest.approx(-2 * math.log(0.95), rel=1e-9)


def test_the_bound_on_survival_solves_its_equation_and_covers_the_exponential():
    for t in (1.5, 4.0, 9.0):
        bound = survival_at_most(t, 1.0)
        w = -math.log(bound) / t
        assert 1 - w == pytest.approx(math.exp(-w * t), abs=1e-9)
        assert bound < 1
    assert survival_at_most(0.5, 1.0) == 1.0


@pytest.mark.parametrize("distance", [1.5, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("kind", ["normal", "exponential", "uniform"])
def test_the_bound_lies_above_the_true_chance(kind, distance):
    def upper(t):
        if kind == "normal":
            return 0.5 * math.erfc(t / math.sqrt(2))
        return math.exp(-(t + 1)) if kind == "exponential" else 0.0

    covered = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        drawn = {
            "normal": rng.normal(size=100),
            "exponential": rng.exponential(size=100) - 1,
            "uniform": rng.uniform(-1, 1, size=100),
        }[kind]
        covered += tail_of(distance - drawn).chance >= upper(distance)
    assert covered >= 38


@pytest.mark.parametrize("distance", [2.0, 4.0, 8.0])
@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_the_bound_covers_what_is_nearly_always_the_same(share, distance):
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        drawn = np.where(rng.random(100) < share, rng.exponential(size=100), 0.0)
        covered += tail_of(distance - drawn).chance >= share * math.exp(-distance)
    assert covered >= 184


def test_a_few_that_are_a_little_less_than_all_others_are_far_from_a_distant_bound():
    tail = tail_of(0.1 - np.array([0.0] * 96 + [0.0004, 0.0004, 0.0008, 0.0012]))
    assert tail.method == "thinning"
    assert tail.chance < 1e-3


def test_one_far_below_many_that_are_the_same_is_no_reason_for_trust():
    assert tail_of(0.1 - np.array([0.0] * 99 + [0.05])).chance > 1e-3


def test_ties_at_the_lowest_value_are_no_tail_of_their_own():
    rng = np.random.default_rng(0)
    margins = 1.0 - rng.binomial(4, 0.5, size=100) / 8
    assert tail_of(margins).method == "thinning"


def test_far_from_the_bound_a_hundred_margins_are_enough():
    margins = 8.0 + np.random.default_rng(0).normal(size=100)
    tail = tail_of(margins)
    assert tail.method == "thinning"
    assert tail.chance < 1e-3


def test_a_tail_that_does_not_thin_out_is_not_trusted():
    margins = 100.0 - np.array([*np.linspace(0, 1, 98), 30.0, 90.0])
    tail = tail_of(margins)
    assert tail.method == "moments"
    assert tail.chance > 1e-3


def test_a_miss_that_was_seen_counts():
    tail = tail_of(np.array([1.0] * 99 + [-0.1]))
    assert tail.method == "seen"
    assert tail.chance > 1 / 100


def test_few_margins_say_little():
    assert tail_of(np.full(5, 3.0)).chance == pytest.approx(share_at_most(0, 5))


def test_what_is_always_the_same_never_misses():
    assert tail_of(np.full(100, 0.2)).chance == 0.0


def test_moments_alone_never_say_less_than_one_in_n_and_one():
    assert from_moments(100, 50.0, 1.0) >= 1 / 101
    assert from_moments(100, -1.0, 1.0) == 1.0
