"""Closeness and equality are NumPy's and Python's own, by whichever way they are found."""

import itertools
import math

import numpy as np
import pyarrow as pa
import pytest

from gradus.check.compare import (
    close_difference,
    equal_difference,
    is_number,
    kind_of,
    kinds,
    numeric_array,
    plain,
)
from gradus.core.values import Handle, Table, Tensor

ODD = [0.0, -0.0, 1.0, 1.0 + 1e-8, 1.0 + 1e-6, -1.0, 1e300, -1e300, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("form", [float, np.float64, lambda x: [x, 2.0], lambda x: np.full(40, x)])
def test_numbers_are_close_where_numpy_says_so(form):
    for got, expected in itertools.product(ODD, ODD):
        with np.errstate(all="ignore"):
            close = np.isclose(got, expected, 1e-7, 1e-9, equal_nan=True)
        found = close_difference(form(got), form(expected), 1e-7, 1e-9)
        assert (found is None) == bool(close), (got, expected)


def test_numbers_of_other_kinds_are_compared_by_their_value():
    assert close_difference(np.float32([0.5, 0.1]), [0.5, 0.1], 1e-6, 0) is None
    assert close_difference(np.float32([0.5, 0.1]), [0.5, 0.1], 1e-9, 0) is not None
    assert close_difference(np.array([1 + 2j]), [1 + 2j], 1e-7, 0) is None
    assert close_difference(np.array([1 + 2j]), [1 - 2j], 1e-7, 0) is not None
    assert close_difference([True, False], [True, False], 0, 0) is None
    assert close_difference([True, False], [1, 0], 0, 0) is not None
    assert close_difference([1.0], [1 + 0j], 0, 0) is None
    assert close_difference([], np.array([], bool), 0, 0) is None


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
        ({1.0: 2}, {1: 2}), ({np.int64(1): 2}, {1: 2}), ({True: 2}, {np.bool_(True): 2}),
        ({(1, True)}, {(1.0, True)}), (1, 1 + 0j), (1 + 2j, 1 + 2j), ({1: 2, 3: 4}, {3: 4, 1: 2}),
        ({frozenset([1]): 2}, {frozenset([1.0]): 2}),
    ],
)  # fmt: skip
def test_the_same_in_another_form_is_equal(got, expected):
    assert equal_difference(got, expected) is None


def table(kind="pandas", **columns):
    return Table(pa.table(columns), kind)


