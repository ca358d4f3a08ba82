"""A config for a training run: typed through and through, and impossible to build illegally."""

import math
import re

from gradus.check import claim, diagnostic, draw, observe, raised

DEFAULTS = {
    "lr": 0.001,
    "batch_size": 32,
    "epochs": 10,
    "dropout": 0.1,
    "hidden_sizes": [128, 64],
    "seed": None,
}
NAN, INF = math.nan, math.inf
HUGE = 10**400
NAMES = re.compile(rf"\b({'|'.join(DEFAULTS)})\b")
WIDTHS = draw.lists(draw.integers(1, 512), size=(1, 4))

LEGAL = {
    "lr": draw.one_of(draw.floats(1e-6, 1.0), draw.integers(1, 3)),
    "batch_size": draw.integers(1, 4096),
    "epochs": draw.integers(1, 500),
    "dropout": draw.one_of(draw.floats(0.0, 0.99), draw.just(0)),
    "hidden_sizes": WIDTHS,
    "seed": draw.one_of(draw.just(None), draw.integers(0, 2**31)),
}
OUT_OF_RANGE = {
    "lr": draw.one_of(draw.floats(-2.0, -1e-6), draw.integers(-9, 0)),
    "batch_size": draw.integers(-64, 0),
    "epochs": draw.integers(-64, 0),
    "hidden_sizes": draw.lists(draw.integers(-512, 0), size=(1, 1)),
    "seed": draw.integers(-99, -1),
}


@draw.composite
def settings(pick):
    """Legal values for some of the fields."""
    names = [name for name in LEGAL if pick(draw.booleans())]
    return {name: pick(LEGAL[name]) for name in names}


@draw.composite
def one_out_of_range(pick):
    """A field with a number of the right kind outside its range."""
    name = pick(draw.choice(list(OUT_OF_RANGE)))
    return name, pick(OUT_OF_RANGE[name])


def must_be_empty(label, sightings):
    """Nothing was seen; the first of it is enough for a person."""
    found = sightings.as_list()
    more = f"And {len(found) - 1} more." if len(found) > 1 else ""
    observe(label, found[0] if found else None).must_satisfy(
        "be nothing", lambda first: first is None, because=more
    )


def must_refuse(work, name, value):
    """Building with this value raises ValueError."""
    work.TrainConfig(**{name: value}).must_raise(ValueError)


@draw.composite
def several_out_of_range(pick):
    """Two or three fields out of range at once."""
    first = pick(draw.integers(0, len(OUT_OF_RANGE) - 1))
    names = (list(OUT_OF_RANGE) * 2)[first : first + pick(draw.integers(2, 3))]
    return {name: pick(OUT_OF_RANGE[name]) for name in names}


SETTINGS = settings().edges(
    {},
    {"dropout": 0.0},
    {"dropout": 0},
    {"dropout": 0.999999},
    {"lr": 1},
    {"lr": 1e-300},
    {"lr": 1e300},
    {"batch_size": 1, "epochs": 1, "hidden_sizes": [1]},
    {"seed": 0},
    {"seed": None},
)
ONE_OUT_OF_RANGE = one_out_of_range().edges(
    ("lr", 0.0),
    ("lr", 0),
    ("lr", -0.001),
    ("batch_size", 0),
    ("epochs", 0),
    ("epochs", -3),
    ("hidden_sizes", []),
    ("hidden_sizes", [64, -7]),
    ("hidden_sizes", [0, 64]),
    ("hidden_sizes", [64, 32, -7]),
    ("hidden_sizes", [128, 64, 32, 16, 8, -7]),
    ("seed", -1),
)


def cases(values):
    """Every one of a few values, each run once."""
    return draw.choice(values).edges(*values)


