"""Derivatives on paper and in code, each held against a derivative that was not derived."""

import math

import numpy as np

from gradus.check import Answer, claim, draw, observe, put

FORM = "derivations.toml"
PARTS = ("partials", "chain", "logistic", "softmax", "own")


def spread(rng, *names, n=6):
    """A few points away from 0, positive and negative, by name."""
    sign = rng.choice([-1.0, 1.0], size=(len(names), n))
    return dict(zip(names, np.round(sign * rng.uniform(0.3, 1.3, (len(names), n)), 2).tolist()))


def written(folder, part, key):
    """The learner's formula as text."""
    answers = folder.toml(FORM)[part]
    if isinstance(answers, Answer):
        answers.as_mapping(key)
    return answers[key].as_text()


def compare(folder, reader, where, of, by, points, shorts=None):
    """Hold the learner's formula against SymPy's derivative of `of` by `by` at the points."""
    part, key = where
    text, shorts = written(folder, part, key), shorts or {}
    label = f"{key} in part {PARTS.index(part) + 1}"
    read = reader.values(text, shorts, points).as_mapping()
    names = ", ".join([*points, *shorts])
    observe(label, text).must_satisfy(
        f"be a formula in {names}", lambda _: not read["trouble"], because=read["trouble"]
    )
    true = reader.derivative(of, by, shorts, points).as_list()
    for place, (got, expected) in enumerate(zip(read["values"], true, strict=True)):
        at = ", ".join(f"{name} = {column[place]:g}" for name, column in points.items())
        observe(f"{key} = {text}  at {at}", got).must_be_close_to(expected, rtol=1e-6, atol=1e-8)


def chain_shorts(case):
    """What u and v stand for, in terms of x."""
    return {"u": case["u"], "v": case["middle"]}


def logistic_loss(case):
    """The loss of one sample in w, b, x, y."""
    p = f"sigmoid({case['k']}*w*x + b)"
    return f"-(y*log({p}) + (1 - y)*log(1 - {p})) + {case['penalty']}*w**2", {"p": p}


def softmax_shorts(case):
    """What p1, p2 and p3 stand for."""
    powers = [f"exp({case['s']}*z{i})" for i in (1, 2, 3)]
    return {f"p{i}": f"{powers[i - 1]}/({' + '.join(powers)})" for i in (1, 2, 3)}


@claim(
    "Your partial derivatives are those of f.",
    examples=1,
    catches=["dropped_inner_derivative", "partial_of_both_names"],
)
def derives_partials(folder, reader, case, rng):
    points = spread(rng, "x", "y")
    compare(folder, reader, ("partials", "df_dx"), case["f"], "x", points)
    compare(folder, reader, ("partials", "df_dy"), case["f"], "y", points)


@claim("Each link of the chain is right.", examples=1, catches=["dropped_link"])
def derives_each_link(folder, reader, case, rng):
    compare(folder, reader, ("chain", "du_dx"), case["u"], "x", spread(rng, "x"))
    compare(folder, reader, ("chain", "dv_du"), case["middle"], "u", spread(rng, "u"))
    compare(folder, reader, ("chain", "dg_dv"), case["outer"], "v", spread(rng, "v"))


@claim(
    "The whole chain is the product of its links, each taken where it belongs.",
    examples=1,
    catches=["dropped_inner_derivative", "links_taken_at_x", "dropped_link"],
)
def derives_the_chain(folder, reader, case, rng):
    points = {"x": [each / 2 for each in spread(rng, "x")["x"]]}
    compare(folder, reader, ("chain", "dg_dx"), case["outer"], "x", points, chain_shorts(case))


@claim(
    "Your gradient of the logistic loss is right, penalty included.",
    examples=1,
    catches=["dropped_inner_derivative", "residual_turned_round"],
)
def derives_the_logistic_loss(folder, reader, case, rng):
    points = spread(rng, "w", "b", "x") | {"y": [0.0, 1.0, 0.0, 1.0, 1.0, 0.0]}
    loss, shorts = logistic_loss(case)
    compare(folder, reader, ("logistic", "dL_dw"), loss, "w", points, shorts)
    compare(folder, reader, ("logistic", "dL_db"), loss, "b", points, shorts)


@claim(
    "Raising one score lowers the other probabilities: your softmax derivatives say so.",
    examples=1,
    catches=["softmax_jacobian_diagonal_only"],
)
def derives_softmax(folder, reader, case, rng):
    points = spread(rng, "z1", "z2", "z3")
    for score in ("z1", "z2"):
        compare(
            folder, reader, ("softmax", f"dp1_d{score}"), "p1", score, points, softmax_shorts(case)
        )


