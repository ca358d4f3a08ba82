"""Counting, dividing and ranking: classification and regression metrics from their definitions."""

import math

import numpy as np

from gradus.check import claim, draw, observe

# --- the definitions, pair by pair and row by row -------------------------------------------------


def cells(y_true, y_pred, labels, weights):
    """The confusion matrix, one cell at a time."""
    rows = list(zip(y_true, y_pred, weights, strict=True))
    return np.array(
        [[sum(w for t, p, w in rows if t == i and p == j) for j in labels] for i in labels], float
    )


def over(part, whole, zero_division):
    """A ratio that says `zero_division` where the whole is nothing."""
    return part / whole if whole > 0 else zero_division


def scores_of(hit, said, there, zero_division):
    """Precision, recall and F1 from three sums of weights."""
    return (
        over(hit, said, zero_division),
        over(hit, there, zero_division),
        over(2 * hit, said + there, zero_division),
    )


def precision_recall_f1(y_true, y_pred, average, positive, weights, zero_division):
    """All averages from the cells of the confusion matrix."""
    labels = sorted({*y_true, *y_pred})
    if average == "binary" and positive not in labels:
        return (zero_division,) * 3
    matrix = cells(y_true, y_pred, labels, weights)
    hit, said, there = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    if average == "micro":
        return scores_of(hit.sum(), said.sum(), there.sum(), zero_division)
    each = [scores_of(*three, zero_division) for three in zip(hit, said, there, strict=True)]
    if average == "binary":
        return each[labels.index(positive)]
    columns = [np.array(column) for column in zip(*each, strict=True)]
    if average is None:
        return tuple(columns)
    share = there / there.sum() if average == "weighted" else np.full(len(labels), 1 / len(labels))
    return tuple(float(column @ share) for column in columns)


def auc(y_true, scores, weights):
    """Every positive against every negative: 1, or 1/2 for a tie, or 0."""
    rows = list(zip(y_true, scores, weights, strict=True))
    won = total = 0.0
    for _, high, w in (row for row in rows if row[0] == 1):
        for _, low, v in (row for row in rows if row[0] == 0):
            won += w * v * ((high > low) + (high == low) / 2)
            total += w * v
    return won / total if total else math.nan


# --- what is drawn --------------------------------------------------------------------------------

NAMES = draw.choice([[0, 1, 2], ["cat", "dog", "owl"], [7, 3, 5], [1, 0, -1]])


@draw.composite
def labelled(pick, weighted=False, classes=3):
    """y_true, y_pred (lists) over a few labels, and weights or None."""
    names = pick(NAMES)[:classes]
    label = draw.choice(names)
    n = pick(draw.integers(1, 8))
    y_true, y_pred = [[pick(label) for _ in range(n)] for _ in range(2)]
    weights = [pick(draw.integers(0, 5)) / 2 for _ in range(n)] if weighted else None
    if weights is not None and not any(weights):
        weights[0] = 1.0
    return y_true, y_pred, weights


@draw.composite
def scored(pick, weighted=False):
    """0/1 truths with at least one of each, scores with many ties, weights or None."""
    n = pick(draw.integers(2, 9))
    y_true = [pick(draw.integers(0, 1)) for _ in range(n)]
    y_true[0], y_true[1] = 0, 1
    scores = [pick(draw.integers(0, 6)) / 4 for _ in range(n)]
    weights = [float(pick(draw.integers(1, 4))) for _ in range(n)] if weighted else None
    return y_true, scores, weights


@draw.composite
def numbers(pick, weighted=False):
    """Two columns of numbers, and weights or None."""
    n = pick(draw.integers(1, 6))
    column = draw.arrays(shape=(n,), between=(-9, 9))
    weights = [float(pick(draw.integers(1, 4))) for _ in range(n)] if weighted else None
    return pick(column), pick(column), weights


@draw.composite
def priced_decisions(pick):
    """A confusion matrix of two or three labels, and what one decision costs in each cell."""
    shape = (pick(draw.choice([2, 3])),) * 2
    matrix = pick(draw.arrays(shape=shape, between=(0, 50), dtype=int)).astype(float)
    return matrix, pick(draw.arrays(shape=shape, between=(-5, 20), dtype=int))