MANY = np.arange(30.0)
RAGGED = [[1.0], [2.0, 3.0]]
UNEVEN = "Its items are not all numbers, or its rows differ in length."
SECOND = "At [1] it is 2.0, not 3.0 (1 of 2 entries differ)."
CLOSE = [
    (1.0, 2.0, ""),
    (1.5, [1.5], "Its shape is (), not (1,)."),
    ([1.0, 2.0], [1.0], "Its shape is (2,), not (1,)."),
    ([1.0, 2.0, 3.0], [1.0, 5.0, 6.0], "At [1] it is 2.0, not 5.0 (2 of 3 entries differ)."),
    ([[1.0], [2.0]], [[1.0], [5.0]], "At [1, 0] it is 2.0, not 5.0 (1 of 2 entries differ)."),
    ([2.0], [5.0], "At [0] it is 2.0, not 5.0."),
    (MANY, MANY + (MANY > 27), "At [28] it is 28.0, not 29.0 (2 of 30 entries differ)."),
    ("a", [1.0], "It is a text, not a list."),
    (b"a", [1.0], "It is bytes, not a list."),
    ({"a": 1.0}, [1.0], "It is a dict, not a list."),
    ({1.0}, [1.0], "It is a set, not a list."),
    (frozenset([1.0]), 1.0, "It is a frozenset, not a float."),
    (Handle(1, "Linear", "Linear()"), 1.0, "It is a Linear object, not a float."),
    (None, 1.0, "It is None, not a float."),
    (RAGGED, [1.0, 2.0], UNEVEN),
    (["a", "b"], [1.0, 2.0], UNEVEN),
    ([True, False], [1.0, 0.0], "It is a list of bool, not of numbers."),
    ([True, 2.0], [1.0, 2.0], "It is a list of bool, not of numbers."),
    ([[3.0], [True]], [[3.0], [1.0]], "It is a list of bool, not of numbers."),
    ([np.bool_(True), 2.0], [1.0, 2.0], "It is a list of bool, not of numbers."),
    ([1, 0], np.array([True, False]), "It is a list of numbers, not of bool."),
    (True, 1.0, "It is a bool, not a float."),
    (1.0, True, "It is a float, not a bool."),
    (1 + 0j, 1.0, "It is a complex number, not a float."),
    (np.complex64(1), 1, "It is a complex number, not an int."),
    ([1 + 0j, 2.0], [1.0, 2.0], "It is a list of complex numbers, not of numbers."),
    (np.array([1 + 0j]), [1.0], "It is an array of complex numbers, not of numbers."),
    (np.array([1 + 0j]), [True], "It is an array of complex numbers, not of bool."),
    (np.array([1 + 0j]), 1.0, "It is an array of complex numbers, not of numbers."),
    ([True, 1.0, 2], [1.0, 1.0, 2.0], "It is a list of bool, not of numbers."),
    ({True: 1.0}, {1: 1.0}, "1 is missing."),
    ({(1, True): 1.0}, {(1, 1): 1.0}, "(1, 1) is missing."),
    ({"a": 1.0}, {"a": 1.5}, "Under 'a': It is 1.0, not 1.5."),
    ({"a": [1.0, 2.0]}, {"a": [1.0, 3.0]}, f"Under 'a': {SECOND}"),
    ({}, {"a": 1.0}, "'a' is missing."),
    ({"a": 1.0, "b": 2.0}, {"a": 1.0}, "'b' should not be there."),
    ([1.0], {"a": 1.0}, "It is a list, not a dict."),
    ([[1.0], [2.0, 4.0]], RAGGED, "Item 1: At [1] it is 4.0, not 3.0 (1 of 2 entries differ)."),
    ([[1.0]], RAGGED, "It has 1 items, not 2."),
    (1.0, RAGGED, "It is a float, not a list."),
    (["a", 1.0], ["b", 1.0], "Item 0: It is 'a', not 'b'."),
    ("a", "b", ""),
    ("a", None, ""),
    ([1.0], None, ""),
    (Tensor(np.array([1.0, 2.0]), "float32"), [1.0, 3.0], SECOND),
    (Tensor(np.array(1.0), "float32"), 2.0, ""),
    ([1.0], Tensor(np.array([2.0]), "float32"), "At [0] it is 1.0, not 2.0."),
    (Tensor(np.array([1.0]), "float32"), {"a": 1.0}, "It is an array, not a dict."),
    (table(a=[1.0, 2.0]), {"a": [1.0, 3.0]}, f"Under 'a': {SECOND}"),
    (table(a=[1.0]), table(b=[1.0]), "'b' is missing."),
    (table("series", a=[1.0, 2.0]), [1.0, 3.0], SECOND),
]  # fmt: skip
"""What was got, what was expected, and what is said of the first difference."""


@pytest.mark.parametrize(("got", "expected", "said"), CLOSE)
def test_the_first_difference_of_numbers_is_told(got, expected, said):
    assert close_difference(got, expected, 1e-7, 1e-9) == said


@pytest.mark.parametrize("value", [each for each, _, _ in CLOSE if not isinstance(each, Handle)])
def test_everything_is_close_to_itself(value):
    assert close_difference(value, value, 0.0, 0.0) is None


def test_a_tolerance_is_reached_and_not_passed():
    for form in (float, lambda x: [x], lambda x: [x] * 40, np.float64):
        assert close_difference(form(1.25), form(1.0), 0.25, 0.0) is None
        assert close_difference(form(1.25), form(1.0), 0.0, 0.25) is None
        assert close_difference(form(0.75), form(1.0), 0.125, 0.125) is None
        assert close_difference(form(1.26), form(1.0), 0.125, 0.125) is not None
        assert close_difference(form(-1.0), form(1.0), 1.0, 0.5) is not None
        assert close_difference(form(3.0), form(-4.0), 1.0, 2.0) is not None
        assert close_difference(form(-4.5), form(-4.0), 0.125, 0.0) is None
        assert close_difference(form(0.0015), form(0.001), 0.25, 0.0) is not None


