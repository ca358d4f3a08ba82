"""Examples drawn before their turn: the same ones, in their order, and no more than a few."""

import random
from collections.abc import Iterable, Iterator

import pytest

from gradus.check import Claim
from gradus.judge.ahead import MOST_AHEAD, Ahead
from gradus.judge.examples import Example


class Drawn:
    """Claims with so many examples each; notes what was drawn, and breaks where it is told to."""

    def __init__(self, *counts: int, breaks_at: tuple[int, int] | None = None) -> None:
        self.counts, self.breaks_at = counts, breaks_at
        self.drawn: list[tuple[int, int]] = []
        self.claims = [
            Claim(f"Claim {at}.", (), count, (), (), lambda work: None)
            for at, count in enumerate(counts)
        ]
        self.ahead = Ahead(self.claims, self.examples_of)

    def examples_of(self, claim: Claim, place: int) -> Iterator[Example]:
        assert claim is self.claims[place]
        for number in range(self.counts[place]):
            if (place, number) == self.breaks_at:
                raise ValueError("no such input")
            self.drawn.append((place, number))
            yield Example({}, {}, (place, number))

    def all(self) -> list[tuple[int, int]]:
        """Return every example in order."""
        return [(place, each) for place, count in enumerate(self.counts) for each in range(count)]


def numbers(examples: Iterable[Example]) -> list[tuple[int, ...]]:
    return [each.entropy for each in examples]


def draw_all(ahead: Ahead) -> int:
    """Draw until there is nothing to draw, as a judge does who waits for long; return how often."""
    times = 0
    while ahead.draw_one():
        times += 1
        assert times < 10 * MOST_AHEAD
    return times


@pytest.mark.parametrize("seed", range(20))
def test_what_is_drawn_ahead_comes_in_its_turn_as_if_it_were_not(seed: int) -> None:
    chance = random.Random(seed)
    drawn = Drawn(*(chance.randrange(6) for _ in range(5)))
    met = []
    for place in range(5):
        for example in drawn.ahead.examples(place):
            met.append(example.entropy)
            for _ in range(chance.randrange(4)):
                drawn.ahead.draw_one()
    assert met == drawn.all()
    assert drawn.drawn == drawn.all()


def test_nothing_is_drawn_before_somebody_waits_or_asks() -> None:
    drawn = Drawn(3, 3)
    assert drawn.drawn == []
    assert next(drawn.ahead.examples(0)).entropy == (0, 0)
    assert drawn.drawn == [(0, 0)]


def test_it_is_known_what_waits_for_its_turn() -> None:
    drawn = Drawn(3, 3, breaks_at=(1, 2))
    draw_all(drawn.ahead)
    next(drawn.ahead.examples(0))
    assert numbers(drawn.ahead.waiting(1)) == [(1, 0), (1, 1)], "an error is no example"


def test_no_more_than_a_few_wait_for_their_turn() -> None:
    drawn = Drawn(10, 2 * MOST_AHEAD)
    draw_all(drawn.ahead)
    assert len(drawn.drawn) == MOST_AHEAD
    draw_all(drawn.ahead)
    assert len(drawn.drawn) == MOST_AHEAD
    first = drawn.ahead.examples(0)
    next(first)
    draw_all(drawn.ahead)
    assert len(drawn.drawn) == MOST_AHEAD + 1
    first.close()
    draw_all(drawn.ahead)
    assert len(drawn.drawn) == MOST_AHEAD + 10, "those of a claim that ended count no more"


def test_the_rest_of_a_claim_may_come_after_the_first_of_the_next() -> None:
    drawn = Drawn(3, 3)
    first, second = drawn.ahead.examples(0), drawn.ahead.examples(1)
    assert next(first).entropy == (0, 0)
    assert next(second).entropy == (1, 0)
    draw_all(drawn.ahead)
    assert numbers(first) == [(0, 1), (0, 2)]
    assert numbers(second) == [(1, 1), (1, 2)]


def test_drawing_ahead_ends_after_the_last_claim() -> None:
    drawn = Drawn(2, 0, 1)
    draw_all(drawn.ahead)
    assert drawn.drawn == drawn.all()
    assert not drawn.ahead.draw_one()
    assert [numbers(drawn.ahead.examples(place)) for place in range(3)] == [
        [(0, 0), (0, 1)],
        [],
        [(2, 0)],
    ]


@pytest.mark.parametrize("n_ahead", [0, 1, 2, 3, 5, 9])
def test_a_claim_that_ends_early_leaves_the_next_one_its_own(n_ahead: int) -> None:
    drawn = Drawn(3, 3, 2)
    examples = drawn.ahead.examples(0)
    next(examples)
    for _ in range(n_ahead):
        drawn.ahead.draw_one()
    assert numbers(drawn.ahead.examples(1)) == [(1, 0), (1, 1), (1, 2)]
    assert numbers(drawn.ahead.examples(2)) == [(2, 0), (2, 1)]


def test_what_a_claim_that_ended_early_would_have_drawn_is_not_drawn() -> None:
    drawn = Drawn(1000, 1)
    next(drawn.ahead.examples(0))
    draw_all(drawn.ahead)
    assert drawn.drawn == [(0, 0), (1, 0)]
    assert numbers(drawn.ahead.examples(1)) == [(1, 0)]


def test_a_claim_that_is_passed_over_is_not_drawn() -> None:
    drawn = Drawn(2, 1000, 2)
    assert numbers(drawn.ahead.examples(0)) == [(0, 0), (0, 1)]
    assert numbers(drawn.ahead.examples(2)) == [(2, 0), (2, 1)]
    assert drawn.drawn == [(0, 0), (0, 1), (2, 0), (2, 1)]


def test_a_draw_that_breaks_ahead_breaks_in_its_turn() -> None:
    drawn = Drawn(2, 3, breaks_at=(1, 1))
    draw_all(drawn.ahead)
    assert numbers(drawn.ahead.examples(0)) == [(0, 0), (0, 1)]
    second = drawn.ahead.examples(1)
    assert next(second).entropy == (1, 0)
    with pytest.raises(ValueError, match="no such input"):
        next(second)


def test_a_draw_that_breaks_in_its_turn_breaks_there() -> None:
    drawn = Drawn(2, breaks_at=(0, 1))
    first = drawn.ahead.examples(0)
    assert next(first).entropy == (0, 0)
    with pytest.raises(ValueError, match="no such input"):
        next(first)


def test_after_a_draw_that_broke_the_next_claim_is_drawn_ahead() -> None:
    drawn = Drawn(2, 2, breaks_at=(0, 1))
    for _ in range(6):
        drawn.ahead.draw_one()
    assert drawn.drawn == [(0, 0), (1, 0), (1, 1)]


def test_examples_may_be_given_as_a_list() -> None:
    """A replay has them all at once."""
    whole = [Example({}, {}, (0, 0)), Example({}, {}, (0, 1))]
    ahead = Ahead(Drawn(2).claims, lambda claim, place: whole)
    ahead.draw_one()
    assert list(ahead.examples(0)) == whole


def test_a_broken_draw_of_a_claim_that_ended_early_hurts_nobody() -> None:
    drawn = Drawn(2, 2, breaks_at=(0, 1))
    next(drawn.ahead.examples(0))
    draw_all(drawn.ahead)
    assert numbers(drawn.ahead.examples(1)) == [(1, 0), (1, 1)]
