"""Notices that the inputs are no longer those that the model was trained on.

A sequential test with a bound that holds however long it runs. Each column is cut into bins whose
shares the training data gave. Each bet is a likelihood ratio of an alternative against those
shares, made safe by dividing it by the most that shares within TOLERANCE (total variation) of the
training data could give on average; so as long as nothing moved further than that, a bet's
expected factor is at most 1. The statistic is that of Shiryaev and Roberts, averaged over bets:
R <- (R + 1) * factor. Then R minus the number of rows is a supermartingale, and by Doob's
inequality the chance that R reaches ROWS / ALPHA anywhere in ROWS rows is at most ALPHA. One alarm
stands for one drift: it is over when R has fallen back, and only then another can be raised.

Source: Shin, Ramdas and Rinaldo, "E-detectors", New England Journal of Statistics in Data Science
(2023); Roberts, Technometrics 8 (1966). It takes rows as independent. Payments nearly are; what
holds them together (bursts of one card) is what the tolerance is for. The time of day is left out:
it swings by itself.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fraud.contract import CATEGORIES, COUNTRIES, ENTRIES

ALPHA = 1e-4
"""The chance of a false alarm in ROWS rows that are as in training."""
ROWS = 1_000_000
BOUND = math.log10(ROWS / ALPHA)
"""What the logarithm of the statistic has to reach."""
OVER = 4.0
"""To what the logarithm has to fall before the alarm is over."""
MOST = 1e12
"""Where R stops growing, so that it falls back soon after a drift has ended."""
TOLERANCE = 0.02
"""Share of the payments that may move from some bins to others before it counts as drift."""
N_BINS = 16
NAMED = {
    "category": CATEGORIES,
    "country": COUNTRIES,
    "card_country": COUNTRIES,
    "entry": ENTRIES,
}
TILTS = (0.4, 1.0)
ODDS = (1.6, 3.0, 1 / 3.0)


def reference(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the training data look like: edges of the amounts, and the share of each bin."""
    w = np.array([row.get("weight", 1.0) for row in rows])
    amounts = np.array([row["amount"] for row in rows])
    order = np.argsort(amounts, kind="stable")
    below = np.cumsum(w[order]) / w.sum()
    places = np.searchsorted(below, np.arange(1, N_BINS) / N_BINS)
    edges = np.unique(amounts[order][places])
    shares = {"amount": _shares(np.searchsorted(edges, amounts), w, len(edges) + 1)}
    for column, names in NAMED.items():
        codes = np.array([names.index(row[column]) for row in rows])
        shares[column] = _shares(codes, w, len(names))
    return {"edges": edges.tolist(), "shares": shares}


@dataclass(frozen=True)
class Reading:
    """What the statistic says after a row."""

    value: float
    """Logarithm to the base 10."""
    leading: str
    """What speaks loudest."""


class Alarm:
    """Turns readings into alarms: one for each time that the bound is reached."""

    def __init__(self, bound: float, over: float, on: bool = False) -> None:
        self._bound, self._over, self.on = bound, over, on

    def take(self, value: float) -> bool:
        """Say whether this reading raises an alarm."""
        if self.on:
            self.on = value > self._over
            return False
        self.on = value >= self._bound
        return self.on


class Drift:
    """The test for one training set; `r` is all that it remembers."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._edges = np.array(known["edges"])
        self._tables: list[NDArray[np.float64]] = []
        self._columns: list[str] = []
        for column, shares in known["shares"].items():
            bets = _bets(np.array(shares), ordered=column == "amount")
            self._tables.append(bets)
            self._columns += [column] * bets.shape[1]
        self.r = np.zeros(len(self._columns))

    def resume(self, r: Sequence[float]) -> None:
        """Go on from what was remembered; from nothing where it is of another test."""
        self.r = np.array(r) if len(r) == len(self._columns) else np.zeros(len(self._columns))

    def take(self, row: Mapping[str, Any]) -> Reading:
        """Take in a payment."""
        codes = [int(np.searchsorted(self._edges, row["amount"]))]
        codes += [names.index(row[column]) for column, names in NAMED.items()]
        factors = np.concatenate([t[code] for t, code in zip(self._tables, codes, strict=True)])
        self.r = np.minimum((self.r + 1) * factors, MOST)
        return Reading(math.log10(self.r.mean() + 1e-12), self._columns[int(self.r.argmax())])


def _shares(codes: NDArray[np.int64], w: NDArray[np.float64], n_bins: int) -> list[float]:
    """Half a payment is added to each bin, so that none is impossible."""
    counts = np.bincount(codes, weights=w, minlength=n_bins) + 0.5
    return (counts / counts.sum()).tolist()


def _bets(shares: NDArray[np.float64], ordered: bool) -> NDArray[np.float64]:
    """Return the factor of each bin under each bet, shape (n_bins, n_bets)."""
    if ordered:
        middle = np.cumsum(shares) - shares / 2
        place = (middle - 0.5) * math.sqrt(12)
        spread = (place**2 - 1) / 0.894  # its own deviation, for a uniform place
        scores = [sign * tilt * s for s in (place, spread) for tilt in TILTS for sign in (1, -1)]
    else:
        is_it = np.eye(len(shares))
        scores = [math.log(odds) * each for each in is_it for odds in ODDS]
    return np.column_stack([_safe(np.exp(each), shares) for each in scores])


def _safe(ratio: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a bet whose mean is at most 1 for all shares within the tolerance."""
    ratio = ratio / (ratio @ shares)
    return ratio / (1 + TOLERANCE * (ratio.max() - ratio.min()))
