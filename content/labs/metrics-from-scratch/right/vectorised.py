"""Whole arrays at once: unique with inverse, bincount, midranks and the trapezoid rule."""

import numpy as np
from scipy.stats import rankdata


def _as_rows(a, b, weights):
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    w = np.ones(a.shape[0]) if weights is None else np.atleast_1d(weights).astype(float)
    if a.size == 0 or not (a.shape == b.shape == w.shape):
        raise ValueError(f"shapes {a.shape}, {b.shape}, {w.shape}")
    return a, b, w


def confusion_matrix(y_true, y_pred, labels=None, weights=None):
    a, b, w = _as_rows(y_true, y_pred, weights)
    labels = np.union1d(a, b) if labels is None else np.asarray(labels)
    rows, columns = a[:, None] == labels, b[:, None] == labels
    if not (rows.any(axis=1) & columns.any(axis=1)).all():
        raise ValueError("unlisted label")
    return np.einsum("ni,nj,n->ij", rows, columns, w)


def total_cost(matrix, costs):
    return np.vdot(np.asarray(matrix, float), costs)


def precision_recall_f1(
    y_true, y_pred, average="binary", positive=1, weights=None, zero_division=0.0
):
    if average not in ("binary", "micro", "macro", "weighted", None):
        raise ValueError(f"unknown average {average}")
    C = confusion_matrix(y_true, y_pred, weights=weights)
    tp, said, there = np.diag(C), C.sum(0), C.sum(1)
    if average == "binary":
        labels = np.union1d(y_true, y_pred)
        at = np.flatnonzero(labels == positive)
        tp, said, there = tp[at].sum(), said[at].sum(), there[at].sum()
    if average == "micro":
        tp, said, there = tp.sum(), said.sum(), there.sum()
    tops = np.array([tp, tp, 2 * tp], dtype=float)
    bottoms = np.array([said, there, said + there], dtype=float)
    scores = np.full(tops.shape, float(zero_division))
    np.divide(tops, bottoms, out=scores, where=bottoms != 0)
    if average in ("macro", "weighted"):
        scores = np.average(scores, axis=1, weights=there if average == "weighted" else None)
    return scores


def best_threshold(y_true, scores, false_positive_cost, false_negative_cost):
    y, s, _ = _as_rows(y_true, np.asarray(scores, float), None)
    order = np.argsort(-s)
    y, s = y[order], s[order]
    costs = np.concatenate(
        [
            [y.sum() * false_negative_cost],
            np.cumsum(1 - y) * false_positive_cost + (y.sum() - np.cumsum(y)) * false_negative_cost,
        ]
    )
    last_of_tie = np.append(np.diff(s) != 0, True)
    costs[1:][~last_of_tie] = np.inf
    best = int(np.argmin(costs))
    return s[0] + 1 if best == 0 else s[best - 1]


def mae(y_true, y_pred, weights=None):
    a, b, w = _as_rows(y_true, y_pred, weights)
    return np.abs(a.astype(float) - b) @ w / w.sum()


def rmse(y_true, y_pred, weights=None):
    a, b, w = _as_rows(y_true, y_pred, weights)
    return np.linalg.norm(np.sqrt(w) * (a.astype(float) - b)) / np.sqrt(w.sum())


def best_constant(y_true, metric):
    return float(np.mean(y_true)) if metric == "rmse" else np.quantile(y_true, 0.5)


def roc_auc(y_true, scores, weights=None):
    y, s, w = _as_rows(y_true, scores, weights)
    positive = y == 1
    n_positive, n_negative = positive.sum(), (~positive).sum()
    if n_positive * n_negative == 0:
        return np.nan
    if weights is None:
        ranks = rankdata(s)
        return (ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)
    steps = np.unique(s)[::-1]
    tpr = [0, *(w[positive & (s >= t)].sum() / w[positive].sum() for t in steps)]
    fpr = [0, *(w[~positive & (s >= t)].sum() / w[~positive].sum() for t in steps)]
    return np.trapezoid(tpr, fpr)


def precision_at(true_positive_rate, false_positive_rate, prevalence, zero_division=0.0):
    if true_positive_rate == false_positive_rate == 0:
        return zero_division
    odds = prevalence / (1 - prevalence) * true_positive_rate
    return odds / (odds + false_positive_rate)


CHOICES = {
    "one_wild_error": "mae",
    "error_cost_grows_with_its_square": "rmse",
    "rare_positives": "pr",
    "classes_count_alike": "macro",
}
