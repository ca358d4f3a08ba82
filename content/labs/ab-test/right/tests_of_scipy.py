"""Tests and intervals that SciPy and NumPy have ready."""

import functools
import random

import numpy as np
from scipy import stats


def assign(users, experiment, share):
    """A generator seeded by both names; seeding by text is the same in every process."""
    arms = []
    for user in users:
        place = random.Random(f"{experiment}/{user}").random()
        arms.append(["control", "treatment"][place < share])
    return arms


def users_per_arm(rate, lift, alpha=0.05, power=0.8):
    """Search for the smallest size with the power."""
    other = rate + lift
    if lift == 0 or not (0 < rate < 1 and 0 < other < 1):
        raise ValueError("no such rates")
    variance = rate * (1 - rate) + other * (1 - other)
    critical = stats.norm.isf(alpha / 2)
    low, high = 1, 2
    while stats.norm.sf(critical - abs(lift) / np.sqrt(variance / high)) < power:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if stats.norm.sf(critical - abs(lift) / np.sqrt(variance / middle)) < power:
            low = middle + 1
        else:
            high = middle
    return high


def mismatch_p_value(n_control, n_treatment, share):
    """The tail of chi-square."""
    n = n_control + n_treatment
    expected = np.array([n * (1 - share), n * share])
    statistic = ((np.array([n_control, n_treatment]) - expected) ** 2 / expected).sum()
    return stats.chi2.sf(statistic, 1)


def difference(control, treatment, confidence=0.95):
    """Welch's interval, with its own degrees of freedom."""
    if len(control) < 2 or len(treatment) < 2:
        raise ValueError("two users in each arm")
    found = stats.ttest_ind(treatment, control, equal_var=False)
    low, high = found.confidence_interval(confidence)
    return np.array([np.mean(treatment) - np.mean(control), low, high])


def ratio_difference(control, treatment, confidence=0.95):
    """The delta method with the covariance written out."""
    effect, variance = 0.0, 0.0
    for sign, arm in [(-1, control), (1, treatment)]:
        clicks, views = np.asarray(arm, dtype=float).T
        if len(clicks) < 2 or not views.any():
            raise ValueError("two users and something below the line")
        top, bottom = clicks.mean(), views.mean()
        c = np.cov(clicks, views)
        ratio = top / bottom
        effect += sign * ratio
        variance += (c[0, 0] - 2 * ratio * c[0, 1] + ratio**2 * c[1, 1]) / bottom**2 / len(views)
    half = stats.norm.isf((1 - confidence) / 2) * np.sqrt(variance)
    return effect, effect - half, effect + half


def logged_effect(treated, outcome, probability, confidence=0.95):
    """Resample the rows of the log."""
    treated, outcome = np.asarray(treated, dtype=bool), np.asarray(outcome, dtype=float)
    probability = np.asarray(probability, dtype=float)
    if np.any(probability <= 0) or np.any(probability >= 1):
        raise ValueError("both actions must have been possible")
    value = outcome * np.where(treated, 1 / probability, -1 / (1 - probability))
    tail = (1 - confidence) / 2
    means = resamples(len(value)) @ value / len(value)
    low, high = np.quantile(means, [tail, 1 - tail])
    return value.mean(), low, high


@functools.cache
def resamples(n):
    """How often each of n rows is in each of 300 samples of them, always the same ones."""
    draws = np.random.default_rng(0).integers(0, n, (300, n))
    return np.array([np.bincount(each, minlength=n) for each in draws], dtype=float)


def decide(control, treatment, planned):
    """One table for each guard and the metric."""
    users = [control["users"], treatment["users"]]
    if stats.binomtest(users[1], sum(users), 0.5).pvalue < 0.001:
        return "invalid"
    p_failures = _p(control, treatment, "failures")
    if p_failures < 0.001:
        return "roll back"
    if min(users) < planned:
        return "go on"
    return "ship" if _p(control, treatment, "buyers") < 0.025 else "keep"


def _p(control, treatment, name):
    """One-sided p-value of more in the treatment."""
    n, m, a, b = control["users"], treatment["users"], control[name], treatment[name]
    pooled = (a + b) / (n + m)
    if pooled in (0, 1):
        return 0.5
    return stats.norm.sf((b / m - a / n) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))
