"""Three functions that keep the contract of the lesson, for trying your tests on.

Gradus runs your tests on other functions as well: right ones that work in another way, and
wrong ones.
"""

import math
import random


def f1(y_true, y_pred):
    """Return 2 TP / (2 TP + FP + FN); the positive label is 1."""
    if len(y_true) != len(y_pred) or len(y_true) == 0:
        raise ValueError(f"{len(y_true)} true labels and {len(y_pred)} predictions")
    pairs = list(zip(y_true, y_pred))
    hits, alarms, misses = pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))
    return 2 * hits / (2 * hits + alarms + misses) if hits else 0.0


def split(n, test_share, seed):
    """Return (train, test): the rows 0 to n - 1 in two shuffled lists."""
    if not (n >= 2 and 0 < test_share < 1):
        raise ValueError(f"cannot split {n} rows with a test share of {test_share}")
    rows = list(range(n))
    random.Random(str(seed)).shuffle(rows)
    n_test = max(1, int(n * test_share))
    return rows[n_test:], rows[:n_test]


def scale(train, test):
    """Return both tables with every column shifted and scaled by what `train` says."""
    if len(train) == 0:
        raise ValueError("no rows to learn the scale from")
    statistics = [moments(column) for column in zip(*train)]
    return rescaled(train, statistics), rescaled(test, statistics)


def moments(column):
    """Return mean and population standard deviation; a constant column is only shifted."""
    if min(column) == max(column):
        return column[0], 1.0
    mean = math.fsum(column) / len(column)
    return mean, math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))


def rescaled(rows, statistics):
    """Return new rows of (x - mean) / deviation."""
    return [[(x - mean) / deviation for x, (mean, deviation) in zip(row, statistics)] for row in rows]