NOT_FINITE = cases([("lr", NAN), ("lr", INF), ("lr", -INF)])
BOOLS = cases(
    [(name, value) for name in ("lr", "batch_size", "epochs", "seed") for value in (True, False)]
    + [("hidden_sizes", [True]), ("hidden_sizes", [64, True]), ("hidden_sizes", [False, 8])]
)
NO_DROPOUTS = cases(
    [1.0, 1, 1.5, -0.1, -1, 100, HUGE, NAN, INF, -INF, True, False, None, "0.5", [0.5]]
)
SEVERAL = several_out_of_range().edges(
    {"lr": -0.5, "batch_size": 0}, {"epochs": 0, "seed": -8}, {"hidden_sizes": [-7], "seed": -2}
)
TEXTS = draw.text("0123456789, ", size=(0, 8)).edges(
    "", " ", "128", "128, 64", " 8 ,4,2 ", "64,", ",", "8,,4", "a, b", "1.5"
)
WRONG_KINDS = cases(
    [(name, None) for name in ("lr", "batch_size", "epochs", "hidden_sizes")]
    + [
        (name, text)
        for name in ("lr", "batch_size", "epochs", "hidden_sizes")
        for text in ("8", "")
    ]
    + [("batch_size", "64"), ("batch_size", " 64 "), ("batch_size", "32.0"), ("epochs", "10")]
    + [("lr", "0.1"), ("lr", "1e-3"), ("seed", "8"), ("seed", "0"), ("hidden_sizes", "128, 64")]
    + [(name, [8]) for name in ("lr", "batch_size", "epochs", "seed")]
    + [("batch_size", 32.0), ("batch_size", 8.5), ("epochs", 10.0), ("seed", 3.0), ("seed", "")]
    + [("batch_size", NAN), ("epochs", INF), ("seed", NAN), ("lr", 1j)]
    + [("hidden_sizes", wrong) for wrong in (64, 0.5, True, (64, 32), {64: 32})]
    + [("hidden_sizes", [64, wrong]) for wrong in (None, "32", 32.0, NAN, [8])]
)


def shown(value):
    """The text that a message must hold: of a list, the entry that is wrong."""
    if isinstance(value, list):
        wrong = [each for each in value if type(each) is not int or each < 1]
        return str(wrong[0]) if wrong else "[]"
    return str(value)


@claim(
    "mypy --strict has nothing to say about config.py.",
    catches=["annotates_halfway"],
)
def mypy_is_content(work, reader):
    must_be_empty("what mypy --strict says", reader.complaints())


@claim(
    "Nothing in config.py keeps mypy from looking: no Any, no cast, no type: ignore.",
    catches=["any_everywhere"],
)
def mypy_is_not_silenced(work, reader):
    must_be_empty("what keeps mypy from looking", reader.silencers())


@claim(
    "By its annotations, mypy stops a caller with the wrong types and no other.",
    catches=["any_everywhere", "annotates_halfway", "none_is_gone"],
)
def annotations_say_what_is_meant(work, reader):
    must_be_empty("callers of config.py, checked by mypy", reader.misunderstandings())


@claim(
    "What you do not set has the default of the table.",
    given=SETTINGS,
    catches=["none_is_gone", "whole_is_no_float"],
)
def has_the_defaults(work, given):
    config = work.TrainConfig(**given)
    for name, default in DEFAULTS.items():
        getattr(config, name).must_equal(given.get(name, default))


@claim(
    "Every legal config is built, and validate() returns None.",
    given=SETTINGS,
    catches=["none_is_gone", "whole_is_no_float"],
)
def accepts_what_is_legal(work, given):
    work.TrainConfig(**given).validate().must_be_a("none")


@claim(
    "A number outside its range cannot be built: ValueError.",
    field=ONE_OUT_OF_RANGE,
    catches=["waits_to_be_asked", "looks_at_two_sizes"],
)
def refuses_out_of_range(work, field):
    must_refuse(work, *field)


@claim(
    "A dropout that is no number from 0 up to, but not including, 1 cannot be built: ValueError.",
    value=NO_DROPOUTS,
    examples=1,
    catches=[
        "dropout_unchecked",
        "nan_passes",
        "bool_is_int",
        "compares_before_it_looks",
        "waits_to_be_asked",
        "asks_isfinite_first",
    ],
)
def refuses_other_dropouts(work, value):
    must_refuse(work, "dropout", value)


@claim(
    "A learning rate of NaN or infinity cannot be built: ValueError.",
    field=NOT_FINITE,
    examples=1,
    catches=["nan_passes", "waits_to_be_asked"],
)
def refuses_what_is_not_finite(work, field):
    must_refuse(work, *field)


@claim(
    "True and False are not taken for numbers: ValueError.",
    field=BOOLS,
    examples=1,
    catches=["bool_is_int", "waits_to_be_asked"],
)
def refuses_bools(work, field):
    must_refuse(work, *field)


@claim(
    "An int that no float can hold raises ValueError or is taken, and nothing else happens.",
    catches=["asks_isfinite_first", "waits_to_be_asked", "dropout_unchecked"],
)
def survives_what_no_float_can_hold(work):
    must_refuse(work, "lr", -HUGE)
    must_refuse(work, "dropout", HUGE)
    built = work.TrainConfig(lr=HUGE)
    if raised(built) is not None:
        built.must_raise(ValueError)


