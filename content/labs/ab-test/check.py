"""A/B tests: assignment, size, what may be read and when, and effects from a policy's own log."""

import math
from statistics import NormalDist

import numpy as np

from gradus.check import claim, draw, observe

NORMAL = NormalDist()
ARMS = ("control", "treatment")
SHARES = draw.choice([0.5, 0.05, 0.25, 0.8])
RATES = draw.choice([0.1, 0.02, 0.3, 0.5])


def treated(answer, n):
    """Which users an answer of assign treats, as an array of bools."""
    arms = answer.must_satisfy(
        f'be a list of {n} texts, each "control" or "treatment"',
        lambda value: len(value) == n and all(each in ARMS for each in value),
    )
    return np.array([each == "treatment" for each in arms.as_list(n)])


# --- assignment -----------------------------------------------------------------------------------


@claim(
    "A user has the same arm whenever and beside whomever they come, in another process too.",
    examples=1,
    lists=draw.lists(
        draw.tuples(draw.lists(draw.integers(0, 99), size=(1, 12)), SHARES), size=(10, 10)
    ).edges([([1, 2, 3, 4, 5, 6], 0.5), ([0], 0.5), ([*range(88, 100)], 0.8)]),
    catches=["draws_for_each_request", "counts_off_the_list"],
)
def sticks(work, another, lists):
    for numbers, share in lists:
        users = [f"user-{number}" for number in sorted(set(numbers))]
        arms = work.assign(users, "checkout", share).as_list(len(users))
        for other in (work, another):
            other.assign(users[::-1], "checkout", share).must_equal(arms[::-1])
        work.assign(users[-1:], "checkout", share).must_equal(arms[-1:])


@claim(
    "The treatment gets its share, and who is in it says nothing about other experiments.",
    examples=3,
    share=SHARES.edges(0.05, 0.001),
    seed=draw.integers(0, 10**6),
    catches=["forgets_the_experiment", "draws_from_halves", "hashes_to_percents"],
)
def shares_out(work, share, seed, sizes):
    n = 3000 if share >= 0.25 else 4000 if share >= 0.05 else sizes["for_a_thousandth"]
    users = [f"user-{seed + i}" for i in range(n)]
    name = f"ranker-{seed % 97}"
    here = treated(work.assign(users, name, share), n)
    must_be_about(f"share of {n} users in the treatment of {share:g}", here, share)
    if share >= 0.05:  # of fewer than a hundred who have both, the number says little
        there = treated(work.assign(users, f"{name}-v2", 0.5), n)
        what = "share of them in the treatment of another experiment too"
        must_be_about(what, here & there, share / 2)


def must_be_about(what, seen, planned):
    """Six standard errors, and what a small share strays further above than below."""
    n = len(seen)
    slack = 6 * math.sqrt(planned * (1 - planned) / n) + 35 / 6 / n
    observe(what, float(seen.mean())).must_be_between(planned - slack, planned + slack)


@claim(
    "When the share grows, nobody who has the treatment loses it.",
    examples=5,
    shares=draw.choice([(0.05, 0.2), (0.2, 0.5), (0.01, 1.0)]),
    catches=["draws_for_each_request", "hashes_the_share"],
)
def ramps_up(work, shares):
    users = [f"user-{i}" for i in range(400)]
    few, many = (treated(work.assign(users, "ramp", share), 400) for share in shares)
    lost = observe(
        f"users who lose the treatment from {shares[0]:g} to {shares[1]:g}",
        int((few & ~many).sum()),
    )
    lost.must_equal(0)


# --- size and validity ----------------------------------------------------------------------------


@claim(
    "The size is what both error rates need, for each arm.",
    examples=15,
    rate=RATES,
    lift=draw.choice([0.02, 0.01, 0.005, -0.01]),
    errors=draw.choice([(0.05, 0.8), (0.01, 0.9)]),
    catches=["forgets_the_power", "counts_both_arms", "reads_one_side"],
)
def sizes(work, rate, lift, errors):
    alpha, power = errors
    both = NORMAL.inv_cdf(1 - alpha / 2) + NORMAL.inv_cdf(power)
    expected = (both / lift) ** 2 * (rate * (1 - rate) + (rate + lift) * (1 - rate - lift))
    usual = errors == (0.05, 0.8)
    said = {} if usual else {"alpha": alpha, "power": power}
    answer = work.users_per_arm(rate, lift, **said)
    answer.must_be_close_to(math.ceil(expected), rtol=0.03)
    answer.as_int()


