"""Bounds with their confidence: what a proof may say from a finite number of observations.

A proof compares bounds and never point estimates; nothing here measures anything.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return P(X <= k) for X binomial over n trials with probability p, summed exactly."""
    if k < 0:
        return 0.0
    if k >= n or p <= 0.0:
        return 1.0
    if p >= 1.0:
        return 0.0
    below = k < n * p  # the shorter tail loses nothing to rounding
    terms = range(k + 1) if below else range(k + 1, n + 1)
    log_p, log_q, log_n = math.log(p), math.log1p(-p), math.lgamma(n + 1)
    logs = [
        log_n - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p + (n - i) * log_q
        for i in terms
    ]
    most = max(logs)
    tail = math.exp(most) * math.fsum(math.exp(each - most) for each in logs)
    return min(tail if below else 1.0 - tail, 1.0)


def share_at_most(k: int, n: int, confidence: float = 0.99) -> float:
    """Return the Clopper-Pearson upper bound on a share of which k of n were seen.

    Source: Clopper and Pearson, Biometrika 26 (1934). Raises ValueError unless 0 <= k <= n, n > 0.
    """
    _check(k, n)
    if k == n:
        return 1.0
    return _bisect(lambda p: binomial_cdf(k, n, p) > 1.0 - confidence)


def share_at_least(k: int, n: int, confidence: float = 0.99) -> float:
    """Return the Clopper-Pearson lower bound on a share of which k of n were seen."""
    return 1.0 - share_at_most(n - k, n, confidence)


def quantile_at_most(sample: ArrayLike, share: float = 0.99, confidence: float = 0.99) -> float:
    """Return a value that the quantile of the distribution is below, with the confidence.

    It is the smallest order statistic X(r) with P(Binomial(n, share) < r) >= confidence, which
    holds for every distribution; infinite where the sample is too small. This is the rule by which
    MLPerf's LoadGen stops early, read from the other side: a run is long enough when the bound on
    its percentile is below the target. Source: MLPerf Inference rules, early stopping.
    """
    values = np.sort(np.asarray(sample, dtype=float))
    n = len(values)
    rank = next(
        (r for r in range(math.ceil(share * n), n + 1) if _below(r, n, share) >= confidence), None
    )
    return math.inf if rank is None or rank == 0 else float(values[rank - 1])


def sample_for_quantile(exceeding: int, share: float = 0.99, confidence: float = 0.99) -> int:
    """Return the smallest sample that may hold so many values above the bound and still pass."""
    n = max(exceeding + 1, 1)
    while binomial_cdf(exceeding, n, 1.0 - share) > 1.0 - confidence:
        n += max(1, n // 200)
    while n > 1 and binomial_cdf(exceeding, n - 1, 1.0 - share) <= 1.0 - confidence:
        n -= 1
    return n


def shares_are_equivalent(
    a: tuple[int, int], b: tuple[int, int], margin: float, confidence: float = 0.99
) -> bool:
    """Say whether two shares (hits, trials) differ by less than a margin.

    Two one-sided tests on the difference, each bounded by Clopper-Pearson at half the error, so
    that no normal approximation stands behind the answer.
    """
    each = 1.0 - (1.0 - confidence) / 2
    highest = share_at_most(*a, each) - share_at_least(*b, each)
    lowest = share_at_least(*a, each) - share_at_most(*b, each)
    return -margin < lowest and highest < margin


def gain_at_least(
    better: ArrayLike,
    worse: ArrayLike,
    measure: Callable[[NDArray[np.float64]], float] = np.mean,
    *,
    confidence: float = 0.99,
    rng: np.random.Generator,
    n_draws: int = 2000,
) -> float:
    """Return a lower bound on the measure of the paired difference `better - worse`.

    Percentile bootstrap over the pairs. Source: Efron and Tibshirani, An Introduction to the
    Bootstrap (1993), chapter 13. Both samples have shape (n,); raises ValueError otherwise.
    """
    one, other = np.asarray(better, dtype=float), np.asarray(worse, dtype=float)
    if one.shape != other.shape or one.ndim != 1 or not len(one):
        raise ValueError(f"pairs of shapes {one.shape} and {other.shape}")
    difference = one - other
    rows = rng.integers(0, len(difference), size=(n_draws, len(difference)))
    drawn = [measure(difference[each]) for each in rows]
    return float(np.quantile(drawn, 1.0 - confidence))


def slope_at_most(times: ArrayLike, values: ArrayLike, *, confidence: float = 0.99) -> float:
    """Return an upper bound on the slope of values over times, without assuming a distribution.

    The upper end of the interval that belongs to the Theil-Sen slope. Source: Sen, Journal of the
    American Statistical Association 63 (1968). Infinite for fewer than four points.
    """
    x, y = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    n = len(x)
    if n < 4:
        return math.inf
    first, second = np.triu_indices(n, 1)
    apart = x[second] != x[first]
    slopes = np.sort((y[second] - y[first])[apart] / (x[second] - x[first])[apart])
    spread = math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    rank = math.ceil((len(slopes) + NormalDist().inv_cdf(confidence) * spread) / 2)
    return float(slopes[rank]) if rank < len(slopes) else math.inf


class Cusum:
    """A one-sided cumulative sum: the yardstick that a drift alert's delay is measured against.

    Source: Page, Biometrika 41 (1954). Values are standardised by the calm sample's mean and
    deviation; `slack` is half the shift looked for and `limit` the alarm, both in deviations. With
    the defaults a calm normal stream alarms about once in 6e8 values (Siegmund's approximation,
    exp(2 slack (limit + 1.166)) / (2 slack^2), halved for two sides), so that 30,000 calm ones
    raise a false alarm in fewer than one run of 10,000.
    """

    def __init__(self, calm: Sequence[float], *, slack: float = 0.25, limit: float = 36.0) -> None:
        sample = np.asarray(calm, dtype=float)
        if len(sample) < 2 or not sample.std() > 0:
            raise ValueError("a calm sample needs at least two different values")
        self.mean, self.deviation = float(sample.mean()), float(sample.std(ddof=1))
        self.slack, self.limit = slack, limit

    def alarm(self, values: ArrayLike) -> int | None:
        """Return the place of the first value at which either sum passes the limit, or None."""
        z = (np.asarray(values, dtype=float) - self.mean) / self.deviation
        places = [
            place
            for steps in (z - self.slack, -z - self.slack)
            if (place := _passes(steps, self.limit)) is not None
        ]
        return min(places, default=None)


def _passes(steps: NDArray[np.float64], limit: float) -> int | None:
    """Return where the sum of steps, which never falls below 0, first passes a limit."""
    walk = np.cumsum(steps)
    lowest = np.minimum(np.minimum.accumulate(walk), 0.0) if len(walk) else walk
    passing = np.flatnonzero(walk - lowest > limit)
    return int(passing[0]) if len(passing) else None


def _below(rank: int, n: int, share: float) -> float:
    return binomial_cdf(rank - 1, n, share)


def _check(k: int, n: int) -> None:
    if not (n > 0 and 0 <= k <= n):
        raise ValueError(f"{k} of {n} is no share")


def _bisect(holds: Callable[[float], bool]) -> float:
    """Return the largest p in [0, 1] for which a condition holds that ends once."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high
