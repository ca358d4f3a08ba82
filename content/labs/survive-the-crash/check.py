"""A worker played through crashes, duplicates, poison and outages over a real Kafka broker."""

import base64
import json
from collections import Counter
from pathlib import Path

from simulators import kafka_drill

from gradus.check import claim, diagnostic, observe

DRILL = Path(kafka_drill.__file__).read_bytes()
HOUR = 3600
OUTAGE, MOST_CALLS, FIRST_WAIT, LONGEST_WAIT = 600.0, 60, 1.0, 60.0
POLL_INTERVAL, LONGEST_TRY = 300.0, 1800.0
READ_AGAIN = 25
SLACK = 1e-6

# A story costs a second of processor time. It is played once; each claim reads a page of it.
played = {}


def some_payments(rng, n, n_late):
    """Valid payments in the order in which they come, some of them hours late."""
    accounts = [f"a{number}" for number in rng.choice(900, 9, replace=False) + 100]
    start = int(rng.integers(480_000, 500_000)) * HOUR
    first = int(rng.integers(10_000, 80_000))
    payments = [
        {
            "payment_id": f"p{first + i}",
            "account": accounts[i] if i < len(accounts) else str(rng.choice(accounts)),
            "cents": int(rng.integers(1, 40_000)),
            "at": start + 450 * i + int(rng.integers(0, 300)),
        }
        for i in range(n)
    ]
    for i in rng.choice(range(n // 2, n), n_late, replace=False):
        payments[i]["at"] -= HOUR * int(rng.integers(3, 40))
    return accounts, payments


def raw(value):
    return json.dumps(value).encode()


def poison(rng, payment, kind):
    """A message that is no payment, and the field that its reason must name."""
    name = str(rng.choice(["payment_id", "account", "cents", "at"]))
    bad = {
        "cents as text": ("cents", str(payment["cents"])),
        "cents with a point": ("cents", float(payment["cents"])),
        "cents is 0": ("cents", 0),
        "cents below 0": ("cents", -payment["cents"]),
        "cents is true": ("cents", True),
        "empty account": ("account", ""),
        "account as number": ("account", 17),
        "payment_id is null": ("payment_id", None),
        "at as text": ("at", "2026-11-27T03:00:00Z"),
        "at below 0": ("at", -1),
    }
    if kind in bad:
        field, value = bad[kind]
        return raw({**payment, field: value}), field
    if kind == "field missing":
        return raw({key: value for key, value in payment.items() if key != name}), name
    return {
        "cut off": (raw(payment)[:-9], ""),
        "not UTF-8": (b"\xff\xfe" + raw(payment), ""),
        "a list": (raw([payment]), ""),
        "a number": (raw(payment["cents"]), ""),
        "no value": (None, ""),
    }[kind]


POISON = (
    "cut off", "not UTF-8", "a list", "a number", "no value", "field missing", "cents as text",
    "cents with a point", "cents is 0", "cents below 0", "cents is true", "empty account",
    "account as number", "payment_id is null", "at as text",
)  # fmt: skip


def again(row, accounts, place):
    """The message a second time: on another partition, for another account on its own, or as is."""
    if place == 0:
        return {**row, "moved": 1}
    if place == 1:
        other = accounts[(accounts.index(row["key"]) + kafka_drill.PARTITIONS) % len(accounts)]
        payment = {**row["payment"], "account": other}
        return {"payment": payment, "key": other, "value": raw(payment)}
    return dict(row)


def topic(rng, n, n_late, n_twice, kinds, n_after=0, *, least=False):
    """Messages of the topic in their order: payments, some of them twice, and poison.

    Of those that come twice, one comes again on another partition, and one for another account.
    The last kinds stand before the last `n_after` payments, one in each partition: whatever
    order the partitions are read in, one of them is the last before those. Where `least` is true,
    the first payment is over one cent, the second was made in the first second of all, and none
    that a worker may die with in its first life comes again, which would make up for the loss.
    """
    accounts, payments = some_payments(rng, n, n_late)
    first = 0
    if least:
        payments[0]["cents"], payments[1]["at"] = 1, 0
        first = len(accounts)  # by then each has paid once, three in each partition
    rows = [{"payment": each, "key": each["account"], "value": raw(each)} for each in payments]
    twice = sorted(rng.choice(range(first, n // 2), n_twice, replace=False), reverse=True)
    for place, i in enumerate(twice):
        later = i + 1 + int(rng.choice([0, 2, n // 3]))
        rows.insert(later, again(rows[i], accounts, place))
    spare = some_payments(rng, len(kinds) + 9, 0)[1][9:]
    n_last = kafka_drill.PARTITIONS if n_after else 0
    for place, kind in enumerate(kinds):
        key = accounts[(place - len(kinds)) % 9]
        value, field = poison(rng, {**spare[place], "account": key}, kind)
        row = {"payment": None, "key": key, "value": value, "kind": kind, "field": field}
        is_last = place >= len(kinds) - n_last
        at = len(rows) - n_after if is_last else int(rng.integers(2, len(rows) - 12))
        rows.insert(at, row)
    lengths = Counter()
    for row in rows:
        home = accounts.index(row["key"]) + row.get("moved", 0)
        row["partition"] = home % kafka_drill.PARTITIONS
        row["offset"] = lengths[row["partition"]]
        lengths[row["partition"]] += 1
    return rows


def as_messages(rows):
    """The messages in the words of the drill."""
    return [
        {"key": row["key"], "partition": row["partition"],
         "value": None if row["value"] is None else base64.b64encode(row["value"]).decode()}
        for row in rows
    ]  # fmt: skip


def totals(rows, mark=lambda payment: payment["payment_id"]):
    """What the store must hold once all these are written: each payment once, in its hour."""
    found, seen = {}, set()
    for row in rows:
        payment = row["payment"]
        if payment is None or mark(payment) in seen:
            continue
        seen.add(mark(payment))
        key = f"total:{payment['account']}:{payment['at'] // HOUR}"
        total = found.setdefault(key, {"payments": 0, "cents": 0})
        total["payments"] += 1
        total["cents"] += payment["cents"]
    return found


def n_payments(rows):
    """How many different payments are among the messages."""
    return sum(row["payments"] for row in totals(rows).values())


def ends(rows):
    """The end of each partition: the offset of the next message that would come."""
    return dict(Counter(str(row["partition"]) for row in rows))


def some_kills(rng):
    """Where the worker dies, life by life; the last one lives."""
    return [
        ["before put", int(rng.integers(1, 4))],
        ["poll", int(rng.integers(36, 40))],
        ["after put", 1],
        ["after commit of a dead letter", 1],
        ["before commit", int(rng.integers(1, 3))],
        ["after produce", 1],
        ["after commit", int(rng.integers(1, 3))],
        None,
    ]


def story(command, rng):
    """Play the story once for one submission, and keep what each life left behind."""
    key = tuple((name, command.bytes(name).as_value()) for name in command.names())
    if played.get("key") == key:
        return played
    played.clear()
    kinds = [str(each) for each in rng.permutation(POISON)]
    n_new = 8
    calm = topic(rng, 48, 5, 5, kinds, n_after=n_new)
    crashes = topic(rng, 78, 6, 8, ["at below 0", *kinds[:7]], least=True)
    outage = topic(rng, 26, 2, 2, [])
    published = some_payments(rng, 60, 0)[1]
    refused = published[:20]
    kills = some_kills(rng)
    middle, stop = topic(rng, 30, 0, 0, []), int(rng.integers(13, 22))
    unburied = topic(rng, 16, 0, 0, kinds[:1])
    scenarios = [
        {"name": "publish", "payments": published, "lives": [{}]},
        {"name": "refused", "payments": refused, "lives": [{"refusals": 1}]},
        {"name": "calm", "messages": as_messages(calm),
         "lives": [{"messages": len(calm) - n_new}, {}]},
        {"name": "middle", "messages": as_messages(middle), "lives": [{"stop": stop}]},
        {"name": "unburied", "messages": as_messages(unburied), "lives": [{"refusals": 1}]},
        {"name": "crashes", "messages": as_messages(crashes),
         "lives": [{"kill": kill} for kill in kills]},
        {"name": "outage", "messages": as_messages(outage), "lives": [{"away": [2, OUTAGE]}]},
        {"name": "endless", "messages": as_messages(outage),
         "lives": [{"away": [1, 1e9, "after"]}]},
    ]  # fmt: skip
    files = {"drill.py": DRILL, "story.json": json.dumps(scenarios).encode()}
    done = command.run(files=files).as_mapping("exit", "stdout", "stderr")
    observe("exit status of the drill (the end of stderr is below)", done["exit"]).must_equal(
        0, because=done["stderr"][-600:]
    )
    report = report_of(command, scenarios)
    rows = {"calm": calm, "middle": middle, "crashes": crashes, "outage": outage,
            "endless": outage, "unburied": unburied}  # fmt: skip
    played.update(report=report, rows=rows, published=published, kills=kills, n_new=n_new)
    played["refused"] = refused
    played["key"] = key
    return played


IDLE = b"""
def publish(settings, payments):
    pass

def run(settings, store, clock, stop):
    pass
"""


def written_by_the_drill(command):
    """What is in report.json, where it is an object."""
    try:
        report = json.loads(command.text("report.json").as_text())
    except (ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) else {}


def report_of(command, scenarios):
    """What the drill wrote of each life; what else wrote into the file is found fault with."""
    report = written_by_the_drill(command)
    if "broken" in report:
        must_be_the_machine(command, report["broken"])
    found = {name: n_lives(lives) for name, lives in report.items()}
    observe("lives that the drill wrote into report.json, by story", found).must_equal(
        {each["name"]: len(each["lives"]) for each in scenarios}
    )
    return report


def must_be_the_machine(command, why):
    """Fail as a check where no worker gets a broker; if an idle one does, yours spoilt it."""
    idle = [{"name": "idle", "messages": [], "lives": [{}]}]
    laid = {"drill.py": DRILL, "worker.py": IDLE, "story.json": json.dumps(idle).encode()}
    alone = {"PYTHONSAFEPATH": "1"}  # the drill takes no library from files beside it
    command.run(files=laid, environment=alone)
    report = written_by_the_drill(command)
    if "broken" in report:
        raise RuntimeError(f"no broker on this machine: {report['broken']}")
    observe("what report.json says of the broker", why).must_equal(
        "nothing", because="Beside a worker that does nothing the broker is well."
    )


def n_lives(lives):
    """How many lives are told whole, or in words why they are not."""
    if isinstance(lives, list) and all(map(is_life, lives)):
        return len(lives)
    return lives.get("spoilt", "no lives") if isinstance(lives, dict) else "no lives"


def is_life(life):
    """Whether a life is told as the drill tells it; a worker may have written there too."""
    if not (
        isinstance(life, dict) and {"events", "messages", "committed", "totals"} <= life.keys()
    ):
        return False
    return (
        isinstance(life["events"], list)
        and all(map(is_event, life["events"]))
        and isinstance(life["messages"], list)
        and all(map(is_message, life["messages"]))
        and isinstance(life["committed"], dict)
        and all(map(is_place, life["committed"].values()))
        and isinstance(life["totals"], dict)
    )


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e15 < value < 1e15


def is_place(value):
    return isinstance(value, int) and is_number(value)


def is_text(value):
    return isinstance(value, str)


def is_truth(value):
    return isinstance(value, bool)


TOLD = {
    "killed": [], "closed": [], "commit": [], "sent": [], "stopped": [], "endless": [is_text],
    "failed": [is_number], "back": [is_number], "gap": [is_number], "slept": [is_number],
    "put": [is_place], "consumer": [is_truth, is_truth], "read": [is_place, is_place],
    "producer": [is_text], "raised": [is_text, is_number],
}  # fmt: skip


def is_event(event):
    if not (isinstance(event, list) and event and isinstance(event[0], str)):
        return False
    asked = TOLD.get(event[0])
    return (
        asked is not None
        and len(event) == 1 + len(asked)
        and all(ask(value) for ask, value in zip(asked, event[1:], strict=True))
    )


def is_message(message):
    texts = isinstance(message, dict) and [message.get(name, 0) for name in ("key", "value")]
    known = bool(texts) and all(text is None or isinstance(text, str) for text in texts)
    return known and is_place(message.get("partition")) and isinstance(message.get("headers"), dict)


def events(life, *names):
    return [event for event in life["events"] if event[0] in names]


def is_closed(life):
    return bool(events(life, "closed"))


def ending(life):
    """How a life ended, in words."""
    last = events(life, "stopped", "raised", "endless")
    if last and last[-1][0] == "raised":
        return f"raised {last[-1][1]}"
    if last and last[-1][0] == "endless":
        return f"went on for ever: {last[-1][1]}"
    if last:
        return "returned"
    return "was killed" if events(life, "killed") else "went on for ever"


def must_have_returned(life, where):
    observe(f"how run ended, {where}", ending(life)).must_equal("returned")


def counted(value):
    """What a total says; a worker may keep more in it than it was asked for."""
    if not isinstance(value, dict):
        return value
    return {name: value[name] for name in ("payments", "cents") if name in value}


def must_total(life, rows, where, shows=False):
    """The totals of the store are those of the messages.

    What is said does not hang on the order in which the broker gives out its partitions, so a
    single total is shown only where nothing breaks that order.
    """
    expected, found = totals(rows), {key: counted(row) for key, row in life["totals"].items()}
    lacking, beyond = [], []
    for key in sorted(expected | found):
        if expected.get(key) == found.get(key):
            continue
        least, row = expected.get(key), found.get(key)
        is_less = least and (not isinstance(row, dict) or size(row) < size(least))
        (lacking if is_less else beyond).append(key)
    words = ""
    if shows and lacking + beyond:
        key = (lacking + beyond)[0]
        words = f"{key} is {json.dumps(found.get(key))}, not {json.dumps(expected.get(key))}."
    observe(f"totals with a payment missing, {where}", some(lacking)).must_equal(
        "none", because=words
    )
    observe(f"totals with more than the payments of their hour, {where}", some(beyond)).must_equal(
        "none", because=words
    )


def size(total):
    """Payments and cents, to compare by; what is no number counts for nothing."""
    numbers = (total.get("payments"), total.get("cents"))
    return tuple(each if isinstance(each, int | float) else -1 for each in numbers)


def some(found):
    return "some" if found else "none"


def more_than(number, most, unit=""):
    """A measured figure in words that do not change with the learner's own chance."""
    return f"more than {most:g}{unit}" if number > most + SLACK else f"at most {most:g}{unit}"


def ahead(life, rows):
    """Messages below a committed offset that are neither counted nor among the dead letters."""
    below = [r for r in rows if r["offset"] < life["committed"].get(str(r["partition"]), 0)]
    lost = 0
    for key, least in totals(below).items():
        found = life["totals"].get(key) or {}
        count = found.get("payments", 0) if isinstance(found, dict) else 0
        lost += max(0, least["payments"] - count) if isinstance(count, int) else 1
    dead = Counter(content(message) for message in life["messages"])
    gone = sum(1 for row in below if row["payment"] is None and not dead[content_of(row)])
    return lost, gone


def content(message):
    return (message["key"], message["value"])


def content_of(row):
    encoded = None if row["value"] is None else base64.b64encode(row["value"]).decode()
    return (row["key"], encoded)


@claim(
    "Every payment is published once, under its account as key, so that each keeps its order.",
    examples=1,
    catches=[
        "publishes_without_key",
        "publishes_without_flush",
    ],
)
def publishes_by_account(command, rng):
    facts = story(command, rng)
    life, payments = facts["report"]["publish"][0], facts["published"]
    observe("how publish ended", ending(life)).must_equal("returned")
    observe(
        "messages on the topic, once publish has returned and its process is dead",
        len(life["messages"]),
    ).must_equal(len(payments))
    sent = [read_json(message["value"]) for message in life["messages"]]
    by_id = {each["payment_id"]: each for each in payments}
    strange = [each for each in sent if each is None or by_id.get(identity(each)) != each]
    observe("messages that are not the JSON of a payment", len(strange)).must_equal(0)
    observe("different payments on the topic", len({identity(each) for each in sent})).must_equal(
        len(payments)
    )
    keys = {identity(each): m["key"] for m, each in zip(life["messages"], sent, strict=True)}
    for payment in payments:
        key = keys[payment["payment_id"]]
        observe(f"key of {payment['payment_id']}", key).must_equal(payment["account"])
    where, places = {}, Counter()
    for message, payment in zip(life["messages"], sent, strict=True):
        where.setdefault(payment["account"], set()).add(message["partition"])
        places[message["partition"]] += 1
    observe("most partitions of one account", max(map(len, where.values()))).must_equal(1)
    observe("partitions in use, for nine accounts", len(places)).must_be_at_least(2)
    for account in where:
        got = [each["payment_id"] for each in sent if each["account"] == account]
        asked = [each["payment_id"] for each in payments if each["account"] == account]
        observe(f"order of the payments of {account}", got).must_equal(asked)


@claim(
    "What the broker refuses is sent again, or publish raises: it never just returns.",
    examples=1,
    catches=[
        "publishes_without_flush",
        "ignores_refusals",
    ],
)
def hears_of_refusals(command, rng):
    facts = story(command, rng)
    (life,) = facts["report"]["refused"]
    end = ending(life)
    observe("how publish ended, where the broker refused some of 20 payments", end).must_satisfy(
        "be an exception, or that it returned",
        lambda value: value == "returned" or value.startswith("raised "),
    )
    if end == "returned":
        sent = {identity(read_json(message["value"])) for message in life["messages"]}
        missing = [each for each in facts["refused"] if each["payment_id"] not in sent]
        observe(
            "payments that are not on the topic, of 20 of which the broker refused some",
            some(missing),
        ).must_equal("none", because="publish returned, so nobody will send them again.")


@claim(
    "No producer is content with fewer copies than all that are in sync.",
    examples=1,
    catches=[
        "is_content_with_one_copy",
    ],
)
def asks_for_all_copies(command, rng):
    facts = story(command, rng)
    for what, name in (("publish", "publish"), ("run", "calm")):
        asked = {event[1] for life in facts["report"][name] for event in events(life, "producer")}
        observe(f"acks of the producers of {what}", sorted(asked)).must_satisfy(
            "be all, which is the default", lambda asked: set(asked) <= {"all"}
        )


def read_json(value):
    try:
        return json.loads(base64.b64decode(value))
    except (TypeError, ValueError, RecursionError):
        return None


def identity(payment):
    found = payment.get("payment_id") if isinstance(payment, dict) else None
    return found if isinstance(found, str) else None


@claim(
    "Each payment counts once, in the hour in which it was made, however late or often it comes.",
    examples=1,
    catches=[
        "assumes_exactly_once",
        "marks_by_account",
        "drops_late_events",
        "poison_blocks",
    ],
)
def counts_each_once(command, rng):
    facts = story(command, rng)
    life = facts["report"]["calm"][-1]
    must_have_returned(life, "without any fault")
    must_total(life, facts["rows"]["calm"], "without any fault", shows=True)


@claim(
    "What is no payment goes to the dead letters once, unchanged and with its reason.",
    examples=1,
    catches=[
        "poison_blocks",
        "drops_poison",
        "dead_letter_without_reason",
        "dead_letter_without_flush",
        "forgets_the_plus_one",
    ],
)
def buries_poison(command, rng):
    facts = story(command, rng)
    rows = facts["rows"]["calm"]
    lives = facts["report"]["calm"]
    must_have_returned(lives[0], "with messages that are no payments among the others")
    dead = lives[-1]["messages"]
    expected = {content_of(row): row for row in rows if row["payment"] is None}
    found = Counter(content(message) for message in dead)
    for wanted, row in expected.items():
        observe(
            f"dead letters with the key {row['key']} and the value {short(row['value'])}",
            found[wanted],
        ).must_equal(1, because=f"What is wrong with it: {row['kind']}.")
    observe("dead letters in all", len(dead)).must_equal(len(expected))
    by_content = {content(message): message["headers"] for message in dead}
    for wanted, row in expected.items():
        headers = by_content[wanted]
        place = {"topic": "payments", "partition": row["partition"], "offset": row["offset"]}
        label = f"headers of the dead letter {short(row['value'])}"
        observe(label, headers).must_satisfy(
            f"have a reason{' that names ' + row['field'] if row['field'] else ''}, and "
            + ", ".join(f"{name} {value}" for name, value in place.items()),
            lambda value, row=row, place=place: (
                all(value.get(name) == str(place[name]) for name in place)
                and value.get("reason", "").strip() != ""
                and row["field"] in value["reason"]
            ),
        )


def short(value):
    text = repr(value)
    return text if len(text) <= 70 else text[:66] + " ..."


@claim(
    "What can never succeed costs no waiting.",
    examples=1,
    catches=[
        "retries_poison",
    ],
)
def does_not_wait_for_poison(command, rng):
    life = story(command, rng)["report"]["calm"][0]
    slept = [event[1] for event in events(life, "slept")]
    observe(
        "seconds slept while a message was in hand and the store was there", sum(slept)
    ).must_be_at_most(1.0)


@claim(
    "When it returns, the end of every partition is committed; the next start reads what is new.",
    examples=1,
    catches=[
        "poison_blocks",
        "forgets_the_plus_one",
    ],
)
def commits_the_end(command, rng):
    facts = story(command, rng)
    rows, n_new = facts["rows"]["calm"], facts["n_new"]
    first, second = facts["report"]["calm"]
    must_have_returned(first, "the first time")
    observe("committed offsets after the first run", first["committed"]).must_equal(
        ends(rows[:-n_new]), because="The end of a partition is the offset of the next message."
    )
    observe("is the consumer closed when run has returned", is_closed(first)).must_equal(
        True, because="The group waits 45 s for a member that did not say good-bye."
    )
    read = Counter((event[1], event[2]) for event in events(second, "read"))
    new = Counter((row["partition"], row["offset"]) for row in rows[-n_new:])
    observe("messages read by the second run, of which 8 are new", sum(read.values())).must_equal(
        n_new
    )
    observe("are they the new ones", read == new).must_equal(True)
    observe("committed offsets after the second run", second["committed"]).must_equal(ends(rows))


@claim(
    "Told to stop in the middle, it finishes what it holds: what it read is done and committed.",
    examples=1,
    catches=[
        "drops_what_it_holds",
        "forgets_the_plus_one",
    ],
)
def finishes_what_it_holds(command, rng):
    facts = story(command, rng)
    (life,) = facts["report"]["middle"]
    must_have_returned(life, "when stop() became true in the middle")
    read = {}
    for _, place, offset in events(life, "read"):
        read[str(place)] = max(read.get(str(place), 0), offset + 1)
    begun = [place for place in read if life["committed"].get(place, 0) < read[place]]
    beyond = [place for place, at in life["committed"].items() if at > read.get(place, 0)]
    observe("partitions with messages that it read and did not commit", some(begun)).must_equal(
        "none", because="A message that poll has given you is yours to finish."
    )
    observe("partitions committed beyond what it read", some(beyond)).must_equal("none")
    done = [r for r in facts["rows"]["middle"] if r["offset"] < read.get(str(r["partition"]), 0)]
    must_total(life, done, "of the messages that it read")


@claim(
    "Killed at seven places and started again each time, it ends with the same totals.",
    examples=1,
    catches=[
        "assumes_exactly_once",
        "marks_by_account",
        "drops_late_events",
        "poison_blocks",
        "commits_first",
        "auto_commit_is_on",
        "remembers_in_memory",
        "writes_twice",
    ],
)
def survives_crashes(command, rng):
    facts = story(command, rng)
    lives = facts["report"]["crashes"]
    must_have_returned(lives[-1], "in its last life, after seven that were killed")
    must_total(lives[-1], facts["rows"]["crashes"], "after seven deaths")


@claim(
    "No committed offset is ever ahead of what is written, dead letters included.",
    examples=1,
    catches=[
        "drops_late_events",
        "poison_blocks",
        "drops_poison",
        "dead_letter_without_flush",
        "commits_first",
        "auto_commit_is_on",
        "gives_the_payment_up",
    ],
    may_catch=["polls_away_messages"],
)
def is_never_ahead(command, rng):
    facts = story(command, rng)
    rows = facts["rows"]["crashes"]
    stories = [(life, rows) for life in facts["report"]["crashes"]]
    others = ("outage", "endless", "unburied")
    stories += [(facts["report"][name][0], facts["rows"][name]) for name in others]
    unwritten = [ahead(life, those) for life, those in stories]
    observe(
        "payments below a committed offset and not counted, after any life",
        some([lost for lost, _ in unwritten if lost]),
    ).must_equal("none", because="A life ends with a kill, or with the store away for good.")
    observe(
        "poison below a committed offset and not in the dead letters, after any life",
        some([gone for _, gone in unwritten[:-1] if gone]),
    ).must_equal("none")
    observe(
        "poison below a committed offset and not in the dead letters, where the broker refused it",
        some([gone for _, gone in unwritten[-1:] if gone]),
    ).must_equal("none", because="on_delivery says what became of a message; flush does not.")
    dead = Counter(content(message) for message in facts["report"]["crashes"][-1]["messages"])
    for row in rows:
        if row["payment"] is None:
            observe(
                f"dead letters with the value {short(row['value'])}, after seven deaths",
                dead[content_of(row)],
            ).must_be_between(1, 1 + len(facts["kills"]))


@claim(
    "After a crash at most 25 messages are read again.",
    examples=1,
    catches=[
        "commits_at_the_end",
    ],
)
def reads_little_again(command, rng):
    facts = story(command, rng)
    most = 0
    for life in facts["report"]["crashes"]:
        read = {(event[1], event[2]) for event in events(life, "read")}
        again = [o for place, o in read if o >= life["committed"].get(str(place), 0)]
        most = max(most, len(again))
    observe("messages read again after a kill", more_than(most, READ_AGAIN)).must_equal(
        f"at most {READ_AGAIN}"
    )


def failures(life):
    return [event[1] for event in events(life, "failed")]


def waits(life):
    """Seconds between calls of the store, from the first that failed to the first that did not."""
    times = failures(life)
    back = [event[1] for event in events(life, "back")][:1]
    return [b - a for a, b in zip(times, [*times[1:], *back], strict=False)]


@claim(
    "Ten minutes without the store cost time and nothing else.",
    examples=1,
    catches=[
        "assumes_exactly_once",
        "marks_by_account",
        "drops_late_events",
        "forgets_the_plus_one",
        "crashes_with_the_store",
        "polls_away_messages",
        "writes_twice",
    ],
)
def outlasts_an_outage(command, rng):
    facts = story(command, rng)
    life, rows = facts["report"]["outage"][0], facts["rows"]["outage"]
    must_have_returned(life, "with the store away for 600 s")
    must_total(life, rows, "after 600 s without the store")
    observe("committed offsets after it", life["committed"]).must_equal(ends(rows))


@claim(
    "It waits at most 1 s at first and 60 s at any time; in ten minutes it calls at most 60 times.",
    examples=1,
    catches=[
        "crashes_with_the_store",
        "waits_a_fixed_second",
        "waits_without_a_cap",
    ],
)
def backs_off(command, rng):
    life = story(command, rng)["report"]["outage"][0]
    times, waited = failures(life), waits(life)
    observe("calls of the store that failed", len(times)).must_be_at_least(2)
    calls = more_than(len(times), MOST_CALLS)
    observe("calls of the store in 600 s without it", calls).must_equal(f"at most {MOST_CALLS}")
    observe("first wait", more_than(waited[0], FIRST_WAIT, " s")).must_equal("at most 1 s")
    observe("longest wait", more_than(max(waited), LONGEST_WAIT, " s")).must_equal(
        "at most 60 s", because="The store was back that much earlier, and nobody came."
    )


@claim(
    "Two workers that lost the store at the same moment do not come back at the same moments.",
    examples=1,
    catches=[
        "crashes_with_the_store",
        "waits_without_jitter",
    ],
)
def spreads_its_calls(command, rng):
    facts = story(command, rng)["report"]
    seconds = []
    for name in ("outage", "endless"):
        times = failures(facts[name][0])
        observe(f"calls of the store that failed, {name}", len(times)).must_be_at_least(3)
        seconds.append([round(each - times[0], 3) for each in times[:8]])
    both = set(seconds[0][1:]) & set(seconds[1][1:])
    observe(
        f"of the next {len(seconds[0]) - 1} calls, those that both make in the same millisecond",
        len(both),
    ).must_be_at_most(2)


@claim(
    "The group hears of it at least every five minutes, also while the store is away.",
    examples=1,
    catches=[
        "crashes_with_the_store",
        "sleeps_through",
    ],
)
def stays_a_member(command, rng):
    facts = story(command, rng)["report"]
    for name in ("outage", "endless"):
        life = facts[name][0]
        times = failures(life)
        observe(f"calls of the store that failed, {name}", len(times)).must_be_at_least(2)
        gaps = [event[1] for event in events(life, "gap")]
        if not gaps and times:
            gaps = [times[-1] - times[0]]
        longest = more_than(max(gaps), POLL_INTERVAL, " s")
        observe("longest time between two polls", longest).must_equal(
            "at most 300 s", because="max.poll.interval.ms is 300,000."
        )


@claim(
    "A store that stays away ends in an exception within 30 minutes, with nothing given up.",
    examples=1,
    catches=[
        "crashes_with_the_store",
        "retries_for_ever",
        "gives_the_payment_up",
    ],
)
def gives_up_loudly(command, rng):
    facts = story(command, rng)
    life = facts["report"]["endless"][0]
    observe("how run ended, with the store away for good", ending(life)).must_satisfy(
        "be an exception", lambda value: value.startswith("raised ")
    )
    times = failures(life)
    observe("calls of the store that failed", len(times)).must_be_at_least(2)
    tried = times[-1] - times[0]
    observe(
        "time from the first failed call to the last", more_than(tried, OUTAGE, " s")
    ).must_equal("more than 600 s", because="Ten minutes have to be survived.")
    observe(
        "time from the first failed call to the last", more_than(tried, LONGEST_TRY, " s")
    ).must_equal("at most 1800 s")
    observe("dead letters, though every message is a payment", len(life["messages"])).must_equal(0)


def seen(facts, name, *kinds):
    """Events of these kinds in all lives of a scenario."""
    return [event for life in facts["report"][name] for event in events(life, *kinds)]


@diagnostic("publishes_without_key")
def sends_no_key(command, rng):
    facts = story(command, rng)
    return any(message["key"] is None for message in facts["report"]["publish"][0]["messages"])


@diagnostic("publishes_without_flush")
def left_some_unsent(command, rng):
    facts = story(command, rng)
    return len(facts["report"]["publish"][0]["messages"]) < len(facts["published"])


@diagnostic("ignores_refusals")
def returned_without_all(command, rng):
    facts = story(command, rng)
    (life,) = facts["report"]["refused"]
    return ending(life) == "returned" and len(life["messages"]) < len(facts["refused"])


@diagnostic("drops_poison")
def sends_no_dead_letter(command, rng):
    facts = story(command, rng)
    return not seen(facts, "calm", "sent")


@diagnostic("dead_letter_without_flush")
def lost_what_it_sent(command, rng):
    facts = story(command, rng)
    return len(facts["report"]["calm"][-1]["messages"]) < len(seen(facts, "calm", "sent"))


@diagnostic("dead_letter_without_reason")
def gives_no_reason(command, rng):
    facts = story(command, rng)
    return any("reason" not in each["headers"] for each in facts["report"]["calm"][-1]["messages"])


@diagnostic("polls_away_messages")
def returned_all_the_same(command, rng):
    facts = story(command, rng)
    return ending(facts["report"]["outage"][0]) == "returned"


@diagnostic("drops_late_events")
def left_payments_out(command, rng):
    facts = story(command, rng)
    found = facts["report"]["calm"][-1]["totals"].values()
    n_counted = sum(row.get("payments", 0) for row in found if isinstance(row, dict))
    return n_counted < n_payments(facts["rows"]["calm"])


def has_counted(facts, mark):
    """Whether the totals without any fault are those that this mark would make."""
    found = {key: counted(row) for key, row in facts["report"]["calm"][-1]["totals"].items()}
    return found == totals(facts["rows"]["calm"], mark)


@diagnostic("assumes_exactly_once")
def counts_every_message(command, rng):
    return has_counted(story(command, rng), lambda each: object())


@diagnostic("marks_by_account")
def counts_once_for_each_account(command, rng):
    return has_counted(story(command, rng), lambda each: (each["payment_id"], each["account"]))


@diagnostic("commits_at_the_end")
def reads_nothing_after_a_commit(command, rng):
    facts = story(command, rng)
    for life in facts["report"]["crashes"]:
        names = [name for name, *_ in events(life, "read", "commit")]
        if "commit" in names and "read" in names[names.index("commit") :]:
            return False
    return True


@diagnostic("retries_for_ever")
def never_stops_trying(command, rng):
    facts = story(command, rng)
    return bool(events(facts["report"]["endless"][0], "endless"))


@diagnostic("forgets_the_plus_one")
def commits_what_it_read(command, rng):
    facts = story(command, rng)
    stopped = ends(facts["rows"]["calm"][: -facts["n_new"]])
    found = facts["report"]["calm"][0]["committed"]
    return found == {place: end - 1 for place, end in stopped.items()}


@diagnostic("auto_commit_is_on")
def commits_by_itself(command, rng):
    facts = story(command, rng)
    return any(by_itself and stores for _, by_itself, stores in seen(facts, "calm", "consumer"))


@diagnostic("commits_first")
def commits_by_hand(command, rng):
    facts = story(command, rng)
    return bool(seen(facts, "calm", "commit"))


@diagnostic("writes_twice")
def puts_twice_for_each_payment(command, rng):
    facts = story(command, rng)
    return len(seen(facts, "calm", "put")) > 1.5 * n_payments(facts["rows"]["calm"])


@diagnostic("remembers_in_memory")
def puts_once_for_each_payment(command, rng):
    facts = story(command, rng)
    return len(seen(facts, "calm", "put")) <= 1.2 * n_payments(facts["rows"]["calm"])


@diagnostic("waits_a_fixed_second")
def calls_too_often(command, rng):
    facts = story(command, rng)
    return len(failures(facts["report"]["outage"][0])) > MOST_CALLS


@diagnostic("waits_without_a_cap")
def waits_too_long(command, rng):
    facts = story(command, rng)
    return max(waits(facts["report"]["outage"][0]), default=0) > LONGEST_WAIT + SLACK
