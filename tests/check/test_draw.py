"""Draws: which values they make of the choices of a source, and which declarations are refused."""

import numpy as np
import pytest

from gradus.check import draw
from gradus.check.draw import Draw, Unfit, round_to
from gradus.judge.sources import SeededSource, Stream


class Chosen:
    """A source that gives what the example says, and keeps what it was asked for."""

    def __init__(self, *values, tries=200):
        self.left, self.asked, self.tries = list(values), [], tries
        self.choices = []

    def _next(self, *asked):
        self.asked.append(asked)
        self.choices.append(self.left.pop(0))
        return self.choices[-1]

    def forget(self, n_choices):
        del self.choices[n_choices:]

    integer = real = _next

    def array(self, shape, low, high):
        return np.asarray(self._next(shape, low, high)).reshape(shape)


def made(what: Draw, *choices):
    source = Chosen(*choices)
    value = what.sample(source)
    assert not source.left
    return value, source.asked


def test_each_single_value_is_made_of_one_choice_of_its_range():
    assert made(draw.integers(-3, 7), 5) == (5, [(-3, 7)])
    assert made(draw.floats(-1.0, 2.0), 0.123456) == (0.123, [(-1.0, 2.0)])
    assert made(draw.booleans(), 1) == (True, [(0, 1)])
    assert made(draw.booleans(), 0) == (False, [(0, 1)])
    assert made(draw.choice("abc"), 2) == ("c", [(0, 2)])
    assert made(draw.just([1])) == ([1], [])
    assert made(draw.seeds(), 9) == (9, [(0, 2_147_483_647)])
    assert type(made(draw.booleans(), 1)[0]) is bool


def test_what_is_chosen_from_may_change_afterwards():
    known = ["a", "b"]
    chosen = draw.choice(known)
    known.clear()
    assert made(chosen, 1) == ("b", [(0, 1)])


def test_what_has_a_length_chooses_that_first():
    assert made(draw.text(), 2, 0, 25) == ("az", [(0, 12), (0, 25), (0, 25)])
    assert made(draw.text("xy", (1, 3)), 1, 1) == ("y", [(1, 3), (0, 1)])
    assert made(draw.lists(draw.integers(0, 9)), 2, 4, 5) == ([4, 5], [(0, 6), (0, 9), (0, 9)])
    assert made(draw.lists(draw.just(1), (3, 4)), 3) == ([1, 1, 1], [(3, 4)])


def test_what_has_parts_makes_them_in_their_order():
    one, two = draw.integers(0, 1), draw.integers(0, 2)
    assert made(draw.tuples(two, one), 2, 1) == ((2, 1), [(0, 2), (0, 1)])
    assert made(draw.records(b=two, a=one), 2, 1) == ({"b": 2, "a": 1}, [(0, 2), (0, 1)])
    assert made(draw.one_of(one, two), 1, 2) == (2, [(0, 1), (0, 2)])
    assert made(draw.one_of(one, two, one), 0, 1) == (1, [(0, 2), (0, 1)])


def test_a_composite_hands_on_its_arguments_and_picks_from_other_draws():
    @draw.composite
    def pair(pick, first, *, most):
        return first, pick(draw.integers(0, most)), pick(draw.booleans())

    assert made(pair("x", most=4), 3, 1) == (("x", 3, True), [(0, 4), (0, 1)])
    assert pair("x", most=4).declared == ()


def test_declared_cases_go_with_what_is_made_of_the_draw():
    small = draw.integers(0, 9).edges(0, 9).edges(4)
    assert small.declared == (0, 9, 4)
    assert small.map(lambda each: each * 2).declared == (0, 18, 8)
    assert small.where(lambda each: each < 5).declared == (0, 4)
    assert draw.one_of(small, draw.just(1), draw.just(2).edges(5)).declared == (0, 9, 4, 5)
    assert draw.integers(0, 9).declared == ()
    assert made(small.map(lambda each: each * 2), 3) == (6, [(0, 9)])


def test_a_condition_forgets_the_choices_that_did_not_meet_it():
    source = Chosen(7, 1, 3, 4)
    source.choices.append(0)
    assert draw.integers(0, 9).where(lambda each: each % 2 == 0).sample(source) == 4
    assert source.choices == [0, 4]


def test_a_condition_that_is_never_met_says_how_often_it_was_tried():
    source = Chosen(1, 1, 1, 1, tries=3)
    with pytest.raises(Unfit) as unfit:
        draw.integers(0, 9).where(lambda each: each > 1).sample(source)
    assert str(unfit.value) == "no value in 3 tries met the condition of where()"
    assert (source.choices, len(source.left)) == ([], 1)


def test_an_array_chooses_its_dimensions_its_sides_and_then_its_entries():
    value, asked = made(draw.arrays(), 2, 1, 2, [0.12345, -4.5678])
    assert (value.tolist(), value.dtype) == ([[0.123, -4.57]], np.float64)
    assert asked == [(1, 3), (1, 6), (1, 6), ((1, 2), -5.0, 5.0)]
    value, asked = made(draw.arrays(1, 2, (0.0, 1.0), "float32"), 1, 2, [0.5, 1.0])
    assert (value.tolist(), value.dtype) == ([0.5, 1.0], np.float32)
    assert asked == [(1, 1), (2, 2), ((2,), 0.0, 1.0)]
    value, asked = made(draw.arrays((0, 2), (3, 4)), 0, [2.0])
    assert (value.shape, asked) == ((), [(0, 2), ((), -5.0, 5.0)])
    assert made(draw.arrays((0, 1), (3, 4)), 1, 3, [0.0] * 3)[1][1] == (3, 4)
    value, asked = made(draw.arrays(shape=(2, 1)), [1.0, 2.0])
    assert (value.tolist(), asked) == ([[1.0], [2.0]], [((2, 1), -5.0, 5.0)])
    assert made(draw.arrays(shape=()), [2.0])[1] == [((), -5.0, 5.0)]


