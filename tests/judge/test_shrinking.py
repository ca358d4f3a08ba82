"""The smallest counterexample: what is left of an example when all that does not matter is gone."""

import random
from collections.abc import Callable, Iterator
from itertools import count, islice, pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from gradus.check import Claim, draw
from gradus.check.draw import Draw
from gradus.judge import shrinking
from gradus.judge.examples import Example, draw_examples, recorded_example
from gradus.judge.shrinking import MOST_RUNS, smallest
from gradus.judge.sources import Choice, Made


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


# ── what is tried, in its order ──


def tried(of: Draw, choices: list[Choice], is_wrong: Callable[[Any], bool]) -> list[Any]:
    """Return what a claim was run on while something smaller than some choices was looked for."""
    claim, runs = claim_of(x=of), []

    def fails(example: Example) -> bool:
        runs.append(example.values["x"])
        return is_wrong(example.values["x"])

    failing = recorded_example(claim, {"inputs": {"x": choices}, "entropy": [5, 0]})
    found = smallest(claim, failing, fails)
    assert found.entropy == (5, 0)
    assert found.record["entropy"] == [5, 0]
    return [plain(each) for each in runs]


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value.tolist() if isinstance(value, np.ndarray) else value


def holds(value: Any) -> bool:
    return False


PAIR = draw.tuples(draw.integers(3, 9), draw.integers(2, 50))
LISTED = draw.tuples(draw.lists(draw.integers(0, 9), size=(0, 3)), draw.integers(4, 9))


def test_a_whole_number_is_lowered_to_its_end_and_then_by_halves() -> None:
    assert tried(PAIR, [5, 9], holds) == [
        (3, 2), (3, 9), (4, 9), (4, 2), (5, 2), (5, 5), (5, 7), (5, 8),
    ]  # fmt: skip
    assert tried(PAIR, [3, 40], lambda pair: pair[1] >= 23) == [
        (3, 2), (3, 21), (3, 30), (3, 25), (3, 23), (3, 22), (3, 12), (3, 17), (3, 20),
    ]  # fmt: skip


def test_what_is_the_simplest_is_the_end_of_the_search() -> None:
    assert tried(PAIR, [5, 9], lambda pair: True) == [(3, 2)]
    assert tried(PAIR, [3, 2], lambda pair: True) == []


def test_each_element_of_a_list_is_left_out_once_and_nothing_behind_the_list() -> None:
    assert tried(LISTED, [2, 1, 2, 5], holds) == [
        ([], 4), ([1], 4), ([2], 5), ([1], 5), ([5], 4),
        ([0], 4), ([0, 2], 5), ([0, 5], 4), ([0, 0], 4),
        ([1, 0], 5), ([1, 1], 5), ([1, 1], 4), ([1, 2], 4),
    ]  # fmt: skip
    assert tried(LISTED, [2, 7, 8, 4], lambda pair: 8 in pair[0]) == [
        ([], 4), ([], 7), ([7], 8), ([8], 4), ([0], 4), ([4], 4), ([6], 4), ([7], 4), ([], 8),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "left"), [(3, 1), (4, 1), (5, 2)])
def test_elements_of_up_to_four_choices_are_left_out_at_any_place(width: int, left: int) -> None:
    rows = draw.lists(draw.tuples(*[draw.integers(0, 9)] * width), size=(0, 3))
    last = tuple(range(9, 9 - width, -1))
    small = tried(rows, [2, *range(1, width + 1), *last], lambda rows: last in rows)
    assert min(len(each) for each in small if last in each) == left


def test_an_array_that_gets_shorter_keeps_its_head_or_its_tail() -> None:
    square, choices = draw.arrays(dims=2), [2, 2, 2, np.array([[1.0, 2.0], [4.0, 4.0]])]
    assert tried(square, choices, lambda x: x[0, 0] == 1) == [[[0.0]], [[1.0, 2.0]], [[1.0]]]
    assert tried(square, choices, lambda x: x[-1, -1] == 4) == [
        [[0.0]], [[1.0, 2.0]], [[4.0, 4.0]], [[4.0]], [[1.0]], [[-1.0]],
    ]  # fmt: skip


