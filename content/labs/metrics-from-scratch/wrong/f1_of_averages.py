"""You computed F1 from precision and recall after averaging, or after zero_division: it is 2 TP / (2 TP + FP + FN), for each label."""

import numpy as np


def rows(*columns, weights=None):
    """The columns as arrays of one length, and a weight for every row."""
    columns = [np.asarray(column) for column in columns]
    weights = np.ones(len(columns[0])) if weights is None else np.asarray(weights, dtype=float)
    if len(weights) == 0 or any(len(column) != len(weights) for column in columns):
        raise ValueError(f"columns of one length, not empty: {[len(c) for c in columns]}")
    return *columns, weights


def confusion_matrix(y_true, y_pred, labels=None, weights=None):
    """Each row of data adds its weight to the cell (what it is, what was said)."""
    y_true, y_pred, weights = rows(y_true, y_pred, weights=weights)
    seen = sorted({*y_true.tolist(), *y_pred.tolist()})
    labels = seen if labels is None else list(labels)
    if not set(seen) <= set(labels):
        raise ValueError(f"labels outside {labels}: {sorted(set(seen) - set(labels))}")
    place = {label: i for i, label in enumerate(labels)}
    matrix = np.zeros((len(labels), len(labels)))
    for truth, said, weight in zip(y_true.tolist(), y_pred.tolist(), weights, strict=True):
        matrix[place[truth], place[said]] += weight
    return matrix


def total_cost(matrix, costs):
    """Count times price, summed over the cells."""
    return float(np.multiply(matrix, costs, dtype=float).sum())


def ratio(part, whole, zero_division):
    """part / whole, and zero_division where there is nothing to divide by."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), zero_division)


def precision_recall_f1(
    y_true, y_pred, average="binary", positive=1, weights=None, zero_division=0.0
):
    """Micro pools the counts and divides once; macro and weighted divide first, then average."""
    y_true, y_pred, weights = rows(y_true, y_pred, weights=weights)
    labels = sorted({*y_true.tolist(), *y_pred.tolist()})
    if average == "binary":
        labels = [positive]
    elif average not in (None, "micro", "macro", "weighted"):
        raise ValueError(f"average is {average!r}; it is binary, micro, macro, weighted or None")
    is_label = np.array([[y == label for y in y_true.tolist()] for label in labels])
    said_label = np.array([[y == label for y in y_pred.tolist()] for label in labels])
    hit = (is_label & said_label) @ weights
    said, there = said_label @ weights, is_label @ weights
    if average == "micro":
        hit, said, there = hit.sum(keepdims=True), said.sum(keepdims=True), there.sum(keepdims=True)
    scores = [ratio(*pair, zero_division) for pair in [(hit, said), (hit, there)]]
    if average == "weighted":
        scores = [float(np.average(score, weights=there)) for score in scores]
    elif average is not None:
        scores = [float(score.mean()) for score in scores]
    precision, recall = scores
    f1 = ratio(2 * precision * recall, precision + recall, zero_division)
    return precision, recall, f1 if average is None else float(f1)


def best_threshold(y_true, scores, false_positive_cost, false_negative_cost):
    """Only the scores themselves, and more than the largest, can change who is flagged."""
    y_true, scores, _ = rows(y_true, scores)

    def cost(threshold):
        flagged = scores >= threshold
        false_positives, false_negatives = (flagged & (y_true == 0)), (~flagged & (y_true == 1))
        return (
            false_positives.sum() * false_positive_cost
            + false_negatives.sum() * false_negative_cost
        )

    return min([*scores.tolist(), float("inf")], key=cost)


def mae(y_true, y_pred, weights=None):
    """The mean of the absolute errors."""
    y_true, y_pred, weights = rows(y_true, y_pred, weights=weights)
    return float(np.average(np.abs(np.subtract(y_true, y_pred, dtype=float)), weights=weights))


def rmse(y_true, y_pred, weights=None):
    """The root of the mean of the squared errors: one root, at the end."""
    y_true, y_pred, weights = rows(y_true, y_pred, weights=weights)
    squares = np.subtract(y_true, y_pred, dtype=float) ** 2
    return float(np.sqrt(np.average(squares, weights=weights)))


def best_constant(y_true, metric):
    """Squares are balanced at the mean, absolute values at the median."""
    (y_true, _) = rows(y_true)
    return float({"rmse": np.mean, "mae": np.median}[metric](y_true))


def roc_auc(y_true, scores, weights=None):
    """How often a positive outranks a negative, by walking up the distinct scores.

    A positive beats all negatives that lie strictly below it and ties with those beside it.
    """
    y_true, scores, weights = rows(y_true, scores, weights=weights)
    _, place = np.unique(scores, return_inverse=True)
    positives = np.bincount(place, weights=weights * (y_true == 1))
    negatives = np.bincount(place, weights=weights * (y_true == 0))
    pairs = positives.sum() * negatives.sum()
    if pairs == 0:
        return float("nan")
    below = np.cumsum(negatives) - negatives
    return float((positives * (below + negatives / 2)).sum() / pairs)


def precision_at(true_positive_rate, false_positive_rate, prevalence, zero_division=0.0):
    """Of a crowd of one: the flagged positives over all flagged."""
    flagged_positives = true_positive_rate * prevalence
    flagged = flagged_positives + false_positive_rate * (1 - prevalence)
    return float(ratio(flagged_positives, flagged, zero_division))


CHOICES = {
    "one_wild_error": "mae",  # the square of one wild error outweighs all others
    "error_cost_grows_with_its_square": "rmse",
    "rare_positives": "pr",  # many negatives make a tiny false positive rate many false alarms
    "classes_count_alike": "macro",
}
