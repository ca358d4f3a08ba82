"""Drift at a promised false-alarm rate, and what can be known of accuracy before labels come."""

import math

import numpy as np

from gradus.check import claim, draw, observe

D = 4
CALM = np.eye(D)
CALM[0, 1] = CALM[1, 0] = 0.7


# --- one column -----------------------------------------------------------------------------------


@claim(
    "PSI is 0 for the same column, and grows as rows move between the reference's own bins.",
    examples=15,
    n=draw.choice([50, 200]),
    shift=draw.choice([0.0, 0.5, 3.0]),
    bins=draw.choice([10, 4]),
    catches=["bins_of_both", "equal_widths", "empty_bins_blow_up"],
)
def measures_stability(work, rng, n, shift, bins):
    reference = rng.gamma(2.0, 3.0, n).round(2)
    current = (rng.gamma(2.0, 3.0, n + 20) * (1 + shift)).round(2)
    edges = np.quantile(reference, np.arange(1, bins) / bins)
    # On an edge between two values the last digit of a quantile would decide, so nothing is there.
    on_edge = np.isclose(current[:, None], edges, rtol=0, atol=1e-9) & ~np.isin(edges, reference)
    current[on_edge.any(axis=1)] += 0.0002
    shares = []
    for column in (reference, current):
        place = (column[:, None] > edges).sum(axis=1)
        counts = np.array([(place == k).sum() + 0.5 for k in range(bins)])
        shares.append(counts / counts.sum())
    expected = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    work.psi(reference, current, bins=bins).must_be_close_to(expected, rtol=1e-6)
    work.psi(reference, reference, bins=bins).must_be_close_to(0.0)


def spaced(n, deviation):
    """Evenly spaced numbers around 50 whose standard deviation is exactly this."""
    column = np.linspace(-1.0, 1.0, n)
    return 50 + deviation * column / column.std(ddof=1)


