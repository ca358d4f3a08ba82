"""Tensors by shape, dtype and memory, then a first network that must tell rings apart."""

import numpy as np

from gradus.check import claim, draw, observe, put, tensor

PUZZLED_DTYPES = {
    "torch.tensor([1, 2])": "int64",
    "torch.tensor([1.0, 2.0])": "float32",
    "torch.from_numpy(numpy.zeros(3))": "float64",
    "torch.tensor([1, 2]) / 2": "float32",
    "torch.tensor([True, False]).sum()": "int64",
    "torch.tensor([200], dtype=torch.uint8) + 100": "uint8",
}
PUZZLED_MEMORY = {
    "x.T": True,
    "x[1:]": True,
    "x[[0, 2]]": False,
    "x.reshape(12)": True,
    "x.T.reshape(12)": False,
    "x.clone()": False,
    "x.to(torch.float32)": True,
    "x + 0": False,
}
BAR = 0.9


@draw.composite
def images(pick):
    """A few small pictures, height and width not the same."""
    n, height, width = (
        pick(draw.integers(1, 3)),
        pick(draw.integers(1, 4)),
        pick(draw.integers(1, 4)),
    )
    channels = pick(draw.choice([3, 1, 4]))
    return pick(draw.arrays(shape=(n, height, width, channels), between=(0, 255), dtype=np.uint8))


@draw.composite
def tables_with_a_place(pick):
    """A float table with one of its rows and one of its columns."""
    n, d = pick(draw.integers(1, 4)), pick(draw.integers(1, 4))
    table = pick(draw.arrays(shape=(n, d)))
    return table, pick(draw.integers(0, n - 1)), pick(draw.integers(0, d - 1))


@draw.composite
def shapes(pick):
    """Two shapes that broadcast, or nearly."""
    full = [pick(draw.integers(0, 4)) for _ in range(pick(draw.integers(0, 4)))]
    pair = []
    for _ in range(2):
        start = pick(draw.integers(0, len(full)))
        pair.append([side if pick(draw.integers(0, 2)) else 1 for side in full[start:]])
    if pair[0] and pick(draw.integers(0, 3)) == 0:
        pair[0][-1] += 1
    return tuple(pair[0]), tuple(pair[1])


@draw.composite
def predictions_and_targets(pick):
    """n predictions and n targets, each as (n,) or (n, 1)."""
    n = pick(draw.integers(1, 5))
    left, right = pick(
        draw.choice([((n, 1), (n,)), ((n,), (n,)), ((n,), (n, 1)), ((n, 1), (n, 1))])
    )
    return pick(draw.arrays(shape=left)), pick(draw.arrays(shape=right))


@draw.composite
def unequal(pick):
    """Predictions and targets whose numbers differ."""
    n, more = pick(draw.integers(1, 4)), pick(draw.integers(1, 3))
    sizes = pick(draw.choice([(n, n + more), (n + more, n)]))
    left, right = (pick(draw.choice([(size,), (size, 1)])) for size in sizes)
    return pick(draw.arrays(shape=left)), pick(draw.arrays(shape=right))


PICTURES = images().edges(
    np.array([[[[0, 51, 102], [153, 204, 255]]]], dtype=np.uint8),
    np.array([[[[0, 1, 1], [1, 0, 1]]]], dtype=np.uint8),
)
PLACES = tables_with_a_place()
SHAPES = shapes().edges(
    ((3, 1), (3,)), ((), (2, 3)), ((2, 3), (3, 2)), ((0,), (1,)), ((0,), (3,)), ((5, 1, 4), (3, 1))
)
LABELS = draw.lists(draw.integers(0, 9), size=(1, 6)).edges([])
PAIRS = predictions_and_targets().edges(
    (np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 2.0, 3.0]))
)
UNEQUAL = unequal()


def broadcast(a, b):
    """The shape by NumPy's rule, which is torch's rule, or None."""
    try:
        return np.broadcast_shapes(a, b)
    except ValueError:
        return None


