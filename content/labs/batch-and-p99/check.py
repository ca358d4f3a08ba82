"""A model served by night and by day on a clock of the drill's, and a service that is measured."""

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
from simulators import serving_drill

from gradus.check import claim, diagnostic, observe

DRILL = Path(serving_drill.__file__).read_bytes()
DAY = 86_400
LOAD, OVERLOAD, AFTERWARDS = 0.5, 2.0, 0.3
CROWD, PAUSE = 1.2, 0.8
FULL_SHARE = 0.9
BAD_ROWS = 6
# Whoever looks at the clock every millisecond is as right as whoever waits for an event.
SLACK = 0.002

# A story costs half a second of processor time. It is played once; each claim reads a page of it.
played = {}
WRITTEN = ("drill.py", "story.json", "report.json")


# ── What is drawn ───────────────────────────────────────────────────────────────────────────────


def a_model(rng, slow=1.0, cold=0.0):
    """A model that nobody has seen, and what its calls cost."""
    return {
        "card": {"median_amount": round(float(rng.uniform(30, 80)), 2)},
        "max_rows": int(rng.integers(40, 110)),
        "weights": [round(float(rng.uniform(*ends)), 3) for ends in ((-3, -1), (0.3, 0.6),
                                                                      (0.005, 0.02))],
        "fixed": round(slow * float(rng.uniform(0.007, 0.011)), 6),
        "per_row": round(slow * float(rng.uniform(0.0003, 0.0005)), 6),
        "cold": cold,
    }  # fmt: skip


def cost(model, n):
    """Seconds that the model takes for a call of n rows."""
    return model["fixed"] + n * model["per_row"]


def some_limits(rng, max_wait=None):
    max_batch = int(rng.integers(14, 21))
    return {
        "max_batch": max_batch,
        "max_wait": round(float(rng.uniform(0.006, 0.012)), 4) if max_wait is None else max_wait,
        "max_queue": max_batch * int(rng.integers(4, 6)) + int(rng.integers(1, 5)),
    }


def some_rows(rng, n, missing=0.0):
    """Rows of a request's form; the amount of some is missing."""
    rows = []
    for number in range(n):
        row = {
            "id": f"{int(rng.integers(0, 50)):03d}-{number}",
            "amount": round(float(rng.exponential(60)), 2),
            "hours": int(rng.integers(0, 200)),
        }
        if rng.random() < missing:
            row["amount"] = None
        rows.append(row)
    return rows


def score(model, row):
    """What the model says of a row, by the lesson; None for a row that is none."""
    amount = row["amount"]
    amount = model["card"]["median_amount"] if amount is None or amount == "" else amount
    try:
        amount, hours = float(amount), float(row["hours"])
    except ValueError:
        return None
    if not (0 <= amount < math.inf and 0 <= hours < math.inf):
        return None
    a, b, c = model["weights"]
    return 1 / (1 + math.exp(-(a + b * math.log1p(amount) + c * hours)))


def as_text(rng, rows):
    """Rows as a CSV file; where its columns stand is drawn."""
    names = [str(each) for each in rng.permutation(["id", "amount", "hours", "channel"])]
    file = io.StringIO()
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        amount = "" if row["amount"] is None else row["amount"]
        writer.writerow({**row, "amount": amount, "channel": str(rng.choice(["web", "app"]))})
    return file.getvalue()


def moments(rng, n, rate):
    """Starts of n requests that come at this rate, each when it likes."""
    return [float(each) for each in np.cumsum(rng.exponential(1 / rate, n)).round(6)]


def capacity(part):
    """Rows a second that the model does in full calls."""
    n = part["limits"]["max_batch"]
    return n / cost(part["model"], n)


def a_day(rng, name, n, model=None, limits=None):
    """A service with requests whose starts are still to come."""
    return {
        "name": name,
        "kind": "service",
        "model": model or a_model(rng),
        "limits": limits or some_limits(rng),
        "early": [],
        "rows": some_rows(rng, n),
    }


def days(rng):
    """Every kind of day that a service has to live through."""
    cold = a_day(rng, "cold", 6, a_model(rng, cold=round(float(rng.uniform(1, 3)), 2)))
    cold |= {"early": some_rows(rng, 2), "starts": [0.3 * i for i in range(6)]}
    busy = a_day(rng, "busy", 300)
    busy["starts"] = moments(rng, 300, LOAD * capacity(busy))
    quiet = a_day(rng, "quiet", 8)
    quiet["starts"] = [0.4 * i + float(rng.uniform(0, 0.1)) for i in range(8)]
    max_wait = round(float(rng.uniform(0.04, 0.06)), 3)
    trickle = a_day(rng, "trickle", 60, limits=some_limits(rng, max_wait))
    trickle["starts"] = [0.7 * max_wait * i for i in range(60)]
    limits = some_limits(rng, 0.4)
    burst = a_day(rng, "burst", 2 * limits["max_batch"], limits=limits)
    burst["starts"] = [0.05] * len(burst["rows"])
    failing = a_day(rng, "failing", 36, limits=some_limits(rng) | {"max_queue": 10})
    failing["model"]["fails"] = [2, 3]
    sizes = (6, 5, 7, 4, 8, 6)
    failing["starts"] = [0.3 * group for group, size in enumerate(sizes) for _ in range(size)]
    # The second of each call leaves before it ends.
    failing["patience"] = {str(1 + sum(sizes[:group])): 0.001 for group in range(len(sizes))}
    limits = some_limits(rng, 0.02)
    gone = a_day(rng, "gone", 110, limits=limits | {"max_queue": limits["max_batch"] + 4})
    gone["starts"] = [*moments(rng, 100, 250), *(1.2 + 0.05 * i for i in range(10))]
    gone["patience"] = {str(i): round(float(rng.uniform(0.001, 0.02)), 5)
                        for i in range(100) if i % 5 in (0, 3)}  # fmt: skip
    crowd = a_day(rng, "overload", 0, a_model(rng, slow=4.0))
    n_crowd = int(OVERLOAD * capacity(crowd) * CROWD)
    crowd["starts"] = moments(rng, n_crowd, OVERLOAD * capacity(crowd))
    later = crowd["starts"][-1] + PAUSE
    crowd["starts"] += [later + s for s in moments(rng, 40, AFTERWARDS * capacity(crowd))]
    crowd |= {"rows": some_rows(rng, n_crowd + 40), "n_crowd": n_crowd}
    return [cold, busy, quiet, trickle, burst, failing, gone, crowd]


