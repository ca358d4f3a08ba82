"""A network in NumPy: each part against its definition, each gradient against differences."""

from itertools import pairwise

import numpy as np

from gradus.check import claim, diagnostic, draw, observe, put

BAR = 0.9
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])
CURVES = {
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": lambda z: np.exp(-np.logaddexp(0.0, -z)),
    "tanh": lambda z: np.exp(z - np.logaddexp(z, -z)) - np.exp(-z - np.logaddexp(z, -z)),
}
NAMES = draw.choice(list(CURVES))


# ── oracles ──


def rule(x, y, epochs):
    """The perceptron rule, row after row, from zero."""
    w = np.zeros(x.shape[1] + 1)
    for _ in range(epochs):
        for row, label in zip(np.c_[x, np.ones(len(x))], y):
            w = w + (label - float(w @ row > 0)) * row
    return w[:-1], w[-1]


def slopes(function, at, h=1e-6):
    """Central differences of a function of one array."""
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[place] = h
        found[place] = (function(at + step) - function(at - step)) / (2 * h)
    return found


def mean_cross_entropy(logits, y):
    """The mean of log sum e^z - z[y], safe for any size."""
    peak = logits.max(axis=1, keepdims=True)
    total = peak[:, 0] + np.log(np.exp(logits - peak).sum(axis=1))
    return np.mean(total - logits[np.arange(len(y)), y])


def layers_of(parameters, x):
    """What stands before each relu, and the logits last."""
    before = []
    for w, b in parameters:
        before.append(x @ w + b)
        x = np.maximum(before[-1], 0.0)
    return before


def network(rng, depth=3):
    """Parameters, rows and classes of a small network none of whose relus stands at its kink."""
    while True:
        sizes = [int(each) for each in rng.integers(2, 4, depth + 1)]
        parameters = [
            (rng.normal(0, 1, shape), rng.normal(0, 1, shape[1])) for shape in pairwise(sizes)
        ]
        n = int(rng.integers(2, 4))
        x, y = rng.normal(0, 1, (n, sizes[0])), rng.integers(0, sizes[-1], n)
        if min(np.abs(each).min() for each in layers_of(parameters, x)) > 1e-3:
            return parameters, x, y


def true_gradients(parameters, x, y):
    """Central differences in every weight and bias of the network."""

    def loss_with(layer, which, value):
        changed = [list(pair) for pair in parameters]
        changed[layer][which] = value
        return mean_cross_entropy(layers_of(changed, x)[-1], y)

    return [
        tuple(
            slopes(lambda value, at=(layer, which): loss_with(*at, value), pair[which])
            for which in (0, 1)
        )
        for layer, pair in enumerate(parameters)
    ]


def spiral(rng, n_rows, n_classes):
    """Points (n, 2) on arms that wind around each other, and the number of the arm."""
    y = rng.integers(0, n_classes, n_rows)
    radius = rng.uniform(0.15, 1.0, n_rows)
    angle = 2 * np.pi * y / n_classes + 4.5 * radius + rng.normal(0, 0.12, n_rows)
    return 2 * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


def pairs_that_fit(value, n_in, n_out):
    """Whether a value is a list of (weights, bias) pairs from n_in features to n_out logits."""
    for pair in value:
        weights, bias = map(np.asarray, pair)
        if not {weights.dtype.kind, bias.dtype.kind} <= set("iuf"):
            return False
        if weights.ndim != 2 or weights.shape[0] != n_in or bias.shape != (weights.shape[1],):
            return False
        n_in = weights.shape[1]
    return n_in == n_out


def says(answer):
    """A test for True or False, be it Python's or NumPy's, and for no number."""
    return lambda value: isinstance(value, bool | np.bool_) and bool(value) is answer


# ── the perceptron ──


@claim("You know what one line can separate.", catches=["believes_in_xor"])
def knows_what_a_line_can_do(work):
    known = {"and": True, "or": True, "xor": False, "disc_in_a_ring": False}
    for name, separable in known.items():
        work.separable_by_a_line[name].must_satisfy(
            "say whether a line can have all rows of one class on one side",
            says(separable),
        )
    work.xor_rows_right_at_best.must_satisfy(
        "say how many of XOR's four rows a line can get right", lambda value: value == 3
    )


