"""Five queries with window functions and common table expressions, on tables full of ties."""

import itertools
from datetime import date, datetime, timedelta

from gradus.check import claim, draw, table

START = datetime(2026, 3, 2, 9, 0, 45)
FIRST_DAY = date(2026, 3, 1)

# ── tables: rows are drawn in the order in which things happened; their numbers grow with that
# order only where the moment is the same, and they are stored backwards, so that neither the
# number alone nor the order of storage says what came first.


def numbered(rows, moment):
    """(number, row) for each row; within one moment the later row has the larger number."""
    moments = {key: place for place, key in enumerate(dict.fromkeys(map(moment, rows)))}
    within = dict.fromkeys(moments, 0)
    result = []
    for row in rows:
        within[moment(row)] += 1
        result.append((100 * (7 * moments[moment(row)] % 11 + 1) + within[moment(row)], row))
    return result


def stored(rows, types, backwards=True):
    """A table of the rows, last row first or first row first."""
    in_order = list(reversed(rows)) if backwards else rows
    columns = list(zip(*in_order, strict=True)) or [[] for _ in types]
    return table(dict(zip(types, map(list, columns), strict=True)), types=types, kind="arrow")


def view_rows(steps):
    """(view_id, user_id, at, page) from (user, seconds since the user's last view, page)."""
    clock = {}
    rows = []
    for user, seconds, page in steps:
        clock[user] = clock.get(user, START) + timedelta(seconds=seconds)
        rows.append((user, clock[user], page))
    return [(number, *row) for number, row in numbered(rows, lambda row: row[:2])]


def views_table(rows, backwards=True):
    kinds = {"view_id": "int64", "user_id": "string", "viewed_at": "timestamp", "page": "string"}
    return stored(rows, kinds, backwards)


def payment_rows(steps):
    """(payment_id, account, paid_on, cents) from (account, days since its last one, cents)."""
    clock = {}
    rows = []
    for account, days, cents in steps:
        clock[account] = clock.get(account, FIRST_DAY) + timedelta(days=days)
        rows.append((account, clock[account], cents))
    return [(number, *row) for number, row in numbered(rows, lambda row: row[:2])]


def payment_tables(rows, period, backwards=True):
    """The payments and the one-row period, as the query gets them."""
    kinds = {"payment_id": "int64", "account": "string", "paid_on": "date", "cents": "int64"}
    return {
        "payments": stored(rows, kinds, backwards),
        "period": stored([period], {"first_day": "date", "last_day": "date"}),
    }


def days(first, last):
    return FIRST_DAY + timedelta(days=first), FIRST_DAY + timedelta(days=last)


# ── sessions

USERS = draw.choice(["ann", "bo", "cy"])
GAPS = draw.choice([0, 0, 60, 1799, 1800, 1801, 1815, 7200, 86460])
PAGES = draw.choice(["home", "search", "cart", "help"])
VIEWS = (
    draw.lists(draw.tuples(USERS, GAPS, PAGES), size=(1, 8))
    .edges(
        [("ann", 0, "home"), ("ann", 1800, "cart"), ("ann", 1801, "help"), ("ann", 86460, "home")],
        # a session that midnight does not end
        [("ann", 53_940, "home"), ("ann", 60, "cart"), ("ann", 60, "help")],
        [("ann", 0, "home"), ("bo", 600, "home"), ("ann", 1815, "cart"), ("bo", 60, "help")],
        [("ann", 0, "home"), ("ann", 1799, "cart"), ("ann", 1800, "help")],
    )
    .map(view_rows)
)
SAME_MOMENT = (
    draw.lists(draw.tuples(USERS, draw.choice([0, 0, 0, 2400]), PAGES), size=(2, 7))
    .edges([("ann", 0, "home"), ("ann", 0, "cart")])
    .map(view_rows)
)


