"""The smallest counterexample: what is left of an example when all that does not matter is gone."""

import random
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from gradus.check import Claim, draw
from gradus.check.draw import Draw
from gradus.judge.examples import Example, draw_examples, recorded_example
from gradus.judge.shrinking import MOST_RUNS, smallest


def claim_of(**inputs: Draw) -> Claim:
    return Claim("It holds.", (), 25, tuple(inputs.items()), (), lambda work: None)


def failing_examples(claim: Claim, is_wrong: Callable[..., bool]) -> Iterator[Example]:
    """Yield the drawn examples, seed after seed, on which a claim does not hold."""
    for seed in count():
        for example in draw_examples(claim, seed, 0):
            if is_wrong(**example.values):
                yield example


def shrunk(is_wrong: Callable[..., bool], skip: int = 0, **inputs: Draw) -> dict[str, Any]:
    """Return the smallest inputs found from an example that fails."""
    claim = claim_of(**inputs)
    examples = failing_examples(claim, is_wrong)
    for _ in range(skip):
        next(examples)
    found = smallest(claim, next(examples), lambda example: is_wrong(**example.values))
    assert is_wrong(**found.values)
    again = recorded_example(claim, found.record)
    assert repr(again.values) == repr(found.values)
    return found.values


def test_an_array_is_cut_to_the_number_that_matters() -> None:
    small = shrunk(lambda x: bool((np.abs(x) > 3).any()), skip=9, x=draw.arrays(dims=(1, 3)))
    assert small["x"].size == 1
    assert small["x"].item() in (4.0, 5.0)


@pytest.mark.parametrize("skip", range(5))
def test_a_mistake_in_the_last_row_keeps_the_last_row(skip: int) -> None:
    def is_wrong(x: np.ndarray) -> bool:
        return bool(x[-1, 0] > 2 and len(x) > 1)

    small = shrunk(is_wrong, skip, x=draw.arrays(dims=2))["x"]
    assert small.shape == (2, 1)
    assert small[0, 0] == 0
    assert small[1, 0] == np.rint(small[1, 0])


def test_what_does_not_matter_in_a_long_array_is_zero() -> None:
    small = shrunk(lambda x: bool(x[7] > 1), x=draw.arrays(shape=(40,)))["x"]
    assert np.flatnonzero(small).size <= 5
    assert small[7] > 1


@pytest.mark.parametrize("skip", range(6))
def test_of_a_list_the_element_that_matters_is_left(skip: int) -> None:
    small = shrunk(lambda xs: 7 in xs, skip, xs=draw.lists(draw.integers(0, 9), size=(0, 8)))
    assert small == {"xs": [7]}


def test_records_are_left_out_whole() -> None:
    rows = draw.lists(draw.records(age=draw.integers(0, 99), name=draw.text("ab", size=(2, 2))))
    small = shrunk(lambda rows: any(row["age"] >= 60 for row in rows), 3, rows=rows)
    assert small == {"rows": [{"age": 60, "name": "aa"}]}


@pytest.mark.parametrize("bound", [1, 10, 617, 40_000])
def test_a_whole_number_is_as_low_as_it_can_be(bound: int) -> None:
    assert shrunk(lambda n: n >= bound, 2, n=draw.integers(0, 2**31 - 1)) == {"n": bound}


def test_a_number_becomes_whole_where_it_may() -> None:
    small = shrunk(lambda x: 1.5 < x < 4.9, x=draw.floats(-10, 10))
    assert small["x"] in (2.0, 3.0, 4.0)


def test_a_range_whose_ends_are_whole_numbers_is_searched_as_any_other() -> None:
    numbers = draw.tuples(draw.floats(1, 9), draw.integers(0, 9), draw.arrays(between=(1, 9)))
    small = shrunk(lambda t: t[1] > 4 and bool((t[2] % 1 > 0).any()), 3, t=numbers)["t"]
    assert (small[0], small[1], small[2].size) == (1.0, 5, 1)


def test_a_condition_of_the_draw_still_holds() -> None:
    even = draw.integers(0, 1000).where(lambda n: n % 2 == 0)
    small = shrunk(lambda n, xs: n >= 10, n=even, xs=draw.lists(draw.integers(3, 9), size=(1, 5)))
    assert small["n"] % 2 == 0
    assert 10 <= small["n"] < 20
    assert small["xs"] == [3]


def test_a_declared_case_is_shown_as_it_is() -> None:
    declared = draw.lists(draw.integers(0, 5)).edges([5, 4, 3])
    assert shrunk(lambda xs: True, xs=declared) == {"xs": [5, 4, 3]}


def test_an_input_beside_a_declared_case_is_made_smaller() -> None:
    small = shrunk(
        lambda n, xs: n > 5 and len(xs) > 0,
        n=draw.integers(0, 5).edges(1000),
        xs=draw.lists(draw.integers(0, 5), size=(1, 6)),
    )
    assert small == {"n": 1000, "xs": [0]}


def test_a_smaller_input_that_the_draw_cannot_make_is_passed_over() -> None:
    @draw.composite
    def shares(pick: Callable[[Draw], Any]) -> np.ndarray:
        parts = pick(draw.arrays(dims=1, between=(0, 5)))
        if not parts.sum():
            raise ZeroDivisionError
        return np.asarray(parts / parts.sum())

    claim = claim_of(x=shares())
    choices = [1, 3, np.array([1.0, 2.0, 3.0])]
    example = recorded_example(claim, {"inputs": {"x": choices}, "entropy": [0]})
    assert smallest(claim, example, lambda each: True).values["x"].size == 1


def test_the_search_ends_after_a_count_of_runs() -> None:
    claim = claim_of(x=draw.arrays(dims=2, sides=(4, 6)), y=draw.arrays(dims=2, sides=(4, 6)))
    runs = 0

    def fails(example: Example) -> bool:
        nonlocal runs
        runs += 1
        return runs % 2 == 0

    smallest(claim, list(draw_examples(claim, 3, 0))[-1], fails)
    assert 20 < runs <= MOST_RUNS


@given(strategies.integers(0, 2**32), strategies.floats(0.05, 0.95))
@settings(max_examples=40, deadline=None)
def test_work_that_answers_by_chance_gets_an_input_that_failed(seed: int, share: float) -> None:
    luck = random.Random(seed)
    claim = claim_of(x=draw.arrays(dims=(1, 2)), n=draw.integers(0, 50))
    first = list(draw_examples(claim, seed, 0))[-1]
    failed = {id(first): first}

    def fails(example: Example) -> bool:
        if luck.random() < share:
            failed[id(example)] = example
        return id(example) in failed

    assert id(smallest(claim, first, fails)) in failed


def test_the_same_failure_has_the_same_smallest_input() -> None:
    def once() -> dict[str, Any]:
        return shrunk(lambda x: bool(x.sum() > 7), 4, x=draw.arrays(dims=2))

    assert repr(once()) == repr(once())