@claim(
    "The perceptron follows its rule and finds a line where there is one.",
    catches=["perceptron_without_bias", "updates_where_it_is_right", "updates_after_the_pass"],
    examples=10,
)
def separates_what_can_be_separated(work, rng):
    n_features = int(rng.integers(2, 5))
    w, b = rng.normal(0, 1, n_features), float(rng.choice([-1.5, 1.5]))
    x = rng.uniform(-2, 2, (40, n_features))
    x = x[np.abs(x @ w + b) > 0.4]
    y = (x @ w + b > 0).astype(int)
    if len(set(y.tolist())) < 2:
        return
    weights, bias = rule(x, y, 2)
    two_passes = work.perceptron(x, y, 2)
    two_passes[0].must_be_close_to(weights)
    two_passes[1].must_be_close_to(bias)
    two_passes.must_not_change_its_arguments()
    answer = work.perceptron(x, y, 1000)
    found, bias = answer[0].as_array(shape=(n_features,)), answer[1].as_number()
    right = observe("rows on the right side of the line", int(np.sum((x @ found + bias > 0) == y)))
    right.must_equal(len(y))


@claim(
    "On XOR it goes round in circles, pass by pass as the rule says, and never has all rows right.",
    epochs=draw.integers(1, 9),
    examples=9,
    catches=["updates_where_it_is_right", "updates_after_the_pass", "perceptron_without_bias"],
)
def fails_on_xor_as_predicted(work, epochs):
    w, b = rule(CORNERS, XOR, epochs)
    answer = work.perceptron(CORNERS, XOR, epochs)
    answer[0].must_be_close_to(w, atol=1e-9)
    answer[1].must_be_close_to(b, atol=1e-9)
    found = np.asarray(answer[0].as_array(shape=(2,)))
    right = int(np.sum((CORNERS @ found + answer[1].as_number() > 0) == XOR))
    observe("rows of XOR that are right", right).must_be_at_most(3)


# ── activations ──


@claim(
    "Activations have the values of their definitions and the slopes of their curves.",
    name=NAMES,
    z=draw.arrays(dims=(1, 3), sides=(1, 4), between=(-4.0, 4.0)),
    catches=["slope_at_the_output", "cuts_in_place"],
)
def has_the_right_curves(work, name, z):
    z = np.where(np.abs(z) < 1e-3, 0.5, z)
    answer = work.activation(name, z)
    answer.must_be_close_to(CURVES[name](z), rtol=1e-6, atol=1e-9).must_not_change_its_arguments()
    step = 1e-5
    expected = (CURVES[name](z + step) - CURVES[name](z - step)) / (2 * step)
    answer = work.slope(name, z)
    answer.must_be_close_to(expected, rtol=1e-5, atol=1e-7).must_not_change_its_arguments()


@claim(
    "Far out the curves stay finite, relu has slope 0 at 0, and other names are refused.",
    catches=["slope_of_one_at_zero", "slope_at_the_output"],
)
def behaves_at_the_ends(work):
    far = np.array([-1000.0, 0.0, 1000.0])
    for name, ends, steep in (
        ("relu", [0.0, 0.0, 1000.0], [0.0, 0.0, 1.0]),
        ("sigmoid", [0.0, 0.5, 1.0], [0.0, 0.25, 0.0]),
        ("tanh", [-1.0, 0.0, 1.0], [0.0, 1.0, 0.0]),
    ):
        # 1e-8: who cuts z at -20 before the power is as right as floats need
        work.activation(name, far).must_be_close_to(ends, atol=1e-8)
        work.slope(name, far).must_be_close_to(steep, atol=1e-8)
    work.activation("step", far).must_raise(ValueError)
    work.slope("step", far).must_raise(ValueError)


BARELY = np.array([[6.5, 9.0], [20.0, 20.0], [-20.0, -9.0], [20.0, 9.0]])
AT_THE_EDGE = {
    "relu": (np.array([[1e-4, 0.0], [-1.0, -2.0]]), [False, True]),
    "sigmoid": (BARELY, [False, True]),
    "tanh": (np.array([[4.0, 4.4], [-20.0, -4.4]]), [False, True]),
}