@claim(
    "Your gradient of the softmax loss is right for the true class and for the others.",
    examples=1,
    catches=["softmax_jacobian_diagonal_only"],
)
def derives_the_softmax_loss(folder, reader, case, rng):
    points = spread(rng, "z1", "z2", "z3")
    for score in ("z1", "z2", "z3"):
        loss, shorts = f"-log(p{case['target']})", softmax_shorts(case)
        compare(folder, reader, ("softmax", f"dL_d{score}"), loss, score, points, shorts)


@claim("The derivative of your own rho is right.", examples=1, catches=["own_rho_off_by_the_sign"])
def derives_rho(folder, reader, case, rng):
    compare(folder, reader, ("own", "drho_dr"), case["rho"], "r", spread(rng, "r"))


@draw.composite
def landscapes(pick):
    """A smooth function with a known gradient, and a point: x, slopes, phases, coupling, height."""
    shape = pick(draw.choice([(1,), (3,), (2, 2), (2, 1, 2)]))
    x, slope, phase = (
        pick(draw.arrays(shape=shape, between=b)) for b in ((-2, 2), (1, 2), (-3, 3))
    )
    return x, slope, phase, pick(draw.floats(1.0, 2.0)), pick(draw.choice([0.0, 900.0]))


def waves(slope, phase, coupling, height):
    """f(x) = height + sum sin(slope x + phase) + coupling/2 (sum x)^2, and its gradient.

    The third is a list of the shapes other than the point's that f was called with.
    """
    other = []

    def f(x):
        x = np.asarray(x)
        if x.shape != np.shape(slope):  # no number is right for a point of another shape
            other.append(x.shape)
            return math.nan
        return (height + np.sin(slope * x + phase).sum() + coupling / 2 * x.sum() ** 2).item()

    def gradient(x):
        return slope * np.cos(slope * x + phase) + coupling * np.sum(x)

    return f, gradient, other


LANDSCAPES = landscapes().edges(
    (np.array([[1.0, 2.0]]), np.array([[1.0, 2.0]]), np.array([[0.5, 0.0]]), 1.0, 900.0),
    # The gradient is 0 and the third derivative 9.9: h = 0.001 is too large.
    (np.array([1.0]), np.array([2.15]), np.array([-2.15]), -2.15, 0.0),
    # The second derivative is 200, and x is near 0: no one-sided step, none by the size of x.
    (np.array([1e-4, -1e-4]), np.array([1.0, 1.0]), np.array([0.5, 0.0]), 200.0, 900.0),
)


@claim(
    "Central differences come within a millionth of the true gradient, also where f is large.",
    landscape=LANDSCAPES,
    catches=[
        "forward_difference",
        "forward_difference_too_small_h",
        "forgets_to_step_back",
    ],
)
def differences_are_accurate(folder, landscape):
    x, *numbers = landscape
    f, gradient, other = waves(*numbers)
    gradients = folder.module("gradients")
    kept = put(gradients, x)
    answer = gradients.numerical_gradient(f, kept)
    answer.must_be_a("array")  # f has been called now
    because = f"f was called with shape {other[0]} and returned NaN." if other else ""
    answer.must_be_close_to(gradient(x), rtol=1e-6, atol=1e-6, because=because)
    kept.now().must_equal(x, because="That is the caller's x: not even its last digit may change.")


@claim(
    "A point of whole numbers is no different, and the caller's x is left as it was.",
    x=draw.arrays(dims=1, sides=(1, 4), between=(-2, 2), dtype=int),
    examples=10,
    catches=["steps_on_whole_numbers"],
)
def differences_at_whole_numbers(folder, x):
    f, gradient, _ = waves(np.full(x.shape, 1.5), np.zeros(x.shape), 1.0, 0.0)
    gradients = folder.module("gradients")
    kept = put(gradients, x)
    gradients.numerical_gradient(f, kept).must_be_close_to(gradient(x), rtol=1e-6, atol=1e-6)
    kept.now().must_equal(x)


@claim(
    "A transposed point is no different.",
    x=draw.arrays(shape=(2, 3), between=(-2, 2)),
    examples=2,
    catches=["steps_in_a_copy"],
)
def differences_at_a_transposed_point(folder, x):
    f, gradient, _ = waves(np.full(x.shape, 1.5), np.zeros(x.shape), 1.0, 0.0)
    gradients = folder.module("gradients")
    kept = put(gradients, x.T)
    answer = gradients.numerical_gradient(f, kept.T)
    answer.must_be_close_to(gradient(x), rtol=1e-6, atol=1e-6)
    kept.now().must_equal(x.T)


