"""Rows compare as a multiset, across number types, and say what is missing."""

import math
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow
import pytest

from gradus.check.answers import Answer
from gradus.check.far import Outcome, Unmet
from gradus.check.rows import rows_difference, rows_text
from gradus.core.values import Table

ROWS = [("a", 1), ("b", 2), ("b", 2)]


def answer(**columns):
    return Answer("totals()", Outcome(value=Table(pyarrow.table(columns), "arrow")))


def test_rows_agree_in_any_order_and_with_columns_in_any_order():
    answer(N=[2, 1, 2], team=["b", "a", "b"]).must_have_rows(ROWS, ("team", "n"))


def test_decimals_and_floats_count_as_the_number_that_they_are():
    answer(n=[Decimal("3"), Decimal("-4")]).must_have_rows([(3,), (-4,)], ("n",))
    answer(n=[3.0, 0.1 + 0.2]).must_have_rows([(3,), (0.3,)], ("n",))


def test_nulls_and_times_are_values_like_others():
    at = datetime(2026, 3, 1, 9)
    answer(at=[None, at]).must_have_rows([(at,), (None,)], ("at",))


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"team": ["a", "b"], "n": [1, 2]}, "Missing: ('b', 2)."),
        ({"team": ["a", "b", "b", "a"], "n": [1, 2, 2, 1]}, "Too many: ('a', 1)."),
        ({"team": ["a"]}, "The column n is missing"),
        ({"team": ["a"], "n": [1], "m": [1]}, "The column m should not be there."),
    ],
)
def test_the_finding_says_which_rows_differ(columns, says):
    with pytest.raises(Unmet) as unmet:
        answer(**columns).must_have_rows(ROWS, ("team", "n"))
    assert says in unmet.value.finding.note


def test_order_matters_only_where_asked():
    swapped = answer(team=["b", "a", "b"], n=[2, 1, 2])
    swapped.must_have_rows(ROWS, ("team", "n"))
    with pytest.raises(Unmet) as unmet:
        swapped.must_have_rows(ROWS, ("team", "n"), ordered=True)
    assert "row 1 is ('b', 2), not ('a', 1)" in unmet.value.finding.note


def difference(columns, expected, names=("n",), ordered=False, kind="arrow"):
    return rows_difference(Table(pyarrow.table(columns), kind), expected, names, ordered)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Decimal("0.3"), 0.1 + 0.2),
        (Decimal(2**60 + 1), 2**60 + 1),
        (1234567890123.0, 1234567890123),
        (2.9999999999, 3),
        (0.123456789, np.float64(0.1234567894)),
        (1 / 3, Decimal("0.333333333333")),
        (True, np.True_),
        (False, False),
        (math.nan, math.nan),
        (math.inf, math.inf),
        ([1.0, 2.5], [1, Decimal("2.5")]),
        ({"a": 1.0}, {"a": 1}),
        ({"a": 0.1 + 0.2}, {"a": 0.3}),
    ],
    ids=str,
)
def test_equal_amounts_are_equal_in_every_type(cell, expected):
    assert difference({"n": [cell]}, [(expected,)]) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (True, 1),
        (False, 0),
        (True, False),
        (True, "true"),
        ("true", True),
        ("false", False),
        ("NaN", math.nan),
        ([True], ["true"]),
        (Decimal("2.5"), 2),
        (2.5, 2),
        (0.123456789, 0.123456799),
        (0.12345678, 0.1234567),
        (100_000_001, 100_000_002),
        (math.inf, -math.inf),
        (math.nan, None),
        (0.125, None),
        (None, 0.125),
        ("1", 1),
        ("1", 1.5),
        (1.5, "1"),
        (99_999_999.5, 100_000_000),
        (100_000_000, 99_999_999.5),
        ([1.0], [2]),
        ({"a": 1.0}, {"a": 2}),
    ],
    ids=str,
)
def test_other_amounts_are_not_equal(cell, expected):
    assert difference({"n": [cell]}, [(expected,)]) is not None


