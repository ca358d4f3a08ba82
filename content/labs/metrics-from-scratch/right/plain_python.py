"""Lists and dicts, no NumPy at all."""

from collections import Counter
from math import inf, nan, sqrt
from statistics import fmean, median


def _plain(column):
    """The items as Python's own: its whole numbers never overflow."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _check(a, b, weights):
    a, b = _plain(a), _plain(b)
    weights = [1] * len(a) if weights is None else _plain(weights)
    if not a or len(a) != len(b) or len(a) != len(weights):
        raise ValueError("lengths")
    return a, b, weights


def confusion_matrix(y_true, y_pred, labels=None, weights=None):
    y_true, y_pred, weights = _check(y_true, y_pred, weights)
    if labels is None:
        labels = sorted(set(y_true) | set(y_pred))
    if (set(y_true) | set(y_pred)) - set(labels):
        raise ValueError("label")
    counts = Counter()
    for t, p, w in zip(y_true, y_pred, weights, strict=True):
        counts[t, p] += w
    return [[counts[i, j] for j in labels] for i in labels]


def total_cost(matrix, costs):
    return sum(
        n * c
        for row, prices in zip(_plain(matrix), _plain(costs), strict=True)
        for n, c in zip(row, prices, strict=True)
    )


def precision_recall_f1(
    y_true, y_pred, average="binary", positive=1, weights=None, zero_division=0.0
):
    if average not in {"binary", "micro", "macro", "weighted", None}:
        raise ValueError(average)
    y_true, y_pred, weights = _check(y_true, y_pred, weights)

    def divide(a, b):
        return a / b if b else zero_division

    def score(tp, said, there):
        return divide(tp, said), divide(tp, there), divide(2 * tp, said + there)

    def counts(label):
        rows = list(zip(y_true, y_pred, weights, strict=True))
        tp = sum(w for t, p, w in rows if t == label == p)
        return tp, sum(w for _, p, w in rows if p == label), sum(w for t, _, w in rows if t == label)

    if average == "binary":
        return score(*counts(positive))
    each = [counts(label) for label in sorted(set(y_true) | set(y_pred))]
    if average == "micro":
        return score(*map(sum, zip(*each, strict=True)))
    scores = list(zip(*[score(*c) for c in each], strict=True))
    if average is None:
        return [list(s) for s in scores]
    if average == "macro":
        return [fmean(s) for s in scores]
    support = [c[2] for c in each]
    return tuple(sum(a * b for a, b in zip(s, support, strict=True)) / sum(support) for s in scores)


def best_threshold(y_true, scores, false_positive_cost, false_negative_cost):
    y_true, scores, _ = _check(y_true, scores, None)
    best, cheapest = inf, None
    for threshold in [inf, -inf, *scores]:
        cost = 0
        for y, s in zip(y_true, scores, strict=True):
            if y and s < threshold:
                cost += false_negative_cost
            if not y and s >= threshold:
                cost += false_positive_cost
        if cheapest is None or cost < cheapest:
            best, cheapest = threshold, cost
    return best


def mae(y_true, y_pred, weights=None):
    y_true, y_pred, weights = _check(y_true, y_pred, weights)
    return sum(w * abs(a - b) for a, b, w in zip(y_true, y_pred, weights, strict=True)) / sum(weights)


def rmse(y_true, y_pred, weights=None):
    y_true, y_pred, weights = _check(y_true, y_pred, weights)
    rows = zip(y_true, y_pred, weights, strict=True)
    return sqrt(sum(w * (a - b) ** 2 for a, b, w in rows) / sum(weights))


def best_constant(y_true, metric):
    return median(_plain(y_true)) if metric == "mae" else fmean(y_true)


def roc_auc(y_true, scores, weights=None):
    y_true, scores, weights = _check(y_true, scores, weights)
    wins = pairs = 0
    for y, s, w in zip(y_true, scores, weights, strict=True):
        for z, r, v in zip(y_true, scores, weights, strict=True):
            if y == 1 and z == 0:
                pairs += w * v
                wins += w * v if s > r else w * v / 2 if s == r else 0
    return wins / pairs if pairs else nan


def precision_at(true_positive_rate, false_positive_rate, prevalence, zero_division=0.0):
    tp = true_positive_rate * prevalence
    fp = false_positive_rate * (1 - prevalence)
    return tp / (tp + fp) if tp + fp else zero_division


CHOICES = {
    "one_wild_error": "mae",
    "error_cost_grows_with_its_square": "rmse",
    "rare_positives": "PR",
    "classes_count_alike": "macro",
}