def sessions_of(rows):
    """(view_id, session, exit_page) by walking through each user's views."""
    answer = []
    for user in dict.fromkeys(row[1] for row in rows):
        session, last = 0, None
        sessions = {}
        for number, _, at, page in sorted(
            (row for row in rows if row[1] == user), key=lambda row: (row[2], row[0])
        ):
            if last is None or at - last > timedelta(minutes=30):
                session += 1
            sessions.setdefault(session, []).append((number, page))
            last = at
        for session, views in sessions.items():
            answer += [(number, session, views[-1][1]) for number, _ in views]
    return answer


@claim(
    "A user's view opens a session when more than 30 minutes have passed since the one before.",
    rows=VIEWS,
    examples=4,
    catches=[
        "whole_minutes",
        "slots_of_half_an_hour",
        "sessions_across_users",
        "last_value_default_frame",
    ],
)
def cuts_sessions(queries, rows):
    answer = queries.sessions(views=views_table(rows))
    answer.must_have_rows(sessions_of(rows), ("view_id", "session", "exit_page"))


@claim(
    "Of views at the same moment, the one with the larger view_id is the later.",
    rows=SAME_MOMENT,
    examples=2,
    catches=["missing_tiebreak", "last_value_default_frame"],
)
def breaks_ties_between_views(queries, rows):
    for backwards in (True, False):
        answer = queries.sessions(views=views_table(rows, backwards))
        answer.must_have_rows(sessions_of(rows), ("view_id", "session", "exit_page"))


CROWDS = draw.integers(30, 60)
"""Enough rows of one moment that a sort without a tie-break does not keep their order by luck."""


@claim(
    "It is the later one however many views fall on that moment.",
    n=CROWDS,
    examples=2,
    catches=["exit_page_by_time_alone", "missing_tiebreak"],
)
def breaks_ties_in_a_crowd(queries, n):
    steps = [("ann", 0, "home"), *(("ann", 3600 * (i == 0), f"page {i}") for i in range(n))]
    rows = view_rows(steps)
    answer = queries.sessions(views=views_table(rows))
    answer.must_have_rows(sessions_of(rows), ("view_id", "session", "exit_page"))


# ── balances

ACCOUNTS = draw.choice(["A-1", "A-2"])
CENTS = draw.choice([500, 1000, -300, 250, -50])
ONE_A_DAY = draw.tuples(
    draw.lists(draw.tuples(ACCOUNTS, draw.choice([1, 1, 2, 9]), CENTS), size=(1, 8)).map(
        payment_rows
    ),
    draw.tuples(draw.integers(0, 6), draw.integers(6, 20)).map(lambda pair: days(*pair)),
).edges(
    (
        payment_rows([("A-1", 0, 1000), ("A-1", 4, 500), ("A-1", 1, -300), ("A-1", 1, 250)]),
        days(4, 5),
    ),
    # the very first payment lies years back, and one of nothing is a payment
    (payment_rows([("A-1", 1, 1000), ("A-2", 2, 0), ("A-1", 4000, 250)]), days(2, 4009)),
)
MANY_A_DAY = (
    draw.lists(draw.tuples(ACCOUNTS, draw.choice([0, 0, 1]), CENTS), size=(2, 8))
    .edges(
        [("A-1", 0, 1000), ("A-1", 0, 500), ("A-1", 1, -300)],
        [("A-2", 0, 1000), ("A-2", 1, 500), ("A-2", 1, -300), ("A-1", 1, 250)],
    )
    .map(payment_rows)
)


def balances_of(rows, period):
    """(payment_id, account, balance) by adding up, in the order that is asked for."""
    totals, answer = {}, []
    for number, account, day, cents in sorted(rows, key=lambda row: (row[1], row[2], row[0])):
        totals[account] = totals.get(account, 0) + cents
        if period[0] <= day <= period[1]:
            answer.append((number, account, totals[account]))
    return answer


BALANCES = ("payment_id", "account", "balance")