ROWS, WEIGHTED_ROWS = labelled(), labelled(weighted=True)
SWAP_SHOWS = (["cat", "cat", "dog"], ["dog", "cat", "dog"], None)
NEVER_IN_TRUTH = ([0, 0, 1], [0, 2, 2], None)
RANKED, WEIGHTED_RANKED = scored(), scored(weighted=True)
KINDS_OF_WHOLE = draw.choice([np.uint8, np.uint64, np.int16]).edges(*[np.uint8] * 3, np.uint64)
ZERO_DIVISION = draw.choice([0.0, 1.0])
AS_ARRAY = draw.booleans()


def ones(rows):
    """The weights, 1 for every row where there are none."""
    return rows[2] if rows[2] is not None else [1.0] * len(rows[0])


def sent(values, as_array):
    """Lists and arrays alike are sent."""
    return np.array(values) if as_array else values


# --- counting -------------------------------------------------------------------------------------


@claim(
    "Row i, column j of the confusion matrix counts what is i and was called j.",
    examples=15,
    rows=ROWS.edges(SWAP_SHOWS, NEVER_IN_TRUTH),
    as_array=AS_ARRAY,
    catches=["rows_and_columns_swapped", "labels_from_truth_only"],
)
def counts_cells(work, rows, as_array):
    y_true, y_pred, _ = rows
    expected = cells(y_true, y_pred, sorted({*y_true, *y_pred}), ones(rows))
    answer = work.confusion_matrix(sent(y_true, as_array), sent(y_pred, as_array))
    answer.must_be_close_to(expected)


@claim(
    "Given labels fix the order, even of labels that never occur; weights count instead of rows.",
    examples=15,
    rows=WEIGHTED_ROWS.edges((["cat", "dog"], ["cat", "cat"], [0.5, 1.5])),
    as_array=AS_ARRAY,
    catches=["forgets_weights", "sorts_the_given_labels", "counts_in_whole_numbers"],
)
def keeps_label_order_and_weights(work, rows, as_array):
    y_true, y_pred, weights = rows
    labels = sorted({*y_true, *y_pred}, reverse=True)
    labels.insert(1, "yak" if isinstance(labels[0], str) else 42)
    expected = cells(y_true, y_pred, labels, weights)
    sent_weights = sent(weights, as_array)
    answer = work.confusion_matrix(y_true, y_pred, labels=labels, weights=sent_weights)
    answer.must_be_close_to(expected).must_not_change_its_arguments()


@claim(
    "The total cost counts every cell, right decisions too.",
    examples=15,
    priced=priced_decisions(),
    as_array=AS_ARRAY,
    catches=["right_is_free"],
)
def prices_the_cells(work, priced, as_array):
    matrix, costs = priced
    expected = float((matrix * costs).sum())
    cells, prices = (matrix, costs) if as_array else (matrix.tolist(), costs.tolist())
    work.total_cost(cells, prices).must_be_close_to(expected)


# --- dividing -------------------------------------------------------------------------------------


@claim(
    "Precision, recall and F1 of the positive label follow their definitions.",
    examples=15,
    rows=labelled(classes=2).edges(([1, 1, 1, 0], [1, 0, 0, 0], None)),
    catches=["precision_and_recall_swapped"],
)
def scores_the_positive_label(work, rows):
    y_true, y_pred, _ = rows
    positive = max(*y_true, *y_pred)
    expected = precision_recall_f1(y_true, y_pred, "binary", positive, ones(rows), 0.0)
    work.precision_recall_f1(y_true, y_pred, positive=positive).must_be_close_to(expected)
    if positive == 1:
        work.precision_recall_f1(y_true, y_pred).must_be_close_to(expected)