def rings(rng, n_rows, n_classes):
    """Points (n, 2) on rings around a centre, and the number of the ring: no line parts them."""
    y = rng.integers(0, n_classes, n_rows)
    radius = 0.4 + 0.9 * y + rng.uniform(-0.25, 0.25, n_rows)
    angle = rng.uniform(0.0, 2 * np.pi, n_rows)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


def sent(x, y):
    """Points and classes as the learner gets them."""
    return tensor(x, dtype="float32"), tensor(y, dtype="int64")


def names_dtype(name):
    """A test for a dtype said as `float32`, `torch.float32` or the dtype itself."""
    return lambda value: getattr(value, "text", value).removeprefix("torch.") == name


def says(answer):
    """A test for True or False, be it Python's or NumPy's, and for no number."""
    return lambda value: isinstance(value, bool | np.bool_) and bool(value) is answer


def not_all_one(sums):
    """Whether some sum is not 1, as the sums of probabilities are."""
    return bool(np.any(np.abs(sums - 1) > 1e-4))


def shares(scores):
    """Whether all scores lie between 0 and 1, as those behind a sigmoid do."""
    return bool(np.all((scores >= 0) & (scores <= 1)))


@claim("You know each dtype before you run the line.", catches=["torch_floats_are_64_bits"])
def knows_dtypes(work):
    for expression, dtype in PUZZLED_DTYPES.items():
        work.dtypes[expression].must_satisfy("name the dtype of that line", names_dtype(dtype))


@claim("You know who shares memory with x.", catches=["reshape_is_always_a_view"])
def knows_views(work):
    for expression, shares in PUZZLED_MEMORY.items():
        work.shares_memory[expression].must_satisfy(
            "say whether x changes when the new tensor is written to",
            says(shares),
        )


@claim(
    "Class numbers become an int64 tensor, an empty list too.",
    labels=LABELS,
    examples=12,
    catches=["int_targets_as_float", "lets_torch_guess"],
)
def makes_targets(work, labels):
    targets = work.class_targets(labels)
    targets.must_be_a("tensor").must_have_dtype("int64").must_equal(np.array(labels, dtype=int))


@claim(
    "Images keep their pixels when the channels move to the front.",
    pixels=PICTURES,
    examples=12,
    catches=["reshape_is_transpose", "keeps_bytes"],
)
def moves_channels(work, pixels):
    moved = work.channels_first(tensor(pixels)).must_be_a("tensor").must_have_dtype("float32")
    moved.must_be_close_to(np.moveaxis(pixels, 3, 1) / 255.0, rtol=1e-5, atol=1e-6)
    moved.must_not_change_its_arguments()


@claim(
    "A row is zero in the copy and as before in the original.",
    place=PLACES,
    examples=12,
    catches=["view_vs_copy", "copies_into_float32"],
)
def zeroes_a_copy(work, place):
    table, row, _ = place
    expected = table.copy()
    expected[row] = 0.0
    copy = work.without_row(tensor(table), row)
    copy.must_be_a("tensor").must_be_close_to(expected, rtol=1e-5).must_not_change_its_arguments()
    for dtype in ("float64", "int64"):
        work.without_row(tensor(table, dtype=dtype), row).must_have_dtype(dtype)


@claim(
    "The column is scaled in the caller's own tensor.",
    place=PLACES,
    factor=draw.floats(2.0, 4.0),
    examples=12,
    catches=["writes_into_a_copy", "copies_what_is_not_contiguous"],
)
def scales_in_place(work, place, factor):
    table, _, column = place
    expected = table.copy()
    expected[:, column] *= factor
    x = put(work, tensor(table))
    work.scale_column(x, column, factor).as_value()
    x.now().must_be_close_to(expected, rtol=1e-5, atol=1e-6)
    whole = put(work, tensor(table.T))
    view = whole.T
    work.scale_column(view, column, factor).as_value()
    view.now().must_be_close_to(expected, rtol=1e-5, atol=1e-6)
    whole.now().must_be_close_to(
        expected.T, rtol=1e-5, atol=1e-6, because="The caller's tensor was a view of this one."
    )
    work.scale_column(x, column, 0.0).as_value()
    expected[:, column] = 0.0
    x.now().must_be_close_to(expected, rtol=1e-5, atol=1e-6)