@claim(
    "A balance counts what was paid before the period; only payments of the period are listed.",
    drawn=ONE_A_DAY,
    examples=3,
    catches=["window_before_filter"],
)
def sums_before_it_filters(queries, drawn):
    rows, period = drawn
    answer = queries.balances(**payment_tables(rows, period))
    answer.must_have_rows(balances_of(rows, period), BALANCES)


@claim(
    "Several payments of one day have a balance each, in the order of their numbers.",
    rows=MANY_A_DAY,
    examples=2,
    catches=["range_vs_rows", "missing_tiebreak"],
)
def counts_row_by_row(queries, rows):
    period = days(0, 60)
    for backwards in (True, False):
        answer = queries.balances(**payment_tables(rows, period, backwards))
        answer.must_have_rows(balances_of(rows, period), BALANCES)


# So many accounts that the rows leave a window in another order than they were asked for.
MANY_ACCOUNTS = payment_rows([(f"A-{7 * i % 40}", i % 3 == 0, 100) for i in range(60)])


@claim(
    "The balances come in the order of account, day and payment number.",
    rows=MANY_A_DAY.edges(MANY_ACCOUNTS),
    examples=2,
    catches=["missing_tiebreak", "ordered_by_number"],
)
def lists_in_order(queries, rows):
    period = days(0, 60)
    answer = queries.balances(**payment_tables(rows, period))
    answer.must_have_rows(balances_of(rows, period), BALANCES, ordered=True)


@claim(
    "They come in that order however many payments fall on one day.",
    n=CROWDS,
    examples=2,
    catches=["lists_by_day_alone", "missing_tiebreak"],
)
def lists_a_crowd_in_order(queries, n):
    rows = payment_rows([("A-1", 0, 1000), *(("A-1", int(i == 0), 10 + i) for i in range(n))])
    answer = queries.balances(**payment_tables(rows, days(0, 60)))
    answer.must_have_rows(balances_of(rows, days(0, 60)), BALANCES, ordered=True)


# ── podium

TEAMS = draw.choice(["owls", "bats"])


def runs_of(pairs):
    return [(100 + 7 * place % 11, team, points) for place, (team, points) in enumerate(pairs)]


def runs_table(rows):
    return stored(rows, {"run_id": "int64", "team": "string", "points": "int64"})


SCORED = (
    draw.lists(draw.tuples(TEAMS, draw.choice([90, 85, 80, 75])), size=(1, 9))
    .edges(
        [("owls", 90), ("owls", 90), ("owls", 80), ("owls", 75)],
        [("owls", 90), ("owls", 85), ("owls", 80), ("owls", 80), ("bats", 75)],
    )
    .map(runs_of)
)
UNSCORED = (
    draw.lists(draw.tuples(TEAMS, draw.choice([None, 90, 0, -5])), size=(1, 6))
    .edges(
        [("owls", None)],
        [("owls", -5), ("owls", None)],
        [("owls", 80), ("owls", 0), ("owls", None)],
        [("owls", 80), ("owls", None), ("bats", 90)],
    )
    .map(runs_of)
)


def podium_of(rows):
    """(team, run_id, place): one more than the number of better runs in the team."""
    answer = []
    for number, team, points in rows:
        if points is None:
            continue
        better = [other for _, theirs, other in rows if theirs == team and other is not None]
        place = 1 + sum(other > points for other in better)
        if place <= 3:
            answer.append((team, number, place))
    return answer


PODIUM = ("team", "run_id", "place")


@claim(
    "Equal points share a place, and as many places behind it are left out.",
    rows=SCORED,
    examples=4,
    catches=["row_number_vs_rank", "dense_rank"],
)
def shares_places(queries, rows):
    queries.podium(runs=runs_table(rows)).must_have_rows(podium_of(rows), PODIUM)


@claim(
    "A run without points takes no place.",
    rows=UNSCORED,
    examples=2,
    catches=["null_takes_a_place", "null_counts_as_zero"],
)
def skips_unscored_runs(queries, rows):
    queries.podium(runs=runs_table(rows)).must_have_rows(podium_of(rows), PODIUM)


# ── last known value

