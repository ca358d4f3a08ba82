"""The gate: puts a version into service, unless it is worse than the one that serves.

Both are measured on the held-out pumps, row by row. The candidate may not lose more than 0.05 of
AUC, at 95 % confidence, and has to be better than the foreman's rule.
"""

import sys

import numpy as np
from sklearn.metrics import roc_auc_score

from pumps.model import CURRENT, MODELS, chances, current, load
from pumps.raw import is_held_out, labelled_rows

MARGIN = 0.05
DRAWS = 500


def least_gain(truth: np.ndarray, new: np.ndarray, old: np.ndarray) -> float:
    """Return a lower bound on the AUC that a new version gains, by a paired bootstrap."""
    rng = np.random.default_rng(0)
    gains = []
    while len(gains) < DRAWS:
        drawn = rng.integers(0, len(truth), len(truth))
        if 0 < truth[drawn].sum() < len(truth):
            gain = roc_auc_score(truth[drawn], new[drawn]) - roc_auc_score(truth[drawn], old[drawn])
            gains.append(gain)
    return float(np.quantile(gains, 0.05))


def verdict(version: str) -> str:
    """Return why a version is refused; empty where it is let in."""
    if not (MODELS / version / "record.json").is_file():
        return f"there is no version {version} with a record"
    rows = [row for row in labelled_rows() if is_held_out(row)]
    truth = np.array([row["failed"] for row in rows])
    new = np.array(chances(load(version), rows))
    rule = np.array([2.5 if row["vibration"] is None else row["vibration"] for row in rows])
    if roc_auc_score(truth, new) <= roc_auc_score(truth, rule):
        return "it is no better than the foreman's rule"
    if CURRENT.is_file():
        gain = least_gain(truth, new, np.array(chances(load(current()), rows)))
        if gain < -MARGIN:
            return f"it may lose {-gain:.3f} of AUC against {current()}"
    return ""


if __name__ == "__main__":
    if why := verdict(sys.argv[1]):
        sys.exit(f"Refused: {why}.")
    waiting = CURRENT.with_suffix(".new")
    waiting.write_text(sys.argv[1] + "\n", encoding="utf-8")
    waiting.replace(CURRENT)  # at once: nobody ever reads half a name
    print(f"{sys.argv[1]} is in service.")
