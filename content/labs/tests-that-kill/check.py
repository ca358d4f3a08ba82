"""A test suite, judged by what it catches: right functions pass it, wrong ones do not.

The learner's tests run in the child. The functions they test are stubs that run here, so no
mutant is ever where the learner's code could look at it.
"""

import functools
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from gradus.check import claim, diagnostic, observe, public, raised, stub

MOST_ROWS = 20_000
MOST_REMEMBERED = 2_000_000
ENOUGH_ROWS = 20


# ── the contract, kept in two ways ──


def labels(y_true, y_pred):
    """Both arguments of f1 as lists; raises ValueError as the contract says."""
    truth, guess = list(y_true), list(y_pred)
    if len(truth) != len(guess) or not truth:
        raise ValueError(f"{len(truth)} true labels and {len(guess)} predictions")
    return truth, guess


def counted(truth, guess):
    """Hits, false alarms and misses."""
    pairs = list(zip(truth, guess, strict=False))
    return pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))


def f1(y_true, y_pred):
    """2 TP / (2 TP + FP + FN), and 0.0 where that is 0 / 0."""
    hits, alarms, misses = counted(*labels(y_true, y_pred))
    return 2 * hits / (2 * hits + alarms + misses) if hits else 0.0


def n_test_rows(n, test_share):
    """How many rows the test part has; raises ValueError as the contract says."""
    if not (n >= 2 and 0 < test_share < 1):
        raise ValueError(f"cannot split {n} rows with a test share of {test_share}")
    if n > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS} rows")
    return max(1, int(n * test_share))


def shuffled(n, seed):
    """The rows 0 … n - 1 in an order that the seed decides."""
    rows = list(range(n))
    random.Random(str(seed)).shuffle(rows)
    return rows


def split(n, test_share, seed):
    """The split of the learner's own toolbox.py, row for row."""
    n_test = n_test_rows(n, test_share)
    rows = shuffled(n, seed)
    return rows[n_test:], rows[:n_test]


def columns_of(rows):
    return [list(column) for column in zip(*rows, strict=False)]


def moments(column):
    """Mean and population standard deviation; 1 instead of a deviation of 0."""
    mean = math.fsum(column) / len(column)
    if min(column) == max(column):
        return column[0], 1.0
    return mean, math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))


def table(rows):
    """Rows of numbers as lists of floats."""
    made = [[float(x) for x in row] for row in rows]
    if len(made) > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS} rows")
    return made


def rescaled(rows, statistics):
    return [
        [(x - mean) / deviation for x, (mean, deviation) in zip(row, statistics, strict=False)]
        for row in rows
    ]


def scaler(fit: Callable[[list, list], list]):
    """A scaler whose column statistics come from `fit(train, test)`."""

    def scale(train, test):
        train, test = table(train), table(test)
        if not train:
            raise ValueError("no rows to learn the scale from")
        statistics = fit(train, test)
        return rescaled(train, statistics), rescaled(test, statistics)

    return scale


def learnt_from_train(train, test):
    return [moments(column) for column in columns_of(train)]


scale = scaler(learnt_from_train)


def in_the_twelfth_digit(value):
    """The same result from other arithmetic; whole numbers come out whole."""
    if isinstance(value, float):
        return value if value == round(value) else value * (1 - 5e-12)
    return type(value)(in_the_twelfth_digit(each) for each in value)


