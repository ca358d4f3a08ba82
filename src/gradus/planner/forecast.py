"""When a learner will be done: a date with how sure it is.

Two things are uncertain and both learn from the record: how long the work takes (`estimates`), and
how much of the time that a learner set aside they keep. The kept share of a week has a mean of the
learner's own, normal around a prior with a conjugate update, and varies from week to week around
it as a log-normal autoregressive process, since good and bad weeks come in runs: its variance and
its autocorrelation are those of the record, shrunk (for the variance of a mean of such weeks see
Box, Jenkins, Reinsel and Ljung, Time Series Analysis, 5th ed., section 2.1). Many futures are
drawn from both; one in ten is earlier than the early date, one in ten later than the late one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean
from typing import Any

from gradus.core.basis import Pace, PlanBasis
from gradus.core.plan import Forecast
from gradus.planner.amount import Work
from gradus.planner.days import DAY, StudyDays
from gradus.planner.estimates import Estimates

FUTURES = 400
"""How many are drawn."""
KEPT_PRIOR = 0.8
"""Share of the time set aside that a learner is expected to keep."""
KEPT_SPREAD = 0.25
"""Standard deviation of it between learners."""
WEEK_SPREAD = 0.35
"""Standard deviation of a week around a learner's own share, before anything is known."""
WEEK_WEIGHT = 4.0
"""As many weeks as that counts for."""
RUNS = 0.3
"""Correlation of a week with the one before, before anything is known."""
RUNS_WEIGHT = 8.0
"""As many weeks as that counts for."""
REMEMBERED = 26
"""Weeks of the record that count: who a learner was a year ago says little."""
MOST_KEPT = 3.0
"""More than this share of the time set aside is taken as this."""
LONGEST = 60 * 53
"""Weeks after which a future ends."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is believed of the share of the time set aside that a learner keeps."""

    mean: float
    """Expected share over many weeks."""
    unsure: float
    """Standard deviation of that expectation."""
    spread: float
    """Standard deviation of one week around the learner's own mean."""
    runs: float
    """Correlation of a week with the one before."""


def forecast_of(
    basis: PlanBasis,
    days: StudyDays,
    estimates: Estimates,
    work: Sequence[Work],
    ends: date | None,
) -> Forecast | None:
    """Return when work will be done; None where there is none.

    The draws are the same for every plan, so the same basis gives the same dates.
    """
    if ends is None:
        return None
    early, likely, late = _dates(days, kept_of(basis), estimates, [each.minutes for each in work])
    if basis.pace is Pace.SOURCE:
        early, likely, late = max(early, ends), max(likely, ends), max(late, ends)
    return Forecast(ends, early, late, likely)


def kept_of(basis: PlanBasis) -> Kept:
    """Return what the record says of the time that a learner keeps."""
    return learn_kept(_shares(basis))


def learn_kept(shares: Sequence[float]) -> Kept:
    """Return what is believed after weeks with these shares, the oldest first."""
    n = len(shares)
    if not n:
        return Kept(KEPT_PRIOR, KEPT_SPREAD, WEEK_SPREAD, RUNS)
    mean = fmean(shares)
    off = [share - mean for share in shares]
    squares = sum(each * each for each in off)
    variance = (WEEK_WEIGHT * WEEK_SPREAD**2 + squares) / (WEEK_WEIGHT + n - 1)
    products = sum(one * two for one, two in pairwise(off))
    seen = products / squares if squares else 0.0
    runs = min(0.8, max(0.0, (RUNS_WEIGHT * RUNS + n * seen) / (RUNS_WEIGHT + n)))
    of_mean = variance * (1 + runs) / (1 - runs) / n
    trust = KEPT_SPREAD**2 / (KEPT_SPREAD**2 + of_mean)
    unsure = math.sqrt(KEPT_SPREAD**2 * (1 - trust))
    return Kept(KEPT_PRIOR + trust * (mean - KEPT_PRIOR), unsure, math.sqrt(variance), runs)


