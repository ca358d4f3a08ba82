"""Attention against its definition in NumPy: masks, heads, positions, and what they cost."""

import numpy as np

from gradus.check import claim, draw, observe, put, stub, tensor

NEAR = {"rtol": 1e-4, "atol": 1e-5}


@draw.composite
def queries_keys_values(pick):
    """Queries, keys and values, alone or in batches, with different sizes everywhere."""
    lead = pick(draw.choice([(), (2,), (2, 3)]))
    n, m = pick(draw.integers(1, 4)), pick(draw.integers(1, 5))
    d, e = pick(draw.choice([1, 4, 9])), pick(draw.integers(1, 3))
    shapes = ((*lead, n, d), (*lead, m, d), (*lead, m, e))
    return tuple(pick(draw.arrays(shape=shape, between=(-3.0, 3.0))) for shape in shapes)


@draw.composite
def masked(pick, forbidden_row=False):
    """Queries, keys, values and a mask; every row may look somewhere, or one may not."""
    q, k, v = pick(queries_keys_values())
    n, m = q.shape[-2], k.shape[-2]
    narrow = [] if forbidden_row else [(1, m), (m,)]
    shape = pick(draw.choice([(n, m), (*q.shape[:-2], n, m), *narrow]))
    mask = pick(draw.arrays(shape=shape, dtype=bool))
    mask[..., 0] = True
    if forbidden_row:
        mask[..., pick(draw.integers(0, n - 1)), :] = False
    return q, k, v, mask


@draw.composite
def layers(pick):
    """Inputs and weights of a layer with several heads, and a mask of any shape that fits."""
    n_heads, width = pick(draw.choice([2, 3, 1])), pick(draw.integers(1, 3))
    b, n, d = pick(draw.integers(1, 3)), pick(draw.integers(2, 4)), n_heads * width
    x = pick(draw.arrays(shape=(b, n, d), between=(-2.0, 2.0)))
    weights = [pick(draw.arrays(shape=(d, d), between=(-1.0, 1.0))) for _ in range(4)]
    kind = pick(draw.choice(["none", "causal", "padding", "both", "keys"]))
    causal = np.tril(np.ones((n, n), dtype=bool))
    lengths = [pick(draw.integers(0, n)) for _ in range(b)]
    padding = np.arange(n) < np.array(lengths)[:, None, None]
    masks = {
        "none": None,
        "causal": causal,
        "padding": padding,
        "both": causal & padding,
        "keys": padding[0, 0],
    }
    return x, weights, n_heads, masks[kind]


ONE_QUERY = np.array([[2.0, 0.0]]), np.eye(2), np.array([[10.0], [20.0]])
TWO_QUERIES = np.array([[2.0, 0.0], [0.0, 1.0]]), *ONE_QUERY[1:]
SECOND_ONLY = np.array([[False, True]])
NOWHERE = np.array([[True, True], [False, False]])
TWO_PLACES = np.array([[[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, 3.0]]])
LARGE_SCORES = 100 * ONE_QUERY[0], *ONE_QUERY[1:]
# 141 beside 140: neither may be cut off
LARGE_AND_NEAR = np.array([[200.0, 0.0]]), np.array([[1.0, 0.0], [0.99, 0.0]]), ONE_QUERY[2]
QKV = queries_keys_values().edges(ONE_QUERY, LARGE_SCORES, LARGE_AND_NEAR)
MASKED = masked().edges(
    (*ONE_QUERY, np.array([[True, False]])),
    # what must not be looked at scores 141 more than what may be: exp of the gap is 0 in float32
    (*LARGE_SCORES, SECOND_ONLY),
    (-100 * ONE_QUERY[0], *ONE_QUERY[1:], np.array([[True, False]])),
    # 849 beside -849
    (np.array([[1200.0, 0.0]]), np.array([[1.0, 0.0], [-1.0, 0.0]]), *ONE_QUERY[2:], SECOND_ONLY),
)
FORBIDDEN_ROW = masked(forbidden_row=True).edges(
    (*TWO_QUERIES, NOWHERE), (100 * TWO_QUERIES[0], *ONE_QUERY[1:], NOWHERE)
)
LAYER = layers().edges(
    (TWO_PLACES, [np.eye(4)] * 4, 2, None),
    (TWO_PLACES, [np.eye(4)] * 4, 2, np.tril(np.ones((2, 2), dtype=bool))),
    (TWO_PLACES, [np.eye(4)] * 4, 2, np.array([False, True])),
    # the second place scores 102 and 916 with itself, where it must not look
    (12 * TWO_PLACES, [np.eye(4)] * 4, 2, np.array([[[True, False]]])),
)
BLIND_PLACE = layers().edges(
    (TWO_PLACES, [np.eye(4)] * 4, 2, NOWHERE),
    (12 * TWO_PLACES, [np.eye(4)] * 4, 2, NOWHERE),
)


