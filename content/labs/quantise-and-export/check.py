"""INT8 arithmetic, and the two files of a model as ONNX Runtime loads and runs them.

The reader runs the files; what they should answer is computed here from the weights.
"""

import numpy as np

from gradus.check import claim, diagnostic, draw, observe, stub, tensor

N_TOKENS, WIDTH, HIDDEN, N_CLASSES = 52, 32, 256, 4
N_PARAMETERS = N_TOKENS * WIDTH + HIDDEN * (WIDTH + 1 + HIDDEN + 1) + N_CLASSES * (HIDDEN + 1)
LONGEST = 20
HALF_A_STEP = 0.501
"""Steps; float32 answers may lie on the other side of a half."""
INTEGER_PRODUCTS = {
    "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "QLinearMatMul", "QGemm",
    "ConvInteger", "QLinearConv",
}  # fmt: skip
FLOAT_PRODUCTS = {"MatMul", "FusedMatMul", "Gemm", "FusedGemm", "Conv", "FusedConv", "Einsum"}

# ── numbers on a grid ──


@draw.composite
def ranges(pick):
    """Two ends, with or without 0 between them."""
    low = pick(draw.floats(-40.0, 40.0))
    return low, low + pick(draw.floats(0.5, 60.0))


RANGES = ranges().edges((0.0, 2.55), (-1.0, 1.55), (3.0, 7.0), (-7.0, -3.0), (5.0, 5.0))