@claim(
    "Shapes broadcast from the right, sides of 1 stretch, all else is a ValueError.",
    pair=SHAPES,
    catches=["aligns_from_the_left", "takes_the_larger_side"],
)
def predicts_broadcasting(work, pair):
    expected = broadcast(*pair)
    answer = work.broadcast_shape(*pair)
    if expected is None:
        answer.must_raise(ValueError)
    else:
        answer.must_satisfy("be a tuple", lambda value: isinstance(value, tuple))
        answer.must_equal(expected)


@claim(
    "A batch moves to a device, and what is no tensor stays.",
    catches=["drops_what_to_returns", "moves_the_callers_batch", "makes_tensors_of_all"],
)
def moves_to_a_device(work):
    batch = {"x": tensor([[1.0, 2.0]]), "y": tensor([3]), "name": "first", "rows": 1, "sides": [2]}
    batch["pair"] = [tensor([4.0]), tensor([5.0])]
    held = put(work, batch)
    there = work.to_device(held, "meta")
    there["x"].device.type.must_equal("meta")
    there["y"].device.type.must_equal("meta")
    there["name"].must_equal("first")
    there["pair"][0].device.type.must_equal("cpu", because="A list stays as it was.")
    held["x"].device.type.must_equal("cpu", because="The caller's batch stays where it was.")
    here = work.to_device(batch, "cpu").must_not_change_its_arguments()
    here["x"].must_be_close_to([[1.0, 2.0]])
    here["y"].must_have_dtype("int64").must_equal(np.array([3]))
    here["rows"].must_be_a("int").must_equal(1)
    here["sides"].must_be_a("list").must_equal([2])
    here["sides"][0].must_be_a("int", because="A list is no tensor, and stays as it was.")
    work.to_device(held, "cpu").pop("rows").as_value()
    held["rows"].must_equal(1, because="It was taken out of the new dict, not out of the batch.")
    more = {"rate": tensor(0.5), "ids": np.array([8, 9]), "factor": 1.5, "last": None, "on": True}
    more |= {"both": (tensor([6.0]),), "deep": {"z": tensor([7.0])}}
    there = work.to_device(more, "meta")
    there["rate"].device.type.must_equal("meta", because="A tensor of shape () moves too.")
    there["ids"].must_be_a("array").must_equal(np.array([8, 9]))
    there["factor"].must_be_a("float").must_equal(1.5)
    there["last"].must_be_a("none")
    there["on"].must_be_a("bool").must_equal(True)
    there["both"][0].device.type.must_equal("cpu", because="A tuple stays as it was.")
    there["deep"]["z"].device.type.must_equal("cpu", because="A dict in it stays as it was.")


@claim(
    "The error is the mean over n pairs, whatever the shapes.",
    pair=PAIRS,
    examples=12,
    catches=["broadcast_loss"],
)
def averages_over_pairs(work, pair):
    prediction, target = pair
    expected = np.mean((prediction.reshape(-1) - target.reshape(-1)) ** 2)
    loss = work.mse(tensor(prediction), tensor(target))
    loss.must_have_shape(()).must_be_close_to(expected, rtol=1e-5, atol=1e-6)


@claim(
    "The error stays in the graph: its gradient reaches the predictions.",
    pair=PAIRS,
    examples=12,
    catches=["item_in_graph", "broadcast_loss"],
)
def keeps_the_graph(work, pair):
    prediction, target = pair
    p = put(work, tensor(prediction, requires_grad=True))
    work.mse(p, tensor(target)).backward().as_value()
    gap = prediction.reshape(-1) - target.reshape(-1)
    reached = observe("gradient that reaches the predictions", p.grad.as_array())
    reached.must_be_close_to((2 * gap / len(gap)).reshape(prediction.shape), rtol=1e-4, atol=1e-6)