def a_pair(rng):
    """Two services at once: one has little to do, and the other more than it has room for."""
    calm = a_day(rng, "the calm one", 40, limits=some_limits(rng) | {"max_queue": 8})
    calm["starts"] = [round(0.01 * i, 3) for i in range(40)]
    limits = some_limits(rng)
    full = a_day(rng, "the full one", 90, limits=limits | {"max_queue": limits["max_batch"]})
    full["starts"] = [round(0.0503 + 0.1 * (i // 45), 4) for i in range(90)]
    return {"name": "two at once", "kind": "pair", "pair": [calm, full]}


def nights(rng):
    """A clean file, one with rows that are none, and one without rows."""
    model = a_model(rng)
    clean = some_rows(rng, 3 * model["max_rows"] + int(rng.integers(2, 30)), missing=0.1)
    clean[1]["amount"], clean[2]["amount"], clean[3]["amount"] = 0.0, None, None
    clean[4]["id"] = f"Smith, J. {int(rng.integers(10, 99))}"
    clean[5]["id"] = f"00{int(rng.integers(100, 999))}"
    broken = some_rows(rng, model["max_rows"] + 20, missing=0.1)
    bad = [("amount", "-3.5"), ("amount", "nan"), ("amount", "inf"), ("amount", "a lot"),
           ("hours", ""), ("hours", "-1")]  # fmt: skip
    for place, (field, value) in zip(
        rng.choice(len(broken), BAD_ROWS, replace=False), bad, strict=True
    ):
        broken[place][field] = value
    hopeless = [{**row, "hours": "-1"} for row in some_rows(rng, 3)]
    files = {"clean": clean, "bad rows": broken, "all rows bad": hopeless, "empty": []}
    parts = [
        {"name": name, "kind": "night", "model": model, "text": as_text(rng, rows)}
        for name, rows in files.items()
    ]
    same = a_day(rng, "same", 0, model)
    same["rows"] = [dict(clean[i]) for i in rng.permutation(40)]
    for row in same["rows"][::2]:
        if row["amount"] is None:
            del row["amount"]
    same["starts"] = sorted(float(each) for each in rng.uniform(0, 0.1, 40).round(5))
    mixed = a_day(rng, "mixed", 30, model)
    mixed["starts"] = [0.02 * (i // 10) for i in range(30)]
    wrongs = [("amount", -2.0), ("amount", math.inf), ("amount", "a lot"), ("amount", math.nan),
              ("hours", None), ("hours", -1)]  # fmt: skip
    for place, (field, value) in zip(rng.choice(30, BAD_ROWS, replace=False), wrongs,
                                     strict=True):  # fmt: skip
        mixed["rows"][place][field] = value
    return parts, files, same, mixed


def benches(rng):
    """Services to be measured: slow at first, standing still, stopping the client too, and more."""
    n, parts = 150, []
    for name in ("slow start", "standstill", "client stops"):
        service = [round(float(each), 5) for each in rng.uniform(0.003, 0.009, n)]
        part = {"name": name, "kind": "measure", "starts": moments(rng, n, 200), "stalls": [],
                "service": service, "fails": {}, "blocks_at": -1, "blocks": 0.0}  # fmt: skip
        parts.append(part)
    slow, still, client = parts
    for i in range(8):
        slow["service"][i] = round(float(rng.uniform(0.9, 1.2)), 4)
    # The first start is not the call: throughput counts from the first start.
    slow["starts"] = [start + 0.4 for start in slow["starts"]]
    begin = round(float(rng.uniform(0.05, 0.1)), 3)
    still["stalls"] = [[begin, round(begin + float(rng.uniform(0.47, 0.53)), 3)]]
    place = int(rng.integers(40, 60))
    client |= {"blocks_at": place, "blocks": 0.3}
    # Nobody is on the way when the client stops: only those who should have left are held up.
    client["starts"] = [start + 0.02 * (i >= place) for i, start in enumerate(client["starts"])]
    for part in (still, client):
        places = rng.choice(np.arange(132, n), 16, replace=False)
        part["fails"] = {str(i): "lost" if place % 3 == 0 else "busy"
                         for place, i in enumerate(places)}  # fmt: skip
    down = {**slow, "name": "down", "starts": moments(rng, 5, 50),
            "fails": {str(i): "lost" for i in range(5)}}  # fmt: skip
    # All are on the way at once before the first is answered.
    crowded = {**slow, "name": "crowded", "starts": moments(rng, 260, 2000),
               "service": rng.uniform(0.4, 0.5, 260).round(4).tolist()}  # fmt: skip
    return [*parts, down, crowded]


def choices(rng):
    """Needs with what they cost, each with a clear answer."""
    price = {
        "fixed": round(float(rng.uniform(0.005, 0.02)), 4),
        "per_row": round(float(rng.uniform(0.0002, 0.001)), 5),
        "max_rows": int(rng.integers(200, 2000)),
    }
    rows = int(rng.integers(2, 9)) * 1_000_000
    # A few rows: a started call costs its fixed part whole.
    few = 1 + max(2, int(0.4 * price["fixed"] / price["per_row"]))
    needs = [
        ({"within": 0, "rows": rows, "asked": rows}, "real time"),
        ({"within": int(rng.integers(60, 40_000)), "rows": rows, "asked": rows}, "real time"),
        ({"within": DAY * int(rng.integers(2, 8)), "rows": rows, "asked": rows}, "batch"),
        ({"within": DAY, "rows": rows, "asked": rows}, "batch"),
        *near_the_middle(price, rows),
        ({"within": 3 * DAY, "rows": rows, "asked": int(rng.integers(5, 90))}, "real time"),
        ({"within": 2 * DAY, "rows": 3 * price["max_rows"], "asked": 3 * price["max_rows"]},
         "batch"),
        ({"within": 2 * DAY, "rows": few, "asked": 1}, "real time"),
    ]  # fmt: skip
    small_calls = {**price, "fixed": 100 * price["per_row"], "max_rows": int(rng.integers(20, 40))}
    dear_rows = {**price, "fixed": price["per_row"]}
    order = [int(i) for i in rng.permutation(len(needs))]
    return {
        "choice": (price, [needs[i] for i in order]),
        "choice, small calls": (small_calls, near_the_middle(small_calls, rows)),
        "choice, dear rows": (dear_rows, near_the_middle(dear_rows, rows)),
    }


def near_the_middle(price, rows):
    """A need of somewhat more rows than make both ways cost the same, and one of fewer."""
    n_calls = math.ceil(rows / price["max_rows"])
    night = n_calls * price["fixed"] + rows * price["per_row"]
    same = night / (price["fixed"] + price["per_row"])
    return [
        ({"within": 3 * DAY, "rows": rows, "asked": int(1.4 * same)}, "batch"),
        ({"within": 3 * DAY, "rows": rows, "asked": int(0.7 * same)}, "real time"),
    ]


def story(command, rng):
    """Play the story once for one submission, and keep what each part left behind."""
    handed = [name for name in command.names() if name not in WRITTEN]
    key = tuple((name, command.bytes(name).as_value()) for name in handed)
    if played.get("key") == key:
        return played
    played.clear()
    files, rows, same, mixed = nights(rng)
    chosen = choices(rng)
    parts = [*files, same, mixed, *days(rng), *benches(rng), a_pair(rng)]
    parts += [{"name": name, "kind": "choice", "cost": price, "needs": [need for need, _ in needs]}
              for name, (price, needs) in chosen.items()]  # fmt: skip
    laid = {"drill.py": DRILL, "story.json": json.dumps(parts).encode()}
    done = command.run(files=laid).as_mapping("exit", "stdout", "stderr")
    observe("exit status of the drill (the end of stderr is below)", done["exit"]).must_equal(
        0, because=done["stderr"][-600:]
    )
    report = report_of(command.text("report.json").as_text(), parts)
    played.update(key=key, report=report, rows=rows, choices=chosen)
    played["parts"] = {part["name"]: part for part in parts}
    return played


def report_of(text, parts):
    """What the drill wrote of each part; what else wrote into the file is found fault with."""
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        report = {}
    found = report.items() if isinstance(report, dict) else ()
    written = {name for name, left in found if isinstance(left, dict)}
    lacking = [each["name"] for each in parts if each["name"] not in written]
    observe(
        "parts that the drill wrote into report.json and that are not there", lacking
    ).must_equal([])
    return report


# ── Whether the drill wrote it: the work runs in the same process, and may write there too ──────


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e15 < value < 1e15


def is_list(value, *kinds):
    """Whether it is a list with one entry for each kind; a kind is a type or a question."""
    return (
        isinstance(value, list)
        and len(value) == len(kinds)
        and all(
            isinstance(each, kind) if isinstance(kind, type) else kind(each)
            for each, kind in zip(value, kinds, strict=True)
        )
    )


def is_call(event):
    known = is_list(event, str, int, is_number, is_number, is_number, bool)
    return known and event[0] == "call" and event[3] < event[4]


def ends_of(events, n_early):
    """How each request ended, where the events follow each other as they can; None elsewhere."""
    asked, ended, is_ready = set(), {}, False
    for event in events if isinstance(events, list) else [None]:
        if is_list(event, str, is_number) and event[0] == "ready" and not is_ready:
            is_ready = True
        elif is_list(event, str, int) and (event[1] >= n_early) == is_ready:
            kind, number = event
            if kind == "ask" and number not in asked:
                asked.add(number)
            elif kind in ENDS and number in asked and number not in ended:
                ended[number] = kind
            else:
                return None
        elif not is_call(event):
            return None
    return ended if is_ready else None


def is_service(part, left):
    said = [left.get(key) for key in ("ready_before_start", "ready")]
    if not is_list(said, bool, bool):
        return False
    n_early, answers = len(part["early"]), left.get("answers")
    n = n_early + len(part["rows"]) * left["ready"]
    told = isinstance(answers, dict) and answers.keys() == set(map(str, range(n)))
    known = told and all(
        is_list(each, str, lambda said: said is None or isinstance(said, float | str), is_number,
                is_number)
        for each in answers.values()
    )  # fmt: skip
    ends = ends_of(left.get("events"), n_early)
    return known and ends == {int(number): each[0] for number, each in answers.items()}


def is_pair(part, left):
    both = left.get("pair")
    pairs = zip(part["pair"], both, strict=True) if is_list(both, dict, dict) else [(None, None)]
    return all(its is not None and is_service(one, its) for one, its in pairs)


def is_night(part, left):
    events = left.get("events")
    written = "written" in left and isinstance(left["written"], str | None)
    return written and isinstance(events, list) and all(map(is_call, events))


def is_measure(part, left):
    seen, found = left.get("seen"), left.get("found")
    return (
        isinstance(found, dict)
        and isinstance(seen, dict)
        and all(
            isinstance(times, list)
            and times
            and all(is_list(e, is_number, is_number) for e in times)
            for times in seen.values()
        )
    )


def is_choice(part, left):
    return is_list(left.get("chosen"), *[str] * len(part["needs"]))


ENDS = ("answered", "refused", "raised", "gone", "unanswered")
WRITES = {"service": is_service, "pair": is_pair, "night": is_night, "measure": is_measure,
          "choice": is_choice}  # fmt: skip


# ── What is read from it ────────────────────────────────────────────────────────────────────────


def page(command, rng, name):
    """A part of the story, and what it left behind; it has to have come to its end."""
    facts = story(command, rng)
    part, left = facts["parts"][name], facts["report"][name]
    observe(f"how the part '{name}' ended", left.get("broken", "well")).must_equal("well")
    observe(
        f"is the part '{name}' in report.json as the drill writes it",
        WRITES[part["kind"]](part, left),
    ).must_equal(True, because="Nothing but the drill writes into report.json.")
    return part, left


def day(command, rng, name):
    """A part with traffic: the part, its answers in order, and what happened."""
    part, left = page(command, rng, name)
    observe(f"was the service ready within 30 s, {name}", left["ready"]).must_equal(True)
    found = left["answers"]
    n_early = len(part["early"])
    return part, [found[str(i + n_early)] for i in range(len(part["rows"]))], left["events"]


def calls_of(events):
    """Calls of the model since the service was ready: rows, asked, started, ended, done well."""
    first = next(place for place, event in enumerate(events) if event[0] == "ready")
    return [event[1:] for event in events[first:] if event[0] == "call"]


def ms(seconds):
    return round(1000 * seconds, 3)


def tally(answers):
    """How many requests ended in each way."""
    kinds = [answer[0] for answer in answers]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def must_all_answer(answers, where):
    observe(f"how {len(answers)} requests ended, {where}", tally(answers)).must_equal(
        {"answered": len(answers)}
    )


def wait(answer):
    """Seconds from the intended start of a request to its end."""
    return answer[3] - answer[2]


def p99(waits):
    """The 99th percentile; which of two neighbours is taken does not matter here."""
    return float(np.percentile(waits, 99, method="lower"))


def idle(answer, calls):
    """Seconds of a request in which the model computed nothing."""
    start, end = answer[2], answer[3]
    busy = sum(max(0.0, min(end, c[3]) - max(start, c[2])) for c in calls)
    return end - start - busy


def must_score(name, model, row, answer):
    observe(f"score of {json.dumps(row)}, {name}", answer[1]).must_be_close_to(
        score(model, row), rtol=1e-9, atol=0
    )


def scores_in(left, name):
    """The rows of the file that was written, as (id, score) texts."""
    text = left["written"]
    observe(f"was a file written, {name}", text is not None).must_equal(True)
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error as fault:
        observe(f"the file that was written, {name}", str(fault)).must_equal("a table in CSV")
    observe(f"first line of the scores, {name}", rows[0] if rows else []).must_equal(
        ["id", "score"]
    )
    rows = [tuple(row) for row in rows[1:]]
    observe(f"lines of the scores that are not two fields, {name}",
            sum(len(row) != 2 for row in rows)).must_equal(0)  # fmt: skip
    return rows


def must_be_scores(written, rows, model, name):
    """Each row of the file is there in its order, with the model's score or without one."""
    observe(f"ids of the scores, {name}", [each for each, _ in written]).must_equal(
        [row["id"] for row in rows]
    )
    for row, (_, text) in zip(rows, written, strict=True):
        expected = score(model, row)
        label = f"score of {json.dumps(row)} in the file"
        if expected is None:
            observe(label, text).must_equal("", because="The row is not one that can be scored.")
            continue
        try:
            number = float(text)
        except ValueError:
            number = text
        observe(label, number).must_be_close_to(expected, rtol=1e-9, atol=0)


# ── The claims ──────────────────────────────────────────────────────────────────────────────────


@claim(
    "By night and by day a row gets the same score, number for number.",
    examples=1,
    catches=["median_of_the_file"],
)
def scores_alike(command, rng):
    part, left = page(command, rng, "clean")
    rows = story(command, rng)["rows"]["clean"]
    must_be_scores(scores_in(left, "by night"), rows, part["model"], "by night")
    part, answers, _ = day(command, rng, "same")
    must_all_answer(answers, "by day")
    for row, answer in zip(part["rows"], answers, strict=True):
        must_score("by day", part["model"], {"amount": None, **row}, answer)


@claim(
    "A night's file costs as few calls as the model's limit of rows allows.",
    examples=1,
    catches=["realtime_for_nightly"],
)
def fills_its_calls(command, rng):
    for name in ("clean", "empty"):
        part, left = page(command, rng, name)
        n_rows = len(story(command, rng)["rows"][name])
        written = scores_in(left, name)
        observe(f"lines of the scores of {n_rows} rows", len(written)).must_equal(n_rows)
        most = math.ceil(n_rows / part["model"]["max_rows"]) + 2
        n_calls = sum(1 for event in left["events"] if event[0] == "call")
        observe(
            f"calls for {n_rows} rows, at most {part['model']['max_rows']} in each", n_calls
        ).must_be_at_most(most)


@claim(
    "A row that cannot be scored costs no other row its score.",
    examples=1,
    catches=["one_bad_row_ends_the_night", "fails_the_whole_batch", "median_of_the_file"],
)
def keeps_bad_rows_apart(command, rng):
    for name, what in (("bad rows", "with bad rows in the file"), ("all rows bad", "all bad")):
        part, left = page(command, rng, name)
        rows = story(command, rng)["rows"][name]
        must_be_scores(scores_in(left, "by night"), rows, part["model"], what)
    part, answers, _ = day(command, rng, "mixed")
    for row, answer in zip(part["rows"], answers, strict=True):
        if score(part["model"], {**row, "hours": "" if row["hours"] is None else row["hours"]}):
            label = f"how {shown(row)} ended, with bad rows among its neighbours"
            observe(label, answer[0]).must_equal("answered")
            must_score("with bad rows among its neighbours", part["model"], row, answer)
        else:
            observe(f"how {shown(row)} ended", " ".join(map(str, answer[:2]))).must_match(
                r"^raised .*ValueError"
            )


def shown(row):
    return f"the request {row}"


@claim(
    "Before it is ready it refuses; once it is, the slow first call lies behind it.",
    examples=1,
    catches=["warms_up_on_the_first_user"],
)
def warms_up(command, rng):
    part, left = page(command, rng, "cold")
    observe("ready before start() was called", left["ready_before_start"]).must_equal(False)
    for number in range(len(part["early"])):
        observe("how a request before start() ended", left["answers"][str(number)][0]).must_equal(
            "refused"
        )
    _, answers, events = day(command, rng, "cold")
    ready = next(event[1] for event in events if event[0] == "ready")
    n_done = sum(1 for event in events if event[0] == "call" and event[4] <= ready)
    observe("calls of the model that were done when it said ready", n_done).must_be_at_least(1)
    must_all_answer(answers, "once it was ready")
    cold = part["model"]["cold"]
    observe("the first user's wait in ms", ms(wait(answers[0]))).must_be_at_most(
        ms(cold / 2), because=f"The model's first call takes {ms(cold):g} ms more than others."
    )


@claim(
    "No call has more rows than max_batch.",
    examples=1,
    catches=["ignores_max_batch"],
)
def limits_its_calls(command, rng):
    for name in ("busy", "burst", "overload"):
        part, left = page(command, rng, name)
        sizes = [event[1] for event in left["events"] if event[0] == "call"]
        observe(f"rows in the largest call, {name}", max(sizes, default=0)).must_be_at_most(
            part["limits"]["max_batch"]
        )


@claim(
    "At half of what full calls can do, p99 stays below max_wait and two full calls.",
    examples=1,
    catches=["one_at_a_time", "batch_too_long_wait"],
    may_catch=["does_not_wait_for_the_model", "restarts_the_wait"],
)
def keeps_its_promise(command, rng):
    part, answers, events = day(command, rng, "busy")
    model, limits = part["model"], part["limits"]
    rate = LOAD * capacity(part)
    where = f"at {rate:.0f} a second"
    observe(f"calls for {len(answers)} requests, {where}", len(calls_of(events))).must_be_at_most(
        len(answers) // 2,
        because=f"One by one the model does {1 / cost(model, 1):.0f} a second.",
    )
    must_all_answer(answers, where)
    most = limits["max_wait"] + 2 * cost(model, limits["max_batch"]) + SLACK
    waits = [wait(answer) for answer in answers]
    observe(f"p99 in ms, {where}", ms(p99(waits))).must_be_at_most(ms(most))
    for row, answer in zip(part["rows"], answers, strict=True):
        must_score(where, model, row, answer)


@claim(
    "While the model is free, nobody waits longer than max_wait.",
    examples=1,
    catches=["batch_too_long_wait", "restarts_the_wait"],
    may_catch=["one_at_a_time"],
)
def does_not_wait_too_long(command, rng):
    for name in ("quiet", "trickle", "busy"):
        part, answers, events = day(command, rng, name)
        must_all_answer(answers, name)
        calls = calls_of(events)
        longest = max(idle(answer, calls) for answer in answers)
        observe(f"longest wait beside a free model in ms, {name}", ms(longest)).must_be_at_most(
            ms(part["limits"]["max_wait"] + SLACK)
        )


@claim(
    "A full batch goes at once.",
    examples=1,
    catches=["always_waits", "one_at_a_time"],
)
def sends_full_batches(command, rng):
    part, answers, events = day(command, rng, "burst")
    n, model = part["limits"]["max_batch"], part["model"]
    must_all_answer(answers, f"after {2 * n} at the same moment")
    waits = sorted(wait(answer) for answer in answers)
    observe(
        f"ms until {n} of {2 * n} requests of the same moment are answered", ms(waits[n - 1])
    ).must_be_at_most(
        ms(cost(model, 1) + cost(model, n) + SLACK),
        because=f"max_wait is {ms(part['limits']['max_wait']):g} ms, and nothing is to be waited "
        "for.",
    )
    n_waiting, free = 2 * n, answers[0][2]
    for n_rows, _, started, ended, _ in calls_of(events):
        if n_waiting >= n:
            observe(
                f"ms for which a free model left {n_waiting} waiting, with a max_batch of {n}",
                ms(started - free),
            ).must_be_at_most(ms(SLACK))
        n_waiting, free = n_waiting - n_rows, ended


@claim(
    "A call that fails fails for those who were in it, and the next is made.",
    examples=1,
    catches=[
        "one_failure_ends_the_loop",
        "dies_of_a_caller_who_left",
        "shifts_after_a_caller_left",
    ],
)
def survives_failures(command, rng):
    part, answers, events = day(command, rng, "failing")
    staying = [answer for i, answer in enumerate(answers) if str(i) not in part["patience"]]
    kinds = tally(staying)
    ended = kinds.get("raised", 0) + kinds.get("answered", 0)
    observe(
        f"of {len(staying)} who did not give up, those who got a score or an exception", ended
    ).must_equal(len(staying))
    calls = calls_of(events)
    observe("calls that failed", sum(1 for call in calls if not call[4])).must_be_at_least(1)
    n_lost = sum(call[0] for call in calls if not call[4])
    observe(
        f"requests that raised, with {n_lost} in the calls that failed", kinds.get("raised", 0)
    ).must_be_at_most(n_lost)
    for row, answer in zip(part["rows"], answers, strict=True):
        if answer[0] == "answered":
            must_score("beside failures and callers who gave up", part["model"], row, answer)


@claim(
    "A caller who gives up leaves everybody else with the right answer.",
    examples=1,
    catches=["dies_of_a_caller_who_left", "shifts_after_a_caller_left"],
    may_catch=["one_at_a_time"],
)
def survives_those_who_leave(command, rng):
    part, answers, _ = day(command, rng, "gone")
    staying = [
        (row, answer)
        for number, (row, answer) in enumerate(zip(part["rows"], answers, strict=True))
        if str(number) not in part["patience"]
    ]
    must_all_answer([answer for _, answer in staying], "who did not give up")
    for row, answer in staying:
        must_score("beside callers who gave up", part["model"], row, answer)


def crowd(command, rng):
    """The overload: its part, the answers of the crowd and of those after it, and the events."""
    part, answers, events = day(command, rng, "overload")
    return part, answers[: part["n_crowd"]], answers[part["n_crowd"] :], events


def queues(events):
    """For each request since it was ready: its end, and how many waited when it came."""
    first = next(place for place, event in enumerate(events) if event[0] == "ready")
    waiting, came, found = 0, {}, []
    for event in events[first + 1 :]:
        if event[0] == "ask":
            came[event[1]] = waiting
            waiting += 1
        elif event[0] == "call":
            waiting -= event[1]
        else:
            waiting -= event[0] == "refused"
            found.append((event[0], came[event[1]]))
    return found


@claim(
    "At twice what it can do it refuses at once, and only those for whom there is no room.",
    examples=1,
    catches=[
        "counts_the_rows_in_the_call",
        "refuses_late",
        "leaks_places",
        "queues_for_ever",
        "does_not_wait_for_the_model",
    ],
    may_catch=["ignores_max_batch"],
)
def sheds(command, rng):
    part, answers, _, events = crowd(command, rng)
    most = part["limits"]["max_queue"]
    where = f"with max_queue {most}"
    refused = [answer for answer in answers if answer[0] == "refused"]
    observe(f"refused of {len(answers)}", len(refused)).must_be_at_least(1)
    observe(
        "longest wait of one who is refused, in ms", ms(max(map(wait, refused)))
    ).must_be_at_most(ms(SLACK))
    seen = queues(events)
    fewest = min(n for kind, n in seen if kind == "refused")
    observe(f"fewest waiting when one was refused, {where}", fewest).must_be_at_least(most)
    longest = max((n for kind, n in seen if kind != "refused"), default=0)
    observe(f"most waiting when one was let in, {where}", longest).must_be_below(
        most + part["limits"]["max_batch"]
    )


@claim(
    "Whoever is let in at twice the load is answered in time, and the model does full calls.",
    examples=1,
    catches=["queues_for_ever", "does_not_wait_for_the_model", "one_at_a_time"],
    may_catch=["refuses_late"],
)
def keeps_working_under_overload(command, rng):
    part, answers, _, events = crowd(command, rng)
    n, full = part["limits"]["max_batch"], cost(part["model"], part["limits"]["max_batch"])
    kept = [answer for answer in answers if answer[0] != "refused"]
    must_all_answer(kept, "who were let in")
    most = part["limits"]["max_wait"] + (part["limits"]["max_queue"] / n + 3) * full + SLACK
    longest = max(map(wait, kept))
    observe("longest wait in ms", ms(longest)).must_be_at_most(ms(most))
    first, last = answers[0][2] + 3 * full, answers[-1][2]
    calls = [call for call in calls_of(events) if first <= call[2] <= last]
    rows = sum(call[0] for call in calls)
    rate = rows / (calls[-1][3] - calls[0][2]) if calls else 0.0
    observe(
        f"rows a second, of {capacity(part):.1f} in full calls", round(rate, 1)
    ).must_be_at_least(round(FULL_SHARE * capacity(part), 1))


@claim(
    "When the crowd has gone, everybody is served again.",
    examples=1,
    catches=["leaks_places", "queues_for_ever"],
    may_catch=["batch_too_long_wait", "does_not_wait_for_the_model", "one_at_a_time"],
)
def recovers(command, rng):
    part, _, later, _ = crowd(command, rng)
    must_all_answer(later, f"{PAUSE:g} s after the overload")
    most = part["limits"]["max_wait"] + 2 * cost(part["model"], part["limits"]["max_batch"]) + SLACK
    waits = [wait(answer) for answer in later]
    observe("longest wait in ms after the overload", ms(max(waits))).must_be_at_most(ms(most))


@claim(
    "Two services at once have nothing in common: no model, no queue, no room in it.",
    examples=1,
    catches=["shares_its_queue"],
)
def are_two(command, rng):
    part, left = page(command, rng, "two at once")
    for day_of, its in zip(part["pair"], left["pair"], strict=True):
        name = f"{day_of['name']} of two services"
        observe(f"was it ready within 30 s, {name}", its.get("ready")).must_equal(True)
        answers = [its["answers"][str(i)] for i in range(len(day_of["rows"]))]
        if day_of is part["pair"][0]:
            must_all_answer(answers, name)
        kinds = tally(answers)
        ended = kinds.get("answered", 0) + kinds.get("refused", 0)
        observe(f"requests that ended with a score or Unavailable, {name}", ended).must_equal(
            len(answers)
        )
        sizes = [call[0] for call in calls_of(its["events"])]
        observe(f"rows in the largest call, {name}", max(sizes, default=0)).must_be_at_most(
            day_of["limits"]["max_batch"]
        )
        for row, answer in zip(day_of["rows"], answers, strict=True):
            if answer[0] == "answered":
                must_score(name, day_of["model"], row, answer)


def bench(command, rng, name):
    """A service that was measured: for each answered request start and end, and what was said."""
    part, left = page(command, rng, name)
    n_seen = {number: len(times) for number, times in left["seen"].items()}
    observe(f"requests that came, {name}", len(n_seen)).must_equal(len(part["starts"]))
    observe(f"most requests for one row, {name}", max(n_seen.values())).must_equal(1)
    strange = sorted(n_seen.keys() - set(map(str, range(len(part["starts"])))))
    observe(f"ids of requests that no row has, {name}", strange).must_equal([])
    times = [left["seen"][str(i)][0] for i in range(len(part["starts"]))]
    return part, times, left["found"]


@claim(
    "Every request leaves at its start, whoever is still waiting for an answer.",
    examples=1,
    catches=["coordinated_omission", "stops_at_the_first_failure"],
)
def is_an_open_loop(command, rng):
    for name in ("slow start", "standstill", "crowded"):
        part, times, _ = bench(command, rng, name)
        late = [came - start for (came, _), start in zip(times, part["starts"], strict=True)]
        observe(f"how late the latest request left, in ms, {name}", ms(max(late))).must_be_at_most(
            ms(SLACK)
        )
        observe(f"how early the earliest left, in ms, {name}", ms(-min(late))).must_be_at_most(
            ms(SLACK)
        )


@claim(
    "p50 and p99 are of all answered requests, each counted from the start that was meant.",
    examples=1,
    catches=[
        "mean_as_latency",
        "coordinated_omission",
        "counts_from_the_send",
        "cold_start_uncounted",
        "counts_failures_as_fast",
        "averages_the_percentiles",
        "stops_at_the_first_failure",
    ],
)
def measures_from_the_start(command, rng):
    for name in ("slow start", "standstill", "client stops"):
        part, times, found = bench(command, rng, name)
        waits = sorted(
            end - start
            for number, ((_, end), start) in enumerate(zip(times, part["starts"], strict=True))
            if str(number) not in part["fails"]
        )
        for share in (99, 50):
            place = share / 100 * (len(waits) - 1)
            low = waits[max(0, math.floor(place) - 1)] - SLACK
            high = waits[min(len(waits) - 1, math.ceil(place) + 1)] + SLACK
            observe(f"p{share} of {len(waits)} answers in s, {name}",
                    found.get(f"p{share}", "missing")).must_be_between(low, high)  # fmt: skip


@claim(
    "Failures are counted as failures, and throughput is answers over the time that they took.",
    examples=1,
    catches=["throughput_of_one", "stops_at_the_first_failure"],
)
def counts_failures(command, rng):
    for name in ("slow start", "standstill", "client stops", "down"):
        part, times, found = bench(command, rng, name)
        n = len(part["starts"])
        for key, expected in (("answered", n - len(part["fails"])), ("failed", len(part["fails"]))):
            observe(f"{key}, {name}", found.get(key, "missing")).must_equal(float(expected))
        ends = [end for i, (_, end) in enumerate(times) if str(i) not in part["fails"]]
        expected = len(ends) / (max(ends) - part["starts"][0]) if ends else 0.0
        observe(f"per_second, {name}", found.get("per_second", "missing")).must_be_close_to(
            expected, rtol=0.02, atol=1e-9
        )
        lacking = sorted({"p50", "p99"} - set(found))
        observe(f"keys that are not in the report, {name}", lacking).must_equal([])


@claim(
    "What is in time both ways is served the cheaper way, and the rest in real time.",
    examples=1,
    catches=["batches_whatever_can_wait"],
)
def chooses(command, rng):
    for name, (price, needs) in story(command, rng)["choices"].items():
        _, left = page(command, rng, name)
        for (need, expected), chosen in zip(needs, left["chosen"], strict=True):
            observe(f"choose({need}, {price})", chosen).must_equal(expected)


# ── What tells mistakes apart that fail the same claims ─────────────────────────────────────────


def measured(command, rng, name):
    """The waits that a service really gave, answered or not, and what was said of them."""
    part, times, found = bench(command, rng, name)
    waits = [end - start for (_, end), start in zip(times, part["starts"], strict=True)]
    good = [each for i, each in enumerate(waits) if str(i) not in part["fails"]]
    numbers = [found.get(key) for key in ("p50", "p99")]
    observe("p50 and p99", numbers).must_satisfy(
        "be numbers", lambda value: all(isinstance(each, float) for each in value)
    )
    return waits, good, found


def left_of(command, rng, name):
    return page(command, rng, name)[1]


def ended(command, rng, name):
    """How often the requests of a day ended in each way."""
    return tally(list(left_of(command, rng, name)["answers"].values()))


@diagnostic("mean_as_latency")
def says_the_mean(command, rng):
    _, good, found = measured(command, rng, "standstill")
    return math.isclose(found["p50"], float(np.mean(good)), rel_tol=1e-4)


@diagnostic("cold_start_uncounted")
def has_not_seen_the_slow_start(command, rng):
    return measured(command, rng, "slow start")[2]["p99"] < 0.1


@diagnostic("counts_from_the_send")
def has_not_seen_its_own_stop(command, rng):
    slow = measured(command, rng, "slow start")[2]["p99"] > 0.5
    return slow and measured(command, rng, "client stops")[2]["p99"] < 0.1


@diagnostic("counts_failures_as_fast")
def has_failures_among_the_waits(command, rng):
    waits, good, found = measured(command, rng, "standstill")
    among, without = (abs(found["p50"] - float(np.median(each))) for each in (waits, good))
    seen = measured(command, rng, "slow start")[2]["p99"] > 0.5
    return seen and among < without and found["p99"] > 0.9 * p99(good)


@diagnostic("averages_the_percentiles")
def averages(command, rng):
    _, good, found = measured(command, rng, "slow start")
    is_mean = math.isclose(found["p50"], float(np.mean(good)), rel_tol=1e-4)
    if is_mean or not 0.1 < found["p99"] < 0.8 * p99(good):
        return False
    _, good, found = measured(command, rng, "standstill")
    return 0.1 < found["p99"] < 0.85 * p99(good)


@diagnostic("dies_of_a_caller_who_left")
def leaves_others_without_answer(command, rng):
    return ended(command, rng, "gone").get("unanswered", 0) > 0


@diagnostic("shifts_after_a_caller_left")
def gives_wrong_answers(command, rng):
    return ended(command, rng, "gone").get("unanswered", 0) == 0


@diagnostic("one_bad_row_ends_the_night")
def has_no_night(command, rng):
    return "broken" in story(command, rng)["report"]["bad rows"]


@diagnostic("shares_its_queue")
def answers_for_another(command, rng):
    part, left = page(command, rng, "two at once")
    n_wrong = 0
    for one, its in zip(part["pair"], left["pair"], strict=True):
        said = [its["answers"][str(i)][:2] for i in range(len(one["rows"]))]
        right = [score(one["model"], row) for row in one["rows"]]
        n_wrong += sum(kind == "answered" and not math.isclose(value, truth)
                       for (kind, value), truth in zip(said, right, strict=True))  # fmt: skip
    return n_wrong > 0 and all(calls_of(its["events"]) for its in left["pair"])


@diagnostic("fails_the_whole_batch")
def fails_neighbours(command, rng):
    return ended(command, rng, "mixed").get("raised", 0) > BAD_ROWS


@diagnostic("refuses_late")
def lets_wait_before_it_refuses(command, rng):
    answers = left_of(command, rng, "overload")["answers"].values()
    return any(answer[0] == "refused" and wait(answer) > 0.05 for answer in answers)


@diagnostic("counts_the_rows_in_the_call")
def refuses_a_batch_too_early(command, rng):
    part, left = page(command, rng, "overload")
    refused = [answer for answer in left["answers"].values() if answer[0] == "refused"]
    waiting = [n for kind, n in queues(left["events"]) if kind == "refused"]
    at_once = all(wait(answer) <= SLACK for answer in refused)
    room = part["limits"]["max_queue"] - part["limits"]["max_batch"] // 2
    return at_once and min(waiting, default=room + 1) <= room


def longest_idle(command, rng, name):
    left = left_of(command, rng, name)
    calls = calls_of(left["events"])
    return max(idle(answer, calls) for answer in left["answers"].values())


@diagnostic("batch_too_long_wait")
def lets_a_lone_one_wait(command, rng):
    max_wait = story(command, rng)["parts"]["quiet"]["limits"]["max_wait"]
    return longest_idle(command, rng, "quiet") > 2 * max_wait


@diagnostic("restarts_the_wait")
def lets_only_the_trickle_wait(command, rng):
    max_wait = story(command, rng)["parts"]["quiet"]["limits"]["max_wait"]
    return longest_idle(command, rng, "quiet") <= 2 * max_wait


def calls_while_it_computes(command, rng):
    """Whether calls queue up inside the model."""
    events = left_of(command, rng, "overload")["events"]
    return any(event[3] > event[2] + SLACK for event in events if event[0] == "call")


@diagnostic("does_not_wait_for_the_model")
def queues_inside_the_model(command, rng):
    return calls_while_it_computes(command, rng)


@diagnostic("queues_for_ever")
def queues_outside_the_model(command, rng):
    return not calls_while_it_computes(command, rng)


@diagnostic("leaks_places")
def turns_away_those_who_come_later(command, rng):
    return "refused" in tally(crowd(command, rng)[2])


@diagnostic("batches_whatever_can_wait")
def says_batch_for_a_few(command, rng):
    facts = story(command, rng)
    chosen = left_of(command, rng, "choice")["chosen"]
    _, needs = facts["choices"]["choice"]
    late = [said for (need, _), said in zip(needs, chosen, strict=True) if need["within"] > DAY]
    return set(late) == {"batch"}


@diagnostic("stops_at_the_first_failure")
def does_not_come_to_its_end(command, rng):
    return "broken" in story(command, rng)["report"]["standstill"]


@diagnostic("throughput_of_one")
def says_too_little(command, rng):
    _, times, found = bench(command, rng, "standstill")
    said = found.get("per_second")
    rate = len(times) / max(end for _, end in times)
    return isinstance(said, float) and said < 0.5 * rate


@diagnostic("realtime_for_nightly")
def makes_a_call_for_each_row(command, rng):
    calls = [event for event in left_of(command, rng, "clean")["events"] if event[0] == "call"]
    return len(calls) >= len(story(command, rng)["rows"]["clean"])


def largest(command, rng, name):
    """The largest call of a day, and its limit."""
    part, left = page(command, rng, name)
    sizes = [call[0] for call in calls_of(left["events"])]
    return max(sizes, default=0), part["limits"]["max_batch"]


@diagnostic("ignores_max_batch")
def takes_everybody(command, rng):
    size, limit = largest(command, rng, "overload")
    return size > 1.5 * limit


@diagnostic("one_at_a_time")
def takes_one(command, rng):
    return largest(command, rng, "busy")[0] == 1


@diagnostic("one_failure_ends_the_loop")
def answers_nobody_afterwards(command, rng):
    return ended(command, rng, "failing").get("unanswered", 0) > 0


@diagnostic("median_of_the_file")
def is_wrong_where_an_amount_is_missing(command, rng):
    part, left = page(command, rng, "clean")
    rows, written = story(command, rng)["rows"]["clean"], scores_in(left, "clean")
    wrong = [
        row["amount"]
        for row, (_, text) in zip(rows, written, strict=True)
        if not text or not math.isclose(float(text), score(part["model"], row), rel_tol=1e-9)
    ]
    return all(amount is None for amount in wrong)


@diagnostic("coordinated_omission")
def sends_nothing_meanwhile(command, rng):
    part, times, _ = bench(command, rng, "standstill")
    [[begin, end]] = part["stalls"]
    return sum(1 for came, _ in times if begin <= came < end) <= 1
