"""Streams of valid rows: calm ones, and ones that drift from a hidden moment on.

Every row of a drift is one of the declared valid rows: what changes is how often each comes. So no
guard can refuse it, and nothing in a single row tells a drift from calm. Nothing is sent here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.prover.bounds import Cusum
from gradus.prover.contract import Row

Floats = NDArray[np.float64]
FEWEST_ROWS = 200
"""Rows without which calm is not known."""
_FEW_VALUES = 6
"""A number with fewer different values is taken for a word."""
_RARE = 0.03
"""Share below which a word, or what is missing, is not watched: it comes too seldom."""


class Kind(StrEnum):
    """How rows drift."""

    MEAN = "mean"
    """A number becomes larger, or smaller, at once."""
    SPREAD = "spread"
    """A number's extreme values become common."""
    SHARE = "share"
    """A word becomes common."""
    MISSING = "missing"
    """A value is missing more often."""
    GRADUAL = "gradual"
    """A number becomes larger, or smaller, little by little."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One number a row that can drift."""

    column: str
    """The field that it is made from."""
    kind: str
    """`value`, `spread`, `missing`, or the word whose share it is."""
    values: Floats
    """Its value for each of the declared rows, shape (n_rows,)."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How the rows come once it has begun."""

    kind: Kind
    """What sort of drift it is."""
    column: str
    """The field that drifts."""
    tilt: Floats
    """Logarithm of how much more often each row comes at full strength, shape (n_rows,)."""
    n_growing: int = 0
    """Rows over which it grows to its full strength."""

    def draw(self, n: int, rng: np.random.Generator, begun: int = 0) -> NDArray[np.intp]:
        """Return the places of the next n rows, `begun` rows after its beginning."""
        n_rows = len(self.tilt)
        n_partly = min(max(self.n_growing - begun, 0), n)
        strengths = (begun + np.arange(n_partly) + 1) / max(self.n_growing, 1)
        partly = [int(rng.choice(n_rows, p=_shares(each * self.tilt))) for each in strengths]
        fully = rng.choice(n_rows, n - n_partly, p=_shares(self.tilt))
        return np.concatenate([np.array(partly, dtype=np.intp), fully])


def channels(rows: Sequence[Row], named: Sequence[str]) -> list[Channel]:
    """Return everything that can drift in the named fields."""
    found = []
    for name in named:
        values = [row[name] for row in rows]
        missing = np.array([each is None for each in values], dtype=float)
        if _RARE < missing.mean() < 1 - _RARE:
            found.append(Channel(name, "missing", missing))
        numbers = [v for v in values if _is_number(v)]
        n_others = len(values) - len(numbers) - int(missing.sum())
        if len(set(numbers)) >= _FEW_VALUES and not n_others:
            scores = normal_scores(values)
            found += [Channel(name, "value", scores), Channel(name, "spread", scores**2)]
        else:
            found += _words(name, values)
    return found


def normal_scores(values: Sequence[Any]) -> Floats:
    """Return each number's normal score by its rank, ties in the middle; 0 for what is missing."""
    places = [i for i, each in enumerate(values) if _is_number(each)]
    numbers = np.array([float(values[i]) for i in places])
    different, inverse, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middles = (ends - counts / 2) / len(numbers)
    by_value = np.array([NormalDist().inv_cdf(float(each)) for each in middles])
    assert len(by_value) == len(different)
    scores = np.zeros(len(values))
    scores[places] = by_value[inverse]
    return scores


def drift_of(kind: Kind, every: Sequence[Channel], rng: np.random.Generator) -> Drift | None:
    """Draw a drift of a kind, of a size that matters; None where the rows allow none."""
    wanted = "value" if kind in (Kind.MEAN, Kind.GRADUAL) else str(kind)
    fitting = [each for each in every if _fits(each, wanted)]
    if not fitting:
        return None
    channel = fitting[int(rng.integers(len(fitting)))]
    usual = float(channel.values.mean())
    if wanted in ("value", "spread"):
        spread = float(channel.values.std())
        size = float(rng.uniform(0.7, 1.1)) * spread
        is_up = wanted == "spread" or bool(rng.random() < 0.5)
        aim = usual + (size if is_up else -size)
    else:
        size = float(rng.uniform(0.25, 0.4))
        aim = usual + size if usual + size < 0.95 else usual - size
    tilt = _tilted(channel.values, aim)
    if tilt is None:
        return None
    growing = int(rng.integers(200, 500)) if kind == Kind.GRADUAL else 0
    return Drift(kind, channel.column, tilt, growing)


def yardstick(every: Sequence[Channel]) -> Callable[[NDArray[np.intp]], int | None]:
    """Return what says at which of a stream's rows cumulative sums raise the alarm, or None.

    One sum, in both directions, over each channel; the first alarm of any counts.
    """
    sums = [(Cusum(each.values.tolist()), each.values) for each in every]

    def alarm(places: NDArray[np.intp]) -> int | None:
        found = [cusum.alarm(values[places]) for cusum, values in sums]
        return min((each for each in found if each is not None), default=None)

    return alarm


def _words(name: str, values: Sequence[Any]) -> list[Channel]:
    texts = [str(each) for each in values if each is not None]
    found = []
    for word in sorted(set(texts)):
        is_word = np.array([each is not None and str(each) == word for each in values], dtype=float)
        if _RARE < is_word.mean() < 1 - _RARE:
            found.append(Channel(name, f"={word}", is_word))
    return found


def _fits(channel: Channel, wanted: str) -> bool:
    return channel.kind.startswith("=") if wanted == Kind.SHARE else channel.kind == wanted


def _tilted(values: Floats, aim: float) -> Floats | None:
    """Return log-weights, a multiple of the values, under which their mean is the aim."""

    def mean(strength: float) -> float:
        return float(_shares(strength * values) @ values)

    low, high = -8.0, 8.0
    if not mean(low) < aim < mean(high):
        return None
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) < aim else (low, middle)
    return low * values


def _shares(tilt: Floats) -> Floats:
    weights = np.exp(tilt - tilt.max())
    shares: Floats = weights / weights.sum()
    return shares


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
