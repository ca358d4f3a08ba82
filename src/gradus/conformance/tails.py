"""How likely a statistic is to miss its bound, from margins that all held.

Zero of n misses says only that a miss is rarer than 3 in n. The margins say more: this is a bound
from how they thin out, with the one assumption that a tail thins out at least as fast as an
exponential one (an increasing failure rate: normal, binomial, logistic and all log-concave ones).
"""

import math
from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.95
"""Of the bounds on the tail's share and on its mean."""
LEAST = 20
"""How many margins make a tail."""


@dataclass(frozen=True, slots=True)
class Tail:
    """A bound on the chance of a miss, and how it was found."""

    n: int
    """How many margins there were."""
    mean: float
    """Their mean."""
    spread: float
    """Their standard deviation."""
    smallest: float
    """The smallest of them."""
    chance: float
    """The bound on the chance that the next one is below 0."""
    method: str
    """`thinning`, `moments`, `always the same` or `seen`."""


def tail_of(margins: np.ndarray) -> Tail:
    """Return a bound on the chance of a margin below 0, from margins of shape (n,)."""
    n = len(margins)
    mean, spread = float(np.mean(margins)), float(np.std(margins, ddof=1)) if n > 1 else 0.0
    smallest = float(np.min(margins))
    if smallest < 0:
        misses = int(np.sum(margins < 0))
        chance, method = share_at_most(misses, n), "seen"
    elif n >= 2 * LEAST and spread <= 1e-12 * abs(mean):
        chance, method = 0.0, "always the same"
    elif n < 2 * LEAST:
        chance, method = share_at_most(0, n), "seen"
    else:
        chance, method = _thinning(margins)
        if method != "thinning":
            chance = from_moments(n, mean, spread)
    return Tail(n, mean, spread, smallest, min(1.0, chance), method)


def _thinning(margins: np.ndarray) -> tuple[float, str]:
    """Bound the chance by how the margins thin out below a low quantile of theirs.

    The tail is what lies below the lowest value with enough below it, or below the highest, where
    most margins are the same: a share that is nearly always 1 leaves few that are less.
    """
    n = len(margins)
    values, counts = np.unique(margins, return_counts=True)
    below = np.cumsum(counts) - counts
    place = min(int(np.searchsorted(below, max(LEAST, n // 10))), len(values) - 1)
    threshold, k = float(values[place]), int(below[place])
    beyond = threshold - margins[margins < threshold]
    mean = float(beyond.mean())
    variation = float(beyond.std(ddof=min(1, k - 1))) / mean
    if variation > 1 + 2 / math.sqrt(k):
        return 1.0, "moments"
    most = mean * 2 * k / chi_square_quantile(1 - CONFIDENCE, 2 * k)
    return share_at_most(k, n) * survival_at_most(threshold, most), "thinning"


def survival_at_most(t: float, mean: float) -> float:
    """Bound P(X > t) for X >= 0 of that mean whose failure rate increases.

    Barlow and Proschan, Mathematical Theory of Reliability, 1965, chapter 2, theorem 4.5:
    1 below the mean, and exp(-w t) above it, where w solves 1 - w mean = exp(-w t).
    """
    if t <= mean:
        return 1.0
    low, high = 0.0, 1.0 / mean
    for _ in range(200):
        w = (low + high) / 2
        if 1 - w * mean > math.exp(-w * t):
            low = w
        else:
            high = w
    return math.exp(-low * t)


def from_moments(n: int, mean: float, spread: float) -> float:
    """Bound P(X <= 0) for the next of n exchangeable values by their mean and spread alone.

    Saw, Yang and Mo, The American Statistician 38 (1984): Chebyshev's inequality with estimated
    moments. It cannot say less than 1 in n + 1.
    """
    if spread == 0 or mean <= 0:
        return 1.0
    k = mean / spread
    inner = (n - 1) / (k * k) * (n + 1) / n + 1
    return min(1.0, math.floor((n + 1) / n * inner) / (n + 1)) if k > 1 else 1.0


def share_at_most(k: int, n: int) -> float:
    """Return the upper Clopper-Pearson bound of a share of which k of n were seen."""
    if k >= n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(100):
        p = (low + high) / 2
        if _binomial_at_most(k, n, p) > 1 - CONFIDENCE:
            low = p
        else:
            high = p
    return high


def _binomial_at_most(k: int, n: int, p: float) -> float:
    if p >= 1:
        return 0.0
    logs = [
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1)
        + (i * math.log(p) if i else 0.0) + (n - i) * math.log1p(-p)
        for i in range(k + 1)
    ]  # fmt: skip
    return math.fsum(math.exp(each) for each in logs)


def chi_square_quantile(probability: float, degrees: int) -> float:
    """Return the quantile of chi-square with an even number of degrees of freedom."""
    half = degrees // 2
    low, high = 0.0, 10.0 * degrees
    for _ in range(200):
        x = (low + high) / 2
        logs = [
            -x / 2 + (i * math.log(x / 2) if i else 0.0) - math.lgamma(i + 1) for i in range(half)
        ]
        if 1 - math.fsum(math.exp(each) for each in logs) < probability:
            low = x
        else:
            high = x
    return (low + high) / 2
