"""Answers: values taken out of them, and objects that are gone on with where they stay."""

import math

import numpy as np
import pytest

from gradus.check import observe, tensor
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
