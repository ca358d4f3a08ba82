"""Watch a model's inputs, estimate its accuracy without labels, and say what follows."""


def psi(reference, current, bins=10):
    """Return the population stability index of two columns, over quantile bins of the reference."""


def watch(reference, weeks, rate):
    """Return for each week (m, d) whether its rows come from elsewhere than the reference (n, d).

    Of calm weeks at most the share `rate` is alarmed.
    """


def is_material(reference, current, tolerance):
    """Return whether the means differ by surely more than `tolerance` standard deviations."""


def accuracy_without_labels(reference_scores, reference_labels, scores):
    """Return the accuracy to expect on `scores`, whose labels are not known yet."""


def audit(expected_accuracy, n_right, n_labelled, rate=0.01):
    """Return "holds", or "blind" where a few labels say that the expectation is too high."""


def triage(drifted, expected_drop, audited, tolerated):
    """Return "get labels", "nothing", "look" or "retrain"."""


def report(reference, current, categories, rules, share):
    """Run Evidently's drift report on two DataFrames and return what `read_report` reads off it.

    `rules` is such as {"number": ("wasserstein", 0.1), "category": ("jensenshannon", 0.1)}.
    """


def read_report(text):
    """Return what the JSON of such a report says: "columns", "scores", "share" and "alarm"."""
