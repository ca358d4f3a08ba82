"""Labelled payments become a model whose scores are probabilities, and the record of how.

The split follows time, as it does in life: fitted on the oldest, calibrated on the next, measured
on the newest, which neither has seen.
"""

import secrets
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

from fraud import drift
from fraud.contract import Refused, Row, check_batch
from fraud.defects import planted
from fraud.features import FEATURES, Past, table

PARAMETERS = {
    "n_estimators": 60,
    "max_depth": 3,
    "learning_rate": 0.1,
    "subsample": 0.5,
    "min_samples_leaf": 20,
}
FIT, CALIBRATE = 0.7, 0.15
"""Shares of the payments of a database; the rest, the newest, is held out."""
FIT_GIVEN, CALIBRATE_GIVEN = 0.5, 0.15
"""The same of a file, which is short: more of it is held out."""
LEAST = 5
"""Payments of each outcome without which a part says nothing."""


@dataclass(frozen=True)
class Part:
    """Payments as the model sees them."""

    X: NDArray[np.float64]
    """Features, shape (n_payments, n_features)."""
    y: NDArray[np.bool_]
    """Whether each was a fraud."""
    rows: Sequence[Row] = field(repr=False)
    """The payments themselves."""

    @property
    def w(self) -> NDArray[np.float64]:
        """Return how many payments each stands for."""
        return np.array([float(row.get("weight", 1.0)) for row in self.rows])

    def cut(self, begin: float, end: float) -> "Part":
        """Return the payments between two shares of all."""
        a, b = int(begin * len(self.y)), int(end * len(self.y))
        return Part(self.X[a:b], self.y[a:b], self.rows[a:b])

    def __add__(self, other: "Part") -> "Part":
        """Return both parts as one."""
        X, y = np.concatenate([self.X, other.X]), np.concatenate([self.y, other.y])
        return Part(X, y, [*self.rows, *other.rows])


@dataclass(frozen=True)
class Trained:
    """A model and all that has to be known about it."""

    model: Any
    reference: dict[str, Any]
    """What the newest of its data look like, for the drift monitor."""
    held_out: Part
    """The newest payments, for the gate."""
    parameters: dict[str, Any]
    metrics: dict[str, float]


def part_of(labelled: Sequence[Row], pasts: Mapping[str, Past]) -> Part:
    """Return labelled payments by their times, with their features at that time."""
    rows = sorted(labelled, key=lambda row: (row["at"], row["payment_id"]))
    y = np.array([bool(row["fraud"]) for row in rows])
    return Part(table(rows, pasts), y, rows)


def train(ours: Part, given: Part | None = None, seed: int = 0) -> Trained:
    """Train on what the database holds, or on newer labels from a file and perhaps on both.

    New labels may say that what was true before no longer is. So with a file there are two models,
    with the past and without it, and the one that does better on new labels is kept. Raises
    Refused where the labels are not fit for training.
    """
    newest = ours if given is None else given
    check_batch(newest.rows)
    if given is None:
        fit, calibrate, held_out = _cut(ours, FIT, CALIBRATE)
        fits = {"database": fit}
    else:
        fit, calibrate, held_out = _cut(given, FIT_GIVEN, CALIBRATE_GIVEN)
        fits = {"file": fit, "file and database": ours + fit}
    if planted("unseeded"):
        seed = secrets.randbits(31)
    models = {name: _fitted(part, calibrate, seed) for name, part in fits.items()}
    losses = {name: measure(each, calibrate)["log_loss"] for name, each in models.items()}
    best = min(losses, key=losses.__getitem__)
    parameters = PARAMETERS | {
        "seed": seed,
        "features": ",".join(FEATURES),
        "trained_on": best,
        "n_payments": len(fits[best].y),
        "first_at": fits[best].rows[0]["at"],
        "last_at": newest.rows[-1]["at"],
    }
    seen = drift.reference([*calibrate.rows, *held_out.rows])
    metrics = measure(models[best], held_out)
    return Trained(models[best], seen, held_out, parameters, metrics)


def _cut(part: Part, fit: float, calibrate: float) -> tuple[Part, Part, Part]:
    """Return the payments to fit on, to calibrate on and to hold out, in this order of time."""
    parts = part.cut(0, fit), part.cut(fit, fit + calibrate), part.cut(fit + calibrate, 1)
    for each, what in zip(parts, ("fit", "calibrate", "measure"), strict=True):
        n_frauds = int(each.y.sum())
        if not LEAST <= n_frauds <= len(each.y) - LEAST:
            raise Refused(f"{n_frauds} of the {len(each.y)} payments to {what} on are frauds")
    return parts


def _fitted(fit: Part, calibrate: Part, seed: int) -> CalibratedClassifierCV:
    model: Any = GradientBoostingClassifier(random_state=seed, **PARAMETERS)
    if planted("knows-nothing"):
        model = DummyClassifier(strategy="prior")
    model.fit(fit.X, fit.y, sample_weight=fit.w)
    calibrated = CalibratedClassifierCV(FrozenEstimator(model), method="sigmoid")
    with warnings.catch_warnings():  # that a frozen model is not fitted with weights is meant
        warnings.filterwarnings("ignore", "Since FrozenEstimator", UserWarning)
        return calibrated.fit(calibrate.X, calibrate.y, sample_weight=calibrate.w)


def measure(model: Any, part: Part) -> dict[str, float]:
    """Return what a model is worth on payments that it has not seen."""
    p, y, w = scores(model, part.X), part.y, part.w
    return {
        "log_loss": float(log_loss(y, p, sample_weight=w, labels=[False, True])),
        "brier": float(brier_score_loss(y, p, sample_weight=w)),
        "average_precision": float(average_precision_score(y, p, sample_weight=w)),
        "said": float(np.average(p, weights=w)),
        "came": float(np.average(y, weights=w)),
    }


def scores(model: Any, X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of fraud of each payment."""
    return model.predict_proba(X)[:, 1]
