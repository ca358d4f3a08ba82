"""Draws: how a check says what inputs look like.

A draw is a function of a `Source` of primitive choices. The same draw serves our own seeded
source, the search for a smaller input after a failure, and a recorded run (to replay one).
Nothing here keeps a generator of its own.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

SMALLEST = 12
"""Decimal places beyond which a drawn number is zero."""


class Source(Protocol):
    """Where primitive choices come from."""

    tries: int
    """How often a condition may be tried before the value counts as unfit."""

    @property
    def choices(self) -> Sequence[int | float | np.ndarray]:
        """What was chosen so far."""

    def forget(self, n_choices: int) -> None:
        """Leave out of what was chosen all after the first so many: they came to nothing."""

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number of the closed range."""

    def real(self, low: float, high: float) -> float:
        """Choose a number of the closed range."""

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Choose a float64 array whose entries lie in the closed range."""


class Draw:
    """A way to make one input; `edges` are declared values that are run first."""

    def __init__(self, make: Callable[[Source], Any], edges: tuple[Any, ...] = ()) -> None:
        self._make = make
        self.declared = edges

    def sample(self, source: Source) -> Any:
        """Make one value from a source's choices."""
        return self._make(source)

    def edges(self, *values: Any) -> "Draw":
        """Return the same draw with declared cases, run before anything is drawn."""
        return Draw(self._make, (*self.declared, *values))

    def map(self, change: Callable[[Any], Any]) -> "Draw":
        """Return a draw whose values go through `change`; declared cases do too."""
        return Draw(
            lambda source: change(self._make(source)), tuple(change(e) for e in self.declared)
        )

    def where(self, holds: Callable[[Any], bool]) -> "Draw":
        """Return a draw of the values for which `holds`; tries again at most 200 times."""

        def make(source: Source) -> Any:
            before = len(source.choices)
            for _ in range(source.tries):
                value = self._make(source)
                if holds(value):
                    return value
                source.forget(before)
            raise Unfit(f"no value in {source.tries} tries met the condition of where()")

        return Draw(make, tuple(each for each in self.declared if holds(each)))


class Unfit(Exception):
    """No value could be drawn: the author's declaration asks for too much."""


def _demand_range(low: float, high: float, of: str) -> None:
    if not low <= high:
        raise ValueError(f"{of} from {low} to {high}: the range is empty")


def integers(low: int, high: int) -> Draw:
    """Whole numbers of the closed range."""
    _demand_range(low, high, "integers")
    return Draw(lambda source: source.integer(low, high))


def floats(low: float, high: float) -> Draw:
    """Numbers of the closed range, with three significant digits where that stays in it."""
    _demand_range(low, high, "floats")

    def make(source: Source) -> float:
        rounded = float(round_to(np.array(source.real(low, high)), 3))
        return float(min(max(rounded, low), high))

    return Draw(make)


def booleans() -> Draw:
    """True or False."""
    return Draw(lambda source: bool(source.integer(0, 1)))


def choice(values: Sequence[Any]) -> Draw:
    """One of a few values; the first is the simplest."""
    known = list(values)
    if not known:
        raise ValueError("choice: there is nothing to choose from")
    return Draw(lambda source: known[source.integer(0, len(known) - 1)])


def just(value: Any) -> Draw:
    """Always the same value."""
    return Draw(lambda source: value)


def one_of(*draws: Draw) -> Draw:
    """A value of one of several draws; the first is the simplest."""
    if not draws:
        raise ValueError("one_of: there is nothing to choose from")
    edges = tuple(edge for each in draws for edge in each.declared)
    return Draw(lambda source: draws[source.integer(0, len(draws) - 1)].sample(source), edges)


def text(alphabet: str = "abcdefghijklmnopqrstuvwxyz", size: tuple[int, int] = (0, 12)) -> Draw:
    """Texts over an alphabet, with a length of the closed range."""
    _demand_range(*size, "lengths of text")
    if size[1] and not alphabet:
        raise ValueError("text: the alphabet is empty")

    def make(source: Source) -> str:
        length = source.integer(*size)
        return "".join(alphabet[source.integer(0, len(alphabet) - 1)] for _ in range(length))

    return Draw(make)


def lists(of: Draw, size: tuple[int, int] = (0, 6)) -> Draw:
    """Lists with a length of the closed range."""
    _demand_range(*size, "lengths of lists")
    return Draw(lambda source: [of.sample(source) for _ in range(source.integer(*size))])


def tuples(*parts: Draw) -> Draw:
    """Tuples with one value from each draw."""
    return Draw(lambda source: tuple(each.sample(source) for each in parts))


def records(**parts: Draw) -> Draw:
    """Dicts with one value from each draw."""
    return Draw(lambda source: {name: each.sample(source) for name, each in parts.items()})


def seeds() -> Draw:
    """A seed for a simulator."""
    return Draw(lambda source: source.integer(0, 2**31 - 1))


def arrays(
    dims: int | tuple[int, int] = (1, 3),
    sides: int | tuple[int, int] = (1, 6),
    between: tuple[float, float] = (-5.0, 5.0),
    dtype: type | str = float,
    shape: tuple[int, ...] | None = None,
) -> Draw:
    """Arrays of a drawn or given `shape`; floats are rounded as those of `floats` are."""
    low, high = between
    n_dims = (dims, dims) if isinstance(dims, int) else dims
    lengths = (sides, sides) if isinstance(sides, int) else sides
    kind = np.dtype(dtype).kind
    least, most = low, high
    if kind in ("i", "u"):
        known = np.iinfo(dtype)
        least, most = max(np.ceil(low), known.min), min(np.floor(high), known.max)
    _demand_range(least, most, "entries of arrays")
    _demand_range(*n_dims, "dims of arrays")
    _demand_range(*lengths, "sides of arrays")

    def make(source: Source) -> np.ndarray:
        size = shape
        if size is None:
            size = tuple(source.integer(*lengths) for _ in range(source.integer(*n_dims)))
        if kind == "b":
            return np.asarray(source.array(size, 0.0, 1.0) > 0.5)
        if kind in ("i", "u"):
            rounded = np.rint(source.array(size, low, high))
        else:
            rounded = round_to(source.array(size, low, high), 3)
        return np.asarray(rounded.clip(least, most), dtype=dtype)

    return Draw(make)


def round_to(values: np.ndarray, digits: int) -> np.ndarray:
    """Round each entry to a number of significant digits; zeros and non-finite stay."""
    with np.errstate(all="ignore"):
        magnitude = np.maximum(np.floor(np.log10(np.abs(values))), -SMALLEST)
        scale = 10.0 ** (digits - 1 - magnitude)
        rounded = np.rint(values * scale) / scale
    return np.where(np.isfinite(values), rounded, values)


def composite(build: Callable[..., Any]) -> Callable[..., Draw]:
    """Turn `build(pick, …)` into a draw; `pick(draw)` takes a value from another draw."""

    def make_draw(*args: Any, **kwargs: Any) -> Draw:
        return Draw(lambda source: build(lambda part: part.sample(source), *args, **kwargs))

    return make_draw
