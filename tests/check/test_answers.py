"""Answers: values taken out of them, and objects that are gone on with where they stay."""

import math

import numpy as np
import pytest

from gradus.check import observe, table, tensor
from gradus.check.answers import MOST_ITEMS, Answer
from gradus.check.far import Outcome, Raised, Unmet

ENDED = Outcome(raised=Raised(("StopIteration", "Exception"), ""))
LONG = 2**70


class There:
    """A far side with an object that gives items, and that is entered and left."""

    def __init__(self, n_items=0, leaving=None):
        self.left, self.leaving = n_items, leaving

    def iterate(self, ref):
        return Outcome(2)

    def next(self, ref):
        if not self.left:
            return ENDED
        self.left -= 1
        return Outcome(value=self.left)

    def enter(self, ref):
        return Outcome(3, "inside")

    def exit(self, ref):
        return Outcome(raised=self.leaving)


def finding_of(look):
    with pytest.raises(Unmet) as unmet:
        look()
    return unmet.value.finding


def test_an_iterator_may_give_as_many_items_as_are_allowed_and_not_one_more():
    items = Answer("walk()", Outcome(1), There(MOST_ITEMS))
    assert len([each.as_int() for each in items]) == MOST_ITEMS
    endless = Answer("walk()", Outcome(1), There(MOST_ITEMS + 1))
    found = finding_of(lambda: list(endless))
    assert (found.call, found.returned) == ("walk()", "more than 10000 items")


def test_what_raises_when_it_is_left_is_a_finding():
    def use(leaving):
        with Answer("opened()", Outcome(1), There(leaving=leaving)) as inside:
            assert inside.as_text() == "inside"

    use(None)
    found = finding_of(lambda: use(Raised(("OSError",), "still in use")))
    assert (found.call, found.returned) == ("leaving opened()", "raised OSError: still in use")


def test_what_failed_within_is_told_before_what_raises_when_it_is_left():
    def use():
        with Answer("opened()", Outcome(1), There(leaving=Raised(("OSError",), ""))) as inside:
            inside.must_equal("outside")

    assert finding_of(use).expected == "'outside'"


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (3, 3),
        (3.0, 3),
        (LONG, LONG),
        (10**400, 10**400),
        (np.int64(2**60 + 1), 2**60 + 1),
        (np.array(2**60 + 1), 2**60 + 1),
        (tensor(2**60 + 1), 2**60 + 1),
    ],
)
def test_a_whole_number_is_taken_exactly_however_long_it_is(value, whole):
    taken = observe("n", value).as_int()
    assert (taken, type(taken)) == (whole, int)


@pytest.mark.parametrize("value", [True, 2.5, math.inf, math.nan, "3", [3], None, np.array([3])])
def test_what_is_no_whole_number_is_a_finding(value):
    assert finding_of(observe("n", value).as_int).expected in ("a whole number", "a number")


def test_numbers_above_64_bits_are_numbers():
    assert observe("n", LONG).as_number() == 2.0**70
    observe("n", LONG).must_be_above(2**69).must_be_close_to(2.0**70).must_have_shape(())
    observe("n", [LONG, 1]).must_be_close_to([2.0**70, 1.0]).must_be_at_least(1)
    assert observe("n", [[LONG, 0.5]]).as_array(shape=(1, 2)).tolist() == [[2.0**70, 0.5]]
    assert finding_of(lambda: observe("n", [LONG, 1]).must_be_at_most(2)).note.startswith("At [0]")
    for none in ([LONG, True], [LONG, None], [LONG, "1"], 10**400):
        assert finding_of(observe("n", none).as_array).expected == "an array of numbers"