@claim(
    "A split that is not as planned has a small p-value, whatever the planned share.",
    examples=15,
    n=draw.choice([1000, 400, 20000]),
    share=SHARES,
    off=draw.choice([0.0, 0.01, 0.05, -0.03]),
    catches=["expects_halves"],
)
def sees_a_mismatch(work, n, share, off):
    n_treatment = round(n * (share + off))
    z = (n_treatment - n * share) / math.sqrt(n * share * (1 - share))
    expected = 2 * (1 - NORMAL.cdf(abs(z)))
    work.mismatch_p_value(n - n_treatment, n_treatment, share).must_be_close_to(
        expected, rtol=1e-4, atol=1e-9
    )


# --- effects --------------------------------------------------------------------------------------


def interval_of(answer):
    """The three numbers of an interval."""
    return [float(each) for each in answer.as_array(shape=(3,))]


@claim(
    "The effect is treatment less control, with an interval of its own variance for each arm.",
    examples=15,
    sizes=draw.tuples(draw.integers(60, 90), draw.integers(150, 300)),
    spread=draw.choice([1.0, 5.0]),
    confidence=draw.choice([0.95, 0.99, 0.8]),
    catches=["subtracts_the_wrong_way", "pools_the_variances"],
)
def reads_a_mean(work, rng, sizes, spread, confidence):
    control = rng.normal(10, 2 * spread, sizes[0]).round(2)
    treatment = rng.normal(11, 2, sizes[1]).round(2)
    effect = treatment.mean() - control.mean()
    error = math.sqrt(control.var(ddof=1) / sizes[0] + treatment.var(ddof=1) / sizes[1])
    half = NORMAL.inv_cdf((1 + confidence) / 2) * error
    answer = work.difference(control, treatment, confidence=confidence)
    answer.must_be_close_to((effect, effect - half, effect + half), rtol=1e-6, atol=0.06 * half)
    # Of few users Student's interval is wider than the normal one, and none is narrower.
    few = control[:5], treatment[:8]
    error = math.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in few))
    _, low, high = interval_of(work.difference(*few))
    observe("width for 5 and 8 users, in standard errors", (high - low) / error).must_be_between(
        2 * 1.95, 2 * 2.8
    )
    two = control[:2], treatment[:2]
    answer = work.difference(*two)
    answer.must_be_finite()
    answer[0].must_be_close_to(float(two[1].mean() - two[0].mean()), atol=1e-6)


def visitors(rng, n, clicks):
    """Users with many views or few, who click often or seldom: (n, 2) of clicks and views."""
    views = 1 + rng.poisson(rng.gamma(0.7, 12, n))
    taste = rng.beta(2 * clicks, 2 * (1 - clicks), n)
    return np.column_stack([rng.binomial(views, taste), views]).astype(float)


@claim(
    "The ratio is all clicks over all views of an arm.",
    examples=10,
    n=draw.integers(2, 6),
    catches=["averages_the_ratios"],
)
def divides_sums(work, rng, n):
    control, treatment = visitors(rng, n, 0.3), visitors(rng, n + 1, 0.4)
    a, b = (arm[:, 0].sum() / arm[:, 1].sum() for arm in (control, treatment))
    answer = work.ratio_difference(control, treatment)
    answer.must_be_finite()
    answer[0].must_be_close_to(float(b - a), atol=1e-6)
    idle = np.vstack([control, [0.0, 0.0]])
    work.ratio_difference(idle, treatment)[0].must_be_close_to(
        float(b - a), atol=1e-6, because="A user without a view changes neither sum."
    )


def half_width(control, treatment, confidence):
    """What the delta method gives: the ratio of sums varies as the mean of its residuals."""
    variance = 0.0
    for arm in (control, treatment):
        residual = arm[:, 0] - arm[:, 0].sum() / arm[:, 1].sum() * arm[:, 1]
        variance += residual.var(ddof=1) / len(arm) / arm[:, 1].mean() ** 2
    return NORMAL.inv_cdf((1 + confidence) / 2) * math.sqrt(variance)


@claim(
    "The interval of a ratio is as wide as users vary: views of one user are no independent draws.",
    examples=1,
    catches=["takes_views_for_users"],
    may_catch=["averages_the_ratios"],
)
def measures_users(work, rng):
    for confidence in (0.95, 0.8):
        widths = []
        for _ in range(15):
            arms = visitors(rng, 300, 0.3), visitors(rng, 300, 0.4)
            _, low, high = interval_of(work.ratio_difference(*arms, confidence=confidence))
            widths.append((high - low) / 2 / half_width(*arms, confidence))
        told = f"mean width over 15 experiments beside the delta method, at {confidence:g}"
        observe(told, float(np.mean(widths))).must_be_between(0.9, 1.15)


def log(rng, n):
    """A policy that acts mostly on those who would buy anyway; acting adds 0.1."""
    keen = rng.random(n)
    probability = np.clip(0.05 + 0.9 * keen, 0.05, 0.95).round(3)
    acted = rng.random(n) < probability
    bought = rng.random(n) < 0.1 + 0.6 * keen + 0.1 * acted
    return acted, bought.astype(float), probability


