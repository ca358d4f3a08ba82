"""You alarmed at half of the columns, whatever share was asked for: that is Evidently's default."""

import json
import math
from statistics import NormalDist

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import kolmogorov


def psi(reference, current, bins=10):
    """Bins are the reference's own, open at both ends; half a row more in each keeps it finite."""
    edges = np.quantile(reference, np.arange(1, bins) / bins)
    before, after = (_shares(column, edges) for column in (reference, current))
    return float(((after - before) * np.log(after / before)).sum())


def _shares(column, edges):
    """The share of a column in each bin, with half a row added to every bin."""
    counts = np.bincount(np.searchsorted(edges, column), minlength=len(edges) + 1)
    return (counts + 0.5) / (counts + 0.5).sum()


def watch(reference, weeks, rate):
    """One test a feature and one a pair, always against the same reference, at a shared rate."""
    reference = np.asarray(reference, float)
    n_features = reference.shape[1]
    pairs = [(i, j) for i in range(n_features) for j in range(i)]
    level = rate / (n_features + len(pairs))
    weeks = [np.asarray(week, float) for week in weeks]
    ordered, bonds = np.sort(reference, axis=0), _bonds(reference, pairs)
    return [
        _features_differ(ordered, week, level)
        or _bonds_differ(bonds, len(reference), _bonds(week, pairs), len(week), level)
        for week in weeks
    ]


def _features_differ(ordered, week, level):
    """Whether the distribution of any feature differs at the level."""
    return any(
        _ks_p_value(column, other) < level for column, other in zip(ordered.T, week.T, strict=True)
    )


def _ks_p_value(ordered, column):
    """Kolmogorov and Smirnov: the largest gap between two distributions, and how rare it is."""
    column, n, m = np.sort(column), len(ordered), len(column)
    above = np.arange(1, m + 1) / m - np.searchsorted(ordered, column, side="right") / n
    below = np.searchsorted(ordered, column) / n - np.arange(m) / m
    return kolmogorov(max(above.max(), below.max()) * math.sqrt(n * m / (n + m)))


def _bonds_differ(before, n, after, m, level):
    """Whether the bond of any pair differs at the level; ranks vary a little more than numbers."""
    error = math.sqrt(1.06 / (n - 3) + 1.06 / (m - 3))
    return bool((2 * stats.norm.sf(np.abs(after - before) / error) < level).any())


def _bonds(rows, pairs):
    """Fisher's z of the rank correlation of each pair."""
    ranks = stats.rankdata(rows, axis=0)
    correlation = np.corrcoef(ranks.T)
    return np.array([math.atanh(correlation[i, j]) for i, j in pairs])


def is_material(reference, current, tolerance):
    """The whole 99 % interval of the shift has to lie beyond the tolerance."""
    spread = reference.std(ddof=1)
    shift = abs(current.mean() - reference.mean()) / spread
    error = math.sqrt(1 / len(reference) + (current.std(ddof=1) / spread) ** 2 / len(current))
    return bool(shift - NormalDist().inv_cdf(0.995) * error > tolerance)


def accuracy_without_labels(reference_scores, reference_labels, scores):
    """What a score is worth was seen on the reference; the decision stays at one half."""
    slope, shift = _platt(_logit(reference_scores), reference_labels)
    probability = 1 / (1 + np.exp(-(slope * _logit(scores) + shift)))
    says_yes = scores >= 0.5
    return float(np.where(says_yes, probability, 1 - probability).mean())


def _logit(scores):
    """Log odds."""
    return np.log(scores / (1 - scores))


def _platt(x, y):
    """A logistic regression of the labels on one column, by Newton's method."""
    design = np.column_stack([x, np.ones_like(x)])
    weights = np.zeros(2)
    for _ in range(8):
        p = 1 / (1 + np.exp(-design @ weights))
        hessian = (design * (p * (1 - p))[:, None]).T @ design
        weights = weights + np.linalg.solve(hessian, design.T @ (y - p))
    return weights


def audit(expected_accuracy, n_right, n_labelled, rate=0.01):
    """How likely so few right answers are, were the expectation true."""
    return "blind" if stats.binom.cdf(n_right, n_labelled, expected_accuracy) < rate else "holds"


def triage(drifted, expected_drop, audited, tolerated):
    """Blindness first: no estimate counts after that. Drift alone is a reason to look."""
    if audited == "blind":
        return "get labels"
    if expected_drop > tolerated:
        return "retrain"
    return "look" if drifted else "nothing"


P_VALUES = {"ks", "chisquare", "z"}


def report(reference, current, categories, rules, share):
    """The report that Evidently makes, without the plots of its page."""
    metrics = []
    for column in reference:
        test, threshold = rules["category" if column in categories else "number"]
        before, now = reference[column].to_numpy(), current[column].to_numpy()
        if test == "wasserstein":
            score = stats.wasserstein_distance(before, now) / before.std()
        else:
            codes = np.union1d(before, now)
            score = jensenshannon(*([(each == c).mean() for c in codes] for each in (before, now)))
        config = {"type": ":ValueDrift", "column": column, "method": test, "threshold": threshold}
        metrics.append({"config": config, "value": float(score)})
    drifted = sum(each["value"] > each["config"]["threshold"] for each in metrics) / len(metrics)
    config = {"type": ":DriftedColumnsCount", "drift_share": share}
    metrics.append({"config": config, "value": {"share": drifted}})
    return read_report(json.dumps({"metrics": metrics, "tests": []}))


def read_report(text):
    """A p-value drifts below its threshold, a distance above it."""
    columns, scores = [], {}
    for metric in json.loads(text)["metrics"]:
        config, value = metric["config"], metric["value"]
        if config["type"].endswith(":DriftedColumnsCount"):
            share = value["share"]
        else:
            scores[config["column"]] = value
            columns += [config["column"]] if _drifted(value, config) else []
    return {"columns": sorted(columns), "scores": scores, "share": share, "alarm": share >= 0.5}


def _drifted(value, config):
    """On which side of the threshold drift lies depends on the test."""
    method, threshold = config["method"], config["threshold"]
    if method in P_VALUES or method.endswith("p_value"):
        return value < threshold
    return value > threshold
