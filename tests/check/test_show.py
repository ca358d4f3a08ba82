"""How values look to a learner."""

import datetime
import math
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pyarrow
import pytest

from gradus.check.show import LONGEST, show, show_call
from gradus.core.values import Handle, Table, Tensor


def test_long_bytes_that_are_no_text_are_counted() -> None:
    assert show(b"\x80\x04" * 600) == "1,200 bytes"
    assert show(b"\x80\x04") == r"b'\x80\x04'"
    assert show(b"a text of more than forty letters, shown as it is").startswith("b'a text")


@pytest.mark.parametrize(
    ("kind", "length", "told"), [(list, 50, 21), (tuple, 7, 143), (dict.fromkeys, 50, 18)]
)
def test_of_what_is_long_only_what_is_shown_is_put_into_words(
    kind: Any, length: int, told: int
) -> None:
    class Counted:
        told = 0

        def as_argument(self) -> str:
            Counted.told += 1
            return "x" * length

    value = kind([Counted() for _ in range(1000)])
    assert len(show(value, 480)) <= 480
    assert Counted.told == told  # the first ones beyond a thousand characters
    assert show_call("f", (value,), {}).startswith("f(")


def test_tiny_numbers_are_not_shown_as_zero() -> None:
    assert show(np.array([1e-9, 0.0])) == "[1.e-09, 0.e+00]"
    assert show(np.array([0.25, 1e-9])) == "[0.25, 0. ]"
    assert show(np.array([0.0, 0.0])) == "[0., 0.]"


def test_minus_zero_is_shown_as_zero() -> None:
    assert show(np.array([-0.0, 1.0])) == "[0., 1.]"
    assert show(np.array([-1e-17, -0.5])) == show(np.array([1e-17, -0.5]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (-3.0, "-3.0"),
        (1e15, "1e+15"),
        (-1e15, "-1e+15"),
        (999_999_999_999_999.0, "999999999999999.0"),
        (0.123456789012, "0.123456789"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (np.float64(2.5), "2.5"),
        (np.int64(7), "7"),
        (np.str_("a"), "'a'"),
        (np.longdouble("0.1"), "0.1"),
        (np.clongdouble(1 + 2j), "(1+2j)"),
        (True, "True"),
        (None, "None"),
        (datetime.date(2026, 3, 1), "2026-03-01"),
        (datetime.datetime(2026, 3, 1, 9), "2026-03-01 09:00:00"),
        (Decimal("1.50"), "1.50"),
        ([], "[]"),
        ([1, [2.0, "a"]], "[1, [2.0, 'a']]"),
        ((), "()"),
        ((1,), "(1,)"),
        ((1 / 3, 2), "(0.333333333, 2)"),
        ({"a": 1 / 3, 2: None}, "{'a': 0.333333333, 2: None}"),
        ({9, 10}, "{10, 9}"),
        (frozenset({2}), "{2}"),
        (set(), "set()"),
        (math.sqrt, "sqrt"),
        (partial(math.sqrt), "a function"),
        (b"\x80" * 40, repr(b"\x80" * 40)),
        (b"\x80" * 41, "41 bytes"),
        (Handle(3, "Thing", "<Thing at 0x7fAB12, of 0x1f>"), "<Thing, of 0x1f>"),
        (Handle(3, "Thing", ""), "a Thing"),
    ],
    ids=str,
)
def test_plain_values_are_shown_as_python_writes_them(value: Any, text: str) -> None:
    assert show(value) == text


class _Argument:
    def as_argument(self) -> str:
        return "the first answer"


def test_what_says_itself_how_it_is_shown_is_asked() -> None:
    assert show([_Argument()]) == "[the first answer]"


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.zeros(0), "[]"),
        (np.zeros((0, 3)), "[] of shape (0, 3)"),
        (np.array([[1.0, 2.5], [3.0, 4.0]]), "[[1. , 2.5], [3. , 4. ]]"),
        (np.array([1 / 3]), "[0.333333]"),
        (np.array([10, 2]), "[10, 2]"),
        (np.array([2, 10]), "[2, 10]"),
        (np.array([1e-3, 1e-9]), "[0.001, 0. ]"),
        (np.array([9e-4, np.nan]), "[0.0009, nan]"),
        (np.array([9e-5, np.nan]), "[9.e-05, nan]"),
        (np.array([1.5e-3, 1e-9]), "[0.0015, 0. ]"),
        (np.array([np.nan, np.inf]), "[nan, inf]"),
        (np.array([1e-9j]), "[0.+1.e-09j]"),
        (np.array(["a", "b"]), "['a', 'b']"),
        (np.array([-0.5, -0.0]), "[-0.5, 0. ]"),
    ],
    ids=str,
)
def test_arrays_are_shown_in_six_digits(array: np.ndarray, text: str) -> None:
    assert show(array) == text