@claim(
    "Micro pools the counts, macro averages the labels, weighted averages them by their rows.",
    examples=15,
    rows=ROWS.edges(
        (["cat", "cat", "cat", "dog"], ["cat", "cat", "dog", "dog"], None),
        NEVER_IN_TRUTH,
        (["owl", "owl", "cat"], ["owl", "cat", "cat"], None),
    ),
    average=draw.choice([None, "micro", "macro", "weighted"]).edges("macro", "macro", "weighted"),
    as_array=AS_ARRAY,
    catches=["micro_macro_mix", "f1_of_averages"],
)
def averages(work, rows, average, as_array):
    y_true, y_pred, _ = rows
    expected = precision_recall_f1(y_true, y_pred, average, None, ones(rows), 0.0)
    truths, said = sent(y_true, as_array), sent(y_pred, as_array)
    answer = work.precision_recall_f1(truths, said, average=average)
    answer.must_be_close_to(expected)


@claim(
    "Where there is nothing to divide by, the answer is zero_division.",
    examples=15,
    rows=ROWS.edges(
        ([0, 0], [0, 0], None),
        ([0, 1], [0, 0], None),
        ([0, 0], [0, 1], None),
        ([0, 1], [1, 0], None),
    ),
    average=draw.choice(["binary", "macro", None]).edges("macro", "macro", None, "micro"),
    zero_division=draw.choice([1.0, 0.0, 0.5]).edges(1.0, 1.0, 1.0, 1.0),
    catches=["nan_for_nothing", "f1_of_averages"],
)
def divides_by_nothing(work, rows, average, zero_division):
    y_true, y_pred, _ = rows
    absent = "yak" if isinstance(y_true[0], str) else 42
    positive = absent if len(y_true) % 2 else max(*y_true, *y_pred)
    expected = precision_recall_f1(y_true, y_pred, average, positive, ones(rows), zero_division)
    answer = work.precision_recall_f1(
        y_true, y_pred, average=average, positive=positive, zero_division=zero_division
    )
    answer.must_be_close_to(expected)


@claim(
    "A weight of 2 counts like the row twice, in every average.",
    examples=15,
    rows=WEIGHTED_ROWS.edges(
        (["cat", "cat", "dog"], ["cat", "dog", "dog"], [2.0, 1.0, 1.0]),
        (["cat", "dog", "owl"], ["cat", "cat", "owl"], [2.0, 1.0, 0.0]),
    ),
    average=draw.choice([None, "micro", "macro", "weighted", "binary"]).edges("weighted", "macro"),
    as_array=AS_ARRAY,
    catches=["forgets_weights", "weighted_by_rows"],
)
def weighs_rows(work, rows, average, as_array):
    y_true, y_pred, weights = rows
    positive = max(*y_true, *y_pred)
    expected = precision_recall_f1(y_true, y_pred, average, positive, weights, 0.5)
    answer = work.precision_recall_f1(
        y_true,
        y_pred,
        average=average,
        positive=positive,
        weights=sent(weights, as_array),
        zero_division=0.5,
    )
    answer.must_be_close_to(expected).must_not_change_its_arguments()


@claim(
    "Unequal lengths, no rows, labels that are not listed and unknown averages are refused.",
    catches=["cuts_to_the_shorter", "thresholds_any_columns"],
)
def refuses_bad_input(work):
    work.confusion_matrix([0, 1, 1], [0, 1]).must_raise(ValueError)
    work.confusion_matrix([0, 1], [0, 1, 0], weights=[1.0, 1.0]).must_raise(ValueError)
    work.confusion_matrix([0, 1], [0, 1], weights=[1.0]).must_raise(ValueError)
    work.confusion_matrix([], []).must_raise(ValueError)
    work.confusion_matrix([0, 3], [0, 1], labels=[0, 1]).must_raise(ValueError)
    work.confusion_matrix([0, 1], [0, 3], labels=[0, 1]).must_raise(ValueError)
    work.confusion_matrix([0, 1], [0, 1], weights=[1.0, 1.0, 1.0]).must_raise(ValueError)
    work.precision_recall_f1([0, 1, 1], [0, 1]).must_raise(ValueError)
    work.precision_recall_f1([0, 1], [0, 1], average="mean").must_raise(ValueError)
    work.precision_recall_f1([], []).must_raise(ValueError)
    work.precision_recall_f1([0, 1], [0, 1], weights=[1.0]).must_raise(ValueError)
    work.roc_auc([0, 1, 1], [0.5, 0.1]).must_raise(ValueError)
    work.roc_auc([], []).must_raise(ValueError)
    work.roc_auc([0, 1], [0.5, 0.1], weights=[1.0]).must_raise(ValueError)
    work.best_threshold([0, 1, 1], [0.5, 0.1], 1.0, 1.0).must_raise(ValueError)
    work.best_threshold([], [], 1.0, 1.0).must_raise(ValueError)
    work.mae([1.0, 2.0], [1.0]).must_raise(ValueError)
    work.mae([1.0, 2.0], [1.0, 2.0], weights=[1.0]).must_raise(ValueError)
    work.rmse([1.0], [1.0, 2.0]).must_raise(ValueError)
    work.rmse([], []).must_raise(ValueError)
    work.rmse([1.0, 2.0], [1.0, 2.0], weights=[1.0]).must_raise(ValueError)
    work.mae([], []).must_raise(ValueError)