def test_a_tolerance_holds_within_lists_and_tables():
    for rtol, atol in ((0.02, 0.0), (0.0, 2.0)):
        for form in (
            lambda x: {"a": x},
            lambda x: {"a": [x, {"b": x}]},
            lambda x: [[x], [x, x]],
            lambda x: table(a=[x]),
        ):
            assert close_difference(form(101.0), form(100.0), rtol, atol) is None
            assert close_difference(form(103.0), form(100.0), rtol, atol) is not None


def test_a_narrow_expectation_does_not_narrow_the_tolerance():
    many = np.full(40, 1.0 + 5e-9)
    assert close_difference(many, np.ones(40, np.float16), 1e-8, 0.0) is None
    assert close_difference(many, np.ones(40, np.float16), 1e-9, 0.0) is not None


def test_a_series_with_a_gap_has_a_gap():
    assert plain(table("series", a=[1, None])).tolist() == [1, None]


EQUAL = [
    (1, 2, ""),
    (1, True, "It is an int, not a bool."),
    (np.bool_(True), 1, "It is a bool, not an int."),
    (1, np.bool_(True), "It is an int, not a bool."),
    (np.int64(3), np.int64(4), ""),
    (math.nan, 1.0, ""),
    (1.0, math.nan, ""),
    ("nan", math.nan, ""),
    (1.0, "a", ""),
    (Handle(1, "Linear", ""), 1, ""),
    (Handle(1, "Linear", ""), Handle(1, "Linear", ""), ""),
    ([1, 2], [1, 3], "Item 1: It is 2, not 3."),
    ([1], [1, 3], "It has 1 items, not 2."),
    ("ab", ["a", "b"], "It is a text, not a list."),
    ([[1], [2]], [[1], [3]], "Item 1: Item 0: It is 2, not 3."),
    ([1, True], [1, 1], "Item 1: It is a bool, not an int."),
    ((1, 2), (1, 3), "Item 1: It is 2, not 3."),
    ({"a": 1}, {"a": 2}, "Under 'a': It is 1, not 2."),
    ({"a": 1, "b": 1}, {"a": 1, "b": 2}, "Under 'b': It is 1, not 2."),
    ({"a": 1}, {"b": 1}, "'b' is missing."),
    ({"a": 1}, {"a": 1, "b": 1}, "'b' is missing."),
    ({"b": 1, "c": 1}, {"b": 1}, "'c' should not be there."),
    ({True: 1}, {1: 1}, "1 is missing."),
    ({1: 1}, {True: 1}, "True is missing."),
    ({1 + 0j: 1}, {1: 1}, "1 is missing."),
    ({1: 1, (True,): 1}, {1: 1}, "(True,) should not be there."),
    ({frozenset([True]): 1}, {frozenset([1]): 1}, "{1} is missing."),
    ({True}, {1}, ""),
    ({(1, False)}, {(1, 0)}, ""),
    (frozenset([0, 1]), {False, 1}, ""),
    ([("a", 1)], {"a": 1}, "It is a list, not a dict."),
    (1 + 0j, 1, "It is a complex number, not an int."),
    (0j, 0, "It is a complex number, not an int."),
    (1j, "a", ""),
    ({True: 1}, {1 + 0j: 1}, "(1+0j) is missing."),
    ([1 + 0j], [1.0], "Item 0: It is a complex number, not a float."),
    (np.array([1 + 0j]), [1], "Its entries are complex128, not int64."),
    (np.array([1, 2]), [1, 3], "At [1] it is 2, not 3."),
    ([1, 2], np.array([1, 3]), "At [1] it is 2, not 3."),
    (np.array([[1, 2]]), [[1, 3]], "At [0, 1] it is 2, not 3."),
    (np.array([1, 2]), [4, 3], "At [0] it is 1, not 4."),
    (np.array([1, 2]), [1.0, math.nan], "At [1] it is 2, not nan."),
    (np.array(1), np.array(2), ""),
    (np.array([1, 2]), [1], "Its shape is (2,), not (1,)."),
    (np.array([1.0, 2.0]), ["1", "2"], "Its entries are float64, not <U1."),
    (np.array([True]), [1], "Its entries are bool, not int64."),
    (np.array([1, 2]), RAGGED, "It is an array, not a list."),
    (np.array([1.0, math.nan]), [1.0, 2.0], "At [1] it is nan, not 2.0."),
    (np.array([1.0, 2.0]), [1.0, math.nan], "At [1] it is 2.0, not nan."),
    (np.array(["a", "b"]), ["a", "c"], "At [1] it is 'b', not 'c'."),
    (Tensor(np.array([1, 2]), "int64"), [1, 3], "At [1] it is 2, not 3."),
    (table(a=[1, None]), {"a": [1, 2]}, "Under 'a': Item 1: It is None, not 2."),
    (table("series", a=[1, 2]), [1, 3], "At [1] it is 2, not 3."),
]
"""The same for what has to be equal."""


