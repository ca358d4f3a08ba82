"""Searches for the smallest counterexample, after a claim has failed.

An example is a list of primitive choices, so a smaller one is made by changing choices and drawing
again: lengths first, then whole arrays, then single numbers. Each step is kept where the claim
fails on it as well. The search begins at what failed and ends after a count of runs, so the same
seed gives the same example.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from gradus.check import Claim
from gradus.judge.examples import Example
from gradus.judge.sources import Choice, Made, Refitted

MOST_RUNS = 150
"""How often the claim is run: as often on a busy machine as on an idle one."""
MOST_DRAWS = 2000
"""How often inputs are drawn, most of which were tried before or meet no condition."""
MOST_SECONDS = 40.0
"""On the clock: the last stop, for submissions that are very slow."""
ENTRYWISE = 24
"""Arrays of at most this many entries are changed entry by entry, longer ones by stretches."""
LONGEST_ELEMENT = 4
"""Choices of one element of a list that is tried to be left out."""

Chosen = dict[str, list[Made]]
Wanted = dict[str, list[Choice]]
Size = tuple[int, float]


def smallest(claim: Claim, failing: Example, fails: Callable[[Example], bool]) -> Example:
    """Return the smallest example found for which `fails`; `failing` where none is smaller.

    A declared case stays as it is: whoever wrote the check has chosen it to be read.
    """
    search = _Search(claim, failing, fails)
    with suppress(_Enough):
        search.run()
    return search.best.example


class _Enough(Exception):
    """The search has had its runs or its time."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An example and how it was made."""

    example: Example
    made: Chosen
    """The choices of each input that was drawn; a declared case is not among them."""
    size: Size
    """Numbers in it, then how far they are from the simplest."""


class _Search:
    """The best example so far, and what was tried."""

    def __init__(self, claim: Claim, failing: Example, fails: Callable[[Example], bool]) -> None:
        self._claim = claim
        self._fails = fails
        self._runs, self._draws = MOST_RUNS, MOST_DRAWS
        self._until = time.monotonic() + MOST_SECONDS
        self._tried: set[bytes] = set()
        self.best = _Found(failing, *_remade(claim, failing))

    def run(self) -> None:
        """Try everything simplest, then each kind of change until none makes it smaller."""
        self._try({name: [] for name in self.best.made})
        size = None
        while size != self.best.size:
            size = self.best.size
            self._shorter()
            self._flatter()
            self._plainer()

    def _shorter(self) -> None:
        """Lower whole numbers, which are mostly lengths; leave out elements of lists."""
        for name, at in self._places():
            one = self._at(name, at, int)
            if one is None or one.value == one.low:
                continue
            if not self._lower(name, at, one.low):
                self._halve_towards(name, at, one.low)
            self._leave_out(name, at)

    def _halve_towards(self, name: str, at: int, holds: int) -> None:
        """Find by bisection how low a whole number may be, as if all above fail as well."""
        while (one := self._at(name, at, int)) and one.value - holds > 1:
            middle = (holds + one.value) // 2
            if not self._lower(name, at, middle):
                holds = middle

    def _lower(self, name: str, at: int, value: int) -> bool:
        """Try a smaller whole number; arrays that get shorter keep their head, or their tail."""
        wanted = self._with(name, at, value)
        return self._try(wanted) or self._try(wanted, tails=True)

    def _leave_out(self, name: str, at: int) -> None:
        """Lower a length by one, and leave out the choices of one element at any place."""
        for width in range(1, LONGEST_ELEMENT + 1):
            start = at + 1
            while (one := self._at(name, at, int)) and one.value > one.low:
                end = start + width
                if end > min(len(self.best.made[name]), at + 1 + width * one.value):
                    break
                fewer = self._with(name, at, one.value - 1)
                del fewer[name][start:end]
                if not self._try(fewer):
                    start = end

    def _flatter(self) -> None:
        """Make arrays all zero, all one, whole, or short of decimals; then parts of them."""
        for name, at in self._places():
            one = self._at(name, at, np.ndarray)
            if one is None:
                continue
            for change in _changes(one):
                if self._try(self._with(name, at, change)):
                    break
            for part in _parts(one.value.size):
                self._part(name, at, part)

    def _part(self, name: str, at: int, part: slice) -> None:
        """Make some entries of an array simpler."""
        one = self._at(name, at, np.ndarray)
        if one is None:
            return
        for change in _changes(Made(one.value.flat[part], one.low, one.high)):
            value = one.value.copy()
            value.flat[part] = change
            if self._try(self._with(name, at, value)):
                return

    def _plainer(self) -> None:
        """Make single numbers zero, one, whole, or short of decimals."""
        for name, at in self._places():
            one = self._at(name, at, float)
            if one is None:
                continue
            for change in _changes(Made(np.array(one.value), one.low, one.high)):
                if self._try(self._with(name, at, float(change))):
                    break

    def _places(self) -> Iterator[tuple[str, int]]:
        """Yield the place of every choice, as many as there are when it is its turn."""
        for name in self.best.made:
            at = 0
            while at < len(self.best.made[name]):
                yield name, at
                at += 1

    def _at(self, name: str, at: int, kind: type) -> Any:
        """Return the choice at a place, or None where there is none of that kind any more."""
        own = self.best.made[name][at : at + 1]
        return next((one for one in own if isinstance(one.value, kind)), None)

    def _with(self, name: str, at: int, value: Choice) -> Wanted:
        """Return the best choices with one that is another."""
        wanted = {each: [one.value for one in made] for each, made in self.best.made.items()}
        wanted[name][at] = value
        return wanted

    def _try(self, wanted: Wanted, *, tails: bool = False) -> bool:
        """Draw from these choices; keep what comes out where it is smaller and fails."""
        self._draws -= 1
        if self._draws < 0 or time.monotonic() > self._until:
            raise _Enough
        found = _drawn(self._claim, self.best.example, wanted, tails)
        if found is None or found.size >= self.best.size:
            return False
        look = _look(found.made)
        if look in self._tried:
            return False
        self._tried.add(look)
        self._runs -= 1
        if self._runs < 0:
            raise _Enough
        if not self._fails(found.example):
            return False
        self.best = found
        return True


