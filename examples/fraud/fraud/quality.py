"""Notices that the scores no longer mean what they say, from labels that come days later.

A calibrated score is a probability, so it can be held to its word: the same statistic as for the
inputs, with the likelihood of "more frauds than the scores say" against "no more than they say".
A payment counts once the time in which frauds are reported is over. To judge each payment when its
label arrives would see the frauds first and the genuine ones days later, and always cry wolf.
"""

import math
from collections.abc import Sequence

import numpy as np

from fraud.drift import MOST, Reading

ALPHA = 1e-3
"""The chance of a false alarm in PAYMENTS payments whose scores keep their word."""
PAYMENTS = 100_000
BOUND = math.log10(PAYMENTS / ALPHA)
OVER = 3.0
"""To what it has to fall before an alarm is over."""
SLACK_ODDS, SLACK = 1.5, 0.004
"""How far the true probability may lie above the score: times its odds, and added to it."""
MORE_ODDS = (1.5, 3.0)
MISSED = (0.01, 0.03)
"""Alternatives: odds higher by a factor, or so many frauds among what looks genuine."""


class Quality:
    """The test; `state` is all that it remembers."""

    def __init__(self, state: Sequence[float] = ()) -> None:
        n_bets = len(MORE_ODDS) + len(MISSED)
        self.r = np.array(state) if len(state) == n_bets else np.zeros(n_bets)

    def take(self, score: float, fraud: bool) -> Reading:
        """Take in a score and what became of its payment."""
        most = min(_times_odds(score, SLACK_ODDS) + SLACK, 1 - 1e-6)
        told = [_times_odds(most, odds) for odds in MORE_ODDS]
        told += [most + missed * (1 - most) for missed in MISSED]
        q = np.array(told)
        self.r = (self.r + 1) * (q / most if fraud else (1 - q) / (1 - most))
        self.r = np.minimum(self.r, MOST)
        return Reading(math.log10(self.r.mean() + 1e-12), "frauds that were missed")


def _times_odds(p: float, factor: float) -> float:
    return p * factor / (1 - p + p * factor)