@claim(
    "Predictions and targets of different number are refused: ValueError.",
    pair=UNEQUAL,
    examples=12,
    catches=["broadcast_loss"],
)
def refuses_unequal_numbers(work, pair):
    prediction, target = pair
    work.mse(tensor(prediction), tensor(target)).must_raise(ValueError)


@claim(
    "The network tells fresh points of two to four rings apart.",
    examples=1,
    catches=["no_nonlinearity", "forgets_to_step"],
)
def learns_rings(work, rng, sizes):
    scores = []
    for seed in range(sizes["seeds"]):
        n_rings = 2 + seed % 3
        named = np.arange(n_rings)
        if seed % 2:  # a class that no point has, below the last one
            named = np.delete(np.arange(n_rings + 1), rng.integers(n_rings))
        n_classes = int(named[-1]) + 1
        x, y = rings(rng, sizes["rows"], n_rings)
        model = work.train_classifier(*sent(x, named[y]), n_classes, seed)
        x, y = rings(rng, 500, n_rings)
        logits = model(tensor(x)).as_array(shape=(500, n_classes))
        scores.append(float(np.mean(logits.argmax(axis=1) == named[y])))
    mean = float(np.mean(scores))
    observe("share of 500 fresh points told right, mean over the seeds", mean).must_be_at_least(BAR)


@claim(
    "There is a column for each class, seen or not, and a row for each point.",
    examples=1,
    catches=["counts_the_classes_seen", "softmax_at_the_end", "log_softmax_at_the_end"],
)
def gives_every_class_a_column(work, rng):
    x, y = rings(rng, 40, 2)
    model = work.train_classifier(*sent(x, y), 4, 0)
    for rows in (1, 3):
        logits = model(tensor(x[:rows])).must_be_a("tensor").must_have_dtype("float32")
        logits.must_have_shape((rows, 4)).must_be_finite()
        bare = "differ from 1, as those of bare scores do"
        sums = observe("sums of the logits of each point", logits.as_array().sum(axis=1))
        sums.must_satisfy(bare, not_all_one)
        powers = np.exp(logits.as_array()).sum(axis=1)
        observe("sums of e to the logits of each point", powers).must_satisfy(bare, not_all_one)
    logits = model(tensor(x)).as_array(shape=(len(x), 4))
    observe("all logits of 40 points", logits).must_satisfy(
        "leave the range from 0 to 1, as bare scores do", lambda all_: not shares(all_)
    )
    for which, one in (("first", slice(1)), ("last", slice(-1, None))):
        alone = observe(
            f"logits of the {which} point, asked alone", model(tensor(x[one])).as_array()
        )
        alone.must_be_close_to(
            logits[one], rtol=1e-3, atol=1e-4, because="These are its logits among 39 others."
        )


@claim(
    "The same seed gives the same network, and training leaves points and classes as they were.",
    examples=1,
    catches=["unseeded", "scales_in_place"],
)
def repeats_itself(work, rng):
    x, y = sent(*rings(rng, 40, 2))
    probe = tensor(rings(rng, 5, 2)[0])
    model = work.train_classifier(x, y, 2, 7).must_not_change_its_arguments()
    first = model(probe).as_array()
    model(probe).must_be_close_to(first, rtol=1e-4, atol=1e-5, because="It was asked twice.")
    work.train_classifier(x, y, 2, 7)(probe).must_be_close_to(first, rtol=1e-4, atol=1e-5)
    points, asked = put(work, x), put(work, probe)
    work.train_classifier(points, y, 2, 8)(probe).must_have_shape((5, 2))
    points.requires_grad.must_equal(False, because="The points ask for no gradient of their own.")
    for _ in range(2):
        model(asked).must_be_close_to(
            first, rtol=1e-4, atol=1e-5, because="It was asked before, then another was trained."
        )