def test_a_sum_may_round_to_the_next_digit():
    half = 123456.0625
    above = np.nextafter(half, math.inf)
    assert f"{half:.9g}" != f"{above:.9g}"
    assert difference({"n": [above, half, above]}, [(half,)] * 3) is None
    assert difference({"n": [above, half]}, [(half,), (above,)], ordered=True) is None
    assert difference({"n": [above, 1.5, 1.5]}, [(1.5,), (half,), (1.5,)]) is None
    two = [(half, 1.5), (half, 2.5)]
    assert difference({"n": [above] * 2, "m": [2.5, 1.5]}, two, ("n", "m")) is None
    assert difference({"n": [above, above]}, [(half,)]) == "Too many: (123456.063)."
    assert difference({"n": [above]}, [(half,)] * 2) == "Missing: (123456.062)."
    assert difference({"n": [above], "m": ["a"]}, [(half, "a")], ("n", "m")) is None
    wrong = difference({"n": [above], "m": ["a"]}, [(half, "b")], ("n", "m"))
    assert wrong == "Missing: (123456.062, 'b'). Too many: (123456.063, 'a')."


def test_a_null_is_no_neighbour_of_a_number():
    right, wrong = {"n": [0.5, None], "m": [None, None]}, {"n": [0.5, 0.5], "m": [None, None]}
    rows = [(0.5, None), (None, None)]
    assert difference(right, rows, ("n", "m"), ordered=True) is None
    says = difference(wrong, rows, ("n", "m"), ordered=True)
    assert says == "Missing: (None, None). Too many: (0.5, None)."


def test_rows_without_number_are_counted_and_not_looked_at():
    """Whole numbers that are alike modulo 2**61 - 1 have one hash, and so have their rows."""
    alike = [Decimal((2**61 - 1) * each) for each in range(100_000)]
    column = pyarrow.array(alike, pyarrow.decimal128(38))
    assert difference({"n": column}, [(0,), (1,)]) == "It has 100,000 rows, not 2."
    assert difference({"n": list(range(1003))}, [(0,), (1,)]) == "It has 1,003 rows, not 2."
    says = difference({"n": list(range(1002))}, [(0,), (1,)])
    assert says == "Too many: (2); (3); (4); …."


def test_what_is_no_table_is_called_by_its_kind():
    assert rows_difference([1], [(1,)], ("n",), False) == "It is a list."
    assert difference({"n": [1]}, [(1,)], kind="series") == "It is a series."


def test_two_columns_may_not_differ_in_case_alone():
    says = difference({"n": [1], "N": [1]}, [(1,)])
    assert says == "It has two columns named n."
    assert difference({}, [(1,)]) == "The column n is missing; it has no columns."


def test_a_finding_counts_rows_and_lists_three_of_them():
    assert difference({"n": [1, 1, 1, 2]}, [(1,)]) == "Too many: (1) 2 times; (2)."
    assert difference({"n": [0]}, [(0,), (1,), (2,), (3,)]) == "Missing: (1); (2); (3)."
    assert difference({"n": [0]}, [(i,) for i in range(5)]) == "Missing: (1); (2); (3); …."


def test_a_finding_writes_truths_and_no_numbers_as_words():
    assert difference({"n": [True]}, [(False,)]) == "Missing: (false). Too many: (true)."
    assert difference({"n": [math.nan]}, [(1,)]) == "Missing: (1). Too many: (NaN)."
    assert difference({"n": ["a"]}, [("a",)] * 3) == "Missing: ('a') 2 times."


def test_the_first_row_out_of_order_is_shown():
    says = difference({"n": [1, 3, 2]}, [(1,), (2,), (3,)], ordered=True)
    assert says == "The rows are right and their order is not: row 2 is (3), not (2)."
    assert difference({"n": [2, 1]}, [(1,), (3,)], ordered=True) == "Missing: (3). Too many: (2)."
    assert difference({"n": [1, 2]}, [(1,), (2,)], ordered=True) is None


def test_expected_rows_are_listed_up_to_eight():
    assert rows_text([], ("a", "b"), True) == "no rows (a, b)"
    one = [(1, Decimal("0.5"))]
    assert rows_text(one, ("a", "b"), True) == "rows in this order (a, b) [1, 0.5]"
    assert rows_text([(1.0, np.True_)], ("a", "b"), True).endswith("[1, true]")
    assert rows_text(one * 2, ("a", "b"), False) == "rows in any order (a, b) [1, 0.5; 1, 0.5]"
    eight = [(i,) for i in range(8)]
    assert rows_text(eight, ("a",), False).endswith("[0; 1; 2; 3; 4; 5; 6; 7]")
    assert rows_text([*eight, (8,)], ("a",), False).endswith("; 6; 7; …]")