@claim(
    "A shift is material only where its whole 99 % interval exceeds the tolerance.",
    examples=10,
    n=draw.choice([400, 100, 4000]),
    tolerance=draw.choice([0.1, 0.35]),
    catches=[
        "significant_is_material",
        "takes_the_estimate",
        "looks_upwards_only",
        "takes_the_spreads_for_equal",
    ],
)
def weighs_a_shift(work, n, tolerance):
    reference, current = spaced(n, 8.0), spaced(n // 2, 12.0)
    error = math.sqrt(1 / n + 1.5**2 / (n // 2))
    for beyond in (-0.5, 1.0, 2.25, 3.0, 6.0):
        shift = tolerance + beyond * error
        for way in (8.0, -8.0):
            answer = work.is_material(reference, current + way * shift, tolerance)
            answer.must_equal(beyond > 2.576)
    work.is_material(reference, current, tolerance).must_equal(False)


# --- many columns, week by week -------------------------------------------------------------------


def rows(rng, n, correlation=CALM, shift=0.0, spread=1.0):
    """Four features: two that go together, a skewed one, and one that is shifted and stretched."""
    x = rng.standard_normal((n, D)) @ np.linalg.cholesky(correlation).T
    x[:, 2] = np.exp(0.8 * x[:, 2])
    x[:, 3] = spread * x[:, 3] + shift
    return x.round(4)


@claim(
    "Of calm weeks at most the promised share is alarmed.",
    examples=1,
    catches=["one_level_for_each_feature", "assumes_normal"],
)
def keeps_calm(work, rng):
    alarms = []
    for _ in range(2):
        weeks = [rows(rng, 300) for _ in range(50)]
        alarms += work.watch(rows(rng, 3000), weeks, rate=0.05).as_list(50)
    share = observe(
        "share of 100 calm weeks with an alarm at a rate of 0.05", alarms.count(True) / 100
    )
    share.must_be_at_most(0.17)


@claim(
    "A feature that moves or spreads is noticed within the week.",
    examples=1,
    catches=["compares_the_means", "never_alarms"],
)
def notices_a_feature(work, rng):
    reference = rows(rng, 1500)
    for what, weeks in [
        ("moved by half a standard deviation", [rows(rng, 300, shift=0.5) for _ in range(20)]),
        ("spread by 1.6", [rows(rng, 300, spread=1.6) for _ in range(20)]),
    ]:
        found = work.watch(reference, weeks, rate=0.05).as_list(20).count(True)
        observe(
            f"of 20 weeks in which a feature {what}, those with an alarm", found
        ).must_be_at_least(10)


@claim(
    "Two features that part company are noticed, though each looks as before.",
    examples=1,
    catches=["looks_at_one_feature_at_a_time", "compares_the_means", "never_alarms"],
)
def notices_a_bond(work, rng):
    weeks = [rows(rng, 300, correlation=np.eye(D)) for _ in range(20)]
    found = work.watch(rows(rng, 1500), weeks, rate=0.05).as_list(20).count(True)
    observe(
        "of 20 weeks in which two features come apart, those with an alarm", found
    ).must_be_at_least(10)


@claim(
    "A drift of a little each week is noticed in the end: the reference does not move along.",
    examples=1,
    catches=["reference_is_last_week", "never_alarms"],
)
def notices_slow_drift(work, rng):
    weeks = [rows(rng, 300, shift=0.06 * week) for week in range(16)]
    found = work.watch(rows(rng, 1500), weeks, rate=0.05).as_list(16)[-4:].count(True)
    observe("of the last 4 of 16 weeks of slow drift, those with an alarm", found).must_be_at_least(
        3
    )


# --- accuracy without labels ----------------------------------------------------------------------


def live(rng, n, centre, width, slope, offset):
    """Scores of a model that is not calibrated, their labels, and the share that it gets right."""
    logit = rng.normal(centre, width, n)
    scores = 1 / (1 + np.exp(-logit))
    truth = 1 / (1 + np.exp(-(slope * logit + offset)))
    right = np.where(scores >= 0.5, truth, 1 - truth)
    return (
        scores.round(5).clip(1e-5, 1 - 1e-5),
        (rng.random(n) < truth).astype(int),
        float(right.mean()),
    )


@claim(
    "When inputs move and what a score means does not, the accuracy is foreseen within 0.03.",
    examples=3,
    belief=draw.choice([(0.4, -0.8), (1.0, 0.0), (0.5, 0.6)]).edges((0.4, -0.8), (0.4, -0.8)),
    moved=draw.choice([(0.0, 1.0), (1.5, 1.5), (-1.0, 2.5)]).edges((2.0, 1.5), (0.0, 0.6)),
    catches=[
        "assumes_calibration",
        "carries_the_accuracy_over",
        "takes_the_larger_side",
        "knows_two_scores",
    ],
)
def foresees(work, rng, belief, moved):
    scores, labels, _ = live(rng, 16_000, 0.0, 2.5, *belief)
    current, _, expected = live(rng, 16_000, *moved, *belief)
    answer = work.accuracy_without_labels(scores, labels, current)
    answer.must_be_close_to(expected, rtol=0.0, atol=0.03)


@claim(
    "A few labels show where the expectation is blind.",
    examples=10,
    expected=draw.choice([0.9, 0.8, 0.95]),
    n=draw.choice([100, 40, 200]),
    rate=draw.choice([0.01, 0.1]),
    catches=["trusts_the_estimate", "wants_it_exact", "blind_to_good_news", "one_rate_for_all"],
)
def audits(work, expected, n, rate):
    chance = [math.comb(n, k) * expected**k * (1 - expected) ** (n - k) for k in range(n + 1)]
    below = np.cumsum(chance)
    edge = int(np.searchsorted(below, rate))  # the fewest that are not too few
    for n_right in (edge - 1, edge, int(expected * n), n):
        says = "blind" if n_right < edge else "holds"
        work.audit(expected, n_right, n, rate=rate).must_equal(says)


@claim(
    "Drift alone is looked at, an expected loss is retrained, and blindness asks for labels first.",
    catches=["drift_is_degradation", "retrains_blindly", "retrains_on_good_news"],
)
def decides(work):
    for drifted in (False, True):
        for drop in (0.0, 0.03, 0.08, -0.05):
            work.triage(drifted, drop, "blind", 0.03).must_equal("get labels")
            held = "look" if drifted else "nothing"
            work.triage(drifted, drop, "holds", 0.03).must_equal("retrain" if drop > 0.03 else held)