SENSORS = draw.choice(["s1", "s2"])


def reading_rows(steps):
    """(reading_id, sensor, at, value) from (sensor, minutes after the start, value)."""
    rows = [(sensor, START + timedelta(minutes=minutes), value) for sensor, minutes, value in steps]
    return [(number, *row) for number, row in numbered(rows, lambda row: row[:2])]


def request_rows(steps):
    return [
        (900 + place, sensor, START + timedelta(minutes=minutes))
        for place, (sensor, minutes) in enumerate(steps)
    ]


READING = {"reading_id": "int64", "sensor": "string", "taken_at": "timestamp", "value": "float64"}
REQUEST = {"request_id": "int64", "sensor": "string", "asked_at": "timestamp"}


def sensor_tables(readings, requests, backwards=True):
    return {
        "readings": stored(readings, READING, backwards),
        "requests": stored(requests, REQUEST),
    }


MINUTES = draw.choice([0, 5, 10, 15, 20])
VALUES = draw.choice([20.5, 21.0, 19.25, 23.5])
REQUESTS = draw.lists(draw.tuples(SENSORS, draw.choice([7, 10, 12, 15, 30])), size=(1, 4)).map(
    request_rows
)
ANSWERED = draw.tuples(
    draw.lists(draw.tuples(SENSORS, MINUTES, VALUES), size=(1, 6)).map(
        # each sensor's first reading lies before every request
        lambda steps: reading_rows([("s1", -5, 18.0), ("s2", -5, 17.5), *dict.fromkeys(steps)])
    ),
    REQUESTS,
)
UNIQUE_MOMENTS = ANSWERED.where(
    lambda pair: len({row[1:3] for row in pair[0]}) == len(pair[0])
).edges(
    (
        reading_rows([("s1", 0, 20.5), ("s1", 10, 21.0)]),
        request_rows([("s1", 10), ("s1", 12), ("s1", 12), ("s1", 1_000_000)]),  # years later
    ),
    (
        reading_rows([("s1", 0, 20.5), ("s1", 5, 21.0), ("s1", 10, 19.25)]),
        request_rows([("s1", 12)]),
    ),
)
SAME_READING_TIME = ANSWERED.edges(
    (reading_rows([("s1", 5, 20.5), ("s1", 5, 21.0), ("s1", 5, 19.25)]), request_rows([("s1", 7)])),
)
UNANSWERED = draw.tuples(
    draw.lists(draw.tuples(draw.just("s1"), draw.choice([10, 20]), VALUES), size=(0, 2)).map(
        reading_rows
    ),
    REQUESTS,
).edges(
    (reading_rows([("s1", 10, 20.5)]), request_rows([("s1", 7), ("s1", 12), ("s2", 12)])),
    ([], request_rows([("s1", 7)])),
)
SILENT = draw.tuples(
    draw.lists(draw.tuples(SENSORS, MINUTES, draw.choice([None, 20.5, 0.0])), size=(1, 5)).map(
        reading_rows
    ),
    REQUESTS,
).edges(
    (reading_rows([("s1", 0, 20.5), ("s1", 5, None)]), request_rows([("s1", 7)])),
    (reading_rows([("s1", 0, None)]), request_rows([("s1", 7)])),
    (reading_rows([("s1", 0, 20.5), ("s1", 5, 0.0)]), request_rows([("s1", 7)])),
    # the later of one moment is passed over, not the moment
    (reading_rows([("s1", 0, 20.5), ("s1", 5, 21.0), ("s1", 5, None)]), request_rows([("s1", 7)])),
)


def last_known_of(readings, requests):
    """(request_id, value, known_at) by looking through all readings for each request."""
    answer = []
    for request, sensor, at in requests:
        known = [
            (taken, number, value)
            for number, whose, taken, value in readings
            if whose == sensor and taken < at and value is not None
        ]
        taken, _, value = max(known, default=(None, None, None))
        answer.append((request, value, taken))
    return answer