def in_other_words(function):
    """Refuse with other messages, and refuse what the contract leaves open."""

    @functools.wraps(function)
    def strict(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except (TypeError, ValueError):
            raise ValueError("no") from None

    return strict


@in_other_words
def other_f1(y_true, y_pred):
    """The harmonic mean of precision and recall, rounded elsewhere."""
    if {*y_true, *y_pred} - {0, 1}:
        raise ValueError
    return in_the_twelfth_digit(f1(y_true, y_pred))


@in_other_words
def other_scale(train, test):
    """Other sums, rounded elsewhere."""
    if len({len(row) for row in (*train, *test)}) > 1:
        raise ValueError
    return in_the_twelfth_digit(scale(train, test))


def is_block(test, n):
    """Whether these rows are the first or the last of n."""
    return sorted(test) in (list(range(len(test))), list(range(n - len(test), n)))


def mixing(salt):
    """A splitter whose rows nobody can foresee: no block, and another part for another seed.

    Chance alone would break these two promises now and then, and a right test with them.
    """
    made: dict = {}
    n_rows = 0

    @in_other_words
    def mixed(n, test_share, seed):
        nonlocal n_rows
        n_test_rows(n, test_share)
        parts = made.setdefault((n, test_share), {})
        key = str(seed)
        for turn in range(50):
            if key in parts:
                break
            train, test = split(n, test_share, f"{salt}/{n}/{test_share}/{seed}/{turn}")
            taken = any(set(test) == set(other) for _, other in parts.values())
            if turn == 49 or not (taken or is_block(test, n)):
                n_rows += n + len(key)
                if n_rows > MOST_REMEMBERED:
                    raise ValueError(f"more than {MOST_REMEMBERED} rows in all")
                parts[key] = train, test
        return parts[key]

    return mixed


def other_splits(salt):
    """Splitters that keep the contract in other ways, each with what is different."""
    mixed = mixing(salt)

    def ranked(n, test_share, seed):
        train, test = mixed(n, test_share, seed)
        return sorted(train), sorted(test)

    def backwards(n, test_share, seed):
        train, test = mixed(n, test_share, seed)
        return sorted(train, reverse=True), sorted(test, reverse=True)

    def one_for_few(n, test_share, seed):
        return mixed(n, test_share, seed if n >= ENOUGH_ROWS else "any")

    calls = itertools.count(1)

    def listed_anew(n, test_share, seed):
        order = random.Random(f"{salt}/{next(calls)}")
        return tuple(order.sample(part, len(part)) for part in mixed(n, test_share, seed))

    return [
        (mixed, "split shuffles otherwise"),
        (ranked, "split lists the rows of each part in their order"),
        (backwards, "split lists the rows of each part backwards"),
        (one_for_few, f"split looks at the seed from {ENOUGH_ROWS} rows on"),
        (listed_anew, "split lists the same rows in another order at each call"),
    ]


# ── the mutants: one mistake each ──


@dataclass(frozen=True)
class Mutant:
    """A wrong function and, in words, what is wrong with it; perhaps in a second form."""

    says: str
    function: Callable
    other: Callable | None = None

    @property
    def forms(self):
        return [each for each in (self.function, self.other) if each is not None]


def mutants_of_f1():
    def ratio(of):
        def wrong(y_true, y_pred):
            top, bottom = of(*counted(*labels(y_true, y_pred)))
            return top / bottom if bottom else 0.0

        return wrong

    def accuracy(y_true, y_pred):
        truth, guess = labels(y_true, y_pred)
        return sum(t == g for t, g in zip(truth, guess, strict=True)) / len(truth)

    def mean_of_both(y_true, y_pred):
        hits, alarms, misses = counted(*labels(y_true, y_pred))
        return (hits / (hits + alarms) + hits / (hits + misses)) / 2 if hits else 0.0

    def other_class(y_true, y_pred):
        truth, guess = labels(y_true, y_pred)
        return f1([1 - y for y in truth], [1 - y for y in guess])

    def nothing_is_perfect(y_true, y_pred):
        truth, guess = labels(y_true, y_pred)
        return f1(truth, guess) if 1 in truth or 1 in guess else 1.0

    def cuts_short(y_true, y_pred):
        n = min(len(y_true), len(y_pred))
        return f1(y_true[:n], y_pred[:n])

    def breaks_on_nothing(y_true, y_pred):
        if len(y_true) == len(y_pred) == 0:
            raise ZeroDivisionError("division by zero")
        return f1(y_true, y_pred)

    return [
        Mutant("gives the precision", ratio(lambda tp, fp, fn: (tp, tp + fp))),
        Mutant("gives the recall", ratio(lambda tp, fp, fn: (tp, tp + fn))),
        Mutant("gives the accuracy", accuracy),
        Mutant("gives the plain mean of precision and recall", mean_of_both),
        Mutant("takes 0 for the positive class", other_class),
        Mutant("gives 1.0 where no label is 1 and none is predicted", nothing_is_perfect),
        Mutant("cuts the longer of two lists", cuts_short),
        Mutant("divides by zero where both lists are empty", breaks_on_nothing),
    ]


def mutants_of_split(rng):
    place = int(rng.integers(1000))

    def overlap(n, test_share, seed):
        train, test = split(n, test_share, seed)
        return [*train, test[place % len(test)]], test

    def overlap_for_a_row(n, test_share, seed):
        train, test = split(n, test_share, seed)
        train[place % len(train)] = test[place % len(test)]
        return train, test

    def loses_a_row(n, test_share, seed):
        train, test = split(n, test_share, seed)
        if len(train) > 1:
            del train[place % len(train)]
        return train, test

    def rounds_up(n, test_share, seed):
        n_test_rows(n, test_share)
        n_test, rows = min(n - 1, math.ceil(n * test_share)), shuffled(n, seed)
        return rows[n_test:], rows[:n_test]

    def ignores_the_seed(n, test_share, seed):
        return split(n, test_share, place)

    calls = []

    def never_the_same(n, test_share, seed):
        calls.append(seed)
        return split(n, test_share, f"{seed}/{len(calls)}")

    def one_block(n, test_share, seed, at_the_end=False):
        n_test, rows = n_test_rows(n, test_share), list(range(n))
        if (random.Random(str(seed)).random() < 0.5) is not at_the_end:
            return rows[:-n_test], rows[-n_test:]
        return rows[n_test:], rows[:n_test]

    def other_block(n, test_share, seed):
        return one_block(n, test_share, seed, at_the_end=True)

    def empty_test(n, test_share, seed):
        n_test_rows(n, test_share)
        n_test, rows = int(n * test_share), shuffled(n, seed)
        return rows[n_test:], rows[:n_test]

    def takes_share_0(n, test_share, seed):
        return split(n, 1e-9 if n >= 2 and test_share == 0 else test_share, seed)

    def takes_share_1(n, test_share, seed):
        if n >= 2 and test_share == 1:
            return [], shuffled(n, seed)
        return split(n, test_share, seed)

    def takes_one_row(n, test_share, seed):
        if n == 1 and 0 < test_share < 1:
            return [], [0]
        return split(n, test_share, seed)

    return [
        Mutant("puts one row into both parts", overlap, overlap_for_a_row),
        Mutant("loses a row", loses_a_row),
        Mutant("rounds the number of test rows up", rounds_up),
        Mutant("pays no attention to the seed", ignores_the_seed),
        Mutant("gives another split at every call, whatever the seed", never_the_same),
        Mutant("does not shuffle: the test rows are a block at one end", one_block, other_block),
        Mutant("leaves the test part empty where there are few rows", empty_test),
        Mutant("accepts a test share of exactly 0", takes_share_0),
        Mutant("accepts a test share of exactly 1", takes_share_1),
        Mutant("accepts a single row, which leaves no row to train on", takes_one_row),
    ]


def mutants_of_scale():
    def own_statistics(train, test):
        scaled, _ = scale(train, test)
        return scaled, scale(test, [])[0] if len(test) else []

    def fitted_on_both(train, test):
        return learnt_from_train(train + test, test)

    def sample_deviation(train, test):
        n = len(train)
        factor = math.sqrt(n / (n - 1)) if n > 1 else 1.0
        columns = columns_of(train)
        return [
            (moments(c)[0], moments(c)[1] * (factor if min(c) != max(c) else 1.0)) for c in columns
        ]

    def divides_by_zero(train, test):
        scaled, scaled_test = scale(train, test)
        constant = [min(c) == max(c) for c in columns_of(table(train))]
        return tuple(
            [
                [math.nan if flat else x for x, flat in zip(row, constant, strict=True)]
                for row in rows
            ]
            for rows in (scaled, scaled_test)
        )

    def breaks_on_nothing(train, test):
        if len(train) == 0:
            raise IndexError("list index out of range")
        return scale(train, test)

    def one_for_all_columns(train, test):
        everything = [x for row in train for x in row]
        return [moments(everything)] * len(train[0])

    return [
        Mutant("scales the test rows by their own mean and deviation", own_statistics),
        Mutant("learns mean and deviation from train and test together", scaler(fitted_on_both)),
        Mutant("uses the sample deviation, with n - 1", scaler(sample_deviation)),
        Mutant("gives NaN in a column that is constant", divides_by_zero),
        Mutant("uses one mean and deviation for all columns", scaler(one_for_all_columns)),
        Mutant("raises IndexError where train is empty", breaks_on_nothing),
    ]


def nonsense():
    """Functions of the right form that look at nothing."""
    return {
        "f1": lambda y_true, y_pred: 0.5,
        "split": lambda n, test_share, seed: ([0], [1]),
        "scale": lambda train, test: ([list(row) for row in train], [list(row) for row in test]),
    }


# ── running the learner's tests ──

RIGHT = {"f1": f1, "split": split, "scale": scale}


def tests_of(work):
    """The learner's tests: (name, which functions it asks for)."""
    return [
        (each.name, each.parameters)
        for each in public(work)
        if each.kind == "function" and each.name.startswith("test_")
    ]


def run(work, test, **others):
    """The answer of a test that is handed the right functions, some replaced by others."""
    name, asks_for = test
    functions = RIGHT | others
    return getattr(work, name)(**{each: stub(functions[each], each) for each in asks_for})


def calls_in(work, test):
    """How often a test calls each function that it is handed."""
    name, asks_for = test
    given = {each: stub(RIGHT[each], each) for each in asks_for}
    getattr(work, name)(**given)
    return {each: len(function.calls) for each, function in given.items()}


def must_all_pass(work, tests, why, **others):
    """Every test passes on these functions; the finding has the line that raised."""
    for test in tests:
        run(work, test, **others).must_satisfy(f"pass: {why}", lambda value: True)


@functools.lru_cache(maxsize=1)
def good_tests(work):
    """The tests that pass on the functions of toolbox.py: only these can catch anything."""
    return [test for test in usable_tests(work) if raised(run(work, test)) is None]


def usable_tests(work):
    """The tests that ask for nothing but the three functions."""
    return [test for test in tests_of(work) if set(test[1]) <= set(RIGHT)]


def must_still_pass(work, tests, times):
    """A test that failed on a mutant fails because of it, and not because it was its turn.

    The tests before it run again too: they may have told it whose turn it is.
    """
    for _ in range(times):
        for test in tests:
            run(work, test).must_satisfy(
                "pass again, as before on this function", lambda value: True
            )


def is_caught(work, name, function):
    """Whether a test that passes on the right function fails on this one."""
    tests = [test for test in good_tests(work) if name in test[1]]
    return any(raised(run(work, test, **{name: function})) is not None for test in tests)


def survives(work, rng, tests, name, function):
    """Whether all tests pass on a function; up to one that fails, they have to pass again."""
    for n_run, test in enumerate(tests, 1):
        if raised(run(work, test, **{name: function})):
            must_still_pass(work, tests[:n_run], int(rng.integers(1, 3)))
            return False
    return True


def must_catch(work, another, rng, name, mutants):
    """Each mutant makes a test fail that passes on the right function.

    The process that meets the mutants has never seen the right function: a test that compares
    with what it saw before takes the first mutant for right.
    """
    tests = [test for test in good_tests(work) if name in test[1]]
    alive = [
        mutant
        for mutant in mutants
        if any(survives(another, rng, tests, name, form) for form in mutant.forms)
    ]
    if alive:
        caught = f"{len(mutants) - len(alive)} of {len(mutants)} are caught so far."
        label = f"your tests of {name}, given one that {alive[0].says}"
        observe(label, "they all pass").must_equal(
            "at least one fails", because=caught if len(mutants) > 1 else ""
        )


@claim(
    "Each test says the same in any order, and when it is run again.",
    catches=["leans_on_another_test"],
)
def order_does_not_matter(work):
    tests = usable_tests(work)
    backwards = {test[0]: raised(run(work, test)) for test in reversed(tests)}
    for test in tests:
        before, now = backwards[test[0]], raised(run(work, test))
        if (now is None) != (before is None):
            said = "it passed, and now it does not" if before is None else "it passes only now"
            observe(f"{test[0]}, run in another order and again", said).must_equal(
                "the same every time", because=f"It {now or before}."
            )


@claim(
    "f1, split and scale each have a test, and every test calls what it is given.",
    catches=["tests_the_mock"],
)
def every_test_calls_what_it_is_given(work):
    tests = tests_of(work)
    for name, asks_for in tests:
        observe(f"the parameters of {name}", list(asks_for)).must_satisfy(
            "be one or more of f1, split and scale",
            lambda names: len(names) > 0 and set(names) <= set(RIGHT),
        )
    for function in RIGHT:
        asking = [name for name, asks_for in tests if function in asks_for]
        observe(f"tests that ask for {function}", asking).must_satisfy(
            "be at least one", lambda names: len(names) > 0
        )
    for test in tests:
        for function, n_calls in calls_in(work, test).items():
            observe(f"calls of {function} in {test[0]}", n_calls).must_be_at_least(
                1, because="The test is handed this function and never calls it."
            )


@claim(
    "Every test passes on functions that keep the contract.",
    catches=["misreads_the_contract", "leans_on_another_test"],
)
def right_functions_pass(work):
    must_all_pass(work, usable_tests(work), "the functions of toolbox.py keep the contract")


@claim(
    "They also pass where f1 and scale differ in the twelfth digit.",
    catches=["exact_float_equality"],
)
def other_arithmetic_passes(work):
    why = "f1 and scale add up in another order, say less in a refusal, and keep the contract"
    must_all_pass(work, good_tests(work), why, f1=other_f1, scale=other_scale)


@claim(
    "They also pass where split picks other rows.",
    examples=1,
    catches=["overfit_to_implementation", "compares_the_order"],
)
def another_shuffle_passes(work, rng):
    tests = [test for test in good_tests(work) if "split" in test[1]]
    for other, does in other_splits(int(rng.integers(10**9))):
        must_all_pass(work, tests, f"{does} and keeps the contract", split=other)


@claim(
    "A function that answers without looking is caught.",
    examples=1,
    catches=["asserts_nothing", "tests_the_mock", "fails_in_its_turn"],
)
def nonsense_is_caught(work, another, rng):
    for name, function in nonsense().items():
        must_catch(
            work, another, rng, name, [Mutant("answers without looking at anything", function)]
        )


@claim(
    "Every wrong f1 is caught.",
    examples=1,
    catches=[
        "happy_path_only",
        "any_exception_will_do",
        "asserts_nothing",
        "tests_the_mock",
        "compares_with_the_first_run",
        "fails_in_its_turn",
    ],
)
def mutants_of_f1_die(work, another, rng):
    must_catch(work, another, rng, "f1", mutants_of_f1())


@claim(
    "Every wrong split is caught.",
    examples=1,
    catches=[
        "happy_path_only",
        "one_refusal_is_enough",
        "asserts_nothing",
        "tests_the_mock",
        "fails_in_its_turn",
    ],
)
def mutants_of_split_die(work, another, rng):
    must_catch(work, another, rng, "split", mutants_of_split(rng))


@claim(
    "Every wrong scale is caught.",
    examples=1,
    catches=[
        "happy_path_only",
        "any_exception_will_do",
        "asserts_nothing",
        "tests_the_mock",
        "fails_in_its_turn",
    ],
)
def mutants_of_scale_die(work, another, rng):
    must_catch(work, another, rng, "scale", mutants_of_scale())


@diagnostic("tests_the_mock")
def hands_are_never_used(work):
    return any(0 in calls_in(work, test).values() for test in usable_tests(work))


@diagnostic("one_refusal_is_enough")
def refuses_some_of_three(work, rng):
    wrong = mutants_of_split(rng)
    alive = [
        each.says for each in wrong if not all(is_caught(work, "split", f) for f in each.forms)
    ]
    return len(alive) < 3 and all(says.startswith("accepts") for says in alive)


def takes_another_shuffle(work, rng):
    """Whether the tests pass on other rows that are listed alike at each call."""
    mixed = mixing(int(rng.integers(10**9)))
    return all(raised(run(work, test, split=mixed)) is None for test in good_tests(work))


@diagnostic("compares_the_order")
def minds_the_order_alone(work, rng):
    return takes_another_shuffle(work, rng)


@diagnostic("overfit_to_implementation")
def minds_the_rows(work, rng):
    return not takes_another_shuffle(work, rng)


@diagnostic("any_exception_will_do")
def sees_that_nothing_is_refused(work):
    def takes_nothing(y_true, y_pred):
        return f1(y_true, y_pred) if y_true or y_pred else 0.0

    def learns_from_nothing(train, test):
        return scale(train, test) if train else ([], test)

    return is_caught(work, "f1", takes_nothing) and is_caught(work, "scale", learns_from_nothing)
