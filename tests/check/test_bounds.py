"""Bounds on a mean, held against closed forms and printed tables."""

import math

import numpy as np
import pytest

from gradus.check.bounds import mean_bound, student_t_quantile

TABLE = {
    (0.95, 1): 6.313752,
    (0.975, 1): 12.706205,
    (0.95, 2): 2.919986,
    (0.999, 2): 22.327125,
    (0.9, 3): 1.637744,
    (0.99, 9): 2.821438,
    (0.95, 29): 1.699127,
}
"""One-sided quantiles of Student's t as every table of it prints them."""


@pytest.mark.parametrize(("probability", "degrees"), TABLE)
def test_a_quantile_is_that_of_the_tables(probability: float, degrees: int) -> None:
    expected = TABLE[probability, degrees]
    assert student_t_quantile(probability, degrees) == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("probability", [0.5, 0.6, 0.9, 0.99])
def test_with_one_and_two_degrees_it_has_a_closed_form(probability: float) -> None:
    """Cauchy's distribution, and the one whose distribution function is algebraic."""
    cauchy = math.tan(math.pi * (probability - 0.5))
    algebraic = (2 * probability - 1) * math.sqrt(2 / (4 * probability * (1 - probability)))
    assert student_t_quantile(probability, 1) == pytest.approx(cauchy, abs=1e-9)
    assert student_t_quantile(probability, 2) == pytest.approx(algebraic, abs=1e-9)


def test_the_bound_lies_below_the_mean_by_the_quantile_times_its_error() -> None:
    values = np.array([1.0, 2.0, 4.0, 5.0])
    error = math.sqrt(((values - 3.0) ** 2).sum() / 3 / 4)
    assert mean_bound(values, 0.95) == pytest.approx(3.0 - 2.353363 * error, abs=1e-5)


def test_two_values_have_a_bound_and_one_has_none() -> None:
    assert mean_bound(np.array([1.0, 3.0]), 0.95) == pytest.approx(2.0 - 6.313752, abs=1e-5)
    assert mean_bound(np.array([1.0]), 0.95) == -math.inf
    assert mean_bound(np.array([]), 0.95) == -math.inf