# --- whole numbers of every kind ------------------------------------------------------------------


@draw.composite
def whole_columns(pick):
    """0/1 truths with at least one of each, two columns and weights that fit into a byte."""
    n = pick(draw.integers(2, 6))
    y_true = [pick(draw.integers(0, 1)) for _ in range(n)]
    y_true[0], y_true[1] = 0, 1
    one, other = (pick(draw.arrays(shape=(n,), between=(0, 255), dtype=int)) for _ in range(2))
    return y_true, one.tolist(), other.tolist(), [pick(draw.integers(1, 255)) for _ in range(n)]


BYTES_RUN_OVER = ([0, 1, 1, 0], [1, 100, 0, 3], [2, 3, 127, 1], [120, 127, 1, 127])
A_ZERO_SCORE = ([0, 1, 0], [0, 2, 1], [3, 2, 1], [1, 1, 1])
NO_BYTE_ABOVE = ([1, 0, 0], [3, 255, 255], [3, 2, 1], [1, 1, 1])


@claim(
    "A whole number counts the same in a column of any integer dtype.",
    examples=10,
    columns=whole_columns().edges(BYTES_RUN_OVER, A_ZERO_SCORE, NO_BYTE_ABOVE, BYTES_RUN_OVER),
    kind=KINDS_OF_WHOLE,
    catches=["counts_in_bytes"],
)
def takes_every_integer_dtype(work, columns, kind):
    y_true, one, other, weights = columns
    came = f"The arrays came as {kind.__name__}."
    share = np.array(weights) / sum(weights)
    error = np.abs(np.array(one) - other)
    truth, a, b, w = (np.array(each, dtype=kind) for each in columns)
    work.mae(a, b, weights=w).must_be_close_to(float(error @ share), because=came)
    rmse = math.sqrt(float((error**2).mean()))
    work.rmse(a, b).must_be_close_to(rmse, because=came)
    matrix, costs = [one[:2], other[:2]], [other[-2:], one[-2:]]
    cost = float((np.array(matrix) * costs).sum())
    answer = work.total_cost(np.array(matrix, dtype=kind), np.array(costs, dtype=kind))
    answer.must_be_close_to(cost, because=came)
    counted = cells(y_true, y_true, [0, 1], weights)
    work.confusion_matrix(truth, truth, weights=w).must_be_close_to(counted, because=came)
    said = (a > b).astype(kind)
    scores = precision_recall_f1(y_true, said.tolist(), "weighted", 1, weights, 0.0)
    answer = work.precision_recall_f1(truth, said, average="weighted", weights=w)
    answer.must_be_close_to(scores, because=came)
    ranked = auc(y_true, one, weights)
    work.roc_auc(truth, a, weights=w).must_be_close_to(ranked, because=came)
    work.best_constant(a, "rmse").must_be_close_to(sum(one) / len(one), because=came)
    threshold = work.best_threshold(truth, a, 1.0, 1.0).as_number()
    least = min(cost_at(t, y_true, one, 1.0, 1.0) for t in [*one, math.inf])
    call = f"cost of best_threshold({y_true}, {one}, 1, 1) = {threshold:g}"
    cost = cost_at(threshold, y_true, one, 1.0, 1.0)
    observe(call, cost).must_be_close_to(least, because=came)