@claim(
    "A unit is idle when no row of the batch moves it: dead for relu, saturated for the others.",
    name=NAMES,
    z=draw.arrays(dims=2, sides=(1, 4), between=(-1.0, 1.0)),
    catches=["idle_on_one_row", "averages_the_slopes"],
    may_catch=["slope_at_the_output"],
)
def finds_idle_units(work, name, z):
    z = np.where(np.abs(z) < 0.01, 0.5, z)
    z[:, 0] = -np.abs(z[:, 0]) - (0.0 if name == "relu" else 20.0)
    z[0, -1] = 0.5
    idle = np.zeros(z.shape[1], dtype=bool)
    for unit in range(z.shape[1]):
        moved = z[:, unit] > 0 if name == "relu" else np.abs(z[:, unit]) < 5
        idle[unit] = not moved.any()
    work.idle_units(name, z).must_equal(idle).must_not_change_its_arguments()
    edge, expected = AT_THE_EDGE[name]
    work.idle_units(name, edge).must_equal(expected)


# ── losses ──


@claim(
    "Softmax and the three losses agree with their definitions, their gradients with differences.",
    examples=15,
    catches=["hinge_pulls_at_every_row", "batch_mean_forgotten"],
)
def knows_the_losses(work, rng):
    n, k = int(rng.integers(1, 5)), int(rng.integers(2, 5))
    logits, y = rng.normal(0, 2, (n, k)), rng.integers(0, k, n)
    powers = np.exp(logits)
    answer = work.softmax(logits)
    answer.must_be_close_to(powers / powers.sum(axis=1, keepdims=True))
    answer.must_not_change_its_arguments()
    targets, scores = rng.normal(0, 1, (n, k)), rng.normal(0, 2, n)
    sides = rng.choice([-1, 1], n)
    scores = np.where(np.abs(1 - sides * scores) < 0.01, 3.0, scores)
    for name, at, other, definition in (
        ("cross_entropy", logits, y, mean_cross_entropy),
        ("mse", logits, targets, lambda a, b: np.mean((a - b) ** 2)),
        ("hinge", scores, sides, lambda s, side: np.mean(np.maximum(0.0, 1 - side * s))),
    ):
        answer = getattr(work, name)(at, other)
        answer[0].must_be_close_to(definition(at, other), rtol=1e-6)
        expected = slopes(lambda value, f=definition, o=other: f(value, o), at)
        answer[1].must_be_close_to(expected, rtol=1e-4, atol=1e-7)
        answer.must_not_change_its_arguments()
    at_the_margin = work.hinge(np.array([1.0, -1.0, 0.0]), np.array([1, -1, 1]))
    at_the_margin[1].must_be_close_to([0.0, 0.0, -1 / 3])


@claim(
    "Huge logits give neither NaN nor infinity.",
    catches=["softmax_overflow", "batch_mean_forgotten"],
)
def survives_huge_logits(work):
    logits = np.array([[1000.0, 0.0, -1000.0], [-5000.0, -5000.0, -5001.0], [0.0, 900.0, 900.0]])
    y = np.array([1, 2, 0])
    third = 1 / (2 + np.exp(-1.0))
    expected = [[1, 0, 0], [third, third, third * np.exp(-1.0)], [0, 0.5, 0.5]]
    work.softmax(logits).must_be_close_to(expected, atol=1e-9)
    answer = work.cross_entropy(logits, y)
    answer[0].must_be_close_to(mean_cross_entropy(logits, y), rtol=1e-9)
    answer[1].must_be_close_to((np.array(expected) - np.eye(3)[y]) / 3, atol=1e-9)


@claim("You match the loss to the output layer.", catches=["cross_entropy_for_everything"])
def matches_loss_and_output(work):
    fitting = {
        "one_of_ten_digits": "cross_entropy",
        "price_of_a_house": "mse",
        "margin_between_two_sides": "hinge",
    }
    for job, loss in fitting.items():
        work.loss_for[job].must_satisfy(
            "be the loss that fits this output", lambda value, loss=loss: value == loss
        )


# ── the network ──


@claim(
    "You predict the shape of the batch after every layer.",
    widths=draw.lists(draw.integers(1, 9), size=(2, 5)),
    n=draw.integers(1, 9),
    catches=["features_first"],
)
def predicts_shapes(work, widths, n):
    expected = [(n, size) for size in widths[1:]]
    work.shapes(widths, n).must_equal(expected)


