"""Drift at a promised false-alarm rate, with Evidently too, and accuracy before labels come."""

import json
import math

import numpy as np

from gradus.check import claim, draw, observe, table

D = 4
CALM = np.eye(D)
CALM[0, 1] = CALM[1, 0] = 0.7


# --- one column -----------------------------------------------------------------------------------


@claim(
    "PSI is 0 for the same column, and grows as rows move between the reference's own bins.",
    examples=15,
    n=draw.choice([50, 200]),
    shift=draw.choice([0.0, 0.5, 3.0, -0.9]),
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
    said = {} if bins == 10 else {"bins": bins}
    work.psi(reference, current, **said).must_be_close_to(expected, rtol=1e-6)
    work.psi(reference, reference, **said).must_be_close_to(0.0)


def spaced(n, deviation):
    """Evenly spaced numbers around 50 whose standard deviation is exactly this."""
    column = np.linspace(-1.0, 1.0, n)
    return 50 + deviation * column / column.std(ddof=1)


@claim(
    "A shift is material only where its whole 99 % interval exceeds the tolerance.",
    examples=6,
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
    reference = spaced(n, 8.0)
    for m, times in ((n // 2, 1.5), (n // 2, 0.5), (4 * n, 1.5)):
        current = spaced(m, 8.0 * times)
        error = math.sqrt(1 / n + times**2 / m)
        for beyond in (-0.5, 1.0, 2.25, 3.0, 6.0):
            shift = tolerance + beyond * error
            for way in (8.0, -8.0):
                answer = work.is_material(reference, current + way * shift, tolerance)
                answer.must_equal(beyond > 2.576)
        work.is_material(reference, current, tolerance).must_equal(False)
    few = np.array([0.0, 1.0])
    work.is_material(few, few + 100.0, tolerance).must_equal(True)


# --- many columns, week by week -------------------------------------------------------------------


def rows(rng, n, correlation=CALM, shift=0.0, spread=1.0, counted=False):
    """Four features: two that go together, a skewed one, and one that is shifted and stretched.

    Two of them are in other units, and the skewed one may be a count.
    """
    x = rng.standard_normal((n, D)) @ np.linalg.cholesky(correlation).T
    x[:, 2] = np.floor(2 * np.exp(0.8 * x[:, 2])) if counted else np.exp(0.8 * x[:, 2])
    x[:, 3] = spread * x[:, 3] + shift
    return (x * [1, 15, 1, 40] + [0, 100, 0, 0]).round(4)


def n_alarmed(work, reference, weeks, last=0):
    """How many of the weeks, or of the `last` of them, are alarmed; each is a bool."""
    alarms = work.watch(reference, weeks, rate=0.05).as_list(len(weeks))
    told = [observe(f"week {n} of watch(…)", each).as_bool() for n, each in enumerate(alarms)]
    return sum(told[-last:])


@claim(
    "Of calm weeks at most the promised share is alarmed.",
    examples=1,
    catches=["one_level_for_each_feature", "assumes_normal"],
)
def keeps_calm(work, rng, sizes):
    alarms, n = 0, sizes["calm_weeks"]
    # As many rows now as before make one odd reference alarm every week, so there are many.
    parts = [(3000, 300, n // 4, True), *[(1000, 900, 3, False)] * (n // 4)]
    for n_before, n_now, n_weeks, counted in parts:
        weeks = [rows(rng, n_now, counted=counted) for _ in range(n_weeks)]
        alarms += n_alarmed(work, rows(rng, n_before, counted=counted), weeks)
    share = observe(f"share of {n} calm weeks with an alarm at a rate of 0.05", alarms / n)
    share.must_be_at_most(0.17)


@claim(
    "A feature that moves or spreads is noticed within the week.",
    examples=1,
    catches=["compares_the_means", "never_alarms"],
)
def notices_a_feature(work, rng, sizes):
    reference, n = rows(rng, 1500), sizes["weeks"]
    for what, moved in [
        ("moved down by half a standard deviation", {"shift": -0.5}),
        ("spread by 1.6", {"spread": 1.6}),
    ]:
        weeks = [rows(rng, 300, **moved) for _ in range(n)]
        found = n_alarmed(work, reference, weeks)
        observe(
            f"of {n} weeks in which a feature {what}, those with an alarm", found
        ).must_be_at_least(n // 2)


@claim(
    "Two features that part company are noticed, though each looks as before.",
    examples=1,
    catches=["looks_at_one_feature_at_a_time", "compares_the_means", "never_alarms"],
)
def notices_a_bond(work, rng, sizes):
    n = sizes["weeks"]
    for order in ([0, 1, 2, 3], [0, 2, 3, 1]):
        weeks = [rows(rng, 300, correlation=np.eye(D))[:, order] for _ in range(n)]
        found = n_alarmed(work, rows(rng, 1500)[:, order], weeks)
        pair = f"features 0 and {order.index(1)}"
        observe(
            f"of {n} weeks in which {pair} come apart, those with an alarm", found
        ).must_be_at_least(n // 2)


@claim(
    "A drift of a little each week is noticed in the end: the reference does not move along.",
    examples=1,
    catches=["reference_is_last_week", "never_alarms"],
)
def notices_slow_drift(work, rng):
    weeks = [rows(rng, 300, shift=0.06 * week) for week in range(16)]
    found = n_alarmed(work, rows(rng, 1500), weeks, last=4)
    observe("of the last 4 of 16 weeks of slow drift, those with an alarm", found).must_be_at_least(
        3
    )


# --- Evidently's report ---------------------------------------------------------------------------


def wasserstein(before, now):
    """The area between two distributions, in standard deviations of the first."""
    values = np.sort(np.concatenate([before, now]))
    below = [np.searchsorted(np.sort(each), values[:-1], side="right") for each in (before, now)]
    gap = np.abs(below[0] / len(before) - below[1] / len(now))
    return float((gap * np.diff(values)).sum() / before.std())


def jensen_shannon(before, now):
    """The root of the mean divergence of two shares from their middle, in nats."""
    codes = np.union1d(before, now)
    p, q = (np.array([(each == code).mean() for code in codes]) for each in (before, now))
    divergence = 0.0
    for share in (p, q):
        there = share > 0
        divergence += float((share[there] * np.log(2 * share[there] / (p + q)[there])).sum()) / 2
    return math.sqrt(divergence)


def visitors(rng, n, moved):
    """Amounts, how often somebody came, and the code of a branch: where rows move, all three do."""
    branches = rng.permutation(30) if moved else np.arange(30)
    weight = np.exp(-branches / 8)
    often = np.array([0.25, 0.24, 0.2, 0.17, 0.14] if moved else [0.3, 0.25, 0.2, 0.15, 0.1])
    chosen = rng.choice(30, n, p=weight / weight.sum())
    chosen[:30] = np.arange(30)
    return {
        "amount": (rng.gamma(2.0, 30.0, n) * (1.6 if moved else 1.0)).round(2),
        "visits": rng.permutation(np.repeat(np.arange(5), (n * often).round().astype(int))),
        "branch": 7 * chosen + 4,
    }


@claim(
    "The report compares today with the reference, each column by the test of its kind.",
    examples=1,
    share=draw.choice([0.3, 0.25]),
    catches=[
        "leaves_the_tests_to_evidently",
        "lets_evidently_guess_the_types",
        "swaps_the_two_windows",
    ],
)
def reports_by_rule(work, rng, share):
    before, now = visitors(rng, 500, False), visitors(rng, 400, True)
    scores = {
        "amount": wasserstein(before["amount"], now["amount"]),
        "branch": jensen_shannon(before["branch"], now["branch"]),
        "visits": wasserstein(before["visits"], now["visits"]),
    }
    # Every other threshold, the default or that of the other kind, gives other columns.
    far = round((scores["visits"] + scores["branch"]) / 2, 3)
    off = round(1.1 * scores["amount"], 3)
    rules = {"number": ("wasserstein", far), "category": ("jensenshannon", off)}
    answer = work.report(table(before), table(now), ["branch"], rules, share=share)
    answer["scores"].must_be_close_to(scores, rtol=1e-3)
    answer["columns"].must_equal(["amount"])
    answer["share"].must_be_close_to(1 / 3)
    answer["alarm"].must_equal(
        True, because="One column of three reaches the share that was asked."
    )


DISTANCES = ["wasserstein", "jensenshannon", "psi"]
CHOSEN_BY_EVIDENTLY = ["Wasserstein distance (normed)", "Jensen-Shannon distance"]
P_VALUES = ["ks", "chisquare", "z", "K-S p_value", "chi-square p_value", "Z-test p_value"]


def written(columns, share, with_tests):
    """The JSON of a report, as Evidently 0.7 writes it: of each column method, threshold, score."""
    kind = "evidently:metric_v2:"
    parts = [
        ({"type": f"{kind}ValueDrift", "column": name, "method": method, "threshold": limit}, score)
        for name, method, limit, score, _ in columns
    ]
    drifted = [each[-1] for each in columns]
    count = {"count": float(sum(drifted)), "share": sum(drifted) / len(drifted)}
    parts.insert(0, ({"type": f"{kind}DriftedColumnsCount", "drift_share": share}, count))
    metrics, tests = [], []
    for place, (config, value) in enumerate(parts):
        words = ",".join(f"{key}={said}" for key, said in config.items() if key != "type")
        name = f"{config['type'].removeprefix(kind)}({words})"
        key = f"{place:032x}"
        metrics.append({"id": key, "metric_name": name, "config": config, "value": value})
        failed = drifted[place - 1] if place else count["share"] >= share
        tests.append(
            {
                "id": "drift" if place else "lt",
                "name": f"Value Drift for column {config['column']}"
                if place
                else f"Share of Drifted Columns: Less {share:.3f}",
                "metric_config": {"metric_id": key, "params": config},
                "status": "FAIL" if failed else "SUCCESS",
            }
        )
    return json.dumps({"metrics": metrics, "tests": tests if with_tests else []})


def shown(columns):
    """The lines of a report as a person would read them."""
    lines = [
        f"{name} {score:.3g} by {method!r} at {limit}" for name, method, limit, score, _ in columns
    ]
    return f"The report: {'; '.join(lines)}."


def column(rng, name, drifted):
    """A column's line of a report, on the side of the threshold that is asked for."""
    methods = P_VALUES if rng.random() < 0.5 else DISTANCES + CHOSEN_BY_EVIDENTLY
    method = str(rng.choice(methods))
    limit = float(rng.choice([0.01, 0.05] if method in P_VALUES else [0.1, 0.25]))
    beyond = rng.uniform(0.05, 0.9) if (method in P_VALUES) == drifted else rng.uniform(1.1, 3.0)
    return name, method, limit, float(limit * beyond), drifted


@claim(
    "A column has drifted where its p-value is below the threshold, or its distance above.",
    examples=14,
    with_tests=draw.booleans(),
    catches=["takes_every_score_for_a_p_value", "reads_tests_that_never_ran"],
)
def reads_the_columns(work, rng, with_tests):
    names = [str(each) for each in rng.permutation(["age", "fare", "zone", "hour", "rate"])]
    columns = [column(rng, name, bool(rng.random() < 0.6)) for name in names]
    answer = work.read_report(written(columns, 0.5, with_tests))
    drifted = sorted(name for name, *_, moved in columns if moved)
    answer["columns"].must_equal(drifted, because=shown(columns))
    answer["share"].must_be_close_to(len(drifted) / len(names))
    answer["scores"].must_be_close_to({name: score for name, _, _, score, _ in columns})


@claim(
    "The alarm comes where the share of drifted columns reaches the share that was asked for.",
    examples=6,
    drifted=draw.integers(0, 4).edges(2, 1, 3, 2),
    catches=["alarms_at_half_of_the_columns", "reads_tests_that_never_ran"],
)
def alarms_at_the_share(work, rng, drifted):
    columns = [column(rng, name, k < drifted) for k, name in enumerate("pqrs")]
    for share in (0.75, 0.5) if drifted == 2 else (0.5, 0.25, 0.3):
        answer = work.read_report(written(columns, share, False))
        said = f"{drifted} of 4 columns drifted, and drift_share is {share}. {shown(columns)}"
        answer["alarm"].must_equal(drifted / 4 >= share, because=said)


# --- accuracy without labels ----------------------------------------------------------------------


def live(rng, n, centre, width, slope, offset):
    """Scores of a model that is not calibrated, their labels, and how likely each is right."""
    logit = rng.normal(centre, width, n)
    scores = 1 / (1 + np.exp(-logit))
    truth = 1 / (1 + np.exp(-(slope * logit + offset)))
    right = np.where(scores >= 0.5, truth, 1 - truth)
    return (
        scores.round(5).clip(1e-5, 1 - 1e-5),
        (rng.random(n) < truth).astype(int),
        right,
    )


@claim(
    "When inputs move and what a score means does not, the accuracy is foreseen within 0.03.",
    examples=4,
    belief=draw.choice([(0.4, -0.8), (1.0, 0.0), (0.5, 0.6)]).edges(
        (0.4, -0.8), (0.4, -0.8), (1.0, 0.0)
    ),
    moved=draw.choice([(0.0, 1.0), (1.5, 1.5), (-1.0, 2.5)]).edges(
        (2.0, 1.5), (0.0, 0.6), (3.0, 1.0)
    ),
    catches=[
        "assumes_calibration",
        "carries_the_accuracy_over",
        "takes_the_larger_side",
        "knows_two_scores",
    ],
)
def foresees(work, rng, sizes, belief, moved):
    scores, labels, _ = live(rng, sizes["scores"], 0.0, 2.5, *belief)
    current, _, right = live(rng, sizes["scores"], *moved, *belief)
    answer = work.accuracy_without_labels(scores, labels, current)
    answer.must_be_close_to(float(right.mean()), rtol=0.0, atol=0.03)
    current[::3], right[::3] = 0.5, 1 / (1 + math.exp(-belief[1]))
    answer = work.accuracy_without_labels(scores, labels, current)
    answer.must_be_close_to(
        float(right.mean()),
        rtol=0.0,
        atol=0.03,
        because="A third of these scores are 0.5, where the model says yes.",
    )


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
        said = {} if rate == 0.01 else {"rate": rate}
        work.audit(expected, n_right, n, **said).must_equal(says)


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
