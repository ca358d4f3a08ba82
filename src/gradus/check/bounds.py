"""Confidence bounds that training claims rest on; NumPy only, no scipy."""

import math

import numpy as np


def mean_bound(values: np.ndarray, confidence: float) -> float:
    """Return the one-sided lower Student-t bound of the mean of `values`, shape (n,).

    With fewer than two values there is no bound: negative infinity.
    """
    n = len(values)
    if n < 2:
        return -math.inf
    spread = float(np.std(values, ddof=1))
    return float(np.mean(values)) - student_t_quantile(confidence, n - 1) * spread / math.sqrt(n)


def student_t_quantile(probability: float, degrees: int) -> float:
    """Return the quantile of Student's t by bisection on its distribution function."""
    low, high = 0.0, 1e4
    for _ in range(80):
        middle = (low + high) / 2
        if _student_t_below(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _student_t_below(t: float, degrees: int) -> float:
    """P(T <= t) for t >= 0: Simpson's rule over the angle arctan(t / sqrt(degrees))."""
    top = math.atan(t / math.sqrt(degrees))
    angles = np.linspace(0.0, top, 2001)
    heights = np.cos(angles) ** (degrees - 1)
    weights = np.ones(2001)
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    area = float((weights * heights).sum()) * (top / 2000) / 3
    log_scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(math.pi) / 2
    return 0.5 + math.exp(log_scale) * area
