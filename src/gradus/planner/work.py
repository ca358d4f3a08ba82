"""Time at work, computed from signs of it: every minute once, no pause, nothing guessed."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TypeVar

from gradus.core.work import PAUSE, Sign, Span

Key = TypeVar("Key")


def spans_between(signs: Iterable[Sign], source: str) -> list[Span]:
    """Return the time between signs that follow each other within a pause.

    It belongs to the lab of the later sign. Signs come in the order of the record: where the
    clock went back between two of them, nothing is counted.
    """
    found = []
    for before, after in pairwise(signs):
        if before.at < after.at <= before.at + PAUSE and not after.begins:
            found.append(Span(after.lab, before.at, after.at, source))
    return found


def counted_once(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans that do not overlap and cover what the given ones cover.

    Where several overlap, the time belongs to the one that began last: that is where somebody
    went. A span that ends before it begins, as a clock makes it that was set back, is left out.
    """
    order = sorted(
        (each for each in spans if each.began < each.ended),
        key=lambda each: (each.began, each.ended, each.lab, each.source),
    )
    moments = sorted({at for each in order for at in (each.began, each.ended)})
    pieces: list[Span] = []
    latest: list[int] = []
    following = 0
    for began, ended in pairwise(moments):
        while following < len(order) and order[following].began <= began:
            heapq.heappush(latest, -following)
            following += 1
        while latest and order[-latest[0]].ended <= began:
            heapq.heappop(latest)
        if latest:
            _add(pieces, order[-latest[0]], began, ended)
    return tuple(pieces)


def minutes_by_lab(pieces: Sequence[Span]) -> dict[str, float]:
    """Return the minutes on each lab, by its id; cards belong to none."""
    return _summed(pieces, lambda piece: piece.lab, lambda piece: bool(piece.lab))


def minutes_by_source(pieces: Sequence[Span]) -> dict[str, float]:
    """Return the minutes by what saw them."""
    return _summed(pieces, lambda piece: piece.source, lambda _: True)


def minutes_by_day(pieces: Sequence[Span], day_of: Callable[[datetime], date]) -> dict[date, float]:
    """Return the minutes by the learner's own day; a span belongs to the day on which it began."""
    return _summed(pieces, lambda piece: day_of(piece.began), lambda _: True)


def _summed(
    pieces: Sequence[Span], key_of: Callable[[Span], Key], counts: Callable[[Span], bool]
) -> dict[Key, float]:
    minutes: dict[Key, float] = {}
    for piece in pieces:
        if counts(piece):
            minutes[key_of(piece)] = minutes.get(key_of(piece), 0.0) + piece.minutes
    return minutes


def _add(pieces: list[Span], owner: Span, began: datetime, ended: datetime) -> None:
    last = pieces[-1] if pieces else None
    if last and last.ended == began and (last.lab, last.source) == (owner.lab, owner.source):
        began = pieces.pop().began
    pieces.append(Span(owner.lab, began, ended, owner.source))