@claim(
    "First weights are random with spread sqrt(2 / in), first biases are 0, a seed repeats them.",
    examples=1,
    catches=[
        "zero_init_symmetry",
        "unseeded",
        "uniform_first_weights",
        "same_numbers_in_every_layer",
    ],
)
def starts_unsymmetrical(work):
    answer = work.initial_parameters([200, 100, 50], 0)
    answer.must_satisfy(
        "be pairs of weights (200, 100), (100, 50) and biases (100,), (50,)",
        lambda value: pairs_that_fit(value, 200, 50) and np.shape(value[0][0]) == (200, 100),
    )
    for layer, n_in in ((0, 200), (1, 100)):
        spread = float(answer[layer][0].as_array().std())
        label = f"spread of the weights of layer {layer}, divided by sqrt(2 / in)"
        observe(label, spread / np.sqrt(2 / n_in)).must_be_between(0.9, 1.1)
        inner = float(np.mean(np.abs(answer[layer][0].as_array()) < np.sqrt(2 / n_in)))
        label = f"share of the weights of layer {layer} within one spread of 0"
        observe(label, inner).must_be_between(0.64, 0.73, because="For a normal it is 0.68.")
        middle = float(answer[layer][0].as_array().mean())
        observe(f"mean of the weights of layer {layer}", middle).must_be_between(-0.02, 0.02)
        answer[layer][1].must_be_close_to(np.zeros(100 if layer == 0 else 50))
    first, second = (answer[layer][0].as_array().ravel() for layer in (0, 1))
    together = float(np.corrcoef(first[:5000], second)[0, 1])
    label = "correlation of the first numbers of both layers"
    observe(label, together).must_be_between(-0.1, 0.1, because="Each layer gets its own numbers.")
    again = work.initial_parameters([200, 100, 50], 0)
    again[0][0].must_be_close_to(answer[0][0])
    work.initial_parameters([200, 100, 50], 4)[0][0].must_differ_from(answer[0][0])


@claim(
    "The forward pass puts a relu between the layers and none after the last.",
    examples=10,
    catches=["relu_on_the_logits"],
)
def passes_forward(work, rng):
    parameters, x, y = network(rng, depth=int(rng.integers(1, 4)))
    logits = layers_of(parameters, x)[-1]
    answer = work.forward(parameters, x)
    answer.must_be_close_to(logits, rtol=1e-6, atol=1e-9).must_not_change_its_arguments()
    answer = work.gradients(parameters, x, y)
    answer[0].must_be_close_to(mean_cross_entropy(logits, y), rtol=1e-6, atol=1e-9)
    answer.must_not_change_its_arguments()


@claim(
    "The last layer's weights get the gradient that differences find.",
    examples=6,
    catches=["batch_mean_forgotten", "network_gradient_without_mean"],
    may_catch=["relu_on_the_logits"],
)
def goes_back_to_the_last_layer(work, rng):
    parameters, x, y = network(rng)
    found = work.gradients(parameters, x, y)[1]
    expected = true_gradients(parameters, x, y)
    found[2][0].must_be_close_to(expected[2][0], rtol=1e-4, atol=1e-6)


@claim(
    "The weights of the hidden layers get the gradient that differences find.",
    examples=6,
    catches=[
        "batch_mean_forgotten",
        "network_gradient_without_mean",
        "relu_grad_at_input_of_next",
        "forgets_the_relu",
    ],
    may_catch=["relu_on_the_logits"],
)
def goes_back_to_hidden_layers(work, rng):
    parameters, x, y = network(rng)
    found = work.gradients(parameters, x, y)[1]
    expected = true_gradients(parameters, x, y)
    for layer in (1, 0):
        found[layer][0].must_be_close_to(expected[layer][0], rtol=1e-4, atol=1e-6)


@claim(
    "Every bias gets the gradient that differences find.",
    depth=draw.choice([2, 3, 4]).edges(4, 2),
    examples=5,
    catches=[
        "batch_mean_forgotten",
        "network_gradient_without_mean",
        "bias_grad_not_summed",
        "relu_grad_at_input_of_next",
        "forgets_the_relu",
    ],
    may_catch=["relu_on_the_logits"],
)
def goes_back_to_the_biases(work, rng, depth):
    parameters, x, y = network(rng, depth)
    found = work.gradients(parameters, x, y)[1]
    expected = true_gradients(parameters, x, y)
    for layer in reversed(range(depth)):
        found[layer][1].must_be_close_to(expected[layer][1], rtol=1e-4, atol=1e-6)


KINK = [(np.eye(2), np.zeros(2)), (np.array([[1.0, -1.0], [0.5, 2.0]]), np.zeros(2))]
ON_THE_KINK = np.array([[0.0, 0.0], [1.0, 0.0]])
STEEP = 1 / (1 + np.exp(-2.0))  # only the first unit of the second row stands above 0


