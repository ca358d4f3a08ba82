"""Bounds hold as often as they promise."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradus.prover import bounds


@given(st.integers(1, 60), st.floats(0.0, 1.0), st.data())
def test_the_distribution_is_the_sum_of_its_terms(n, p, data):
    k = data.draw(st.integers(0, n))
    summed = math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))
    assert bounds.binomial_cdf(k, n, p) == pytest.approx(summed, abs=1e-12)


@pytest.mark.parametrize(
    ("k", "n", "confidence", "bound"),
    # Without a hit the bound solves (1 - p)^n = 1 - confidence; with all hits it is 1.
    [(0, 459, 0.99, 1 - 0.01 ** (1 / 459)), (0, 10, 0.95, 1 - 0.05**0.1), (7, 7, 0.99, 1.0)],
)
def test_the_bound_on_a_share_solves_its_equation(k, n, confidence, bound):
    assert bounds.share_at_most(k, n, confidence) == pytest.approx(bound, abs=1e-9)


@given(st.integers(1, 200), st.data())
def test_the_bounds_enclose_what_was_seen_and_mirror_each_other(n, data):
    k = data.draw(st.integers(0, n))
    low, high = bounds.share_at_least(k, n), bounds.share_at_most(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert bounds.share_at_most(n - k, n) == pytest.approx(1 - low)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, 0)])
def test_no_share_is_refused(k, n):
    with pytest.raises(ValueError, match="is no share"):
        bounds.share_at_most(k, n)


def test_459_answers_are_the_fewest_that_show_a_p99():
    assert bounds.sample_for_quantile(0) == 459
    assert bounds.quantile_at_most(np.arange(458.0)) == math.inf
    assert bounds.quantile_at_most(np.arange(459.0)) == 458.0


@pytest.mark.parametrize("exceeding", [1, 5, 20])
def test_a_sample_of_the_stated_size_passes_and_one_fewer_does_not(exceeding):
    n = bounds.sample_for_quantile(exceeding)

    def bound(size):
        return bounds.quantile_at_most([1.0] * (size - exceeding) + [9.0] * exceeding)

    assert bound(n) == 1.0
    assert bound(n - 1) == 9.0


def test_the_bound_on_a_quantile_is_below_it_as_rarely_as_promised():
    rng = np.random.default_rng(5)
    true = -math.log(0.01)  # the p99 of an exponential distribution
    runs = [bounds.quantile_at_most(rng.exponential(size=3000)) for _ in range(600)]
    missed = sum(each < true for each in runs)
    assert bounds.share_at_least(missed, len(runs), 0.999) < 0.01
    assert np.median(runs) < 1.25 * true


def test_equal_shares_need_enough_trials_to_be_shown():
    assert bounds.shares_are_equivalent((5000, 10_000), (5020, 10_000), 0.05)
    assert not bounds.shares_are_equivalent((5, 10), (5, 10), 0.05)
    assert not bounds.shares_are_equivalent((5000, 10_000), (5700, 10_000), 0.05)


def test_a_gain_is_bounded_by_its_pairs():
    rng = np.random.default_rng(0)
    base = rng.normal(size=400) * 10
    better = base + 0.5 + rng.normal(size=400)
    assert 0.3 < bounds.gain_at_least(better, base, rng=rng) < 0.5
    assert bounds.gain_at_least(base, base + rng.normal(size=400), rng=rng) < 0
    with pytest.raises(ValueError, match="pairs of shapes"):
        bounds.gain_at_least([1.0], [1.0, 2.0], rng=rng)


def test_a_slope_is_bounded_through_outliers():
    rng = np.random.default_rng(2)
    times = np.arange(100.0)
    flat = rng.normal(size=100)
    flat[::10] += 50
    assert -0.02 < bounds.slope_at_most(times, flat) < 0.04
    assert bounds.slope_at_most(times, flat + 0.5 * times) > 0.5
    assert bounds.slope_at_most([0, 1, 2], [1, 1, 1]) == math.inf


def test_the_yardstick_is_calm_and_then_quick():
    rng = np.random.default_rng(9)
    cusum = bounds.Cusum(rng.normal(size=5000))
    assert cusum.alarm(rng.normal(size=30_000)) is None
    assert cusum.alarm(rng.normal(1.0, 1.0, size=2000)) < 60
    assert cusum.alarm(rng.normal(-1.0, 1.0, size=2000)) < 60
    with pytest.raises(ValueError, match="two different values"):
        bounds.Cusum([1.0, 1.0])


@given(st.lists(st.floats(-50, 50), max_size=60), st.floats(0.0, 2.0), st.floats(0.5, 40.0))
def test_the_yardstick_adds_up_value_by_value(values, slack, limit):
    cusum = bounds.Cusum([-1.0, 0.0, 1.0], slack=slack, limit=limit)
    up = down = 0.0
    alarm = None
    for place, value in enumerate(values):
        up = max(0.0, up + value - slack)
        down = max(0.0, down - value - slack)
        assume(abs(max(up, down) - limit) > 1e-6)  # a tie may be rounded either way
        if max(up, down) > limit:
            alarm = place
            break
    assert cusum.alarm(values) == alarm