def test_an_array_is_made_plainer_as_a_whole_and_then_entry_by_entry() -> None:
    square, choices = draw.arrays(shape=(2, 2)), [np.array([[1.5, -2.0], [0.25, 4.0]])]
    assert tried(square, choices, holds) == [
        [[0.0, 0.0], [0.0, 0.0]],
        [[1.0, 1.0], [1.0, 1.0]],
        [[-1.0, -1.0], [-1.0, -1.0]],
        [[1.0, -1.0], [1.0, 1.0]],
        [[2.0, -2.0], [0.0, 4.0]],
        [[2.0, -2.0], [1.0, 4.0]],
        [[1.5, 2.0], [0.25, 4.0]],
        [[0.0, 0.0], [0.0, 1.0]],
        [[1.5, -2.0], [0.2, 4.0]],
        [[0.0, -2.0], [0.25, 4.0]],
        [[1.0, -2.0], [0.25, 4.0]],
        [[-1.0, -2.0], [0.25, 4.0]],
        [[2.0, -2.0], [0.25, 4.0]],
        [[1.5, 0.0], [0.25, 4.0]],
        [[1.5, 1.0], [0.25, 4.0]],
        [[1.5, -1.0], [0.25, 4.0]],
        [[1.5, 0.0], [0.25, 4.0]],
        [[1.5, -2.0], [0.0, 4.0]],
        [[1.5, -2.0], [1.0, 4.0]],
        [[1.5, -2.0], [-1.0, 4.0]],
        [[1.5, -2.0], [0.25, 0.0]],
        [[1.5, -2.0], [0.25, 1.0]],
        [[1.5, -2.0], [0.25, -1.0]],
    ]
    assert tried(square, choices, lambda x: x[1, 1] > 2)[4:] == [
        [[2.0, -2.0], [0.0, 4.0]],
        [[0.0, -2.0], [0.0, 4.0]],
        [[0.0, 0.0], [0.0, 4.0]],
        [[0.0, 0.0], [0.0, 1.0]],
        [[0.0, 0.0], [0.0, -1.0]],
    ]


def test_of_a_long_array_stretches_are_made_plainer() -> None:
    whole = [slice(at, at + 1) for at in range(24)]
    assert list(shrinking._parts(24)) == whole
    assert list(shrinking._parts(2)) == whole[:2]
    assert list(shrinking._parts(1)) == []
    ends = [0, 12, 25, 0, 6, 12, 18, 25, 0, 3, 6, 9, 12, 15, 18, 21, 25]
    stretches = [(one, two) for one, two in pairwise(ends) if one < two]
    assert [(each.start, each.stop) for each in shrinking._parts(25)] == stretches


@pytest.mark.parametrize(
    ("low", "high", "number", "numbers"),
    [
        (-10.0, 10.0, 6.75, [0.0, 1.0, -1.0, 7.0, 2.0, 6.8]),
        (-10.0, 10.0, -6.75, [0.0, 1.0, -1.0, -7.0, 6.75, -2.0, -6.8]),
        (2.0, 9.0, 3.5, [2.0, 3.0, 4.0]),
        (-9.0, -2.0, -3.46, [-2.0, -3.0, -4.0, -3.5]),
        (-0.5, 0.5, 0.4, [0.0]),
    ],
)
def test_a_number_is_made_plainer_within_its_range(
    low: float, high: float, number: float, numbers: list[float]
) -> None:
    assert tried(draw.floats(low, high), [number], holds) == numbers


def test_each_step_goes_on_from_what_the_one_before_it_left() -> None:
    runs = tried(draw.floats(-20, 20), [10.4], lambda x: x == 10)
    assert runs == [0.0, 1.0, -1.0, 10.0, 2.0]


def test_every_number_and_array_has_its_turn_wherever_it_stands() -> None:
    mixed = draw.tuples(
        draw.floats(0, 1), draw.arrays(shape=(2,)), draw.integers(1, 3), draw.floats(0, 9)
    )
    assert tried(mixed, [0.5, np.array([0.5, 3.0]), 2, 7.0], lambda each: each[3] > 4) == [
        (0.0, [0.0, 0.0], 1, 0.0),
        (0.5, [0.5, 3.0], 1, 7.0),
        (0.5, [0.0, 0.0], 1, 7.0),
        (0.0, [0.0, 0.0], 1, 7.0),
        (0.0, [0.0, 0.0], 1, 1.0),
        (0.0, [0.0, 0.0], 1, 2.0),
    ]