def _remade(claim: Claim, failing: Example) -> tuple[Chosen, Size]:
    """Return the choices of an example with their ranges, which its record does not hold."""
    made: Chosen = {}
    for name, draw in claim.inputs:
        record = failing.record["inputs"][name]
        if not isinstance(record, int):
            source = Refitted(record)
            draw.sample(source)
            made[name] = source.made
    return made, _size(made)


def _drawn(claim: Claim, best: Example, wanted: Wanted, tails: bool) -> _Found | None:
    """Draw an example from choices; None where the draws cannot make one of them."""
    values: dict[str, Any] = {}
    record: dict[str, Any] = {}
    made: Chosen = {}
    for name, draw in claim.inputs:
        if name not in wanted:
            values[name], record[name] = best.values[name], best.record["inputs"][name]
            continue
        source = Refitted(wanted[name], tails=tails)
        try:
            with np.errstate(all="ignore"):
                values[name] = draw.sample(source)
        except Exception:  # a draw that cannot make it would have said so of what it was drawn for
            return None
        record[name], made[name] = source.choices, source.made
    example = Example(values, {"inputs": record, "entropy": list(best.entropy)}, best.entropy)
    return _Found(example, made, _size(made))


def _size(made: Chosen) -> Size:
    """Return how many numbers there are, and how far they are from the simplest together."""
    ones = [one for each in made.values() for one in each]
    return sum(np.size(one.value) for one in ones), sum(map(_distance, ones))


def _distance(one: Made) -> float:
    """Return how far numbers are from the simplest to a reader: small and whole ones are near."""
    values = np.asarray(one.value, dtype=np.float64) - one.simplest
    size = np.abs(values)
    is_whole, has_one_decimal = (size * scale == np.rint(size * scale) for scale in (1, 10))
    decimals = np.where(is_whole, 0.0, np.where(has_one_decimal, 20.0, 40.0))
    return float(np.sum(np.log2(1 + size) + decimals + 0.5 * (values < 0)))


def _changes(one: Made) -> Iterator[np.ndarray]:
    """Yield what an array could be instead that is simpler, the simplest first."""
    values, near = one.value, one.simplest
    own = _distance(one)
    for change in (
        np.full_like(values, near),
        np.full_like(values, near + 1),
        np.full_like(values, near - 1),
        np.sign(values),
        np.rint(values),
        np.copysign(np.ceil(np.abs(values)), values),
        np.abs(values),
        np.rint(values / 4),
        np.round(values, 1),
    ):
        inside = np.clip(change, one.low, one.high)
        if _distance(Made(inside, one.low, one.high)) < own:
            yield inside


def _parts(size: int) -> Iterator[slice]:
    """Yield stretches of an array: its entries, or ever shorter parts of a long one."""
    if size <= 1:
        return
    if size <= ENTRYWISE:
        yield from (slice(at, at + 1) for at in range(size))
        return
    for n_parts in (2, 4, 8):
        ends = [size * each // n_parts for each in range(n_parts + 1)]
        yield from (slice(*pair) for pair in pairwise(ends))


def _look(made: Chosen) -> bytes:
    """Return what tells these choices from others: each says what those after it are."""
    return b"".join(np.asarray(one.value).tobytes() for each in made.values() for one in each)
