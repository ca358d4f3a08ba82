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
