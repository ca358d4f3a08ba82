"""Draws the examples of an attempt before they are needed.

Until somebody saves, and while the child works, the judge would only wait. What is drawn depends on
the seed alone, so it does not matter when. Nothing that is drawn is sent before its turn.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from gradus.check import Claim
from gradus.judge.examples import Example

MOST_AHEAD = 1024
"""Examples that wait for their turn at a time: those of a whole check, and no generator's."""


class Ahead:
    """The examples of every claim; `draw_one` is called while there is nothing else to do."""

    def __init__(
        self, claims: Sequence[Claim], examples_of: Callable[[Claim, int], Iterable[Example]]
    ) -> None:
        self._rest: list[Iterator[Example]] = [
            iter(examples_of(claim, place)) for place, claim in enumerate(claims)
        ]
        self._drawn: list[deque[Example | Exception]] = [deque() for _ in claims]
        self._n_drawn = 0
        self._place = 0

    def draw_one(self) -> bool:
        """Draw one more example, of the first claim that has more; return whether it could."""
        while self._place < len(self._rest) and self._n_drawn < MOST_AHEAD:
            if self._draw(self._place):
                return True
            self._place += 1
        return False

    def _draw(self, place: int) -> bool:
        try:
            example = next(self._rest[place], None)
        except Exception as error:
            self._keep(place, error)
            return True
        if example is None:
            return False
        self._keep(place, example)
        return True

    def _keep(self, place: int, example: Example | Exception) -> None:
        self._drawn[place].append(example)
        self._n_drawn += 1

    def waiting(self, place: int) -> list[Example]:
        """Return the examples of one claim that were drawn and wait for their turn."""
        return [each for each in self._drawn[place] if isinstance(each, Example)]

    def examples(self, place: int) -> Iterator[Example]:
        """Yield the examples of one claim, once, raising where drawing one raised.

        Whoever closes the iterator needs no more of them.
        """
        drawn = self._drawn[place]
        try:
            while drawn or self._draw(place):
                self._n_drawn -= 1
                example = drawn.popleft()
                if isinstance(example, Exception):
                    raise example
                yield example
        finally:
            self._rest[place] = iter(())
            self._n_drawn -= len(drawn)
            drawn.clear()