def reaches_something(mask):
    """Whether there is anything to look at: from nothing at all there may be no gradient."""
    return mask is None or mask.any()


INPUTS = "x", "w_q", "w_k", "w_v", "w_o"


def by_definition(q, k, v, mask=None):
    """What is gathered, and the weights: e^s over their sum along the keys that are allowed."""
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    scores = np.where(allowed, scores, -np.inf)
    highest = scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(highest), highest, 0.0))
    total = powers.sum(axis=-1, keepdims=True)
    weights = np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)
    return weights @ v, weights


def heads_by_definition(x, weights, n_heads, mask):
    """What the heads gather, one after the other, each on its own slice of the columns."""
    w_q, w_k, w_v, _ = weights
    gathered = []
    for columns in np.split(np.arange(x.shape[-1]), n_heads):
        parts = (x @ w[:, columns] for w in (w_q, w_k, w_v))
        gathered.append(by_definition(*parts, mask)[0])
    return np.concatenate(gathered, axis=-1)


def sent(*arrays):
    """Arrays as float32 tensors."""
    return [tensor(each) for each in arrays]


def may(mask):
    """A mask as a bool tensor, or None."""
    return None if mask is None else tensor(mask, dtype="bool")


@claim(
    "Attention agrees with its definition: softmax of q·k over the root of d, then a mean of v.",
    qkv=QKV,
    examples=10,
    catches=["scale_by_d_not_sqrt", "softmax_over_queries", "exp_without_the_maximum"],
)
def agrees_with_the_definition(work, qkv):
    out, weights = by_definition(*qkv)
    answer = work.attention(*sent(*qkv))
    answer[1].must_have_dtype("float32").must_be_close_to(weights, **NEAR)
    answer[0].must_have_dtype("float32").must_be_close_to(out, **NEAR)


@claim(
    "A key that must not be looked at gets weight 0, and the others still add up to 1.",
    qkvm=MASKED,
    examples=10,
    catches=["mask_after_softmax", "mask_polarity", "takes_the_maximum_of_all"],
)
def keeps_to_the_mask(work, qkvm):
    *qkv, mask = qkvm
    out, weights = by_definition(*qkv, mask)
    answer = work.attention(*sent(*qkv), may(mask))
    answer[1].must_be_close_to(weights, **NEAR)
    answer[0].must_be_close_to(out, **NEAR)
    answer.must_not_change_its_arguments()


@claim(
    "A query that may look nowhere gathers zeros.",
    qkvm=FORBIDDEN_ROW,
    examples=10,
    catches=["nan_on_fully_masked", "uniform_on_fully_masked"],
)
def gathers_zeros_from_nowhere(work, qkvm):
    *qkv, mask = qkvm
    out, weights = by_definition(*qkv, mask)
    answer = work.attention(*sent(*qkv), may(mask))
    answer[1].must_be_close_to(weights, **NEAR)
    answer[0].must_be_close_to(out, **NEAR)
    answer.must_not_change_its_arguments()


@claim(
    "Gradients stay finite, also where a query may look nowhere.",
    qkvm=FORBIDDEN_ROW.where(lambda qkvm: reaches_something(qkvm[3])),
    examples=10,
    catches=["nan_on_fully_masked", "nan_in_the_gradient"],
)
def keeps_gradients_finite(work, qkvm):
    *qkv, mask = qkvm
    held = [put(work, tensor(each, requires_grad=True)) for each in qkv]
    answer = work.attention(*held, may(mask))
    answer[0].sum().backward().as_value()
    gradients = [each.grad for each in held]
    for name, gradient, sent_as in zip("qkv", gradients, qkv, strict=True):
        label = f"gradient of {name} when all outputs are added up"
        observe(label, gradient.as_array(shape=sent_as.shape)).must_be_finite()
    _, weights = by_definition(*qkv, mask)
    reached = weights.sum(axis=-2)[..., None] * np.ones(qkv[2].shape[-1])
    observe(label, gradients[2].as_array()).must_be_close_to(reached, **NEAR)


@claim(
    "The causal mask lets each place look at itself and at what came before.",
    n=draw.integers(1, 6),
    examples=6,
    catches=["causal_without_itself", "mask_polarity"],
)
def masks_the_future(work, n):
    mask = work.causal_mask(n).must_have_dtype("bool")
    mask.must_equal(np.tril(np.ones((n, n), dtype=bool)))


