"""A suite and a gate for a shop's orders: clean days come in, and each kind of damage is refused.

Great Expectations itself runs the suite, in the reader, on days that are drawn here.
"""

import json

import numpy as np
from simulators import shop_orders as shop

from gradus.check import claim, diagnostic, observe, put, raised, table

SUITE = "suite.json"
REQUIRED = ("order_id", "ordered_at", "country", "currency", "payment", "items", "amount")
ROWS = 150


# ── batches, and what the suite says of them ──


def a_batch(columns, touched=None):
    return {"columns": columns, "touched": touched}


def drawn(rng):
    """A day, and 150 clean orders of it."""
    day = shop.draw_day(rng, int(rng.integers(1, 13)))
    return day, shop.draw_orders(rng, day, ROWS, shop.usual_amount(rng, day))


def failing(reader, batches, day):
    """What fails of suite.json on each batch, as Great Expectations says."""
    found = reader.failing(json.dumps(batches), shop.window(day)).as_value()
    if isinstance(found, str):
        observe("suite.json, as Great Expectations reads it", found).must_equal("a suite")
    return found


def must_admit(reader, what, orders, day, touched=None):
    """Demand that no expectation fails on a clean day, of those that look at what is special."""
    (found,) = failing(reader, [a_batch(orders, touched)], day)
    label = f"critical expectations that fail on {what}"
    observe(label, ", ".join(each["says"] for each in found) or "none").must_equal(
        "none", because="This batch keeps the contract."
    )


def must_refuse(reader, day, sizes, damages):
    """Demand that for each damage an expectation fails that looks at what was damaged.

    A damage is the words for it, the columns with it, and the table. Where there are words for
    each column, each column has to be noticed by itself.
    """
    damages = damages[: sizes["damages"]]
    batches = [a_batch(orders, touched) for _, touched, orders in damages]
    found = failing(reader, batches, day)
    for (words, _, _), failed in zip(damages, found, strict=True):
        for column, what in words.items() if isinstance(words, dict) else [(None, words)]:
            names = [each["says"] for each in failed if column is None or column in each["sees"]]
            observe(f"critical expectations that fail for {what}", names).must_satisfy(
                "name at least one: such a batch has to be refused", lambda names: len(names) > 0
            )


def changed(orders, **columns):
    return {**orders, **columns}


def with_one(rng, values, value):
    """The values with another one in a drawn place."""
    place = int(rng.integers(len(values)))
    return [*values[:place], value, *values[place + 1 :]]


def scaled(values, factor):
    return [None if each is None else round(each * factor, 6) for each in values]


# ── clean days ──


@claim(
    "An ordinary day is let in, in every season, with few orders and with many.",
    examples=1,
    catches=["fits_to_one_batch", "pins_the_row_count", "dates_by_hand", "weight_never_null"],
    may_catch=["bounds_from_the_history"],
)
def admits_ordinary_days(folder, reader, sizes, rng):
    for month in (11, 7, 2)[: sizes["days"]]:
        day, orders = shop.usual_day(rng, month)
        what = f"{day:%d %B}, an ordinary day with {len(orders['amount'])} orders"
        must_admit(reader, what, orders, day)


