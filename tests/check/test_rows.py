"""Rows compare as a multiset, across number types, and say what is missing."""

from datetime import datetime
from decimal import Decimal

import pyarrow
import pytest

from gradus.check.answers import Answer
from gradus.check.far import Outcome, Unmet
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