@claim(
    "A unit that stands at exactly 0 passes no gradient back: relu has slope 0 there.",
    examples=1,
    catches=[
        "batch_mean_forgotten",
        "network_gradient_without_mean",
        "bias_grad_not_summed",
        "relu_grad_at_input_of_next",
        "forgets_the_relu",
        "lets_zero_through",
    ],
    may_catch=["relu_on_the_logits"],
)
def stops_at_the_kink(work):
    found = work.gradients(KINK, ON_THE_KINK, np.array([0, 1]))[1]
    found[0][1].must_be_close_to([STEEP, 0.0], rtol=1e-6, atol=1e-9)


# ── training ──


@claim(
    "Trained on a spiral, it tells fresh points of the arms apart.",
    examples=1,
    catches=["zero_init_symmetry", "trains_the_last_layer_only"],
    may_catch=[
        "batch_mean_forgotten",
        "bias_grad_not_summed",
        "relu_grad_at_input_of_next",
        "forgets_the_relu",
        "relu_on_the_logits",
        "network_gradient_without_mean",
    ],
)
def learns_the_spiral(work, rng, sizes):
    scores = []
    for seed in range(sizes["seeds"]):
        n_classes = 3 - seed % 2
        x, y = spiral(rng, sizes["rows"], n_classes)
        answer = work.train(x, y, n_classes, seed)
        answer.must_satisfy(
            f"be pairs of weights and biases that lead from 2 features to {n_classes} logits",
            lambda value, k=n_classes: pairs_that_fit(value, 2, k),
        )
        parameters = [tuple(np.asarray(each) for each in pair) for pair in answer.as_list()]
        fresh, arms = spiral(rng, 500, n_classes)
        scores.append(np.mean(layers_of(parameters, fresh)[-1].argmax(axis=1) == arms))
    mean = float(np.mean(scores))
    observe("share of 500 fresh points told right, mean over the seeds", mean).must_be_at_least(BAR)


@claim(
    "The same seed gives the same network, with a logit for every class; the points stay.",
    examples=1,
    catches=["unseeded", "counts_the_classes_seen"],
    may_catch=["bias_grad_not_summed"],
)
def repeats_itself(work, rng):
    x, y = spiral(rng, 150, 2)
    first = work.train(x, y, 3, 0).must_not_change_its_arguments()
    first.must_satisfy(
        "lead from 2 features to 3 logits, though only two of the three classes occur in y",
        lambda value: pairs_that_fit(value, 2, 3),
    )
    work.train(x, y, 3, 0)[0][0].must_be_close_to(first[0][0], rtol=1e-6, atol=1e-9)


# ── the mark of each mistake: other mistakes fail the same claims ──

LOGITS, CLASSES = np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -0.5]]), np.array([2, 0])
ONE_ROW = np.array([[1.0, 0.0]])


def is_near(answer, expected):
    """Whether an answer holds just these numbers."""
    found = answer.as_array()
    return found.shape == np.shape(expected) and np.allclose(found, expected, rtol=1e-4, atol=1e-7)


def differs_by(delta_before):
    """A look for hidden gradients of a backward pass with another step through the relu."""

    def look(work, rng):
        parameters, x, y = network(rng)
        before = layers_of(parameters, x)
        powers = np.exp(before[-1] - before[-1].max(axis=1, keepdims=True))
        p = powers / powers.sum(axis=1, keepdims=True)
        delta = (p - np.eye(p.shape[1])[y]) / len(y)
        delta = delta_before(delta, parameters[2][0], before[2])
        mistaken = np.maximum(before[0], 0.0).T @ delta
        return is_near(work.gradients(parameters, x, y)[1][1][0], mistaken)

    return look


masks_on_the_wrong_side = diagnostic("relu_grad_at_input_of_next")(
    differs_by(lambda delta, w, after: (delta * (after > 0)) @ w.T)
)
never_masks = diagnostic("forgets_the_relu")(differs_by(lambda delta, w, _: delta @ w.T))


@diagnostic("lets_zero_through")
def passes_at_zero(work):
    mistaken = [STEEP - 0.5, 0.375 - 0.75 * STEEP]
    return is_near(work.gradients(KINK, ON_THE_KINK, np.array([0, 1]))[1][0][1], mistaken)


@diagnostic("believes_in_xor")
def says_so(work):
    return work.separable_by_a_line["xor"].as_value() is True


@diagnostic("perceptron_without_bias")
def keeps_the_bias(work):
    answer = work.perceptron(ONE_ROW, np.array([1]), 1)
    return is_near(answer[0], [1.0, 0.0]) and answer[1].as_number() == 0