@claim(
    "The padding mask hides the keys beyond each length.",
    lengths=draw.lists(draw.integers(0, 4), size=(1, 3)),
    n=draw.integers(4, 6),
    examples=12,
    catches=["mask_polarity", "pads_from_the_left"],
)
def masks_the_padding(work, lengths, n):
    mask = work.padding_mask(lengths, n).must_have_dtype("bool")
    mask.must_have_shape((len(lengths), 1, n))
    mask.must_equal(np.arange(n) < np.array(lengths)[:, None, None])
    mask.must_not_change_its_arguments()


@claim(
    "Several heads equal one head after the other on its own columns, under any mask.",
    layer=LAYER,
    examples=10,
    catches=[
        "head_reshape_without_transpose",
        "scale_by_d_not_sqrt",
        "heads_take_every_nth_column",
    ],
)
def heads_work_apart(work, layer):
    x, weights, n_heads, mask = layer
    answer = work.multi_head(tensor(x), *sent(*weights), n_heads, may(mask))
    expected = heads_by_definition(x, weights, n_heads, mask) @ weights[-1]
    answer.must_have_dtype("float32").must_be_close_to(expected, rtol=1e-4, atol=1e-4)
    answer.must_not_change_its_arguments()


@claim(
    "Gradients stay finite through several heads as well.",
    layer=BLIND_PLACE.where(lambda layer: reaches_something(layer[3])),
    examples=3,
    catches=["nan_in_the_gradient", "nan_in_the_gradient_of_heads"],
)
def keeps_gradients_of_heads_finite(work, layer):
    x, weights, n_heads, mask = layer
    held = [put(work, tensor(each, requires_grad=True)) for each in (x, *weights)]
    work.multi_head(*held, n_heads, may(mask)).sum().backward().as_value()
    for name, each, sent_as in zip(INPUTS, held, (x, *weights), strict=True):
        label = f"gradient of {name} when all outputs are added up"
        observe(label, each.grad.as_array(shape=sent_as.shape)).must_be_finite()


@claim(
    "Under the causal mask, what comes later changes nothing before it.",
    layer=LAYER,
    examples=10,
    catches=["mask_polarity", "heads_ignore_the_mask"],
)
def the_future_cannot_leak(work, layer):
    x, weights, n_heads, _ = layer
    n = x.shape[1]
    other = x.copy()
    other[:, -1] += 1.0
    rest = (*sent(*weights), n_heads, may(np.tril(np.ones((n, n), dtype=bool))))
    before = work.multi_head(tensor(x), *rest).as_array(shape=x.shape)[:, :-1]
    after = work.multi_head(tensor(other), *rest).as_array(shape=x.shape)[:, :-1]
    changed = observe("all places but the last, after only the last one changed", after)
    changed.must_be_close_to(before, rtol=1e-5, atol=1e-6)


@claim(
    "Features that do not divide into the heads are refused: ValueError.",
    catches=["lets_reshape_complain"],
)
def refuses_uneven_heads(work):
    weights = [np.eye(5)] * 4
    work.multi_head(tensor(np.ones((1, 2, 5))), *sent(*weights), 2).must_raise(ValueError)
    weights = [np.eye(4)] * 4
    work.multi_head(tensor(np.ones((1, 2, 4))), *sent(*weights), 3).must_raise(ValueError)