def answers_requests(queries, drawn, backwards=True):
    readings, requests = drawn
    answer = queries.last_known(**sensor_tables(readings, requests, backwards))
    columns = ("request_id", "value", "known_at")
    answer.must_have_rows(last_known_of(readings, requests), columns)


@claim(
    "The value comes from the sensor's last reading strictly before the request.",
    drawn=UNIQUE_MOMENTS,
    examples=4,
    catches=["reads_the_present"],
)
def reads_only_the_past(queries, drawn):
    answers_requests(queries, drawn)


@claim(
    "Of readings at the same moment, the one with the largest reading_id is the last.",
    drawn=SAME_READING_TIME,
    examples=2,
    catches=["missing_tiebreak"],
)
def breaks_ties_between_readings(queries, drawn):
    for backwards in (True, False):
        answers_requests(queries, drawn, backwards)


@claim(
    "A request without an earlier reading is answered with NULL.",
    drawn=UNANSWERED,
    examples=2,
    catches=["drops_the_unanswered"],
)
def answers_every_request(queries, drawn):
    answers_requests(queries, drawn)


@claim(
    "A reading without a value is passed over.",
    drawn=SILENT,
    examples=2,
    catches=["null_is_known"],
)
def passes_over_silence(queries, drawn):
    answers_requests(queries, drawn)


# ── lineage

NAMES = ["raw", "clean", "joined", "features", "labels", "scores", "report"]


def chain(*names):
    return list(itertools.pairwise(names))


ONWARD = draw.lists(
    draw.tuples(draw.integers(0, 5), draw.integers(1, 6)).where(lambda pair: pair[0] < pair[1]),
    size=(0, 8),
).map(lambda pairs: [(NAMES[a], NAMES[b]) for a, b in pairs])
LINES = draw.tuples(ONWARD, draw.choice(NAMES[:3])).edges(
    (chain(*NAMES, "alerts"), "raw"),
    ([*chain("raw", "clean", "features"), ("raw", "features")], "raw"),
    ([("raw", "clean"), ("raw", "clean")], "raw"),
    (chain("raw", "clean", "joined"), "joined"),
    ([], "raw"),
)
LOOPS = draw.tuples(
    draw.lists(draw.tuples(draw.choice(NAMES[:5]), draw.choice(NAMES[:5])), size=(1, 8)),
    draw.choice(NAMES[:3]),
).edges(
    (chain("raw", "clean", "joined", "raw"), "raw"),
    (chain("raw", "clean", "joined", "clean"), "raw"),
    ([("raw", "raw"), ("raw", "clean")], "raw"),
    ([("raw", "clean"), ("clean", "raw")], "clean"),
)


def lineage_of(feeds, wrong):
    """(dataset, steps) by walking outwards, one ring of feeds at a time."""
    steps, ring = {wrong: 0}, [wrong]
    while ring:
        ring = [
            target
            for target in dict.fromkeys(b for a, b in feeds if a in ring)
            if target not in steps
        ]
        steps.update(dict.fromkeys(ring, max(steps.values()) + 1))
    return [(name, count) for name, count in steps.items() if count]


def walks_downstream(queries, drawn):
    feeds, wrong = drawn
    answer = queries.lineage(
        feeds=stored(feeds, {"source": "string", "target": "string"}),
        wrong=stored([(wrong,)], {"dataset": "string"}),
    )
    answer.must_have_rows(lineage_of(feeds, wrong), ("dataset", "steps"))


@claim(
    "Every dataset downstream is listed once, with the least number of steps.",
    drawn=LINES,
    examples=2,
    catches=["depth_cap", "counts_each_path"],
)
def follows_the_feeds(queries, drawn):
    walks_downstream(queries, drawn)


@claim(
    "A loop of feeds ends the walk, and the wrong dataset is not in its own list.",
    drawn=LOOPS,
    examples=4,
    catches=["comes_back_to_the_start"],
)
def survives_loops(queries, drawn):
    walks_downstream(queries, drawn)