@claim(
    "From a policy's log comes the effect of acting, not who was acted on.",
    examples=1,
    catches=["compares_the_chosen", "takes_weights_for_rows"],
)
def reads_a_log(work, rng):
    intervals = [interval_of(work.logged_effect(*log(rng, 1200))) for _ in range(160)]
    middle = observe(
        "mean effect over 160 logs, where acting adds 0.1",
        float(np.mean([i[0] for i in intervals])),
    )
    middle.must_be_between(0.07, 0.13)
    held = sum(low <= 0.1 <= high for _, low, high in intervals)
    observe("of 160 intervals, those that hold it", held).must_be_at_least(136)
    width = float(np.mean([high - low for _, low, high in intervals]))
    observe("mean width of the intervals", width).must_be_at_most(0.25)
    logs = [log(rng, 1200) for _ in range(4)]  # of some, since a bootstrap's ends are noisy
    wide, usual = (mean_width(work, logs, confidence) for confidence in (0.99, 0.8))
    wider = observe("width at 0.99 over width at 0.8", times_as_wide(wide, usual))
    wider.must_be_between(1.5, 2.6)
    tenfold = [(acted, 10 * outcome, probability) for acted, outcome, probability in logs]
    wider = observe(
        "width for ten times the outcomes over width",
        times_as_wide(mean_width(work, tenfold, 0.8), usual),
    )
    wider.must_be_between(5, 20)


def mean_width(work, logs, confidence):
    """How wide the intervals of some logs are."""
    found = [interval_of(work.logged_effect(*rows, confidence=confidence)) for rows in logs]
    return float(np.mean([high - low for _, low, high in found]))


def times_as_wide(one, other):
    """How many times a width another one is; 0 beside none at all."""
    return one / other if other else 0.0


@claim(
    "One user in an arm, nothing to divide by, and a log without a choice are refused.",
    catches=["trusts_its_input"],
)
def refuses(work):
    one, two = np.array([1.0]), np.array([1.0, 2.0])
    for arms in ((one, two), (two, one)):
        work.difference(*arms).must_raise(ValueError)
    seen = np.array([[1.0, 2.0], [0.0, 2.0]])
    for bad in (seen[:1], seen * [1.0, 0.0]):
        work.ratio_difference(bad, seen).must_raise(ValueError)
        work.ratio_difference(seen, bad).must_raise(ValueError)
    for q in (0.0, 1.0, 1.2):
        answer = work.logged_effect(np.array([True, False]), two, np.array([q, 0.5]))
        answer.must_raise(ValueError)
    for rate, lift in [
        (0.1, 0.0),
        (0.1, -0.2),
        (0.0, 0.1),
        (0.9, 0.2),
        (0.5, 0.5),
        (0.5, -0.5),
        (1.0, -0.5),
    ]:
        work.users_per_arm(rate, lift).must_raise(ValueError)


# --- decisions ------------------------------------------------------------------------------------

RATE, LIFT, LOOKS, FAILURES = 0.2, 0.04, 20, 0.02
PLANNED = math.ceil(
    ((1.959964 + 0.841621) / LIFT) ** 2 * (RATE * (1 - RATE) + (RATE + LIFT) * (1 - RATE - LIFT))
)


def looks(rng, lift, n):
    """Counts so far on each of 20 days of n experiments, (experiment, day, arm, count).

    On the last day both arms have enough.
    """
    daily = math.ceil(2.1 * PLANNED / LOOKS)
    treatment = rng.binomial(daily, 0.5, (n, LOOKS))
    users = np.stack([daily - treatment, treatment], axis=2)
    buyers = rng.binomial(users, [RATE, RATE + lift])
    return np.cumsum(np.stack([users, buyers, rng.binomial(users, FAILURES)], axis=3), axis=1)


def counts(day):
    """The two dicts of a day."""
    names = ("users", "buyers", "failures")
    return [dict(zip(names, arm, strict=True)) for arm in day.tolist()]


def tempting(experiments):
    """For each experiment the days on which the metric looks good: the best two, in order."""
    n, m = experiments[..., 0, 0], experiments[..., 1, 0]
    a, b = experiments[..., 0, 1], experiments[..., 1, 1]
    z = (b / m - a / n) / np.sqrt(RATE * (1 - RATE) * (1 / n + 1 / m))
    best = np.sort(np.argsort(-z, axis=1)[:, :2], axis=1)
    good = np.take_along_axis(z, best, axis=1) > 1.7
    return [days[kept] for days, kept in zip(best, good, strict=True)]