@claim(
    "Positions are sine and cosine in turn, ever slower; an odd number of features is refused.",
    n=draw.integers(1, 60),
    d=draw.integers(1, 6).map(lambda half: 2 * half),
    examples=12,
    catches=["sines_first_then_cosines", "one_frequency_for_all"],
)
def encodes_positions(work, n, d):
    rates = 10_000.0 ** (-2.0 * (np.arange(d) // 2) / d)
    angles = np.arange(n)[:, None] * rates
    expected = np.where(np.arange(d) % 2 == 0, np.sin(angles), np.cos(angles))
    code = work.positions(n, d).must_have_dtype("float32")
    code.must_be_close_to(expected, rtol=1e-4, atol=1e-4)
    work.positions(n, d + 1).must_raise(ValueError)


def attends(x, mask=None):
    """Self-attention without weights."""
    return by_definition(x, x, x, mask)[0]


def neighbours(x):
    """Each row and both its neighbours, summed: the same from either end."""
    return x + np.roll(x, 1, axis=0) + np.roll(x, -1, axis=0)


def mean_in_float32(x):
    """Each row and the mean, added up row by row: the rounding depends on the order."""
    total = np.zeros(x.shape[1], dtype=np.float32)
    for row in x:
        total += np.float32(row) * np.float32(1.1)
    return x + total + 10


def one_entry_only(x):
    """Rows far from zero, and the place shows in one entry of the first one, a little."""
    made = x + 1500
    made[0, 0] += 0.012
    return made


def survives_one_shuffle():
    """A layer that is blind to the first shuffle it meets, and sees every other one."""
    met = []

    def layer(x):
        if len(met) < 2 and not any(np.array_equal(x, each) for each in met):
            met.append(x.copy())
        lucky = any(np.array_equal(x, each) for each in met)
        return x if lucky else x + np.arange(len(x))[:, None]

    return layer


LAYERS = {
    "bare_attention": (attends, True),
    "each_place_alone": (lambda x: np.tanh(2 * x), True),
    "mean_of_all": (lambda x: x + x.mean(axis=0), True),
    "attention_with_positions": (
        lambda x: attends(x + np.sin(np.arange(len(x)))[:, None] + np.arange(len(x))[:, None]),
        False,
    ),
    "causal_attention": (lambda x: attends(x, np.tril(np.ones((len(x), len(x)), bool))), False),
    "running_sum": (lambda x: np.cumsum(x, axis=0), False),
    "neighbour_before": (lambda x: x + 2 * np.roll(x, 1, axis=0), False),
    "neighbours": (neighbours, False),
    "first_place_only": (lambda x: x + x[0], False),
    "faint_positions": (lambda x: x + 0.02 * np.arange(len(x))[:, None], False),
    "last_place_only": (lambda x: x + x[-1], False),
    "mean_in_float32": (mean_in_float32, True),
    "one_entry_only": (one_entry_only, False),
    "large_rows_only": (lambda x: x + (x > 3) * np.arange(len(x))[:, None], False),
}


def layer_of(function):
    """A function of arrays as a layer that takes and gives tensors."""
    return lambda rows: tensor(function(np.asarray(getattr(rows, "array", rows), dtype=float)))


@draw.composite
def places(pick):
    """Five or six rows that all differ."""
    n = pick(draw.integers(5, 6))
    noise = pick(draw.arrays(shape=(n, 3), between=(-0.2, 0.2)))
    return noise + np.array([[i % 3, i // 3, (i * i) % 5] for i in range(n)], dtype=float)


# so many terms that their sum in another order differs in the last digit
MANY_PLACES = np.round(np.random.default_rng(3).normal(size=(8, 4)), 3)
MANY_PLACES[2:4, 1] = 3.5, 4.5


@claim(
    "Your test tells layers that see the order from those that do not.",
    x=places().edges(MANY_PLACES),
    examples=1,
    catches=[
        "tests_reversal_only",
        "tests_one_shuffle",
        "forgets_to_shuffle_the_answer",
        "compares_to_the_last_digit",
        "overlooks_one_entry",
    ],
)
def tests_for_order(work, x):
    lucky = {"survives_one_shuffle": (survives_one_shuffle(), False)}
    for name, (function, blind) in (LAYERS | lucky).items():
        verdict = work.order_blind(stub(layer_of(function), name), tensor(x))
        verdict.must_be_a("bool").must_equal(blind)


@claim("Your test leaves its caller's rows as they were.", catches=["centres_the_callers_rows"])
def leaves_the_rows(work):
    for name in ("bare_attention", "causal_attention"):
        layer = stub(layer_of(LAYERS[name][0]), name)
        work.order_blind(layer, tensor(MANY_PLACES)).must_not_change_its_arguments()


@claim(
    "You count steps, paths and products of both layers.",
    n=draw.integers(1, 5000),
    d=draw.integers(1, 1024),
    examples=10,
    catches=["products_linear_in_n", "attention_steps_as_in_generation"],
)
def counts_costs(work, n, d):
    work.costs(n, d).must_equal(
        {
            "rnn_steps": n,
            "attention_steps": 1,
            "rnn_path": n,
            "attention_path": 1,
            "rnn_products": 2 * n * d * d,
            "attention_products": 2 * n * n * d,
        }
    )


@claim("You know which job suits which.", catches=["transformers_for_everything"])
def knows_where_each_is_fine(work):
    suited = {
        "copies_from_far": "transformer",
        "endless_stream": "rnn",
        "many_accelerators": "transformer",
        "fixed_cost_per_token": "rnn",
    }
    for job, kind in suited.items():
        work.better_suited[job].must_satisfy(
            "be 'rnn' or 'transformer', whichever the counts speak for",
            lambda value, kind=kind: value == kind,
        )
