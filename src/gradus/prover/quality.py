"""How good predictions are against the truth, and bounds on what one gains over another.

Every bound is a percentile bootstrap over rows: all predictions of a row are drawn together.
Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Nothing is sent.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.core.service import Measure
from gradus.core.verdict import Finding
from gradus.prover.claims import BrokenService, Claim

Floats = NDArray[np.float64]
CONFIDENCE = 0.99
DRAWS = 1000
_AT_ONCE = 200
"""Draws that are computed together, so that memory stays small."""
_LEAST = 1e-6
"""Probabilities are taken to be at least this far from 0 and 1: the logarithm of 0 is no loss."""


class Quality:
    """Sets of predictions of the same rows, beside their truth; larger quality is better."""

    def __init__(self, measure: Measure, truth: Sequence[Any]) -> None:
        self.measure = measure
        self._words = measure is Measure.ACCURACY
        self.truth: Any = list(truth) if self._words else as_numbers(truth, "truth", measure)

    def constant(self) -> list[Any]:
        """Return the best prediction that is the same for all rows, once a row."""
        n = len(self.truth)
        if self._words:
            texts = [_word(each) for each in self.truth]
            return [self.truth[texts.index(max(sorted(set(texts)), key=texts.count))]] * n
        best = np.median if self.measure is Measure.ABSOLUTE_ERROR else np.mean
        return [float(best(self.truth))] * n

    def of(self, predictions: Sequence[Any]) -> float:
        """Return the quality over all rows, each once."""
        return float(self._ready(predictions)(np.ones((1, len(self.truth))))[0])

    def at_least(
        self,
        statistic: Callable[..., Floats],
        *sets: Sequence[Any],
        rng: np.random.Generator,
        confidence: float = CONFIDENCE,
    ) -> float:
        """Return a lower bound on a function of the qualities of sets of predictions.

        `statistic` gets one array of shape (n_draws,) for each set.
        """
        ready = [self._ready(each) for each in sets]
        n, drawn = len(self.truth), []
        for _ in range(DRAWS // _AT_ONCE):
            rows = rng.integers(0, n, size=(_AT_ONCE, n))
            rows += np.arange(_AT_ONCE)[:, None] * n
            counts = np.bincount(rows.ravel(), minlength=_AT_ONCE * n).reshape(_AT_ONCE, n)
            weights = counts.astype(float)
            drawn.append(statistic(*(quality(weights) for quality in ready)))
        values = np.concatenate(drawn)
        return float(np.nanquantile(values, 1.0 - confidence)) if _any(values) else -math.inf

    def _ready(self, predictions: Sequence[Any]) -> Callable[[Floats], Floats]:
        """Return a function from weights of shape (draws, n) to a quality for each draw."""
        if self._words:
            truth = self.truth
            loss = [-float(_word(p) == _word(t)) for p, t in zip(predictions, truth, strict=True)]
            return _mean_of(np.array(loss))
        given = as_numbers(predictions, "a prediction", self.measure)
        match self.measure:
            case Measure.AUC:
                return _auc(given, self.truth > 0.5)
            case Measure.LOG_LOSS:
                p = np.clip(given, _LEAST, 1 - _LEAST)
                return _mean_of(-np.where(self.truth > 0.5, np.log(p), np.log1p(-p)))
            case Measure.BRIER:
                return _mean_of((given - self.truth) ** 2)
            case _:
                return _mean_of(np.abs(given - self.truth))


def above_zero(claim: Claim, name: str, bound: float, confidence: float = CONFIDENCE) -> None:
    """Record a lower bound; unless it is above 0, it speaks against the claim."""
    claim.figure(name, bound, "", limit=0.0, confidence=confidence)
    if not bound > 0.0:
        claim.found(name, f"at least {bound:.4g}", "more than 0", f"Confidence {confidence:g}.")


def as_numbers(values: Sequence[Any], what: str, measure: Measure) -> Floats:
    """Return values as numbers; of a list, such as one probability a class, the last.

    Raises BrokenService where one is no finite number.
    """
    found = []
    for each in values:
        value = each[-1] if isinstance(each, list) and each else each
        if not isinstance(value, bool | int | float) or not math.isfinite(value):
            expected = f"a number, as the measure '{measure}' needs"
            finding = Finding(what, repr(each)[:80], expected)
            raise BrokenService("What is measured is a number.", finding)
        found.append(float(value))
    return np.array(found)


def _mean_of(loss: Floats) -> Callable[[Floats], Floats]:
    return lambda weights: -(weights @ loss) / weights.sum(axis=1)


def _auc(scores: Floats, truth: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    """Area under the ROC curve with weights; rows of equal score count half."""
    order = np.argsort(scores, kind="stable")
    begins = np.flatnonzero(np.diff(scores[order], prepend=-np.inf) > 0)
    positive = truth[order].astype(float)

    def quality(weights: Floats) -> Floats:
        by_score = weights[:, order]
        up = np.add.reduceat(by_score * positive, begins, axis=1)
        down = np.add.reduceat(by_score * (1 - positive), begins, axis=1)
        below = np.cumsum(down, axis=1) - down / 2
        pairs = up.sum(axis=1) * down.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            area: Floats = (up * below).sum(axis=1) / pairs
        return area

    return quality


def _word(value: Any) -> str:
    """Return a class as a text: 1, 1.0 and true are the same class."""
    if isinstance(value, bool | int | float):
        return f"{float(value):g}"
    return str(value)


def _any(values: Floats) -> bool:
    return bool(np.isfinite(values).any())