@claim(
    "None, text and every other wrong kind raise ValueError, and nothing else.",
    field=WRONG_KINDS,
    examples=1,
    catches=["compares_before_it_looks", "waits_to_be_asked", "converts_text"],
)
def refuses_wrong_kinds(work, field):
    must_refuse(work, *field)


@claim(
    "The message names the field and holds the value.",
    field=ONE_OUT_OF_RANGE.edges(("dropout", 1.5), ("seed", "abc"), ("batch_size", 8.5)),
    catches=[
        "says_invalid_only",
        "dropout_unchecked",
        "compares_before_it_looks",
        "waits_to_be_asked",
    ],
)
def says_what_is_wrong(work, field):
    name, value = field
    work.TrainConfig(**{name: value}).must_raise(ValueError, saying=[name, shown(value)])


@claim(
    "Where several fields are illegal, one message names them all.",
    values=SEVERAL,
    catches=["says_invalid_only", "stops_at_the_first", "waits_to_be_asked"],
)
def says_everything_at_once(work, values):
    parts = [part for name, value in values.items() for part in (name, shown(value))]
    work.TrainConfig(**values).must_raise(ValueError, saying=parts)


@claim(
    "The message names no field that is legal.",
    values=SEVERAL.edges({"lr": -0.5}, {"hidden_sizes": [64, -7]}),
    examples=5,
    catches=["prints_the_whole_config", "waits_to_be_asked"],
)
def says_nothing_of_what_is_legal(work, values):
    built = work.TrainConfig(**values).must_raise(ValueError)
    named = set(NAMES.findall(raised(built) or ""))
    observe("legal fields that the message names", sorted(named - set(values))).must_equal(
        [], because=f"Illegal: {', '.join(values)}."
    )


@claim(
    "validate() looks at what the config holds now.",
    width=draw.integers(-512, 0),
    examples=5,
    catches=["says_invalid_only"],
)
def looks_again(work, width):
    config = work.TrainConfig(hidden_sizes=[64])
    config.hidden_sizes.append(width).must_be_a("none")
    config.validate().must_raise(ValueError, saying=["hidden_sizes", str(width)])


@claim(
    "differences() still gives the fields that differ, old value before new.",
    old=SETTINGS,
    new=SETTINGS,
    catches=["none_is_gone", "whole_is_no_float"],
)
def finds_the_differences(work, old, new):
    before, after = DEFAULTS | old, DEFAULTS | new
    expected = {
        name: (before[name], after[name]) for name in DEFAULTS if before[name] != after[name]
    }
    work.differences(work.TrainConfig(**old), work.TrainConfig(**new)).must_equal(expected)


@claim(
    "parse_sizes() still gives whole numbers, and None for a blank text.",
    text=TEXTS,
    catches=["none_is_gone"],
)
def parses_sizes(work, text):
    parts = [part.strip() for part in text.split(",")]
    if not text.strip():
        work.parse_sizes(text).must_be_a("none")
    elif all(part.isdigit() for part in parts):
        work.parse_sizes(text).must_equal([int(part) for part in parts])
    else:
        work.parse_sizes(text).must_raise(ValueError)


@claim(
    "unknown_names() still gives the set of names that are no field.",
    names=draw.lists(draw.choice([*DEFAULTS, "rate", "validate", "LR", ""]), size=(0, 6)).edges(
        [], list(DEFAULTS), ["validate", "lr"], ["rate", "rate"]
    ),
    catches=["asks_the_class"],
)
def finds_unknown_names(work, names):
    unknown = work.unknown_names(names).must_satisfy("be a set", lambda value: type(value) is set)
    unknown.must_equal(set(names) - set(DEFAULTS))


@claim("No two configs share a list.", catches=["mutable_default"])
def shares_nothing(work):
    first, second = work.TrainConfig(), work.TrainConfig()
    first.hidden_sizes.append(16).must_be_a("none")
    second.hidden_sizes.must_equal([128, 64], because="Only the first config's list was changed.")
    work.TrainConfig().hidden_sizes.must_equal(
        [128, 64], because="An earlier config's list was changed, not the default."
    )


@diagnostic("whole_is_no_float")
def takes_a_float_and_no_int(work):
    refused = [
        [raised(work.TrainConfig(**{name: kind(value)})) is not None for kind in (int, float)]
        for name, value in (("lr", 1), ("dropout", 0))
    ]
    return [True, False] in refused


@diagnostic("converts_text")
def takes_text_for_numbers(work):
    texts = (("batch_size", "64"), ("epochs", "10"), ("seed", "8"), ("lr", "0.1"))
    return any(raised(work.TrainConfig(**{name: text})) is None for name, text in texts)