# --- choosing a threshold -------------------------------------------------------------------------


def cost_at(threshold, y_true, scores, false_positive_cost, false_negative_cost):
    """What it costs to flag every score of at least `threshold`."""
    cost = 0.0
    for truth, score in zip(y_true, scores, strict=True):
        if score >= threshold and truth == 0:
            cost += false_positive_cost
        elif not score >= threshold and truth == 1:
            cost += false_negative_cost
    return cost


@claim(
    "No other threshold is cheaper than the one that best_threshold returns.",
    examples=15,
    rows=RANKED.edges(([0, 0], [0.25, 0.5], None), ([1, 1], [0.25, 0.5], None)),
    prices=draw.tuples(draw.choice([1.0, 5.0, 40.0]), draw.choice([1.0, 3.0, 40.0])),
    units=draw.choice([(1, 0), (1000, -700)]).edges((1, 0), (1, 0)),
    as_array=AS_ARRAY,
    catches=["threshold_at_half", "never_flags_nobody"],
)
def chooses_by_cost(work, rows, prices, units, as_array):
    y_true, scores, _ = rows
    scores = [units[0] * each + units[1] for each in scores]
    least = min(cost_at(t, y_true, scores, *prices) for t in [*scores, math.inf])
    columns = sent(y_true, as_array), sent(scores, as_array)
    answer = work.best_threshold(*columns, *prices).must_not_change_its_arguments()
    threshold = answer.as_number()
    cost = cost_at(threshold, y_true, scores, *prices)
    call = f"cost of best_threshold({y_true}, {scores}, {prices[0]:g}, {prices[1]:g})"
    observe(f"{call} = {threshold:g}", cost).must_be_close_to(least)


# --- errors of numbers ----------------------------------------------------------------------------


@claim(
    "MAE and RMSE follow their definitions, weights and all.",
    examples=15,
    columns=draw.one_of(numbers(), numbers(weighted=True)),
    as_array=AS_ARRAY,
    catches=["forgets_the_root", "forgets_weights", "subtracts_lists"],
)
def measures_errors(work, columns, as_array):
    y_true, y_pred, weights = columns
    share = np.array(weights if weights is not None else np.ones(len(y_true)))
    share = share / share.sum()
    error = np.abs(y_true - y_pred)
    y_true, y_pred = (each if as_array else each.tolist() for each in (y_true, y_pred))
    weights = weights if weights is None else sent(weights, as_array)
    answer = work.mae(y_true, y_pred, weights=weights)
    answer.must_be_close_to(float(error @ share)).must_not_change_its_arguments()
    answer = work.rmse(y_true, y_pred, weights=weights)
    expected = math.sqrt(float(error**2 @ share))
    answer.must_be_close_to(expected).must_not_change_its_arguments()