@draw.composite
def binary_samples(pick):
    """Weights (d,), samples (n, d) and labels (n,) of 0 and 1."""
    n, d = pick(draw.integers(1, 4)), pick(draw.integers(1, 3))
    y = pick(draw.arrays(shape=(n,), between=(0, 1), dtype=int))
    between = (-2.0, 2.0)
    return pick(draw.arrays(shape=(d,), between=between)), pick(draw.arrays(shape=(n, d))), y


@draw.composite
def class_samples(pick):
    """Weights (d, k), samples (n, d) and classes (n,) from 0 to k - 1."""
    n, d, k = pick(draw.integers(1, 4)), pick(draw.integers(1, 3)), pick(draw.integers(2, 4))
    y = pick(draw.arrays(shape=(n,), between=(0, k - 1), dtype=int))
    weights = pick(draw.arrays(shape=(d, k), between=(-2.0, 2.0)))
    return weights, pick(draw.arrays(shape=(n, d), between=(-3.0, 3.0))), y


@draw.composite
def number_samples(pick):
    """Weights (d,), samples (n, d) and targets (n,) that are numbers."""
    n, d = pick(draw.integers(1, 4)), pick(draw.integers(1, 3))
    shapes = ((d,), (n, d), (n,))
    return tuple(pick(draw.arrays(shape=shape, between=(-1.0, 1.0))) for shape in shapes)


# Scores of 50 and -50, both on the wrong side of their label.
FAR_SCORES = (np.array([5.0]), np.array([[10.0], [-10.0]]), np.array([0, 1]))
ONE_SAMPLE = (np.array([[0.0, 0.0]]), np.array([[1.0]]), np.array([0]))
FAR_CLASSES = (np.array([[25.0, 0.0, -25.0]]), np.array([[2.0], [-1.0]]), np.array([2, 0]))
TWO_SAMPLES = (np.array([1.0, -1.0]), np.array([[1.0, 2.0], [0.0, 1.0]]))


def slopes(loss, at, h=1e-5):
    """Central differences of a loss in one array: our own, and the oracle of all code below."""
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[place] = h
        found[place] = (loss(at + step) - loss(at - step)) / (2 * h)
    return found


def mean_logistic(x, y):
    """The mean of log(1 + e^s) - y s over the samples, s = x w, as a function of w."""
    return lambda w: np.mean(np.logaddexp(0.0, x @ w) - y * (x @ w))


def mean_cross_entropy(x, y):
    """The mean of -log softmax(x W)[y] over the samples, as a function of W."""

    def loss(weights):
        scores = x @ weights
        peak = scores.max(axis=1)
        total = peak + np.log(np.exp(scores - peak[:, None]).sum(axis=1))
        return np.mean(total - scores[np.arange(len(y)), y])

    return loss


RHOS = {
    "log(cosh(r))": lambda r: np.log(np.cosh(r)),
    "sqrt(1 + r**2)": lambda r: np.sqrt(1 + r**2),
    "log(1 + exp(r))": lambda r: np.logaddexp(0.0, r),
    "r**2/(1 + r**2)": lambda r: r**2 / (1 + r**2),
}


@claim(
    "Your logistic gradient passes central differences at random points.",
    sample=binary_samples().edges((*TWO_SAMPLES, np.array([1, 0])), FAR_SCORES),
    catches=["missing_sum_over_samples", "transpose_mix_up"],
)
def codes_the_logistic_gradient(folder, sample):
    w, x, y = sample
    answer = folder.module("gradients").logistic_gradient(w, x, y)
    answer.must_be_close_to(slopes(mean_logistic(x, y), w), rtol=1e-5, atol=1e-7)
    answer.must_not_change_its_arguments()


@claim(
    "Your softmax gradient passes central differences at random points.",
    sample=class_samples().edges(ONE_SAMPLE, FAR_CLASSES),
    catches=["diagonal_only_in_code", "changes_the_probabilities_for_all"],
)
def codes_the_softmax_gradient(folder, sample):
    weights, x, y = sample
    answer = folder.module("gradients").softmax_gradient(weights, x, y)
    answer.must_be_close_to(slopes(mean_cross_entropy(x, y), weights), rtol=1e-5, atol=1e-7)
    answer.must_not_change_its_arguments()


@claim(
    "The gradient of your own loss passes central differences at random points.",
    sample=number_samples(),
    catches=["own_inner_derivative_dropped"],
)
def codes_the_own_gradient(folder, case, sample):
    w, x, y = sample

    def loss(at):
        return np.mean(RHOS[case["rho"]](case["a"] * (x @ at) - y))

    answer = folder.module("gradients").own_gradient(w, x, y)
    answer.must_be_close_to(slopes(loss, w), rtol=1e-5, atol=1e-7)
    answer.must_not_change_its_arguments()
