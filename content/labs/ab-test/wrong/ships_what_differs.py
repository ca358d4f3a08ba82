"""You shipped whatever differs: a treatment that sells less for sure differs, too."""

import hashlib
import math
from statistics import NormalDist

import numpy as np

MISMATCH, GUARD = 0.001, 0.001
quantile = NormalDist().inv_cdf


def assign(users, experiment, share):
    """Hash experiment and user to a number in [0, 1): below the share is treatment."""
    return ["treatment" if _place(user, experiment) < share else "control" for user in users]


def _place(user, experiment):
    """A place that hangs on nothing but these two names, the same in every process."""
    digest = hashlib.sha256(f"{experiment}\0{user}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def users_per_arm(rate, lift, alpha=0.05, power=0.8):
    """Both errors, in standard errors, have to fit between no effect and the lift."""
    other = rate + lift
    if lift == 0 or not 0 < rate < 1 or not 0 < other < 1:
        raise ValueError(f"a rate of {rate} and a lift of {lift} are no two rates")
    errors = quantile(1 - alpha / 2) + quantile(power)
    variance = rate * (1 - rate) + other * (1 - other)
    return math.ceil((errors / lift) ** 2 * variance)


def mismatch_p_value(n_control, n_treatment, share):
    """Chi-square with one degree of freedom is the square of a normal variable."""
    n = n_control + n_treatment
    expected = n * (1 - share), n * share
    square = sum((o - e) ** 2 / e for o, e in zip((n_control, n_treatment), expected, strict=True))
    return math.erfc(math.sqrt(square / 2))


def difference(control, treatment, confidence=0.95):
    """Welch: each arm has a variance of its own."""
    if min(len(control), len(treatment)) < 2:
        raise ValueError("each arm needs two users or more")
    effect = treatment.mean() - control.mean()
    variance = treatment.var(ddof=1) / len(treatment) + control.var(ddof=1) / len(control)
    return _interval(effect, variance, confidence)


def ratio_difference(control, treatment, confidence=0.95):
    """The delta method: a ratio of sums varies as the mean of its residuals, user by user."""
    (a, var_a), (b, var_b) = _ratio(control), _ratio(treatment)
    return _interval(b - a, var_a + var_b, confidence)


def _ratio(arm):
    """Ratio of the sums, and the variance of it."""
    if len(arm) < 2 or arm[:, 1].sum() == 0:
        raise ValueError("each arm needs two users or more, and something to divide by")
    ratio = arm[:, 0].sum() / arm[:, 1].sum()
    residuals = arm[:, 0] - ratio * arm[:, 1]
    return ratio, residuals.var(ddof=1) / len(arm) / arm[:, 1].mean() ** 2


def logged_effect(treated, outcome, probability, confidence=0.95):
    """Each row stands for 1 / (probability of what was done to it) rows like it."""
    if not ((probability > 0) & (probability < 1)).all():
        raise ValueError("where only one action was possible, nothing is known of the other")
    weighted = np.where(treated, outcome / probability, -outcome / (1 - probability))
    return _interval(weighted.mean(), weighted.var(ddof=1) / len(weighted), confidence)


def _interval(effect, variance, confidence):
    """A normal interval around an effect."""
    half = quantile((1 + confidence) / 2) * math.sqrt(variance)
    return float(effect), float(effect - half), float(effect + half)


def decide(control, treatment, planned):
    """What may be read on every look comes first; the metric is read once, at the planned size."""
    n_control, n_treatment = control["users"], treatment["users"]
    if mismatch_p_value(n_control, n_treatment, 0.5) < MISMATCH:
        return "invalid"
    if _z(control, treatment, "failures") > quantile(1 - GUARD):
        return "roll back"
    if min(n_control, n_treatment) < planned:
        return "go on"
    return "ship" if abs(_z(control, treatment, "buyers")) > quantile(0.975) else "keep"


def _z(control, treatment, count):
    """The difference of two shares in standard errors, 0 where nothing happened."""
    n, m = control["users"], treatment["users"]
    pooled = (control[count] + treatment[count]) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return (treatment[count] / m - control[count] / n) / error if error else 0.0