@claim(
    "Of experiments without an effect, looked at on 20 days, at most 1 in 20 is shipped.",
    examples=1,
    catches=["peeks_and_stops"],
)
def keeps_its_error_rate(work, rng):
    shipped = 0
    experiments = looks(rng, 0.0, 300)
    for days, places in zip(experiments, tempting(experiments), strict=True):
        said = [work.decide(*counts(days[place]), PLANNED).as_text() for place in places]
        shipped += next((each for each in said if each != "go on"), "") == "ship"
    share = observe("share of 300 that is shipped without an effect", shipped / 300)
    share.must_be_at_most(0.07)
    ends = looks(rng, 0.0, 40)[:, -1]
    said = [work.decide(*counts(end), PLANNED).as_text() for end in ends]
    kept = observe("of 40 without an effect, those that are kept at the end", said.count("keep"))
    kept.must_be_at_least(33)


@claim(
    "A lift as planned is shipped in four of five experiments.",
    examples=1,
    catches=["asks_too_much"],
)
def finds_the_lift(work, rng, sizes):
    ends = looks(rng, LIFT, sizes["with_lift"])[:, -1]
    said = [work.decide(*counts(end), PLANNED).as_text() for end in ends]
    told = f"share of {len(said)} that is shipped, with the lift that was planned for"
    observe(told, said.count("ship") / len(said)).must_be_at_least(0.6)


@claim(
    "Until each arm has its planned users and no guard speaks, it goes on.",
    examples=10,
    part=draw.choice([0.2, 0.5, 0.9]),
    catches=["peeks_and_stops", "adds_up_the_arms"],
)
def waits(work, part):
    users = int(PLANNED * part)
    control = {"users": users, "buyers": int(users * 0.2), "failures": int(users * 0.02)}
    for here in (
        control,
        {**control, "buyers": int(users * 0.2) + int(2.2 * math.sqrt(users * 0.32))},
    ):
        work.decide(control, here, PLANNED).must_equal("go on")
    # Enough users in one arm are not enough in the other.
    few = {"users": PLANNED - 1, "buyers": int(PLANNED * 0.2), "failures": 0}
    many = {"users": PLANNED + 60, "buyers": int(PLANNED * 0.2), "failures": 0}
    work.decide(few, many, PLANNED).must_equal("go on")
    work.decide(many, few, PLANNED).must_equal("go on")


@claim(
    "A split that cannot be chance makes every other number invalid.",
    examples=10,
    users=draw.choice([PLANNED, 600, 6000]),
    catches=["ignores_the_split"],
)
def refuses_a_mismatch(work, users):
    off = math.ceil(5 * math.sqrt(2 * users))
    control = {"users": users, "buyers": users // 5, "failures": users // 50}
    treatment = {"users": users + off, "buyers": users // 3, "failures": users // 5}
    work.decide(control, treatment, PLANNED).must_equal("invalid")
    work.decide(treatment, control, PLANNED).must_equal("invalid")


@claim(
    "More failures than chance allows roll the treatment back, early and however well it sells.",
    examples=10,
    users=draw.choice([PLANNED, 500, 1500]),
    catches=["reads_no_guard", "reads_the_guard_last", "rolls_back_on_good_news"],
)
def rolls_back(work, users):
    control = {"users": users, "buyers": users // 5, "failures": users // 50}
    treatment = {"users": users, "buyers": users // 3, "failures": users // 50}
    pooled = 1 / 50
    worse = math.ceil(5 * math.sqrt(2 * pooled * users)) + 3
    sick = {**treatment, "failures": users // 50 + worse}
    work.decide(control, sick, PLANNED).must_equal("roll back")
    ill_before = {**control, "failures": sick["failures"]}
    work.decide(ill_before, treatment, PLANNED).must_equal("ship" if users >= PLANNED else "go on")


@claim(
    "Each level of the rule is the one that was written down, to either side.",
    catches=["ships_at_one_side", "ships_what_differs", "guards_at_five_percent"],
)
def keeps_its_levels(work):
    control = {"users": 4000, "buyers": 800, "failures": 80}
    for change, says in [
        ({"buyers": 865}, "keep"),  # z = 1.79
        ({"buyers": 878}, "ship"),  # z = 2.14
        ({"buyers": 700}, "keep"),
        ({"failures": 115}, "keep"),  # one-sided p = 0.006
        ({"failures": 122}, "keep"),  # 0.0014
        ({"failures": 126}, "roll back"),  # 0.0006
        ({"failures": 132}, "roll back"),  # 0.0002
        ({"users": 4260, "buyers": 852, "failures": 85}, "keep"),  # split: p = 0.004
        ({"users": 4260, "buyers": 892, "failures": 85}, "keep"),  # 92 more, but z = 1.06
        ({"users": 4290, "buyers": 858, "failures": 86}, "keep"),  # 0.0014
        ({"users": 4305, "buyers": 861, "failures": 86}, "invalid"),  # 0.0008
        ({"users": 4330, "buyers": 866, "failures": 87}, "invalid"),  # 0.0003
    ]:
        work.decide(control, {**control, **change}, 4000).must_equal(says)
