"""A classifier that tells weeks from the reference, and isotonic calibration of scikit-learn."""

import json

import numpy as np
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import DriftedColumnsCount, ValueDrift
from scipy import stats
from sklearn.isotonic import IsotonicRegression


def psi(reference, current, bins=10):
    """Histograms over the reference's quantiles."""
    inner = np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1])
    p, q = (
        np.bincount(np.searchsorted(inner, column), minlength=bins) + 0.5
        for column in (np.asarray(reference), np.asarray(current))
    )
    p, q = p / p.sum(), q / q.sum()
    return np.sum((q - p) * np.log(q / p))


def features(rows, centre, scale):
    """Standardised features, their squares and products: what a linear classifier can use."""
    x = np.clip((rows - centre) / scale, -4, 4)
    i, j = np.triu_indices(x.shape[1])
    return np.column_stack([x, x[:, i] * x[:, j]])


def watch(reference, weeks, rate):
    """A linear domain classifier's separation is Hotelling's statistic, with a chi-square tail."""
    reference = np.asarray(reference, dtype=float)
    centre = np.median(reference, axis=0)
    low, high = np.quantile(reference, [0.16, 0.84], axis=0)
    before = features(reference, centre, (high - low) / 2)
    inverse = np.linalg.inv(np.cov(before.T))
    alarms = []
    for week in weeks:
        after = features(np.asarray(week, dtype=float), centre, (high - low) / 2)
        gap = after.mean(axis=0) - before.mean(axis=0)
        statistic = gap @ inverse @ gap / (1 / len(after) + 1 / len(before))
        # Squares are skewed: less than half of the level keeps the promise.
        alarms.append(bool(stats.chi2.sf(statistic, len(gap)) < 0.4 * rate))
    return alarms


def is_material(reference, current, tolerance):
    """A one-sided view of the smaller end of the interval."""
    spread = np.std(reference, ddof=1)
    standard_error = np.hypot(
        stats.sem(reference) / spread,
        stats.sem(current) / spread,
    )
    shift = abs(np.mean(current) - np.mean(reference)) / spread
    return bool(shift > tolerance + stats.norm.ppf(0.995) * standard_error)


def accuracy_without_labels(reference_scores, reference_labels, scores):
    """Isotonic: a higher score is worth no less."""
    worth = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    worth.fit(reference_scores, reference_labels)
    p = worth.predict(scores)
    return np.where(np.asarray(scores) < 0.5, 1 - p, p).mean()


def audit(expected_accuracy, n_right, n_labelled, rate=0.01):
    """The lower tail of the binomial distribution."""
    tail = stats.binom(n_labelled, expected_accuracy).cdf(n_right)
    return ("holds", "blind")[int(tail < rate)]


def triage(drifted, expected_drop, audited, tolerated):
    """From the strongest reason to none."""
    match (audited, expected_drop > tolerated, bool(drifted)):
        case ("blind", _, _):
            return "get labels"
        case (_, True, _):
            return "retrain"
        case (_, _, True):
            return "look"
    return "nothing"


def report(reference, current, categories, rules, share):
    """One metric a column and the count of those that drifted, without the preset."""
    kinds = {c: "category" if c in categories else "number" for c in reference.columns}
    definition = DataDefinition(
        numerical_columns=[c for c in kinds if kinds[c] == "number"],
        categorical_columns=[c for c in kinds if kinds[c] == "category"],
    )
    (number, far), (category, off) = rules["number"], rules["category"]
    count = DriftedColumnsCount(
        drift_share=share,
        num_method=number,
        num_threshold=far,
        cat_method=category,
        cat_threshold=off,
    )
    each = [
        ValueDrift(column=c, method=rules[kind][0], threshold=rules[kind][1])
        for c, kind in kinds.items()
    ]
    now = Dataset.from_pandas(current, data_definition=definition)
    then = Dataset.from_pandas(reference, data_definition=definition)
    return read_report(Report([*each, count]).run(now, then).json())


def read_report(text):
    """The count of Evidently for the share, the scores for the names."""
    columns, scores = [], {}
    for metric in json.loads(text)["metrics"]:
        config = metric["config"]
        if "column" not in config:
            share, alarm = metric["value"]["share"], metric["value"]["share"] >= config["drift_share"]
            continue
        scores[config["column"]] = metric["value"]
        is_p = config["method"].lower().endswith("p_value") or config["method"] in "ks chisquare z"
        if (metric["value"] < config["threshold"]) == is_p:
            columns.append(config["column"])
    return {"columns": sorted(columns), "scores": scores, "share": share, "alarm": alarm}
