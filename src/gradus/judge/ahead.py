"""Draws the examples of an attempt in their order, some of them before their turn.

While the child works, the judge would only wait. What is drawn depends on the seed alone, so it
does not matter when. Nothing that is drawn is sent before its turn.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from gradus.check import Claim
from gradus.judge.examples import Example

MOST_AHEAD = 24


class Ahead:
    """The examples of every claim; `draw_one` is called while there is nothing else to do."""

    def __init__(
        self, claims: Sequence[Claim], examples_of: Callable[[Claim, int], Iterable[Example]]
    ) -> None:
        self._claims = claims
        self._examples_of = examples_of
        self._drawn: deque[tuple[int, Example | Exception]] = deque()
        self._place = -1
        self._rest: Iterator[Example] = iter(())

    def draw_one(self) -> bool:
        """Draw one more example; return whether there is more to be drawn ahead."""
        if len(self._drawn) >= MOST_AHEAD:
            return False
        try:
            example = next(self._rest, None)
        except Exception as error:
            self._drawn.append((self._place, error))
            self._rest = iter(())
            return False
        if example is not None:
            self._drawn.append((self._place, example))
            return True
        return self._draw_from(self._place + 1)

    def _draw_from(self, place: int) -> bool:
        """Go on with the examples of another claim; return whether there is such a claim."""
        if place >= len(self._claims):
            return False
        self._place = place
        self._rest = iter(self._examples_of(self._claims[place], place))
        return True

    def examples(self, place: int) -> Iterator[Example]:
        """Yield the examples of one claim, raising where drawing one raised; claims in order."""
        while self._drawn and self._drawn[0][0] < place:
            self._drawn.popleft()
        if self._place < place:
            self._draw_from(place)
        while True:
            while not self._drawn and self._place == place and self.draw_one():
                pass
            if not self._drawn or self._drawn[0][0] != place:
                return
            example = self._drawn.popleft()[1]
            if isinstance(example, Exception):
                raise example
            yield example
