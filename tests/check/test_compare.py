"""Closeness and equality are NumPy's and Python's own, by whichever way they are found."""

import itertools
import math

import numpy as np
import pytest

from gradus.check.compare import close_difference, equal_difference

ODD = [0.0, -0.0, 1.0, 1.0 + 1e-8, 1.0 + 1e-6, -1.0, 1e300, -1e300, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize(("got", "expected"), list(itertools.product(ODD, ODD)))
@pytest.mark.parametrize("form", [float, np.float64, lambda x: [x, 2.0], lambda x: np.full(40, x)])
def test_numbers_are_close_where_numpy_says_so(got, expected, form):
    with np.errstate(all="ignore"):
        close = np.isclose(got, expected, 1e-7, 1e-9, equal_nan=True)
    found = close_difference(form(got), form(expected), 1e-7, 1e-9)
    assert (found is None) == bool(close)


def test_numbers_of_other_kinds_are_compared_by_their_value():
    assert close_difference(np.float32([0.5, 0.1]), [0.5, 0.1], 1e-6, 0) is None
    assert close_difference(np.float32([0.5, 0.1]), [0.5, 0.1], 1e-9, 0) is not None
    assert close_difference(np.array([1 + 2j]), [1 + 2j], 1e-7, 0) is None
    assert close_difference(np.array([1 + 2j]), [1 - 2j], 1e-7, 0) is not None
    assert close_difference([True, False], [True, False], 0, 0) is None
    assert close_difference([True, False], [1, 0], 0, 0) is not None


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, True), (True, 1), ([1, 2], [1, True]), ([[1], 2], [[True], 2]), (1, "1"),
        ([1, 2], [1, 2, 3]), ((0,), (False,)), (None, False), ([math.inf], [1]),
    ],
)  # fmt: skip
def test_what_differs_in_kind_is_not_equal(got, expected):
    assert equal_difference(got, expected) is not None


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, 1.0), ([1, 2], (1, 2.0)), ([1, "a", None], [1, "a", None]), ({1}, {1}),
        ([math.nan], [math.nan]), ({"a": [1]}, {"a": (1,)}), (np.int64(3), 3),
    ],
)  # fmt: skip
def test_the_same_in_another_form_is_equal(got, expected):
    assert equal_difference(got, expected) is None
