"""The examples of a claim: what is declared, the two ends, what is drawn, and each made again."""

import numpy as np
import pytest

from gradus.check import Claim, draw
from gradus.check.draw import Unfit
from gradus.judge.examples import draw_examples, recorded_example
from gradus.judge.sources import SeededSource, Stream


def claim_of(examples, **inputs):
    return Claim("It holds.", (), examples, tuple(inputs.items()), (), lambda work: None)


def drawn(of, seed=0, place=0):
    return list(draw_examples(of, seed, place))


def test_declared_cases_come_first_then_the_two_ends_then_what_is_drawn():
    x, y = draw.integers(0, 1000).edges(7, 8), draw.integers(50, 60).edges(3)
    found = drawn(claim_of(10, x=x, y=y))
    assert len(found) == 2 + 2 + 10
    assert [each.values["x"] for each in found[:4]] == [7, 8, 0, 1000]
    assert [each.values["y"] for each in found if each.values["y"] == 3] == [3]
    assert found[0].record["inputs"] == {"x": 0, "y": 0}
    assert found[1].record["inputs"] == {"x": 1, "y": [found[1].values["y"]]}
    assert found[1].values["y"] in range(50, 61)
    assert [each.values["y"] for each in found[2:4]] == [50, 60]
    assert len({each.values["x"] for each in found[4:]}) > 5


def test_a_claim_that_costs_more_gets_no_ends():
    found = drawn(claim_of(9, x=draw.integers(0, 1000).edges(7)))
    assert len(found) == 1 + 9


def test_a_claim_without_inputs_has_its_examples_alone():
    found = drawn(claim_of(10))
    assert [each.values for each in found] == [{}] * 10
    assert found[1].record == {"inputs": {}, "entropy": [0, 0, 1]}


def test_the_same_seed_gives_the_same_example_in_every_version_of_gradus():
    wide = draw.integers(0, 2**40)
    for number, each in enumerate(drawn(claim_of(5, x=wide, y=wide), seed=3, place=2)):
        source = SeededSource(Stream((7, 3, 2, number)))
        assert each.values == {"x": wide.sample(source), "y": wide.sample(source)}
        assert each.entropy == (3, 2, number)


def test_an_end_that_no_condition_allows_is_drawn_like_the_others():
    found = drawn(claim_of(10, x=draw.integers(0, 9).where(lambda n: 0 < n < 9)))
    assert len(found) == 2 + 10
    for each in found:
        assert each.record["inputs"]["x"] == [each.values["x"]]
        assert 0 < each.values["x"] < 9


@pytest.mark.parametrize(("examples", "n_tries"), [(9, 200), (10, 203)])
def test_a_condition_that_nothing_meets_is_not_passed_over(examples, n_tries):
    tried = []
    never = draw.integers(0, 9).where(lambda n: bool(tried.append(n)))
    with pytest.raises(Unfit, match="in 200 tries"):
        drawn(claim_of(examples, x=never))
    assert len(tried) == n_tries


def test_an_example_is_made_again_from_its_record():
    inputs = {"x": draw.arrays(dims=2).edges(np.ones((2, 2))), "n": draw.integers(0, 9)}
    of = claim_of(10, **inputs)
    for each in drawn(of, seed=5, place=1):
        again = recorded_example(of, each.record)
        assert again.values["n"] == each.values["n"]
        assert np.array_equal(again.values["x"], each.values["x"])
        assert again.record == each.record
        assert again.entropy == each.entropy