def test_a_large_array_is_shown_by_its_shape() -> None:
    assert show(np.zeros(61, np.float32)) == "float32 array of shape (61,)"
    assert show(np.zeros(61, int)) == "int64 array of shape (61,)"
    assert show(np.zeros(60, int)) == f"[{', '.join('0' * 60)}]"
    wide = np.full((6, 10), 1 / 3)
    assert show(wide) == "float64 array of shape (6, 10)"
    assert len(show(wide, longest=1000)) > 240


def test_tensors_say_whether_autograd_follows_them() -> None:
    array = np.array([1.0, 2.0])
    assert show(Tensor(array, "float32")) == "tensor([1., 2.])"
    assert show(Tensor(array, "float32", True)) == "tensor([1., 2.], requires_grad=True)"
    wide = Tensor(np.full((6, 10), 1 / 3), "float32")
    assert show(wide) == "tensor of shape (6, 10)"


def test_small_tables_are_shown_whole_and_large_ones_by_their_columns() -> None:
    def table(rows: int, columns: int) -> Table:
        names = "abcdefghi"[:columns]
        return Table(pyarrow.table({name: list(range(rows)) for name in names}))

    assert show(table(2, 2)) == "table (a, b) [0, 0; 1, 1]"
    assert show(table(8, 1)).startswith("table (a) [0; 1;")
    assert show(table(1, 8)).startswith("table (a, b, c, d, e, f, g, h) [")
    assert show(table(9, 2)) == "table of 9 rows: a, b"
    assert show(table(1, 9)) == "table of 1 rows: a, b, c, d, e, f, g, h, i"


def test_what_is_long_is_cut_and_its_items_counted() -> None:
    assert LONGEST == 240
    assert show("x" * 238) == f"'{'x' * 238}'"
    assert show("x" * 239) == f"'{'x' * 237} …"
    for kind in (list, tuple):
        long = show(kind(range(1000, 1100)))
        assert long.endswith(", 1033, 1034, … (100 items)")
        assert len(long) == 210 + len(" … (100 items)")
    for kind in (set, frozenset):
        assert show(kind(range(1000, 1100))).endswith(" … (100 items)")
    assert show(["x" * 100] * 4).endswith("xx …")
    assert show(["x" * 100] * 5).endswith(" … (5 items)")


def test_a_call_shows_its_arguments_each_of_them_short() -> None:
    assert show_call("f", (1, "a"), {"b": 2.0}) == "f(1, 'a', b=2.0)"
    assert show_call("f", (), {}) == "f()"
    long = "x" * 200
    assert show_call("f", (long,), {"b": long}) == f"f('{'x' * 117} …, b='{'x' * 117} …)"


def test_a_call_shows_a_table_longer_than_other_arguments() -> None:
    columns = {f"a_long_name_{i}": list(range(1000, 1008)) for i in range(7)}
    table = Table(pyarrow.table(columns))
    whole = show(table, longest=10_000)
    assert 400 < len(whole) < 480
    assert show_call("f", (table,), {}) == f"f({whole})"
    wide = Table(pyarrow.table({f"a_long_name_{i}": list(range(1000, 1008)) for i in range(8)}))
    text = show_call("f", (), {"x": wide})
    assert text.endswith(" …)")
    assert len(text) == len("f(x=)") + 480