def test_an_array_of_another_form_is_told_with_the_form_that_was_wanted():
    rows = observe("rows", [[1, 2]])
    assert rows.as_array(2, (1, 2)).shape == (1, 2)
    assert finding_of(lambda: rows.as_array(1)).expected == "1 dimensions"
    for shape in [(), (2,)]:
        wanted = f"an array of numbers of shape {shape}"
        found = finding_of(lambda shape=shape: rows.as_array(shape=shape))
        assert (found.expected, found.note) == (wanted, "Its shape is (1, 2).")
        said = finding_of(lambda shape=shape: observe("rows", "no").as_array(shape=shape))
        assert (said.expected, said.note) == (wanted, "It is a text.")


TAKEN = [
    ("as_array", (), [[1, 2]], np.array([[1, 2]]), "no", "an array of numbers", "It is a text."),
    ("as_array", (2,), [[1]], np.array([[1]]), [1], "2 dimensions", "Its shape is (1,)."),
    ("as_array", (1, (2,)), [1, 2], np.array([1, 2]), [1], "an array of numbers of shape (2,)",
     "Its shape is (1,)."),
    ("as_number", (), 2, 2.0, True, "a number", "It is a bool."),
    ("as_number", (), np.float32(0.5), 0.5, [1.0], "a number", "It is a list."),
    ("as_number", (), -1.5, -1.5, 1j, "a number", "It is a complex number."),
    ("as_int", (), 2.0, 2, 2.5, "a whole number", ""),
    ("as_int", (), -7, -7, math.inf, "a whole number", ""),
    ("as_bool", (), np.array(True), True, 1, "True or False", "It is an int."),
    ("as_bool", (), False, False, [True], "True or False", "It is a list."),
    ("as_bool", (), tensor(True), True, np.array([True]), "True or False", "It is an array."),
    ("as_bool", (), np.bool_(True), True, tensor([True]), "True or False", "It is a tensor."),
    ("as_text", (), "a", "a", b"a", "a text", "It is bytes."),
    ("as_list", (), (1, 2), [1, 2], {1: 2}, "a list", "It is a dict."),
    ("as_list", (2,), np.array([1, 2]), [1, 2], [1], "a list of 2", "It has 1 items."),
    ("as_list", (), np.array([[1]]), [[1]], np.array(1), "a list", "It is an array."),
    ("as_list", (), tensor([1, 2]), [1, 2], tensor(1), "a list", "It is a tensor."),
    ("as_mapping", (), {"a": 1}, {"a": 1}, [1], "a dict", "It is a list."),
    ("as_mapping", ("a", "b"), {"b": 1, "a": 2}, {"b": 1, "a": 2}, {"a": 1}, "a dict with a, b",
     "'b' is missing."),
    ("as_table", ("n",), table({"n": [1, None]}), {"n": [1, None]}, table({"a": [1], "b": [2]}),
     "a table with the columns n", "It has a, b."),
    ("as_table", (), table({"n": [1]}), {"n": [1]}, table({"n": [1]}, kind="series"), "a table",
     "It is a series."),
    ("as_table", ("n",), table({"n": [1]}), {"n": [1]}, table({}), "a table with the columns n",
     "It has no columns."),
]  # fmt: skip


@pytest.mark.parametrize(("word", "wanted", "right", "taken", "wrong", "expected", "note"), TAKEN)
def test_a_value_is_taken_in_its_form_and_another_form_is_told(
    word, wanted, right, taken, wrong, expected, note
):
    found = getattr(observe("f(x)", right), word)(*wanted)
    assert type(found) is type(taken)
    assert np.array_equal(found, taken) if isinstance(taken, np.ndarray) else found == taken
    finding = finding_of(lambda: getattr(observe("f(x)", wrong), word)(*wanted))
    assert (finding.call, finding.expected, finding.note) == ("f(x)", expected, note)


def test_a_tensor_is_taken_as_it_is():
    given = tensor([1.0])
    assert observe("f(x)", given).as_tensor() is given
    finding = finding_of(observe("f(x)", [1.0]).as_tensor)
    assert (finding.expected, finding.note) == ("a tensor", "It is a list.")