def _shares(basis: PlanBasis) -> list[float]:
    """Return the kept share of every whole week of the record, the oldest first.

    A record without any measured time says nothing; it does not say that nothing was done.
    """
    studied = basis.record.studied
    if not studied:
        return []
    begun = min([*studied, *([basis.profile.start] if basis.profile.start else [])], default=None)
    shares: list[float] = []
    end = basis.today
    while begun is not None and end - 7 * DAY >= begun and len(shares) < REMEMBERED:
        week = [end - number * DAY for number in range(1, 8)]
        aside = sum(basis.profile.capacity(day) for day in week)
        if aside:
            shares.append(min(MOST_KEPT, sum(studied.get(day, 0.0) for day in week) / aside))
        end -= 7 * DAY
    return shares[::-1]


def _dates(
    days: StudyDays, kept: Kept, estimates: Estimates, minutes: Sequence[int]
) -> tuple[date, date, date]:
    """Return the early, the middle and the late date."""
    import numpy as np  # slow to load, and only a plan needs it

    # RandomState is old, and the only generator of NumPy whose draws are promised never to change.
    draws = np.random.RandomState(20280229)
    needed = _needed(draws, estimates, minutes)
    share = np.maximum(0.1, kept.mean + kept.unsure * draws.standard_normal(FUTURES))
    spread = np.sqrt(np.log1p((kept.spread / share) ** 2))
    state = draws.standard_normal(FUTURES)
    done = np.zeros(FUTURES)
    ended = np.full(FUTURES, float(LONGEST))
    for week in range(LONGEST):
        first = days.first + week * 7 * DAY
        if (date.max - first).days < 7:
            break
        aside, reviews = _week(days, first)
        worked = np.maximum(0.0, aside * share * np.exp(spread * state - spread**2 / 2) - reviews)
        now = (done < needed) & (done + worked >= needed)
        ended[now] = week + (needed[now] - done[now]) / worked[now]
        done += worked
        if np.mean(done >= needed) > 0.95:
            break
        noise = draws.standard_normal(FUTURES)
        state = kept.runs * state + math.sqrt(1 - kept.runs**2) * noise
    early, likely, late = np.quantile(ended, (0.1, 0.5, 0.9))
    return _day(days, float(early)), _day(days, float(likely)), _day(days, float(late))


def _needed(draws: Any, estimates: Estimates, minutes: Sequence[int]) -> Any:
    """Return the minutes that the work takes in each future."""
    import numpy as np

    variance = np.minimum(1.0, estimates.scale / draws.standard_gamma(estimates.shape, FUTURES))
    of_mean = np.sqrt(variance / estimates.weight)
    mean = estimates.mean + of_mean * draws.standard_normal(FUTURES)
    total = float(sum(minutes))
    unevenness = sum(each * each for each in minutes) / total**2
    rest = np.sqrt(np.log1p(np.expm1(variance) * unevenness))
    noise = np.exp(rest * draws.standard_normal(FUTURES) - rest**2 / 2)
    return total * np.exp(mean + variance / 2) / estimates.factor() * noise


def _week(days: StudyDays, first: date) -> tuple[int, int]:
    """Return the minutes set aside in a week, and those of them for reviews."""
    week = [first + number * DAY for number in range(7)]
    return sum(map(days.capacity, week)), sum(map(days.reviews, week))


def _day(days: StudyDays, weeks: float) -> date:
    """Return the day on which so many weeks are over, by the minutes set aside in the last."""
    first = days.first + int(weeks) * 7 * DAY
    if (date.max - first).days < 7:
        return date.max
    week = [first + number * DAY for number in range(7)]
    over = (weeks - int(weeks)) * sum(map(days.capacity, week))
    gone = 0
    for day in week:
        gone += days.capacity(day)
        if gone and gone >= over:
            return day
    return week[-1]