def test_an_array_of_whole_numbers_or_truth_values_is_one():
    value, asked = made(draw.arrays(1, 5, (-1.6, 2.4), int), 1, 5, [-1.6, -0.4, 0.6, 1.5, 2.4])
    assert (value.tolist(), value.dtype) == ([-1, 0, 1, 2, 2], np.int64)
    assert asked[-1] == ((5,), -1.6, 2.4)
    value, asked = made(draw.arrays(1, 3, (2, 9), bool), 1, 3, [0.4, 0.5, 0.6])
    assert (value.tolist(), value.dtype) == ([False, False, True], np.bool_)
    assert asked[-1] == ((3,), 0.0, 1.0)
    assert isinstance(made(draw.arrays(0, dtype=bool), 0, [0.6])[0], np.ndarray)


def test_whole_numbers_stay_within_what_their_type_holds():
    value, _ = made(draw.arrays(1, 3, dtype="uint8"), 1, 3, [-5.0, 2.6, 5.0])
    assert (value.tolist(), value.dtype) == ([0, 3, 5], np.uint8)
    value, _ = made(draw.arrays(1, 2, (-500, 500), "int8"), 1, 2, [-500.0, 500.0])
    assert value.tolist() == [-128, 127]


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.0, 0.9996), (1.2345, 1.2349), (-1.2349, -1.2345), (1234, 1236), (1e-20, 2e-20)],
)
def test_rounding_leads_no_number_out_of_its_range(low, high):
    for end in (low, high):
        number = made(draw.floats(low, high), end)[0]
        assert low <= number <= high
        assert type(number) is float
        array = made(draw.arrays(1, 1, (low, high)), 1, 1, [end])[0]
        assert low <= array[0] <= high
    seeded = SeededSource(Stream((7, 1)))
    drawn = [draw.floats(low, high).sample(seeded) for _ in range(200)]
    assert low <= min(drawn) <= max(drawn) <= high


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (123456.0, 123000.0),
        (-0.00123456, -0.00123),
        (1.0, 1.0),
        (0.0, 0.0),
        (9.996, 10.0),
        (1.2345e-12, 1.23e-12),
        (1.2345e-13, 1.2e-13),
        (1.5e-15, 0.0),
        (np.inf, np.inf),
        (-np.inf, -np.inf),
    ],
)
def test_a_number_keeps_three_digits_and_at_most_fourteen_decimals(value, rounded):
    assert round_to(np.array(value), 3) == pytest.approx(rounded, rel=1e-12, abs=0)
    both = round_to(np.array([value, 0.0, 2.0, np.nan]), 3)
    assert both[:3] == pytest.approx([rounded, 0.0, 2.0], rel=1e-12, abs=0)
    assert np.isnan(both[3])
    assert both.dtype == np.float64


def test_as_many_digits_stay_as_are_asked_for():
    assert round_to(np.array([12.3456, 0.98765]), 2).tolist() == [12.0, 0.99]
    assert round_to(np.array([1.25, 7.0]), 1).tolist() == [1.0, 7.0]


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (lambda: draw.integers(5, 3), "integers from 5 to 3: the range is empty"),
        (lambda: draw.floats(0.5, 0.25), "floats from 0.5 to 0.25: the range is empty"),
        (lambda: draw.floats(0.5, np.nan), "floats from 0.5 to nan: the range is empty"),
        (lambda: draw.text(size=(3, 1)), "lengths of text from 3 to 1: the range is empty"),
        (
            lambda: draw.lists(draw.booleans(), (3, 1)),
            "lengths of lists from 3 to 1: the range is empty",
        ),
        (lambda: draw.arrays((3, 1)), "dims of arrays from 3 to 1: the range is empty"),
        (lambda: draw.arrays(1, (3, 1)), "sides of arrays from 3 to 1: the range is empty"),
        (
            lambda: draw.arrays(between=(3.0, 1.0)),
            "entries of arrays from 3.0 to 1.0: the range is empty",
        ),
        (
            lambda: draw.arrays(between=(0.2, 0.8), dtype=int),
            "entries of arrays from 1.0 to 0.0: the range is empty",
        ),
        (lambda: draw.choice([]), "choice: there is nothing to choose from"),
        (draw.one_of, "one_of: there is nothing to choose from"),
        (lambda: draw.text(""), "text: the alphabet is empty"),
    ],
)
def test_a_declaration_of_which_nothing_can_be_drawn_is_refused(declare, said):
    with pytest.raises(ValueError) as refused:
        declare()
    assert str(refused.value) == said


def test_a_range_of_one_value_is_no_empty_one():
    assert made(draw.integers(3, 3), 3) == (3, [(3, 3)])
    assert made(draw.text("", (0, 0)), 0) == ("", [(0, 0)])
    assert made(draw.choice(["only"]), 0) == ("only", [(0, 0)])
    assert made(draw.arrays(0, 1, (2, 2), int), 0, [2.0])[0].tolist() == 2