@claim(
    "No other constant prediction has a smaller RMSE, or a smaller MAE.",
    examples=15,
    y_true=draw.arrays(sides=(1, 7), dims=1, between=(-20, 20)).edges(
        np.array([1.0, 2.0, 3.0, 4.0, 90.0])
    ),
    metric=draw.choice(["rmse", "mae"]).edges("rmse"),
    as_array=AS_ARRAY,
    catches=["rmse_is_robust"],
)
def finds_the_best_constant(work, y_true, metric, as_array):
    def loss(constant):
        error = np.abs(y_true - constant)
        return float(np.sqrt((error**2).mean()) if metric == "rmse" else error.mean())

    column = y_true if as_array else y_true.tolist()
    answer = work.best_constant(column, metric).must_not_change_its_arguments()
    constant = answer.as_number()
    best = loss(y_true.mean() if metric == "rmse" else np.sort(y_true)[len(y_true) // 2])
    shown = np.array2string(y_true, separator=", ")
    call = f"{metric} of predicting best_constant = {constant:g} for {shown}"
    observe(call, loss(constant)).must_be_close_to(best, rtol=1e-6, atol=1e-6)


# --- ranking --------------------------------------------------------------------------------------


@claim(
    "ROC AUC is the share of pairs that are in the right order, half for a tie.",
    examples=15,
    rows=RANKED.edges(([0, 1], [0.5, 0.5], None), ([1, 0, 1, 0], [0.5, 0.5, 0.25, 0.0], None)),
    as_array=AS_ARRAY,
    catches=["tie_handling", "auc_from_thresholded_labels"],
)
def counts_pairs(work, rows, as_array):
    y_true, scores, _ = rows
    expected = auc(y_true, scores, ones(rows))
    work.roc_auc(sent(y_true, as_array), sent(scores, as_array)).must_be_close_to(expected)


@claim(
    "Only the order of the scores counts: larger, cubed or squeezed, they give the same AUC.",
    examples=15,
    rows=RANKED,
    catches=["auc_from_thresholded_labels", "rounds_the_scores"],
)
def ranks_alone_count(work, rows):
    y_true, scores, _ = rows
    expected = auc(y_true, scores, ones(rows))
    work.roc_auc(y_true, [1000 * s - 700 for s in scores]).must_be_close_to(expected)
    work.roc_auc(y_true, [1 + s / 2**40 for s in scores]).must_be_close_to(expected)
    work.roc_auc(y_true, [(s - 1) ** 3 for s in scores]).must_be_close_to(expected)


@claim(
    "With weights, a pair counts as much as the product of its two weights.",
    examples=15,
    rows=WEIGHTED_RANKED.edges(([0, 1, 0], [0.25, 0.5, 0.75], [3.0, 1.0, 1.0])),
    as_array=AS_ARRAY,
    catches=["forgets_weights"],
)
def weighs_pairs(work, rows, as_array):
    y_true, scores, weights = rows
    expected = auc(y_true, scores, weights)
    answer = work.roc_auc(sent(y_true, as_array), scores, weights=sent(weights, as_array))
    answer.must_be_close_to(expected).must_not_change_its_arguments()


@claim(
    "With one class only there is no pair, and ROC AUC is NaN.",
    examples=4,
    n=draw.integers(1, 4),
    label=draw.integers(0, 1),
    catches=["one_class_is_half"],
)
def one_class_is_nan(work, n, label):
    work.roc_auc([label] * n, [0.25 * i for i in range(n)]).must_be_close_to(math.nan)


@claim(
    "Precision at a point of the ROC curve falls with the prevalence.",
    examples=15,
    rates=draw.tuples(draw.choice([0.5, 0.9, 1.0]), draw.choice([0.01, 0.1, 0.3])),
    prevalence=draw.choice([0.5, 0.1, 0.01, 0.001]),
    catches=["ignores_prevalence"],
)
def precision_needs_prevalence(work, rates, prevalence):
    tpr, fpr = rates
    flagged = tpr * prevalence + fpr * (1 - prevalence)
    work.precision_at(tpr, fpr, prevalence).must_be_close_to(tpr * prevalence / flagged)


@claim(
    "Where nobody is flagged, precision_at is zero_division.",
    catches=["nan_for_nothing"],
)
def precision_of_nobody(work):
    work.precision_at(0.0, 0.0, 0.2).must_be_close_to(0.0)
    work.precision_at(0.0, 0.0, 0.2, zero_division=1.0).must_be_close_to(1.0)
    work.precision_at(0.0, 0.1, 0.5, zero_division=1.0).must_be_close_to(0.0)


@claim("The metric fits what a mistake costs.", catches=["rmse_is_robust", "roc_for_rare"])
def chooses_a_metric(work):
    for question, says, right in [
        ("one_wild_error", "name the metric that one wild error moves less", "mae"),
        ("error_cost_grows_with_its_square", "name the metric that squares errors", "rmse"),
        ("rare_positives", "name the curve that shows the false alarms among the flagged", "pr"),
        ("classes_count_alike", "name the average in which a rare class weighs like any", "macro"),
    ]:
        work.CHOICES[question].must_satisfy(
            says, lambda value, right=right: value.strip().lower() == right
        )