@pytest.mark.parametrize(("got", "expected", "said"), EQUAL)
def test_the_first_difference_is_told(got, expected, said):
    assert equal_difference(got, expected) == said


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.array([1.0, math.nan]), [1.0, math.nan]), (math.nan, math.nan),
        (np.array([math.nan]), np.float32([math.nan])),
        (np.array([1, 2]), [1.0, 2.0]), (np.array([1]), [1 + 0j]), (np.array(["a"]), ["a"]),
        (np.array([True]), [True]), ([1, 2], np.array([1, 2])), (np.float64(math.nan), math.nan),
        ((1,), [1]), ([1], (1,)), ([], []), ({}, {}), (None, None),
        (table(a=[1]), table(a=[1])), (Tensor(np.array([1]), "int64"), [1]), (True, np.bool_(True)),
    ],
)  # fmt: skip
def test_what_is_the_same_has_no_difference(got, expected):
    assert equal_difference(got, expected) is None


KINDS = [
    (None, "None", {"none"}),
    (True, "a bool", {"bool"}),
    (np.bool_(True), "a bool", {"bool"}),
    (1, "an int", {"int", "number"}),
    (np.int8(1), "an int", {"int", "number"}),
    (1.0, "a float", {"float", "number"}),
    (np.float32(1), "a float", {"float", "number"}),
    (1j, "a complex number", {"complex", "number"}),
    ("a", "a text", {"text"}),
    (b"a", "bytes", {"bytes"}),
    ([], "a list", {"list"}),
    ((), "a tuple", {"tuple"}),
    ({}, "a dict", {"dict"}),
    (set(), "a set", {"set"}),
    (frozenset(), "a frozenset", {"set"}),
    (np.zeros(1), "an array", {"array"}),
    (Tensor(np.zeros(1), "float32"), "a tensor", {"tensor"}),
    (table(a=[1]), "a table", {"table"}),
    (table("series", a=[1]), "a series", {"series"}),
    (Handle(1, "Linear", ""), "a Linear object", {"object"}),
    (Handle(1, "ndarray", ""), "an array of Python objects", {"object"}),
    (range(3), "a range", set()),
]


@pytest.mark.parametrize(("value", "said", "words"), KINDS)
def test_a_value_is_called_what_it_is(value, said, words):
    assert kind_of(value) == said
    assert kinds(value) == words


def test_a_number_is_one_number_and_no_bool():
    numbers = [1, 1.0, 1j, np.int8(1), np.float32(1), np.complex64(1)]
    assert all(map(is_number, numbers))
    assert not any(map(is_number, [True, np.bool_(True), "1", None, [1], np.zeros(1)]))