@claim(
    "A day at the edge of what the contract allows is let in.",
    examples=1,
    catches=[
        "fits_to_one_batch",
        "dates_by_hand",
        "pins_the_row_count",
        "weight_never_null",
        "bounds_from_the_history",
    ],
)
def admits_edges(folder, reader, sizes, rng):
    day = shop.draw_day(rng, int(rng.integers(1, 13)))
    few = shop.draw_orders(rng, day, shop.FEWEST, shop.LEAST_AMOUNT + 0.5, filled=0.08)
    opens = shop.window(day)["opens"]
    few = changed(few, ordered_at=with_one(rng, few["ordered_at"], opens))
    what = (
        f"a day with {shop.FEWEST} orders, median amount {np.median(few['amount']):.2f}, one of "
        "them made as the window opens"
    )
    must_admit(reader, what, few, day, ["rows", "ordered_at", "amount", "weight_kg", "coupon"])
    many = shop.draw_orders(rng, day, shop.MOST, shop.MOST_AMOUNT - 0.5, filled=0.4)
    weight = [1.0 if each is None else each for each in many["weight_kg"]]
    many = changed(
        many,
        amount=with_one(rng, many["amount"], shop.MOST_PRICE),
        items=with_one(rng, many["items"], shop.MOST_ITEMS),
        weight_kg=shop.without(rng, with_one(rng, weight, shop.MOST_WEIGHT), shop.MOST // 100),
    )
    what = (
        f"a day with {shop.MOST} orders, median amount {np.median(many['amount']):.2f}, one of "
        f"{shop.MOST_PRICE:.0f}, one of {shop.MOST_ITEMS} items, 1 % of the weights null"
    )
    must_admit(reader, what, many, day, ["rows", "items", "amount", "weight_kg", "coupon"])


@claim(
    "One more column, or another order of the columns, is no reason to refuse.",
    examples=1,
    catches=["columns_in_this_order", "fits_to_one_batch", "pins_the_row_count"],
)
def admits_more_columns(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    names = [*rng.permutation(list(orders)).tolist(), "channel"]
    orders = changed(orders, channel=["web"] * ROWS)
    orders = {name: orders[name] for name in names}
    what = "a day with a new column at the end, the others in another order"
    must_admit(reader, what, orders, day, ["rows"])


# ── one kind of damage at a time ──


@claim(
    "Nulls where none may be, and too many where some may be, are refused.",
    examples=1,
    catches=["everything_nullable", "mean_only", "schema_only", "mostly_too_slack", "all_warnings"],
)
def refuses_nulls(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    # Two tables, so that no column stands beside the one that it is paired with.
    damages = []
    for columns in (REQUIRED[::2], REQUIRED[1::2]):
        gaps = {each: with_one(rng, orders[each], None) for each in columns}
        words = {each: f"one null of 150 in {each}" for each in columns}
        damages.append((words, list(columns), changed(orders, **gaps)))
    weight = [1.0 if each is None else each for each in orders["weight_kg"]]
    gaps = changed(
        orders, weight_kg=shop.without(rng, weight, 5), coupon=["SAVE10"] + [None] * (ROWS - 1)
    )
    words = {
        "weight_kg": "5 nulls of 150 in weight_kg",
        "coupon": "one coupon in 150 orders",
    }
    damages.append((words, list(words), gaps))
    must_refuse(reader, day, sizes, damages)


@claim(
    "One value out of its range is refused.",
    examples=1,
    catches=["mean_only", "schema_only", "mostly_too_slack", "all_warnings"],
)
def refuses_out_of_range(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    low = {"items": 0, "amount": 0.0, "weight_kg": 0.0}
    high = {
        "items": shop.MOST_ITEMS + 1,
        "amount": shop.MOST_PRICE + 1,
        "weight_kg": shop.MOST_WEIGHT + 1,
    }
    damages = []
    for values in (low, high):
        odd = {name: with_one(rng, orders[name], value) for name, value in values.items()}
        words = {name: f"one order with {name} {value:g}" for name, value in values.items()}
        damages.append((words, [*values, "values"], changed(orders, **odd)))
    must_refuse(reader, day, sizes, damages)


@claim(
    "A column that comes as another type is refused.",
    examples=1,
    catches=["all_warnings"],
)
def refuses_other_types(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    numbers = [int(each) for each in orders["order_id"]]
    words = [f"{each:.2f}".replace(".", ",") for each in orders["amount"]]
    halves = with_one(rng, [float(each) for each in orders["items"]], 2.5)
    days = [f"{each[8:10]}.{each[5:7]}.{each[:4]} {each[11:16]}" for each in orders["ordered_at"]]
    must_refuse(
        reader, day, sizes,
        [
            ("order_id read as a number, without its zeros", ["order_id"],
             changed(orders, order_id=numbers)),
            ("amount as text, with a comma", ["amount"], changed(orders, amount=words)),
            ("2.5 items in one order", ["items"], changed(orders, items=halves)),
            ("ordered_at as text such as 24.12.2026 18:05", ["ordered_at"],
             changed(orders, ordered_at=days)),
        ],
    )  # fmt: skip


@claim(
    "One value outside a closed set is refused.",
    examples=1,
    catches=["mean_only", "schema_only", "mostly_too_slack", "all_warnings"],
)
def refuses_new_categories(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    place = int(rng.integers(ROWS))
    country, currency = list(orders["country"]), list(orders["currency"])
    country[place], currency[place] = "US", "USD"
    must_refuse(
        reader, day, sizes,
        [
            ("one order paid by 'voucher'", ["payment", "values"],
             changed(orders, payment=with_one(rng, orders["payment"], "voucher"))),
            ("one order from US in USD", ["country", "currency", "values"],
             changed(orders, country=country, currency=currency)),
        ],
    )  # fmt: skip


@claim(
    "A currency that is not the country's is refused.",
    examples=1,
    catches=["mean_only", "schema_only", "columns_one_by_one", "mostly_too_slack", "all_warnings"],
)
def refuses_other_pairs(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    country, currency = list(orders["country"]), list(orders["currency"])
    place = int(rng.integers(ROWS))
    country[place], currency[place] = "DE", "CHF"
    must_refuse(
        reader, day, sizes,
        [("one order from DE in CHF", ["country", "currency", "values"],
          changed(orders, country=country, currency=currency))],
    )  # fmt: skip


@claim(
    "A day with too few orders, or with far too many, is refused.",
    examples=1,
    catches=["mean_only", "schema_only", "all_warnings"],
)
def refuses_row_counts(folder, reader, sizes, rng):
    day, _ = drawn(rng)
    damages = []
    for rows in (59, 2001):
        orders = shop.draw_orders(rng, day, rows, shop.usual_amount(rng, day))
        damages.append((f"a day with {rows:,} orders", ["rows", "order_id"], orders))
    must_refuse(reader, day, sizes, damages)


@claim(
    "The same order twice is refused.",
    examples=1,
    catches=["mean_only", "schema_only", "no_uniqueness", "mostly_too_slack", "all_warnings"],
)
def refuses_duplicates(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    first, second = rng.choice(ROWS, size=2, replace=False).tolist()
    ids = list(orders["order_id"])
    ids[second] = ids[first]
    damage = ("two of 150 orders with the same order_id", ["order_id", "values"])
    must_refuse(reader, day, sizes, [(*damage, changed(orders, order_id=ids))])


@claim(
    "A column in another unit is refused, also where every value stays in its range.",
    examples=1,
    catches=["schema_only", "range_only", "all_warnings"],
)
def refuses_other_units(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    damages = []
    for column, unit, factor in (
        ("amount", "divided by 100", 0.01),
        ("weight_kg", "in tonnes", 0.001),
        ("amount", "in cents", 100),
        ("weight_kg", "in grams", 1000),
    ):
        other = {column: scaled(orders[column], factor)}
        damages.append((f"{column} {unit}", [column, "values"], changed(orders, **other)))
    must_refuse(reader, day, sizes, damages)


@claim(
    "Amounts that are distributed differently are refused, each of them in its range.",
    examples=1,
    catches=["mean_only", "schema_only", "range_only", "middle_only", "all_warnings"],
)
def refuses_shifts(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    middle = float(np.median(orders["amount"]))
    dear = [min(each * 93 / middle, shop.MOST_PRICE) for each in orders["amount"]]
    order = np.argsort(orders["amount"])
    low, high = np.array([orders["amount"]] * 2)
    low[order[: int(0.3 * ROWS)]] = np.round(rng.uniform(4.0, 6.0, int(0.3 * ROWS)), 2)
    high[order[-int(0.3 * ROWS) :]] = np.round(rng.uniform(175, 190, int(0.3 * ROWS)), 2)
    odd = rng.random(ROWS) < 0.1
    frozen = [
        [each if other else value for each, other in zip(orders["amount"], odd, strict=True)]
        for value in (34.0, 56.0)
    ]
    damages = [
        ("three of ten amounts replaced by some near 5: lower quartile under 8", low.tolist()),
        ("nine of ten amounts replaced by 56.00: lower quartile 56", frozen[1]),
        ("three of ten amounts replaced by some near 180: upper quartile over 165", high.tolist()),
        ("nine of ten amounts replaced by 34.00: upper quartile 34", frozen[0]),
        ("a median amount of 19", scaled(orders["amount"], 19 / middle)),
        ("a median amount of 93", dear),
    ]
    must_refuse(
        reader, day, sizes,
        [(what, ["amount", "values"], changed(orders, amount=each)) for what, each in damages],
    )  # fmt: skip


@claim(
    "A column that is missing, renamed, or filled with another one's values is refused.",
    examples=1,
    catches=["range_only", "schema_only", "all_warnings"],
)
def refuses_other_columns(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    missing = {name: values for name, values in orders.items() if name != "coupon"}
    renamed = {"weight" if name == "weight_kg" else name: each for name, each in orders.items()}
    swapped = changed(
        orders,
        amount=[1.0 if each is None else each for each in orders["weight_kg"]],
        weight_kg=[min(each, 55.0) for each in orders["amount"]],
    )
    must_refuse(
        reader, day, sizes,
        [
            ("amount and weight_kg swapped", ["amount", "weight_kg", "values"], swapped),
            ("a batch without the column coupon", ["rows", "coupon"], missing),
            ("weight_kg renamed to weight", ["rows", "weight_kg"], renamed),
        ],
    )  # fmt: skip


@claim(
    "An order from before the window or from after it is refused.",
    examples=1,
    catches=["mean_only", "schema_only", "mostly_too_slack", "all_warnings"],
)
def refuses_other_days(folder, reader, sizes, rng):
    day, orders = drawn(rng)
    times = orders["ordered_at"]
    late = shop.draw_orders(rng, day, 1, 40.0)["ordered_at"][0]
    opens, closes = (shop.window(day)[each][:11] for each in ("opens", "closes"))
    early = str(np.datetime64(opens[:10]) - 1) + late[10:]
    month = [str(np.datetime64(each) - np.timedelta64(30, "D")) for each in times]
    must_refuse(
        reader, day, sizes,
        [
            ("one order from the day before the window opens", ["ordered_at", "values"],
             changed(orders, ordered_at=with_one(rng, times, early))),
            ("one order from the day after the window has closed", ["ordered_at", "values"],
             changed(orders, ordered_at=with_one(rng, times, closes[:10] + late[10:]))),
            ("last month's file, sent again", ["ordered_at", "values"],
             changed(orders, ordered_at=month)),
        ],
    )  # fmt: skip


# ── the gate, with batches and suites of its own ──


def a_suite(*expectations):
    return {"name": "readings", "expectations": list(expectations)}


def expects(kind, severity="critical", **arguments):
    return {"type": f"expect_{kind}", "kwargs": arguments, "severity": severity}


def readings(rng, rows=40, names=("level", "pressure", "humidity")):
    """Columns of clean readings between 10 and 20, and the suite that says so."""
    column = str(rng.choice(names))
    values = np.round(rng.uniform(10.0, 20.0, rows), 2).tolist()
    columns = {"sensor": [f"s{each}" for each in rng.integers(1, 9, rows)], column: values}
    suite = a_suite(
        expects("column_values_to_not_be_null", column="sensor"),
        expects("column_values_to_be_between", column=column, min_value=10.0, max_value=20.0),
    )
    return column, columns, suite


def labelled(gate, columns, rng):
    """A batch whose rows have labels, as those have that were taken from a larger table."""
    labels = (1000 + rng.permutation(500)[: len(columns["sensor"])]).tolist()
    return put(gate, table(columns)).set_axis(labels), labels


def must_let_in(gate, columns, suite, parameters):
    answer = gate.admit(table(columns), suite, parameters)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    answer.must_be_a("table").must_have_rows(rows, columns=tuple(columns), ordered=True)
    return answer


@claim(
    "The gate gives back a batch that keeps its suite, as it was, one batch after the other.",
    examples=1,
    catches=["reads_its_own_suite", "numbers_the_rows_anew"],
)
def gives_back(folder, rng):
    gate = folder.module("gate")
    _, columns, suite = readings(rng, names=["level"])
    must_let_in(gate, columns, suite, {}).must_not_change_its_arguments()
    _, columns, suite = readings(rng, names=["pressure"])
    batch, labels = labelled(gate, columns, rng)
    answer = gate.admit(batch, suite, {})
    answer.index.tolist().must_equal(labels, because="The index is a part of the batch.")
    answer.to_dict("list").must_equal(columns)
    batch.now().index.tolist().must_equal(labels, because="The caller's batch was changed.")


@claim(
    "The gate raises Refused for a batch that breaks its suite, in its last row alone.",
    examples=1,
    catches=["warns_but_continues", "looks_at_the_first_rows", "reads_its_own_suite"],
)
def refuses(folder, rng):
    gate = folder.module("gate")
    column, columns, suite = readings(rng, 1500)
    columns[column][-1] = 250.0
    del suite["expectations"][1]["severity"]
    gate.admit(table(columns), suite, {}).must_raise("Refused")


@claim(
    "An expectation that could not be evaluated is one that failed.",
    examples=1,
    catches=[
        "warns_but_continues",
        "forgives_what_could_not_run",
        "reads_its_own_suite",
    ],
)
def refuses_what_could_not_run(folder, rng):
    gate = folder.module("gate")
    column, columns, suite = readings(rng)
    gone = {"sensor": columns["sensor"], "value": columns[column]}
    gate.admit(table(gone), suite, {}).must_raise(
        "Refused", because=f"The suite expects something of {column}, and there is no such column."
    )
    words = {**columns, column: [str(each) for each in columns[column]]}
    gate.admit(table(words), suite, {}).must_raise(
        "Refused", because=f"{column} holds texts, which are not between 10 and 20."
    )


def broken_twice(rng):
    """A batch that breaks both expectations of its suite, and what has to be named."""
    column, columns, suite = readings(rng)
    columns[column][3], columns["sensor"][5] = -40.0, None
    types = [each["type"] for each in suite["expectations"]]
    return (table(columns), suite), (types[0], "sensor", types[1], column)


@claim(
    "Refused names the type and the column of every critical expectation that failed.",
    examples=1,
    catches=[
        "warns_but_continues",
        "says_only_that_it_failed",
        "reads_its_own_suite",
    ],
)
def says_what_failed(folder, rng):
    broken, names = broken_twice(rng)
    folder.module("gate").admit(*broken, {}).must_raise("Refused", saying=names)


@claim(
    "A suite that expects nothing lets nothing in.",
    examples=1,
    catches=["believes_an_empty_suite", "warns_but_continues"],
)
def refuses_an_empty_suite(folder, rng):
    _, columns, _ = readings(rng)
    gate = folder.module("gate")
    gate.admit(table(columns), a_suite(), {}).must_raise(Exception)


@claim(
    "A suite with an expectation that the library does not know lets nothing in.",
    examples=1,
    catches=["misses_what_was_left_out"],
    may_catch=["warns_but_continues"],
)
def refuses_a_typo(folder, rng):
    column, columns, suite = readings(rng)
    suite["expectations"].append(expects("column_values_to_be_in_betwen", column=column))
    folder.module("gate").admit(table(columns), suite, {}).must_raise(
        Exception,
        because="Great Expectations leaves such an expectation out and goes on with the others.",
    )


@claim(
    "A suite that the library refuses to build or to run lets nothing in.",
    examples=1,
    catches=["opens_when_it_breaks"],
    may_catch=["reads_its_own_suite"],
)
def refuses_a_broken_suite(folder, rng):
    gate = folder.module("gate")
    column, columns, suite = readings(rng)
    suite["expectations"].append(expects("column_values_to_be_unique", colum=column))
    gate.admit(table(columns), suite, {}).must_raise(
        Exception, because="One expectation has an argument that there is not: colum."
    )
    _, columns, suite = readings(rng)
    least = {"$PARAMETER": "least"}
    suite["expectations"].append(expects("table_row_count_to_be_between", min_value=least))
    gate.admit(table(columns), suite, {}).must_raise(
        Exception, because="The parameter least was not handed over."
    )


@claim(
    "Expectations of severity warning or info that fail do not stop a batch.",
    examples=1,
    catches=["stops_at_warnings", "reads_its_own_suite"],
)
def lets_warnings_pass(folder, rng):
    gate = folder.module("gate")
    _, columns, suite = readings(rng)
    for severity in ("warning", "info"):
        suite["expectations"].append(
            expects("table_row_count_to_be_between", severity, min_value=1000)
        )
    must_let_in(gate, columns, suite, {})


@claim(
    "The parameters reach the suite: a batch is looked at with the bounds of its day.",
    examples=1,
    catches=["reads_its_own_suite", "warns_but_continues"],
)
def passes_parameters_on(folder, rng):
    gate = folder.module("gate")
    column, columns, _ = readings(rng)
    bounds = {"min_value": {"$PARAMETER": "least"}, "max_value": {"$PARAMETER": "most"}}
    suite = a_suite(expects("column_values_to_be_between", column=column, **bounds))
    must_let_in(gate, columns, suite, {"least": 10.0, "most": 20.0})
    gate.admit(table(columns), suite, {"least": 30.0, "most": 40.0}).must_raise("Refused")
    higher = {**columns, column: [each + 20.0 for each in columns[column]]}
    must_let_in(gate, higher, suite, {"least": 30.0, "most": 40.0})


# ── which of several mistakes ──


def alarms(folder, reader, rng, edge=False):
    """What fails on an ordinary day, or on one with the largest values that are allowed."""
    day, orders = shop.usual_day(rng, 11)
    if edge:
        largest = {"amount": shop.MOST_PRICE, "items": shop.MOST_ITEMS}
        orders = {
            **orders,
            **{name: with_one(rng, orders[name], largest[name]) for name in largest},
        }
    (found,) = failing(reader, [a_batch(orders)], day)
    return {each["says"] for each in found}


@diagnostic("pins_the_row_count")
def alarms_at_the_count(folder, reader, rng):
    return all("table_row_count" in each for each in alarms(folder, reader, rng))


@diagnostic("dates_by_hand")
def alarms_at_dates(folder, reader, rng):
    found = alarms(folder, reader, rng)
    return bool(found) and all("(ordered_at)" in each and "type" not in each for each in found)


@diagnostic("weight_never_null")
def alarms_at_weights(folder, reader, rng):
    return alarms(folder, reader, rng) == {"expect_column_values_to_not_be_null(weight_kg)"}


@diagnostic("fits_to_one_batch")
def alarms_at_many(folder, reader, rng):
    return len(alarms(folder, reader, rng)) >= 3


@diagnostic("bounds_from_the_history")
def alarms_at_large_values(folder, reader, rng):
    found = alarms(folder, reader, rng, edge=True)
    others = ("table", "(ordered_at)")  # a window of another day has bounds too
    return bool(found) and all(
        "_be_between(" in each and not any(other in each for other in others) for each in found
    )


@diagnostic("everything_nullable")
def asks_for_no_nulls(folder):
    return not any(each in folder.text(SUITE).as_value() for each in ("not_be_null", "non_null"))


@diagnostic("all_warnings")
def has_warnings(folder):
    return any(each in folder.text(SUITE).as_value() for each in ('"warning"', '"info"'))


@diagnostic("mean_only")
def asks_for_means(folder):
    return "_mean_to_be" in folder.text(SUITE).as_value()


@diagnostic("middle_only")
def asks_for_no_quartile(folder):
    text = folder.text(SUITE).as_value()
    return "_quantile_" not in text and any(each in text for each in ("_median_", "_mean_"))


def named_of_two(folder, rng):
    """How many of two broken expectations the message names, by type and column."""
    broken, names = broken_twice(rng)
    text = raised(folder.module("gate").admit(*broken, {})) or ""
    return sum(all(each in text for each in pair) for pair in (names[:2], names[2:]))


@diagnostic("numbers_the_rows_anew")
def keeps_all_but_the_labels(folder, rng):
    _, columns, suite = readings(rng)
    gate = folder.module("gate")
    answer = gate.admit(labelled(gate, columns, rng)[0], suite, {})
    same = answer.to_dict("list").as_value() == columns
    return same and answer.index.tolist().as_value() == list(range(len(columns["sensor"])))


@diagnostic("says_only_that_it_failed")
def names_neither(folder, rng):
    return named_of_two(folder, rng) == 0


@diagnostic("looks_at_the_first_rows")
def lets_the_last_row_in(folder, rng):
    column, columns, suite = readings(rng, 1500)
    columns[column][-1] = 250.0
    return raised(folder.module("gate").admit(table(columns), suite, {})) is None


@diagnostic("forgives_what_could_not_run")
def lets_a_missing_column_in(folder, rng):
    column, columns, suite = readings(rng)
    del columns[column]
    return raised(folder.module("gate").admit(table(columns), suite, {})) is None


@diagnostic("reads_its_own_suite")
def speaks_of_orders(folder, rng):
    _, columns, suite = readings(rng)
    text = raised(folder.module("gate").admit(table(columns), suite, {})) or ""
    return any(each in text for each in ("opens", "closes", "order_id", "amount"))
