"""Own Kolmogorov-Smirnov, moments of products for the bonds, and calibration in bins."""

import json
import math

import numpy as np
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
from scipy.special import kolmogorov
from scipy.stats import binomtest


def psi(reference, current, bins=10):
    """By hand, bin by bin."""
    edges = [-math.inf, *np.percentile(reference, [100 * k / bins for k in range(1, bins)]), math.inf]
    total = 0.0
    sizes = len(reference) + bins / 2, len(current) + bins / 2
    for low, high in zip(edges, edges[1:]):
        p, q = (
            (sum(low < value <= high for value in column) + 0.5) / size
            for column, size in zip((reference, current), sizes)
        )
        total += (q - p) * math.log(q / p)
    return total


def distance(sorted_reference, week):
    """The largest gap between two empirical distributions."""
    n, m = len(sorted_reference), len(week)
    values = np.concatenate([sorted_reference, week])
    gaps = np.searchsorted(sorted_reference, values, side="right") / n
    gaps -= np.searchsorted(np.sort(week), values, side="right") / m
    return np.abs(gaps).max(), math.sqrt(n * m / (n + m))


class Watcher:
    """What is known of the reference, computed once."""

    def __init__(self, reference, rate):
        self.sorted = np.sort(reference, axis=0)
        self.d = reference.shape[1]
        self.tests = self.d + self.d * (self.d - 1) // 2
        self.rate = rate
        products = self.products(reference)
        self.mean, self.spread = products.mean(axis=0), products.std(axis=0)
        self.n = len(reference)

    def products(self, rows):
        """For each pair the product of the two features' ranks in the reference."""
        places = [
            np.searchsorted(self.sorted[:, k], rows[:, k]) / len(self.sorted) - 0.5
            for k in range(self.d)
        ]
        return np.array([places[i] * places[j] for i in range(self.d) for j in range(i)]).T

    def __call__(self, week):
        """Whether anything passes the level that is left for one test."""
        for k in range(self.d):
            gap, root = distance(self.sorted[:, k], week[:, k])
            if kolmogorov(gap * root) * self.tests < self.rate:
                return True
        z = (self.products(week).mean(axis=0) - self.mean) / self.spread
        z = np.abs(z) / math.sqrt(1 / len(week) + 1 / self.n)
        return any(math.erfc(each / math.sqrt(2)) * self.tests < self.rate for each in z)


def watch(reference, weeks, rate):
    """A watcher of the reference, asked week by week."""
    watcher = Watcher(np.array(reference, dtype=float), rate)
    return [watcher(np.array(week, dtype=float)) for week in weeks]


def is_material(reference, current, tolerance):
    """Both ends of a Welch interval beyond the tolerance, on either side."""
    a, b = np.array(reference, dtype=float), np.array(current, dtype=float)
    unit = a.std(ddof=1)
    gap = (b.mean() - a.mean()) / unit
    half = 2.5758 * np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)) / unit
    return bool(gap - half > tolerance or gap + half < -tolerance)


def accuracy_without_labels(reference_scores, reference_labels, scores):
    """Forty bins with as many reference rows each; the share of ones in each is what it is worth."""
    order = np.argsort(reference_scores)
    known = np.array(reference_scores)[order]
    labels = np.array(reference_labels)[order]
    bins = np.array_split(np.arange(len(known)), 40)
    middles = [known[each].mean() for each in bins]
    worth = [labels[each].mean() for each in bins]
    p = np.interp(scores, middles, worth)
    return float(np.mean(np.where(np.array(scores) >= 0.5, p, 1 - p)))


def audit(expected_accuracy, n_right, n_labelled, rate=0.01):
    """SciPy's exact binomial test, one side."""
    if not n_labelled:
        return "holds"
    test = binomtest(n_right, n_labelled, expected_accuracy, alternative="less")
    return "blind" if test.pvalue < rate else "holds"


def triage(drifted, expected_drop, audited, tolerated):
    """A table, read from the top."""
    for applies, word in [
        (audited == "blind", "get labels"),
        (expected_drop > tolerated, "retrain"),
        (drifted, "look"),
    ]:
        if applies:
            return word
    return "nothing"


def report(reference, current, categories, rules, share):
    """Test and threshold of each column by its name, both frames as keywords."""
    definition = DataDefinition(
        categorical_columns=sorted(categories),
        numerical_columns=sorted(set(current.columns) - set(categories)),
    )
    rule = {c: rules["category" if c in categories else "number"] for c in current.columns}
    preset = DataDriftPreset(
        per_column_method={c: each[0] for c, each in rule.items()},
        per_column_threshold={c: each[1] for c, each in rule.items()},
        drift_share=share,
    )
    snapshot = Report(metrics=[preset], include_tests=True).run(
        reference_data=Dataset.from_pandas(reference, data_definition=definition),
        current_data=Dataset.from_pandas(current, data_definition=definition),
    )
    return read_report(json.dumps(snapshot.dict(), default=str))


def read_report(text):
    """Distances by name; everything else is a p-value."""
    distances = {"wasserstein", "jensenshannon", "psi", "Wasserstein distance (normed)"}
    distances |= {"Jensen-Shannon distance", "PSI"}
    metrics = json.loads(text)["metrics"]
    scores = [m["config"] | {"score": m["value"]} for m in metrics if "column" in m["config"]]
    names = [
        s["column"]
        for s in scores
        if (s["score"] - s["threshold"]) * (1 if s["method"] in distances else -1) > 0
    ]
    limit = next(m["config"]["drift_share"] for m in metrics if "drift_share" in m["config"])
    share = len(names) / len(scores)
    return {
        "columns": sorted(names),
        "scores": {s["column"]: s["score"] for s in scores},
        "share": share,
        "alarm": bool(share >= limit),
    }