def test_what_is_no_array_of_numbers_is_none():
    none = ["a", b"a", {}, {1}, frozenset(), Handle(1, "a", ""), None]
    none += [RAGGED, ["a"], [None], [10**400], [2**70, None], [2**70, True], np.array([], str)]
    assert [numeric_array(each) for each in none] == [None] * len(none)
    for value in (1, 1.5, 2j, True, [1, 2], (1.0,), np.uint8([1]), Tensor(np.ones(2), "float32")):
        array = numeric_array(value)
        assert isinstance(array, np.ndarray)
        assert array.tolist() == np.asarray(plain(value)).tolist()


def test_whole_numbers_of_more_than_64_bits_are_numbers():
    array = numeric_array([[2**70, 0.1], [-(2**70), 1]])
    assert array is not None
    assert array.tolist() == [[2.0**70, 0.1], [-(2.0**70), 1.0]]
    assert close_difference([2**70, 1], [2**70, 1.0], 0, 0) is None
    assert close_difference([2**70, 1], [2**70, 2], 0, 0) == (
        "At [1] it is 1.0, not 2.0 (1 of 2 entries differ)."
    )


def test_no_two_kinds_of_arrays_that_cross_are_beyond_comparison():
    made = [
        np.array([True]), np.int8([1]), np.uint64([2**64 - 1]), np.float16([0.5]), np.array([2.5]),
        np.array([2j]), np.array([b"a"]), np.array(["a"]), np.array(["2020-01-01"], "M8[D]"),
        np.array(["2020-01-01T01"], "M8[ns]"), np.array(["NaT"], "M8[s]"), np.array([3], "m8[s]"),
    ]  # fmt: skip
    for (at, got), (place, expected) in itertools.product(enumerate(made), enumerate(made)):
        for one, other in ((got, expected), (got.tolist(), expected), (got, expected.tolist())):
            assert (equal_difference(one, other) is None) <= (at == place)
            assert isinstance(close_difference(one, other, 0.0, 0.0), str | None)
        assert (equal_difference(got, expected) is None) == (at == place != 10)


ODD_KINDS = [
    *(None, True, 0, -1, 10**400, 1.5, math.nan, math.inf, 1j, "a", "", b"\xff"),
    *([], [1], [1, 2.5], [[1], [2, 3]], [None], ["a", 1], [10**400, 1.0], [np.zeros(2), 1]),
    *((), (1,), {}, {"a": 1}, {1: [2]}, {"a": {"b": None}}, set(), {1, 2}, frozenset([1])),
    *(np.zeros(()), np.zeros((0, 3)), np.zeros(3), np.ones((2, 2)), np.array([True])),
    *(np.array("a"), np.array(["a"]), np.array([b"a"]), np.array([1j]), np.array([math.nan])),
    *(np.array(["2020-01-01"], "datetime64[D]"), np.datetime64("2020-01-01"), np.str_("a")),
    *(np.array([2**63], np.uint64), np.int8(1), np.float16(1), np.bool_(True)),
    *(Handle(1, "Linear", "x"), Handle(2, "ndarray", "x"), Tensor(np.zeros(()), "float32")),
    *(Table(pa.table({"a": [1, 2]})), Table(pa.table({"a": [1.0, None]}), "series")),
]


@pytest.mark.parametrize("expected", ODD_KINDS, ids=range(len(ODD_KINDS)))
def test_whatever_comes_back_there_is_a_sentence_or_none(expected):
    for got in ODD_KINDS:
        for difference in (
            close_difference(got, expected, 1e-7, 1e-9),
            equal_difference(got, expected),
        ):
            assert difference is None or isinstance(difference, str)


def test_a_single_value_in_an_array_is_no_list():
    assert (
        close_difference(np.zeros(()), [np.zeros(2), 1], 0, 0)
        == "It is a single value, not a list."
    )
    assert equal_difference([np.zeros(())], [[1]]) == "Item 0: Its shape is (), not (1,)."


def test_texts_in_an_array_are_compared_one_by_one():
    texts = np.array(["a", "b"])
    assert close_difference(texts, ["a", "b"], 0, 0) is None
    assert close_difference(texts, ["a", "c"], 0, 0) == "Item 1: It is 'b', not 'c'."
