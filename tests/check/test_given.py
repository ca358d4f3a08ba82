"""What a check hands over: functions that are counted, tensors, tables, values that stay there."""

import datetime

import numpy as np
import pyarrow
import pytest

from gradus.check import Stub, Usage, given, public, put, raised, stub, table, tensor, usage
from gradus.check.answers import Answer
from gradus.check.far import Outcome, Raised
from gradus.core.values import Tensor


class There:
    """A far side that keeps what it is sent."""

    def __init__(self, fails=None):
        self.sent, self.fails = [], fails

    def put(self, value):
        self.sent.append(value)
        return Outcome(4, "as it came back", self.fails)

    def usage(self):
        return 1.5, 64.0

    def names(self, ref):
        assert ref == 7
        return [
            {"name": "add", "kind": "function", "parameters": ["a", "b"]},
            {"name": "LIMIT", "kind": "other"},
        ]


def module(there):
    return Answer("tools", Outcome(7), there)


def test_a_function_that_is_handed_over_keeps_what_it_was_called_with():
    added = stub(lambda a, b, scale=1: (a + b) * scale)
    assert added(1, 2) == 3
    assert added(1, b=2, scale=5) == 15
    assert added.calls == [(1, 2), (1, 2, 5)]


@pytest.mark.parametrize(
    ("argument", "size"),
    [
        (1.0, 11), (None, 11), ("", 11), ("x" * 15, 12), (b"x" * 16, 13), ([1.0, 2.0], 22),
        ((1.0, 2.0), 22), ({1, 2}, 22), (frozenset([1, 2]), 22), ([[]], 30), ({"a": 1.0}, 32),
        ({"a": 1.0, "b": [3.0]}, 44), (np.zeros(7), 27), (np.zeros(3, "float32"), 21),
        (Tensor(np.zeros(3), "float64"), 23), (table({"a": np.zeros(7)}), 27),
        (table({"a": np.zeros(3, "float32")}), 21),
    ],
)  # fmt: skip
def test_it_keeps_no_more_than_the_judge_can_hold(argument, size, monkeypatch):
    for bound, n_calls in ((3 * size, 3), (3 * size - 1, 2)):
        monkeypatch.setattr(given, "MOST_KEPT", bound)
        counted = stub(lambda value: None, "score")
        for _ in range(n_calls):
            counted(argument)
        with pytest.raises(ValueError, match=rf"^score was given more than {bound} values in all$"):
            counted(argument)
        assert len(counted.calls) == n_calls


def test_it_is_called_what_its_author_calls_it():
    class Called:
        def __call__(self):
            return 1

    assert stub(abs).as_argument() == "abs"
    assert Stub(abs).as_argument() == "abs"
    assert stub(abs, "distance").as_argument() == "distance"
    assert stub(lambda: 1).as_argument() == "function"
    assert stub(Called()).as_argument() == "function"


def test_numbers_with_a_point_become_float32_and_others_stay_what_they_are():
    assert tensor([0.1, 2.0]).dtype == "float32"
    assert tensor([0.1, 2.0]).array.dtype == np.float32
    assert tensor([1, 2]).dtype == "int64"
    assert tensor([True]).dtype == "bool"
    assert tensor([0.1], "float64").array.tolist() == [0.1]
    assert tensor([1, 2], "float32").array.dtype == np.float32


def test_a_tensor_is_followed_only_where_that_is_asked_for():
    assert not tensor([1.0]).requires_grad
    assert tensor([1.0], requires_grad=True).requires_grad
    assert tensor([1.0], "bfloat16", requires_grad=True).requires_grad


def test_a_bfloat16_is_held_here_as_it_comes_back():
    made = tensor([[0.1, 1 / 3], [1.00390625, 1.01171875]], "bfloat16")
    assert (made.dtype, made.array.dtype) == ("bfloat16", np.float32)
    assert made.array.tolist() == [[0.10009765625, 0.333984375], [1.0, 1.015625]]
    odd = tensor([np.nan, np.inf, -np.inf, 3.4e38, -0.0, -0.1], "bfloat16").array.tolist()
    assert np.isnan(odd[0])
    assert odd[1:] == [np.inf, -np.inf, np.inf, 0.0, -0.10009765625]
    assert tensor(0.1, "bfloat16").array.shape == ()


def test_a_table_has_the_types_that_are_said():
    day, moment = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12)
    for kind, values, type_there in [
        ("int64", [], pyarrow.int64()),
        ("float64", [1, None], pyarrow.float64()),
        ("string", [None], pyarrow.string()),
        ("bool", [], pyarrow.bool_()),
        ("timestamp", [moment], pyarrow.timestamp("us")),
        ("date", [day], pyarrow.date32()),
    ]:
        made = table({"x": values}, {"x": kind}).arrow
        assert made.schema.types == [type_there]
        assert made.column("x").to_pylist() == values
    both = table({"n": [None], "free": [1]}, {"n": "string"})
    assert both.arrow.schema.types == [pyarrow.string(), pyarrow.int64()]
    assert table({"free": [1, 2]}).kind == "pandas"
    assert table({"free": [1, 2]}, kind="arrow").kind == "arrow"


def test_types_of_columns_that_are_not_there_do_no_harm():
    assert table({"n": []}, {"n": "int64", "m": "string"}).arrow.column_names == ["n"]


def test_a_type_that_is_not_known_is_refused():
    with pytest.raises(ValueError) as refused:
        table({"m": [], "n": []}, {"m": "int64", "n": "int32"})
    names = "int64, float64, string, bool, timestamp, date"
    assert str(refused.value) == f"table: n is int32, which is none of {names}"


def test_what_is_put_there_is_shown_and_compared_as_it_was_sent():
    there = There()
    kept = put(module(there), [1, 2])
    assert there.sent == [[1, 2]]
    assert kept.as_argument() == "[1, 2]"
    assert kept.as_value() == [1, 2]
    assert kept._object() == (there, 4)
    assert kept._call == "[1, 2]"


def test_what_cannot_be_put_there_is_told_by_the_answer():
    refused = put(module(There(Raised(("TypeError",), "no"))), [1])
    assert raised(refused) == "raised TypeError: no"
    assert raised(put(module(There()), [1])) is None


def test_the_kernel_is_asked_through_what_was_handed_in():
    assert usage(module(There())) == Usage(cpu_seconds=1.5, peak_mb=64.0)


def test_the_public_names_of_a_module_come_in_their_order():
    add, limit = public(module(There()))
    assert (add.name, add.kind, add.parameters, add.n_parameters) == (
        "add",
        "function",
        ("a", "b"),
        2,
    )
    assert (limit.name, limit.kind, limit.parameters, limit.n_parameters) == (
        "LIMIT",
        "other",
        (),
        0,
    )