@diagnostic("updates_where_it_is_right")
def moves_on_every_row(work):
    return is_near(work.perceptron(ONE_ROW, np.array([1]), 2)[0], [2.0, 0.0])


@diagnostic("updates_after_the_pass")
def moves_once(work):
    return is_near(work.perceptron(CORNERS, XOR, 1)[0], [1.0, 1.0])


@diagnostic("slope_at_the_output")
def takes_z_for_the_output(work):
    return is_near(work.slope("sigmoid", np.array([0.5])), [0.25])


@diagnostic("slope_of_one_at_zero")
def rises_at_zero(work):
    return is_near(work.slope("relu", np.array([0.0])), [1.0])


@diagnostic("idle_on_one_row")
def one_row_is_enough(work):
    return work.idle_units("relu", np.array([[1.0], [-1.0]])).as_list() == [True]


@diagnostic("hinge_pulls_at_every_row")
def pulls_beyond_the_margin(work):
    return is_near(work.hinge(np.array([3.0]), np.array([1]))[1], [-1.0])


@diagnostic("batch_mean_forgotten")
def loss_gradient_is_a_sum(work):
    mean = slopes(lambda at: mean_cross_entropy(at, CLASSES), LOGITS)
    return is_near(work.cross_entropy(LOGITS, CLASSES)[1], 2 * mean)


@diagnostic("network_gradient_without_mean")
def network_gradient_is_a_sum(work, rng):
    parameters, x, y = network(rng)
    last = true_gradients(parameters, x, y)[2][0]
    return is_near(work.gradients(parameters, x, y)[1][2][0], len(y) * last)


@diagnostic("softmax_overflow")
def makes_nan(work):
    return bool(np.isnan(work.softmax(np.array([[1000.0, 0.0]])).as_array()).any())


@diagnostic("cross_entropy_for_everything")
def knows_one_loss(work):
    return set(work.loss_for.as_mapping().values()) == {"cross_entropy"}


@diagnostic("features_first")
def turns_the_shapes_round(work):
    return [list(each) for each in work.shapes([2, 3], 5).as_list()] == [[3, 5]]


@diagnostic("averages_the_slopes")
def one_moving_row_is_lost(work):
    half = work.idle_units("relu", np.array([[1.0], [-1.0]])).as_list()
    return half == [False] and work.idle_units("sigmoid", BARELY).as_list() == [True, True]


@diagnostic("uniform_first_weights")
def starts_without_tails(work):
    weights = work.initial_parameters([200, 100], 0)[0][0].as_array()
    return bool(weights.std() > 0 and np.abs(weights).max() < 2 * weights.std())


@diagnostic("same_numbers_in_every_layer")
def starts_over_in_each_layer(work):
    first, second = (pair[0].as_array().ravel() for pair in work.initial_parameters([9, 9, 9], 0))
    return bool(first.any() and np.allclose(first, second))


@diagnostic("zero_init_symmetry")
def starts_at_zero(work):
    return not work.initial_parameters([2, 3], 0)[0][0].as_array().any()


@diagnostic("relu_on_the_logits")
def cuts_the_logits(work):
    turned = [(np.diag([-1.0, 2.0]), np.zeros(2))]
    return is_near(work.forward(turned, np.array([[2.0, 3.0]])), [[0.0, 6.0]])


@diagnostic("bias_grad_not_summed")
def keeps_a_row_each(work, rng):
    parameters, x, y = network(rng)
    found = work.gradients(parameters, x, y)[1][2][1].as_array()
    return found.shape == (len(y), parameters[2][1].shape[0])


@diagnostic("counts_the_classes_seen")
def forgets_the_unseen_class(work):
    trained = work.train(CORNERS, XOR, 4, 5).as_list()
    return len(trained[-1][1]) == 2


@diagnostic("cuts_in_place")
def writes_into_z(work):
    z = put(work, np.array([-1.0, 2.0]))
    work.activation("relu", z).as_array()
    return is_near(z.now(), [0.0, 2.0])


@diagnostic("trains_the_last_layer_only")
def leaves_the_first_layer(work, rng):
    trained = work.train(*spiral(rng, 30, 2), 2, 5)
    weights = trained[0][0].as_array(ndim=2)
    sizes = [2, *(len(pair[1]) for pair in trained.as_list())]
    return is_near(work.initial_parameters(sizes, 5)[0][0], weights)