def grid(low, high):
    """Scale and zero point by their definition."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    return scale, int(np.clip(np.rint(-low / scale), 0, 255))


@claim(
    "Scale and zero point lay the range, stretched to hold 0, on the whole numbers 0 to 255.",
    ends=RANGES,
    examples=10,
    catches=["range_without_zero", "zero_is_not_whole"],
)
def lays_the_range(folder, ends):
    scale, _ = grid(*ends)
    answer = folder.module("ship").parameters(*ends)
    answer[0].must_be_close_to(scale, rtol=1e-5)
    zero = observe("the zero point", answer[1].as_int()).must_be_between(0, 255)
    distance = abs(zero.as_int() + min(ends[0], 0.0) / scale)
    observe("steps from the zero point to where 0 lies", distance).must_be_at_most(HALF_A_STEP)


@claim(
    "0 comes back as exactly 0, so that padding and ReLU cost nothing.",
    ends=RANGES,
    examples=10,
    catches=["range_without_zero", "zero_is_not_whole"],
)
def keeps_zero(folder, ends):
    ship = folder.module("ship")
    answer = ship.parameters(*ends)
    scale, zero = answer[0].as_number(), answer[1].as_number()
    steps = ship.quantise(np.zeros(1, dtype=np.float32), scale, zero)
    ship.dequantise(steps.as_array(shape=(1,)), scale, zero).must_equal([0.0])


@claim(
    "What is no range gets a ValueError: ends that are not finite or the wrong way round.",
    ends=draw.choice([(2.0, 1.0), (np.nan, 1.0), (0.0, np.inf), (-np.inf, 0.0), (0.0, np.nan)]),
    examples=5,
    catches=["takes_any_range"],
)
def refuses_no_range(folder, ends):
    folder.module("ship").parameters(*ends).must_raise(ValueError)


@claim("A range of nothing but 0 has scale 1 and zero point 0.", catches=["divides_by_nothing"])
def lays_nothing(folder):
    folder.module("ship").parameters(0.0, 0.0).must_be_close_to((1.0, 0))


@draw.composite
def readings(pick):
    """A range, and values within it."""
    low, high = pick(ranges())
    low, high = min(low, 0.0), max(high, 0.0)
    share = pick(draw.arrays(dims=(1, 3), sides=(1, 5), between=(0.0, 1.0)))
    return (low, high), (low + share * (high - low)).astype(np.float32)


@claim(
    "Within the range a value goes to its nearest step: the error is at most half a step.",
    reading=readings().edges(((-1.0, 1.55), np.array([0.019, -0.006], dtype=np.float32))),
    examples=10,
    catches=["truncates"],
)
def goes_to_the_nearest(folder, reading):
    ends, x = reading
    scale, zero = grid(*ends)
    answer = folder.module("ship").quantise(x, scale, zero)
    steps = answer.must_have_dtype("uint8").as_array(shape=x.shape)
    answer.must_not_change_its_arguments()
    away = np.abs((steps.astype(float) - zero) - x.astype(float) / scale)
    observe(f"steps between value and grid, {answer.as_argument()}", away).must_be_at_most(
        HALF_A_STEP
    )


@claim(
    "Beyond the range a value goes to the end of it.",
    ends=RANGES,
    beyond=draw.floats(1.1, 50.0).edges(1e30),
    examples=10,
    catches=["does_not_saturate"],
)
def saturates(folder, ends, beyond):
    scale, zero = grid(*ends)
    low, high = -zero * scale, (255 - zero) * scale
    x = np.array([high + beyond * scale, low - beyond * scale], dtype=np.float32)
    folder.module("ship").quantise(x, scale, zero).must_equal(np.array([255, 0], dtype=np.uint8))


@claim(
    "Each of the 256 steps stands for its distance from the zero point.",
    ends=RANGES,
    examples=10,
    catches=["wraps_around"],
)
def gives_values_back(folder, ends):
    scale, zero = grid(*ends)
    steps = np.arange(256, dtype=np.uint8).reshape(2, 128)
    answer = folder.module("ship").dequantise(steps, scale, zero).must_have_dtype("float32")
    answer.must_be_close_to((steps.astype(float) - zero) * scale, rtol=1e-5, atol=1e-6)


@draw.composite
def weights_with_an_outlier(pick):
    """A matrix of weights whose one row is many times larger than the others."""
    rows, columns = pick(draw.integers(2, 5)), pick(draw.integers(2, 5))
    w = pick(draw.arrays(shape=(rows, columns), between=(-1.0, 1.0)))
    w[:, 0] += np.where(w[:, 0] < 0, -0.1, 0.1)  # no row of zeros
    w[pick(draw.integers(0, rows - 1))] *= pick(draw.choice([300.0, 1000.0]))
    return w.astype(np.float32)


OUTLIER = np.array([[0.5, -0.25], [300.0, 150.0], [0.1, 0.02]], dtype=np.float32)
TINY = np.array([[0.5, -0.25], [1e-9, -3e-10]], dtype=np.float32)


@claim(
    "Each row of weights has a scale of its own, whatever the largest weight of another row is.",
    w=weights_with_an_outlier().edges(OUTLIER, TINY),
    examples=10,
    catches=["per_tensor_outliers"],
)
def scales_each_row(folder, w):
    answer = folder.module("ship").quantise_weight(w)
    scale = np.abs(w.astype(float)).max(axis=1) / 127
    answer[1].must_have_shape(scale.shape).must_have_dtype("float32")
    answer[1].must_be_close_to(scale, rtol=1e-5)
    steps = answer[0].must_have_dtype("int8").as_array(shape=w.shape)
    observe("the steps", steps).must_be_between(-127, 127)
    away = np.abs(steps - w / scale[:, None])
    observe(f"steps between weight and grid, {answer.as_argument()}", away).must_be_at_most(
        HALF_A_STEP
    )
    answer.must_not_change_its_arguments()


@claim(
    "A row of zeros has scale 1 and stays zero.",
    catches=["divides_by_nothing", "per_tensor_outliers"],
)
def keeps_a_row_of_zeros(folder):
    w = np.array([[0.0, 0.0], [1.27, -0.5]], dtype=np.float32)
    answer = folder.module("ship").quantise_weight(w)
    answer[1].must_be_close_to([1.0, 0.01], rtol=1e-5)
    answer[0].must_equal(np.array([[0, 0], [127, -50]], dtype=np.int8))


@claim(
    "A weight that is not finite is refused: ValueError.",
    bad=draw.choice([np.nan, np.inf, -np.inf]),
    examples=3,
    catches=["takes_any_range"],
)
def refuses_broken_weights(folder, bad):
    w = np.array([[0.5, 1.0], [bad, 2.0]], dtype=np.float32)
    folder.module("ship").quantise_weight(w).must_raise(ValueError)


# ── a trained model, and texts for it ──

OWN, UNSEEN = 8.0, 10.0
HUGE = 300.0
"""How large a few weights are, which meet embedded numbers of nearly 0."""


def chances(unseen):
    """How likely each token is in a text of each class."""
    shares = np.ones((N_CLASSES, N_TOKENS))
    shares[:, 0], shares[:, 48:] = 0, unseen
    for each in range(N_CLASSES):
        shares[each, 1 + 10 * each : 11 + 10 * each] = OWN
    return shares / shares.sum(axis=1, keepdims=True)


NO_NAMES = np.arange(N_TOKENS)


def texts(rng, n, longest=LONGEST, unseen=0.0, names=NO_NAMES):
    """Tokens (n, longest) with padding at the right, and the class of each row.

    The rare tokens come last here; which numbers they have is drawn with the model.
    """
    labels = rng.integers(0, N_CLASSES, n)
    upto = np.cumsum(chances(unseen), axis=1)[labels]
    tokens = (rng.random((n, longest))[:, :, None] > upto[:, None, :]).sum(axis=2)
    tokens = np.minimum(tokens, N_TOKENS - 1 if unseen else N_TOKENS - 5)
    lengths = rng.integers(min(8, longest), longest + 1, n)
    return np.where(np.arange(longest) < lengths[:, None], names[tokens], 0), labels


def hidden(weights, tokens):
    """What goes into the last layer, in float64."""
    w = {name: each.astype(float) for name, each in weights.items()}
    every = np.maximum(w["embedding.weight"] @ w["first.weight"].T + w["first.bias"], 0)
    places = np.arange(len(tokens))[:, None] * N_TOKENS + tokens
    counts = np.bincount(places.ravel(), minlength=len(tokens) * N_TOKENS)
    counts = counts.reshape(len(tokens), N_TOKENS).astype(float)
    counts[:, 0] = 0  # padding
    mean = counts @ every / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.maximum(mean @ w["second.weight"].T + w["second.bias"], 0)


def logits(weights, tokens):
    """The logits in float64."""
    return hidden(weights, tokens) @ weights["last.weight"].T.astype(float) + weights["last.bias"]


def trained(rng):
    """Weights of a classifier: two random layers, and a last one fitted to 500 texts.

    A few rows of `first` have a huge weight, and hardly matter themselves. Every second weight of a
    row is pruned: older processors add neighbouring products of INT8 in 16 bits, where 127 * 255
    has room once and not twice, and right files would decide at random there.
    """
    kept = np.arange(HIDDEN) % 2 == 0
    embedding = rng.normal(0, 1, (N_TOKENS, WIDTH))
    embedding[:, :4] /= 10 * HUGE
    embedding[0] = 0
    embedding[48:] *= UNSEEN
    first = rng.normal(0, (2 / WIDTH) ** 0.5, (HIDDEN, WIDTH))
    huge = HUGE * rng.choice([-1.0, 1.0], 8) * rng.uniform(0.5, 0.7, 8)
    first[1 + 2 * rng.choice(HIDDEN // 2, 8, replace=False), 2 * (np.arange(8) % 2)] = huge
    weights = {
        "embedding.weight": embedding,
        "first.weight": first * kept[:WIDTH],
        "first.bias": rng.normal(0, 0.3, HIDDEN),
        "second.weight": rng.normal(0, (4 / HIDDEN) ** 0.5, (HIDDEN, HIDDEN)) * kept,
        "second.bias": rng.normal(0, 0.3, HIDDEN),
    }
    tokens, labels = texts(rng, 500)
    features = hidden(weights, tokens) * kept
    middle = features.mean(axis=0)
    centred = features - middle
    targets = np.eye(N_CLASSES)[labels] - 1 / N_CLASSES
    fitted = np.linalg.solve(centred.T @ centred + 0.5 * np.eye(HIDDEN), centred.T @ targets)
    weights["last.weight"] = 6 * fitted.T
    weights["last.bias"] = -6 * middle @ fitted
    return {name: each.astype(np.float32) for name, each in weights.items()}


def renamed(rng, weights):
    """The weights with other numbers for the tokens, and the new number of each."""
    names = np.concatenate([[0], 1 + rng.permutation(N_TOKENS - 1)])
    embedding = np.empty_like(weights["embedding.weight"])
    embedding[names] = weights["embedding.weight"]
    return {**weights, "embedding.weight": embedding}, names


def clear(weights, tokens, n):
    """The first n rows whose decision is clear: the best logit leads by half a unit or more."""
    best = np.sort(logits(weights, tokens), axis=1)
    return tokens[best[:, -1] - best[:, -2] > 0.5][:n]


# Exports cost time. Each submission ships once with each test set, and every claim reads of it.
kept = {}


def story(folder, rng, sizes):
    """The model and the rows for one submission, the same for all of its claims."""
    key = tuple((name, folder.bytes(name).as_value()) for name in folder.names())
    if kept.get("key") != key:
        kept.clear()
        weights, names = renamed(rng, trained(rng))
        n = sizes["rows"]
        unseen = clear(weights, texts(rng, 2 * n, unseen=OWN, names=names)[0], n)
        kept.update(
            key=key, weights=weights, names=names, pool=sizes["pool"],
            calibration=texts(rng, 150, names=names)[0],
            test=texts(rng, n, names=names),
            unseen=unseen[:60],
            fresh=clear(weights, texts(rng, 2 * n, LONGEST + 4, names=names)[0], n),
        )  # fmt: skip
        kept["lonely"] = lonely(rng, weights, names, n)
    return kept


def lonely(rng, weights, names, n):
    """A model with one huge number in the embedding, and two test sets with other best ranges.

    The calibration has its token once. A range that holds the number is the nearest to the model on
    rows with the token, and one that cuts it off, as any percentile does, on rows without.
    """
    token, place, unit = names[50], 10, 0
    embedding, first = weights["embedding.weight"].copy(), weights["first.weight"].copy()
    embedding[token, place] = HUGE
    first[:, place] = 0
    first[unit, place] = 1
    weights = {**weights, "embedding.weight": embedding, "first.weight": first}
    # the library's own percentile cuts one number off of 100,000: here are 128,000
    calibration, without, within = (texts(rng, rows, names=names)[0] for rows in (200, 2 * n, 50))
    calibration[rng.integers(100), 0] = token
    within[:, 0] = token
    without = clear(weights, without, n)
    decided = logits(weights, without).argmax(axis=1)
    others = (decided + rng.integers(1, N_CLASSES, len(decided))) % N_CLASSES
    return {
        "weights": weights,
        "names": names,
        "calibration": calibration,
        "without": (without, np.where(rng.random(len(decided)) < 0.05, others, decided)),
        "within": (within, logits(weights, within).argmax(axis=1)),
    }


def look_again(folder, reader, told, rng):
    """Give the story a second test set, on which any other INT8 file looks better than the first.

    Of its rows with tokens that the calibration did not have, a fifth are those that the file is
    surest of, and their labels agree. The others are those that it decides otherwise than the
    model, the least sure first; the label of these is its second choice.
    """
    if "later" in told:
        return
    n, names = len(told["fresh"]), told["names"]
    drawn = texts(rng, told["pool"] * n, unseen=OWN, names=names)[0]
    tokens = clear(told["weights"], drawn, told["pool"] * 3 // 4 * n)
    (answer,) = reader.logits(shipped(folder, told)["int8"], [tokens]).as_list(1)
    answer = np.asarray(answer)
    best, ranked = np.argsort(answer, axis=1), np.sort(answer, axis=1)
    alike = best[:, -1] == logits(told["weights"], tokens).argmax(axis=1)
    by_lead = np.argsort(ranked[:, -2] - ranked[:, -1])
    sure, others = by_lead[alike[by_lead]], by_lead[~alike[by_lead]][::-1]
    if not len(others):
        others = sure[::-1]
    rows = np.concatenate([sure[: n // 5], np.resize(others, n - n // 5)])
    told["later"] = tokens[rows], np.where(np.arange(n) < n // 5, best[rows, -1], best[rows, -2])


def model_of(folder, told):
    """The model with its weights on the other side, in training mode but for one layer."""
    model = folder.module("model").Classifier()
    state = {name: tensor(each) for name, each in told["weights"].items()}
    model.load_state_dict(state).as_value()
    model.first.eval()
    return model


def modes_of(model):
    """Which parts of the model are in training mode: the whole, and three layers."""
    layers = {name: getattr(model, name) for name in ("first", "dropout", "last")}
    return {name: each.training.as_bool() for name, each in ({"": model} | layers).items()}


def exported(folder, told):
    """The file that `export` returned, asked for once."""
    if "exported" not in told:
        model = model_of(folder, told)
        answer = folder.module("ship").export(model)
        told["exported"] = answer.must_be_a("bytes").as_value()
        told["modes after export"] = modes_of(model)
        told["left"] = model.second.weight.detach().as_tensor().array
    return told["exported"]


def shipped(folder, told, rows="test"):
    """What `ship` returned for one of the test sets, asked for once each."""
    name = f"shipped with {rows}"
    if name not in told:
        tokens, labels = told[rows]
        model = model_of(folder, told)
        answer = folder.module("ship").ship(model, told["calibration"], tokens, labels)
        parts = ("float", "int8", "float_bytes", "int8_bytes", "float_accuracy", "int8_accuracy")
        answer.as_mapping(*parts)
        for part in ("float", "int8"):
            answer[part].must_be_a("bytes")
        told[name] = answer.as_value()
        told["modes after ship"] = modes_of(model)
    return told[name]


def operators(told, reader, file):
    """The operators in the INT8 file and in the graph that runs, asked for once."""
    if "operators" not in told:
        found = reader.operators(file, sorted(FLOAT_PRODUCTS))
        told["operators"] = found.as_mapping("file", "runs", "weights")
    return told["operators"]


# ── the float file ──


def shapes(rng, sizes):
    """Shapes of tokens, one text of one token among them."""
    drawn = [(int(rng.integers(2, 40)), int(rng.integers(2, 50))) for _ in range(sizes["shapes"])]
    return [(1, 1), *drawn]


@claim(
    "The exported file takes tokens of any batch size and length.",
    examples=1,
    catches=["fixed_batch_export", "fixed_length_export"],
)
def takes_any_shape(folder, reader, rng, sizes):
    file = exported(folder, story(folder, rng, sizes))
    reader.interface(file).must_equal(
        {"inputs": [["tokens", "tensor(int64)"]], "outputs": [["logits", "tensor(float)"]]}
    )
    asked = [rng.integers(1, N_TOKENS, shape) for shape in shapes(rng, sizes)]
    for tokens, answer in zip(asked, reader.logits(file, asked).as_list(len(asked)), strict=True):
        what = f"logits for tokens of shape {tokens.shape}"
        observe(what, answer).must_have_shape((len(tokens), N_CLASSES))


@claim(
    "The exported file, run as it stands, answers what the model answers in use, to 1 in 10,000.",
    examples=1,
    catches=["fixed_batch_export", "fixed_length_export", "eval_mode_missing"],
)
def answers_alike(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    file = exported(folder, told)
    asked = [texts(rng, *shape, names=told["names"])[0] for shape in shapes(rng, sizes)]
    for tokens in asked[1:]:
        tokens[0] = 0  # a text without words
    answers = reader.logits(file, [*asked, asked[-1]], "as it stands").as_list(len(asked) + 1)
    again = bool(np.allclose(answers[-2], answers[-1]))
    observe("whether the file answers the same tokens twice the same", again).must_equal(True)
    for tokens, answer in zip(asked, answers[:-1], strict=True):
        must_be_near(f"logits of the file for tokens of shape {tokens.shape}", answer, told, tokens)


def must_be_near(label, answer, told, tokens):
    """Demand the logits of the model, with room for float32 and for a huge token."""
    expected = logits(told["weights"], tokens)
    room = 1e-4 * max(1.0, float(np.abs(expected).max()))
    observe(label, answer).must_be_close_to(expected, rtol=0, atol=room)


@claim(
    "Export, parity and ship leave the model as it was: its mode, layer by layer, its weights.",
    examples=1,
    catches=["leaves_eval_mode"],
    may_catch=["eval_mode_missing"],
)
def leaves_the_model_alone(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    exported(folder, told)
    before = told["weights"]["second.weight"]
    observe("model.second.weight after export", told["left"]).must_equal(before)
    must_be_as_before("export", told["modes after export"])
    model, file = model_of(folder, told), reader.file_of(told["weights"]).as_value()
    folder.module("ship").parity(model, file, told["test"][0][:5]).as_number()
    must_be_as_before("parity", modes_of(model))
    shipped(folder, told)
    must_be_as_before("ship", told["modes after ship"])


def must_be_as_before(name, modes):
    """Demand training mode of all but the layer that came in eval mode."""
    what = "training of the model and of three layers, the first of them in eval mode, after"
    observe(f"{what} {name}", modes).must_equal(
        {"": True, "first": False, "dropout": True, "last": True}
    )


@claim(
    "Your proof of parity says how far a file is off at most, also where one logit of one row is.",
    examples=1,
    catches=["parity_in_training_mode", "parity_of_means"],
)
def proves_parity(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    tokens, rare = texts(rng, 30, names=told["names"])[0], told["names"][50]
    tokens[-1, 0] = rare  # in no other row
    model, alike = model_of(folder, told), logits(told["weights"], tokens)
    for name, change in (
        ("", None),
        ("last.bias", (int(rng.integers(N_CLASSES)), 0.02)),
        ("embedding.weight", (rare, 0.1)),
    ):
        weights = dict(told["weights"])
        if name:
            weights[name] = weights[name].copy()
            weights[name][change[0]] += np.float32(change[1])
        expected = float(np.abs(logits(weights, tokens) - alike).max())
        file = reader.file_of(weights).must_be_a("bytes").as_value()
        answer = folder.module("ship").parity(model, file, tokens)
        near = abs(answer.as_number() - expected) <= 1e-3 + 0.01 * expected
        what = (
            f"whether parity says {expected:.3g}, give or take 1 %, of a file that is off by that"
        )
        observe(what, near).must_equal(True)


# ── the INT8 file ──


@claim(
    "The INT8 file decides as the model in at least 95 of 100 fresh rows, the float file in all.",
    examples=1,
    catches=["per_tensor_outliers", "fixed_batch_export", "fixed_length_export"],
    may_catch=["eval_mode_missing"],
)
def decides_alike(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    files = shipped(folder, told)
    decided = logits(told["weights"], told["fresh"]).argmax(axis=1)
    for name, least in (("float", 1.0), ("int8", 0.95)):
        (answer,) = reader.logits(files[name], [told["fresh"]]).as_list(1)
        share = float(np.mean(np.asarray(answer).argmax(axis=1) == decided))
        # how large the share is differs from one processor to another, and less does not
        what = f"whether the {name} file decides as the model in {least:.0%} of {len(decided)} rows"
        observe(what, share >= least).must_equal(True)


@claim(
    "The INT8 file has at most 0.4 bytes for each byte of the weights in float32.",
    examples=1,
    catches=["float_in_disguise"],
)
def is_small(folder, rng, sizes):
    file = shipped(folder, story(folder, rng, sizes))["int8"]
    observe("bytes of the INT8 file", len(file)).must_be_at_most(int(0.4 * 4 * N_PARAMETERS))


@claim(
    "In the graph that ONNX Runtime makes of the INT8 file, matrices are multiplied as integers.",
    examples=1,
    catches=["smaller_is_faster", "float_in_disguise"],
)
def multiplies_integers(folder, reader, rng, sizes):
    file = shipped(folder, story(folder, rng, sizes))["int8"]
    runs = operators(story(folder, rng, sizes), reader, file)["runs"]
    products = [each for each in runs if each in INTEGER_PRODUCTS | FLOAT_PRODUCTS]
    observe("the products of matrices that run", products).must_satisfy(
        "be products of integers for the layers first and second",
        lambda found: sum(each in INTEGER_PRODUCTS for each in found) >= 2,
    )
    floats = operators(story(folder, rng, sizes), reader, file)["weights"]
    large = [each for each in floats if each > N_CLASSES * HIDDEN]
    observe("sizes of the matrices of first and second that multiply floats", large).must_equal([])


@claim(
    "The ranges of the activations are constants of the INT8 file, from the calibration rows.",
    examples=1,
    catches=["ranges_at_run_time", "fixed_batch_export", "float_in_disguise", "smaller_is_faster"],
    may_catch=["eval_mode_missing"],
)
def has_constant_ranges(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    file = shipped(folder, told)["int8"]
    stands = operators(told, reader, file)["file"]
    found = sorted({each for each in stands if each.startswith("Dynamic")})
    observe("operators that measure a range at every call", found).must_equal([])
    rows = told["unseen"]
    expected = logits(told["weights"], rows)
    (answer,) = reader.logits(file, [rows]).as_list(1)
    away = float(np.abs(np.asarray(answer) - expected).mean() / np.abs(expected).mean())
    # files that are right are off by 0.7 and more, those with ranges twice as wide by 0.45
    what = "whether activations beyond those of the calibration rows go to the ends of the ranges"
    observe(what, away > 0.3).must_equal(True)


@claim(
    "The INT8 file is the same whatever the test rows are.",
    examples=1,
    catches=["calibrated_on_test", "chosen_on_test", "fixed_batch_export"],
    may_catch=["eval_mode_missing"],
)
def leaves_the_test_out(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    look_again(folder, reader, told, rng)
    for whose, tests in ((told, ("test", "later")), (told["lonely"], ("without", "within"))):
        rows = told["unseen"]
        answers = [
            reader.logits(shipped(folder, whose, test)["int8"], [rows]).as_list(1)[0]
            for test in tests
        ]
        alike = bool(np.allclose(*answers, rtol=1e-5, atol=1e-4))
        what = "whether the INT8 file answers alike after other test rows were given"
        observe(what, alike).must_equal(True)


@claim(
    "The sizes that you report are the bytes of the files.",
    examples=1,
    catches=["counts_parameters"],
)
def reports_bytes(folder, rng, sizes):
    told = shipped(folder, story(folder, rng, sizes))
    for name in ("float", "int8"):
        observe(f"{name}_bytes", told[f"{name}_bytes"]).must_equal(len(told[name]))


@claim(
    "The accuracies that you report are those of the two files on the test rows.",
    examples=1,
    catches=["claims_the_accuracy", "fixed_batch_export"],
    may_catch=["eval_mode_missing"],
)
def reports_accuracies(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)["lonely"]
    tokens, labels = told["without"]
    report = shipped(folder, told, "without")
    for name in ("float", "int8"):
        (answer,) = reader.logits(report[name], [tokens]).as_list(1)
        measured = float(np.mean(np.asarray(answer).argmax(axis=1) == labels))
        what = f"{name}_accuracy where one huge number in the calibration made the steps wide"
        observe(what, report[f"{name}_accuracy"]).must_satisfy(
            f"be the share of rows in which the {name} file is right",
            lambda told, measured=measured: abs(told - measured) <= 0.015,
        )


# ── how much faster ──


class Machine:
    """Two calls and a clock that only they move; what disturbs them is declared."""

    def __init__(self, rng, ratio, cold=1.0, slower=1.0, spikes=0.0):
        self.now, self.calls = 0.0, 0
        self.rng, self.cold, self.slower, self.spikes = rng, cold, slower, spikes
        new = float(rng.uniform(0.001, 0.01))
        self.costs = {"old": new * ratio, "new": new}
        self.made = {"old": 0, "new": 0}

    def call(self, name):
        seconds = self.costs[name] * self.rng.uniform(0.98, 1.02)
        if self.made[name] < 10:
            seconds *= self.cold if name == "old" else 1.0 + (self.cold - 1.0) / 4
        if self.rng.random() < self.spikes:
            seconds += 60.0 * sum(self.costs.values()) / 2
        self.now += seconds * min(self.slower**self.calls, 50.0)
        self.calls += 1
        self.made[name] += 1

    def measured(self, folder):
        return folder.module("ship").speedup(
            stub(lambda: self.call("old"), "old"),
            stub(lambda: self.call("new"), "new"),
            stub(lambda: self.now, "clock"),
        )

    def must_be_measured(self, folder):
        answer = self.measured(folder)
        ratio = self.costs["old"] / self.costs["new"]
        what = f"speedup where a call of old takes {ratio:.3g} times as long as one of new"
        observe(what, answer.as_number()).must_be_between(0.9 * ratio, 1.1 * ratio)
        observe("calls of old and new", sum(self.made.values())).must_be_at_most(2000)


RATIOS = draw.choice([2.5, 0.5, 1.6, 0.7])


@claim(
    "On a quiet machine the speedup is the time of the old over that of the new, also below 1.",
    ratio=RATIOS,
    examples=1,
    catches=["upside_down"],
)
def measures_a_ratio(folder, rng, ratio):
    Machine(rng, ratio).must_be_measured(folder)


@claim(
    "The first ten calls of each, which are slow, do not count.",
    ratio=RATIOS,
    examples=1,
    catches=["upside_down", "times_the_warm_up"],
)
def warms_up(folder, rng, ratio):
    Machine(rng, ratio, cold=400.0).must_be_measured(folder)


@claim(
    "A call now and then that takes 60 times as long does not change the speedup.",
    ratio=RATIOS,
    examples=3,
    catches=["upside_down", "takes_the_mean"],
)
def bears_spikes(folder, rng, ratio):
    Machine(rng, ratio, spikes=0.06).must_be_measured(folder)


@claim(
    "A machine that grows slower while you measure does not change the speedup.",
    ratio=RATIOS,
    examples=1,
    catches=["upside_down", "one_after_the_other"],
)
def bears_a_drift(folder, rng, ratio):
    Machine(rng, ratio, slower=1.01).must_be_measured(folder)


# ── what tells two mistakes apart ──


@diagnostic("zero_is_not_whole")
def has_a_fraction(folder):
    return folder.module("ship").parameters(-1.0, 1.0)[1].as_number() % 1 != 0


@diagnostic("range_without_zero")
def has_a_whole_zero(folder):
    return folder.module("ship").parameters(-1.0, 1.0)[1].as_number() % 1 == 0


@diagnostic("truncates")
def goes_to_the_step_below(folder):
    x = np.array([0.019], dtype=np.float32)
    return folder.module("ship").quantise(x, 0.01, 100).as_array(shape=(1,))[0] == 101


@diagnostic("does_not_saturate")
def comes_round_again(folder):
    x = np.array([3.0], dtype=np.float32)
    return folder.module("ship").quantise(x, 0.01, 100).as_array(shape=(1,))[0] < 200


@diagnostic("ranges_at_run_time")
def measures_at_every_call(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    stands = operators(told, reader, shipped(folder, told)["int8"])["file"]
    return any(each.startswith("Dynamic") for each in stands)


@diagnostic("calibrated_on_test")
def fits_the_test_rows(folder, reader, rng, sizes):
    return not stays_right_without_words(folder, reader, rng, sizes)


@diagnostic("chosen_on_test")
def fits_the_calibration_rows(folder, reader, rng, sizes):
    return stays_right_without_words(folder, reader, rng, sizes)


def stays_right_without_words(folder, reader, rng, sizes):
    """Whether the INT8 file is of use where the test rows are padding and nothing else."""
    told = story(folder, rng, sizes)
    told["silent"] = np.zeros((50, LONGEST), dtype=int), np.zeros(50, dtype=int)
    (answer,) = reader.logits(shipped(folder, told, "silent")["int8"], [told["fresh"]]).as_list(1)
    decided = logits(told["weights"], told["fresh"]).argmax(axis=1)
    return float(np.mean(np.asarray(answer).argmax(axis=1) == decided)) > 0.8


@diagnostic("counts_parameters")
def reports_a_product(folder, rng, sizes):
    report = shipped(folder, story(folder, rng, sizes))
    return report["float_bytes"] % N_PARAMETERS == 0


@diagnostic("claims_the_accuracy")
def reports_one_share_twice(folder, rng, sizes):
    report = shipped(folder, story(folder, rng, sizes)["lonely"], "without")
    return report["float_accuracy"] == report["int8_accuracy"]


@diagnostic("upside_down")
def says_slower_of_faster(folder, rng):
    return Machine(rng, 2.5).measured(folder).as_number() < 1


@diagnostic("parity_in_training_mode")
def differs_from_itself(folder, reader, rng, sizes):
    told = story(folder, rng, sizes)
    file = reader.file_of(told["weights"])
    return parity_of(folder, told, file, told["test"][0][:30]) > 0.05


@diagnostic("parity_of_means")
def takes_a_mean(folder, reader, rng, sizes):
    return 0.05 < parity_of_shifted(folder, reader, rng, sizes, 0.5) < 0.4


def parity_of(folder, told, file, tokens):
    answer = folder.module("ship").parity(model_of(folder, told), file.as_value(), tokens)
    return answer.as_number()


def parity_of_shifted(folder, reader, rng, sizes, off):
    """What `parity` says of a file that is off in one class, on rows that are all clear."""
    told = story(folder, rng, sizes)
    weights = dict(told["weights"])
    weights["last.bias"] = weights["last.bias"] + np.float32([off, 0, 0, 0])
    return parity_of(folder, told, reader.file_of(weights), told["fresh"][:30])