@pytest.mark.parametrize(
    ("value", "low", "distance"),
    [
        (0.0, -9.0, 0.0),
        (3.0, -9.0, 2.0),
        (-3.0, -9.0, 2.5),
        (-0.3, -9.0, 0.5 + 20 + np.log2(1.3)),
        (0.1, -9.0, 20 + np.log2(1.1)),
        (0.25, -9.0, 40 + np.log2(1.25)),
        (5, 2, 2.0),
        (5.0, 2.0, 2.0),
        (np.array([3.0, -3.0]), -9.0, 4.5),
    ],
)
def test_small_and_whole_numbers_are_near(value: Choice, low: float, distance: float) -> None:
    """Rather many whole numbers than one with a decimal, rather one of these than any other."""
    assert shrinking._distance(Made(value, low, 9.0)) == pytest.approx(distance, abs=1e-12)


def test_rather_fewer_numbers_than_plainer_ones() -> None:
    few, plainer = [Made(2, 0, 9), Made(9.25, 0.0, 9.5)], [Made(0, 0, 9)] * 3
    assert shrinking._size({"x": few}) < shrinking._size({"x": plainer[:1], "y": plainer[1:]})
    assert shrinking._size({"x": plainer, "y": [Made(np.zeros(4), 0.0, 9.0)]}) == (7, 0.0)


# ── where it ends ──


def test_the_search_ends_after_so_many_runs() -> None:
    xs = draw.lists(draw.integers(0, 1000), size=(100, 100))
    assert len(tried(xs, [100, *range(900, 1000)], holds)) == 150


def test_the_search_ends_after_so_many_draws() -> None:
    wanted = list(range(2**31 - 36, 2**31 - 1))
    n_draws = 0

    def counted(xs: list[int]) -> bool:
        nonlocal n_draws
        n_draws += 1
        return xs == wanted

    xs = draw.lists(draw.seeds(), size=(35, 35)).where(counted)
    assert tried(xs, [35, *wanted], holds) == []
    assert n_draws == 2 + 2000


@pytest.mark.parametrize(
    ("of", "choices", "runs", "n_draws"),
    [
        (PAIR, [3, 3], [(3, 2)], 3),
        (draw.floats(-0.5, 0.5), [0.4], [0.0], 4),
        (draw.floats(-9, 9), [3.0], [0.0, 1.0, -1.0], 6),
    ],
)
def test_what_is_no_plainer_is_not_drawn(
    of: Draw, choices: list[Choice], runs: list[Any], n_draws: int
) -> None:
    n_drawn = 0

    def counted(value: Any) -> bool:
        nonlocal n_drawn
        n_drawn += 1
        return True

    assert tried(of.where(counted), choices, holds) == runs
    assert n_drawn == 2 + n_draws


def test_the_search_ends_after_so_many_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(shrinking, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def slowly(xs: list[int]) -> bool:
        clock.now += 1.0
        return False

    xs = draw.lists(draw.integers(0, 1000), size=(100, 100))
    assert len(tried(xs, [100, *range(900, 1000)], slowly)) == 41


def test_draws_that_warn_are_as_good_as_others() -> None:
    shares = draw.arrays(shape=(2,), between=(0.0, 5.0)).map(lambda x: x / x.sum())
    runs = tried(shares, [np.array([1.0, 3.0])], lambda x: True)
    assert str(runs) == "[[nan, nan]]"


@pytest.mark.parametrize("kind", [draw.integers(0, 9), draw.arrays(shape=(3,)), draw.just(0)])
@pytest.mark.parametrize("other", [draw.floats(0, 9), draw.arrays(shape=(2, 2)), draw.just(0)])
def test_a_draw_that_goes_astray_ends_no_judging(kind: Draw, other: Draw) -> None:
    """An author's draw may be anything: what it asks for next time may not be there any more."""
    for after in range(4, 40):
        for least in (0, after):
            search_astray(kind, other, after, least)


def search_astray(kind: Draw, other: Draw, after: int, least: int) -> None:
    """Search with a draw that is another after so many times, and fails from some time on."""
    n_draws = 0

    @draw.composite
    def astray(pick: Callable[[Draw], Any]) -> list[Any]:
        nonlocal n_draws
        n_draws += 1
        return [pick(kind if n_draws < after else other) for _ in range(3)]

    claim = claim_of(xs=astray())
    *_, failing = islice(draw_examples(claim, 3, 0), 3)  # after the two of ends
    smallest(claim, failing, lambda example: n_draws >= least)
    assert n_draws > 4
