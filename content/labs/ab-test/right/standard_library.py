"""Nothing but the standard library: blake2, NormalDist, and the log weighted by shares."""

import math
from hashlib import blake2b
from statistics import NormalDist, fmean, variance

BUCKETS = 1_000_000


def assign(users, experiment, share):
    """Buckets, salted by the experiment; the first `share` of them are the treatment."""
    salt = experiment.encode()
    arms = []
    for user in users:
        digest = blake2b(str(user).encode(), key=salt[:64], digest_size=8).hexdigest()
        arms.append("treatment" if int(digest, 16) % BUCKETS < share * BUCKETS else "control")
    return arms


def users_per_arm(rate, lift, alpha=0.05, power=0.8):
    """The textbook form with the pooled variance under no effect."""
    p, q = rate, rate + lift
    if not (0 < p < 1 and 0 < q < 1) or p == q:
        raise ValueError("two different rates between 0 and 1 are needed")
    middle = (p + q) / 2
    a = NormalDist().inv_cdf(1 - alpha / 2) * math.sqrt(2 * middle * (1 - middle))
    b = NormalDist().inv_cdf(power) * math.sqrt(p * (1 - p) + q * (1 - q))
    return math.ceil(((a + b) / (q - p)) ** 2)


def mismatch_p_value(n_control, n_treatment, share):
    """A z-test: its square is the chi-square."""
    n = n_control + n_treatment
    z = (n_treatment - n * share) / math.sqrt(n * share * (1 - share))
    return math.erfc(abs(z) / math.sqrt(2))


def spread(effect, error, confidence):
    """Three numbers around an effect."""
    width = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    return [effect, effect - width, effect + width]


def difference(control, treatment, confidence=0.95):
    """Means and variances, arm by arm; statistics raises for a single user."""
    control, treatment = list(map(float, control)), list(map(float, treatment))
    error = math.sqrt(
        variance(control) / len(control) + variance(treatment) / len(treatment)
    )
    return spread(fmean(treatment) - fmean(control), error, confidence)


def ratio_difference(control, treatment, confidence=0.95):
    """The jackknife: leave each user out once."""
    ratios, total = [], 0.0
    for arm in (control, treatment):
        rows = [(float(a), float(b)) for a, b in arm]
        n, above, below = len(rows), sum(a for a, _ in rows), sum(b for _, b in rows)
        if n < 2 or below == 0:
            raise ValueError("two users and a view are needed")
        ratios.append(above / below)
        left = [(above - a) / (below - b) if below != b else above / below for a, b in rows]
        middle = fmean(left)
        total += (n - 1) / n * sum((each - middle) ** 2 for each in left)
    return spread(ratios[1] - ratios[0], math.sqrt(total), confidence)


def logged_effect(treated, outcome, probability, confidence=0.95):
    """Self-normalised weights: two weighted means and the variance of their residuals."""
    rows = [(bool(t), float(y), float(p)) for t, y, p in zip(treated, outcome, probability)]
    if any(not 0 < p < 1 for _, _, p in rows):
        raise ValueError("every probability has to lie between 0 and 1")
    weights = {True: [], False: []}
    for t, y, p in rows:
        weights[t].append((1 / p if t else 1 / (1 - p), y))
    means, error = {}, 0.0
    for t, pairs in weights.items():
        total = sum(w for w, _ in pairs)
        means[t] = sum(w * y for w, y in pairs) / total
        error += sum((w * (y - means[t])) ** 2 for w, y in pairs) / total**2
    return spread(means[True] - means[False], math.sqrt(error), confidence)


def decide(control, treatment, planned):
    """Split, guard, size, metric: in that order."""
    if mismatch_p_value(control["users"], treatment["users"], 0.5) < 0.001:
        return "invalid"

    def shift(name):
        (a, n), (b, m) = ((arm[name], arm["users"]) for arm in (control, treatment))
        p, q = a / n, b / m
        error = math.sqrt(p * (1 - p) / n + q * (1 - q) / m)
        return (q - p) / error if error > 0 else 0.0

    if shift("failures") > NormalDist().inv_cdf(0.999):
        return "roll back"
    if control["users"] < planned or treatment["users"] < planned:
        return "go on"
    return "ship" if shift("buyers") > 1.959964 else "keep"
