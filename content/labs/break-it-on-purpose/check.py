"""A watched service: metrics that agree with the traffic, and one page for each incident."""

import json
import math
import re

from simulators.pump_traffic import FROM_STARTER, Fault, Plant, draw_model, probability

from gradus.check import claim, diagnostic, observe

DEADLINE, RECOVERY, PAUSE, SOON = 12, 20, 3, 5
SLOW = 0.3
SIGNALS = ("latency", "errors", "missing", "unseen", "values")
MOST_NEW_SERIES, MOST_SERIES, MOST_SHOWN = 15, 300, 4


# --- playing --------------------------------------------------------------------------------------


def opened(service, rng):
    """Start the service with a model that nobody has seen."""
    plant = Plant(rng, draw_model(rng))
    service.restart(files={"model.json": json.dumps(plant.model).encode()})
    return plant


def at_home(service, rng):
    """The service as it was started, with the model that is handed out; it starts afresh after."""
    service.write("played", b"")
    return Plant(rng, FROM_STARTER)


def send(service, sent):
    """Send requests one after another, and return their responses."""
    return service.in_turn([("POST", "/predict", each.body) for each in sent])


def send_calm(service, plant):
    """The quiet minutes with which every stream begins."""
    sent = plant.minutes(float(plant.rng.uniform(8, 11)))
    return sent, send(service, sent)


def bad_bodies(rng, n):
    """Bodies that no plant sends."""
    row = {"temperature": 61.0, "mode": "idle"}
    good = {"id": "00000000000007ae", "at": 1.0}
    kinds = [
        {**good, "rows": []},
        {**good, "rows": [{**row, "temperature": "61"}]},
        {**good, "rows": [{"temperature": 61.0}]},
        {**good, "rows": [row, {**row, "vibration": True}]},
        {"rows": [row]},
        [row],
        {**good, "rows": [row] * 101},
    ]
    return [kinds[int(i)] for i in rng.permutation(n) % len(kinds)]


def post_without_end(service, at, value):
    """Send a number that JSON can write and no float can hold; `at` and `value` may be -inf."""
    body = {"id": "00000000000007ae", "at": at, "rows": [{"temperature": value, "mode": "idle"}]}
    text = json.dumps(body).replace("-Infinity", "-1e999").encode()
    return service.post("/predict", body=text, headers={"content-type": "application/json"})


def is_message(each):
    return (
        isinstance(each, dict)
        and each.get("status") in ("firing", "resolved")
        and isinstance(each.get("labels"), dict)
        and each["labels"].get("signal") in SIGNALS
    )


def messages(service):
    """What the pager has received so far."""
    found = service.get("/alerts").must_have_status(200).json
    return found.must_satisfy(
        'be a list of objects, each with a status "firing" or "resolved" and labels with a signal',
        lambda value: isinstance(value, list) and all(is_message(each) for each in value),
    ).as_value()


def told(message):
    """A message in a few words: its signal, and of which sensor."""
    labels = message["labels"]
    if labels["signal"] in ("missing", "values"):
        return f"{labels['signal']} of {labels.get('sensor', 'no sensor')}"
    return labels["signal"]


def listed(found):
    """A list in words, of which only the first few are shown."""
    more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return (", ".join(found[:MOST_SHOWN]) + more) or "none"


def fired(found):
    return [told(each) for each in found if each["status"] == "firing"]


def resolved(found):
    return [told(each) for each in found if each["status"] == "resolved"]


def must_be_quiet(service, when, because=""):
    found = [f"{each['status']} {told(each)}" for each in messages(service)]
    observe(f"messages {when}", listed(found)).must_equal("none", because=because)


def must_page(service, plant, *faults):
    """Calm minutes, then faults, that pause once: a page for each, that says what is wrong."""
    send_calm(service, plant)
    must_be_quiet(service, "before anything was wrong")
    expected = listed(sorted(map(expected_of, faults)))
    because = f"What began: {' and '.join(each.told() for each in faults)}."
    send(service, plant.minutes(DEADLINE, *faults))
    pages = listed(sorted(fired(messages(service))))
    observe(f"pages {DEADLINE} minutes after it began", pages).must_equal(expected, because)
    send(service, plant.minutes(PAUSE) + plant.minutes(DEADLINE, *faults))
    found = messages(service)
    when = f"{DEADLINE} minutes after a pause of {PAUSE} minutes in it"
    observe(f"resolved {when}", listed(resolved(found))).must_equal("none", because="It goes on.")
    observe(f"pages {when}", listed(sorted(fired(found)))).must_equal(expected, because)


def far_rows(model):
    """Rows of which each sensor is six standard deviations off, to either side."""
    sensors, mode = model["sensors"].items(), next(iter(model["modes"]))
    return [
        {**{name: each["mean"] + z * each["sd"] for name, each in sensors}, "mode": mode}
        for z in (-6.0, 6.0)
    ]


def some_sensors(rng):
    """The sensors in a drawn order."""
    return tuple(str(each) for each in rng.permutation(list(FROM_STARTER["sensors"])))


def expected_of(fault):
    """The page that a fault deserves, as `told` says it."""
    if fault.kind in ("latency", "errors", "unseen"):
        return fault.kind
    signal = "missing" if fault.kind == "missing" else "values"
    return f"{signal} of {fault.sensors[0]}"


# --- reading metrics ------------------------------------------------------------------------------

LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$")
LABEL = re.compile(r'(?<![\w\s])\s*+(\w++)="((?:[^"\\]|\\.)*+)"\s*+(?:,|$)')


def number(text):
    """A number of a line of /metrics."""
    try:
        return float(text)
    except ValueError:
        observe("a number under /metrics", text).must_match(r"^(a number|NaN|[+-]Inf)$")


def scrape(service):
    """All series of /metrics: a list of name, labels and value."""
    answer = service.get("/metrics").must_have_status(200, 307, 308)
    if answer.status.as_value() != 200:  # a mounted application sends on to /metrics/
        answer = service.get("/metrics/").must_have_status(200)
    answer.header("content-type").must_match(r"^(text/plain|application/openmetrics-text)")
    series = []
    for line in answer.text.as_value().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        read = LINE.match(line.strip())
        observe("a line of /metrics", line[:120]).must_satisfy(
            "be a comment or name{labels} value", lambda _, read=read: read is not None
        )
        series.append((read[1], dict(LABEL.findall(read[2] or "")), number(read[3])))
    return series


def total(series, name, **labels):
    """The sum of all series of a name with these labels."""
    here = [(their, value) for each, their, value in series if each == name]
    names = sorted({each for each, _, _ in series if not each.startswith(("python_", "process_"))})
    observe("names under /metrics", names).must_satisfy(f"hold {name}", lambda _: bool(here))
    fitting = [v for their, v in here if all(their.get(k) == labels[k] for k in labels)]
    words = ", ".join(f'{key}="{value}"' for key, value in labels.items())
    return observe(f"{name}{{{words}}}" if words else name, sum(fitting))


# --- the service itself ---------------------------------------------------------------------------


@claim(
    "It predicts as before: odd rows too, with 422 for broken requests and 5xx for failures.",
    examples=1,
    catches=[
        "drops_odd_rows",
    ],
)
def goes_on_predicting(service, rng):
    plant = opened(service, rng)
    odd = (plant.fault("missing"), plant.fault("unit"), plant.fault("unseen"))
    sent = plant.minutes(2) + plant.minutes(3, *odd) + plant.minutes(2.5, Fault("errors"))
    sent.append(plant.sent({"at": plant.at + 40.0, "rows": far_rows(plant.model)}, 0.05, False))
    for each, response in zip(sent, send(service, sent), strict=True):
        if each.fails:
            response.must_have_status(500, 502, 503, 504)
            continue
        found = response.must_have_status(200).json.as_mapping("predictions")["predictions"]
        expected = [probability(plant.model, row) for row in each.body["rows"]]
        label = f"predictions for {len(expected)} rows"
        observe(label, found).must_be_close_to(expected, rtol=1e-6)
    for body in bad_bodies(rng, 7):
        service.post("/predict", json=body).must_have_status(422)
    for at, value in ((1.0, -math.inf), (-math.inf, 61.0)):  # FastAPI's own handler makes 500 of it
        post_without_end(service, at, value).must_have_status(422, 500)


# --- metrics --------------------------------------------------------------------------------------


@claim(
    "Every answer of POST /predict is counted once, under the status that its client got.",
    examples=1,
    catches=[
        "counts_in_the_endpoint",
        "counts_every_path",
        "metrics_as_json",
    ],
)
def counts_answers(service, rng):
    plant = at_home(service, rng)
    sent = plant.minutes(6) + plant.minutes(3, Fault("errors"))
    responses = send(service, sent)
    responses += [service.post("/predict", json=body) for body in bad_bodies(rng, 7)]
    statuses = [each.status.as_int() for each in responses]
    others = [("GET", "/predict", None), ("POST", "/nowhere", {}), ("GET", "/alerts", None)]
    service.in_turn(others)
    series = scrape(service)
    for status in sorted(set(statuses)):
        total(series, "requests_total", status=str(status)).must_equal(
            float(statuses.count(status)),
            because=f"So many answers of POST /predict had status {status}.",
        )
    total(series, "requests_total").must_equal(
        float(len(statuses)),
        because="GET /predict, POST /nowhere and GET /alerts came too; no series here counts them.",
    )


@claim(
    "Rows, gaps of each sensor and unseen modes are counted as they came in.",
    examples=1,
    catches=[
        "monitor_shares_the_bug",
        "forgets_what_failed",
        "metrics_as_json",
    ],
)
def counts_rows(service, rng):
    plant = opened(service, rng)
    faults = (plant.fault("missing"), plant.fault("unseen"), Fault("errors"))
    sent = plant.minutes(5) + plant.minutes(4, *faults)
    send(service, sent)
    for body in bad_bodies(rng, 3):
        service.post("/predict", json=body)
    series = scrape(service)
    rows = [row for each in sent for row in each.body["rows"]]
    total(series, "rows_total").must_equal(
        float(len(rows)), because="Rows count whether or not the model server answers for them."
    )
    for name in plant.model["sensors"]:
        gaps = float(sum(row.get(name) is None for row in rows))
        total(series, "missing_total", sensor=name).must_equal(gaps)
    new = float(sum(row["mode"] not in plant.model["modes"] for row in rows))
    total(series, "unseen_total").must_equal(new)


@claim(
    "The histogram of latency has a bound at the promise, and every bucket is right.",
    examples=1,
    catches=[
        "default_buckets",
        "milliseconds",
        "times_what_succeeded",
        "metrics_as_json",
    ],
)
def measures_latency(service, rng):
    plant = at_home(service, rng)
    sent = plant.minutes(12) + plant.minutes(4, Fault("latency"))
    sent += plant.minutes(4, Fault("timeouts"))
    send(service, sent)
    refused = [service.post("/predict", json=body) for body in bad_bodies(rng, 4)]
    series = scrape(service)
    bounds = {}
    for name, labels, value in series:
        if name == "request_seconds_bucket" and "le" in labels:
            bound = number(labels["le"])
            bounds[bound] = bounds.get(bound, 0.0) + value
    finite = sorted(bound for bound in bounds if bound != float("inf"))
    observe("bounds of request_seconds_bucket", finite).must_contain(SLOW)
    observe("largest bound of request_seconds", finite[-1]).must_be_between(1, 60)
    n = total(series, "request_seconds_count").as_number()
    # Refused requests never reach the model. Who times them too has them at 0 s.
    extra = len(refused) if n == len(sent) + len(refused) else 0
    observe("request_seconds_count", n).must_equal(float(len(sent) + extra))
    for bound in sorted(bounds):
        expected = extra + sum(each.seconds <= bound for each in sent)
        observe(f'request_seconds_bucket{{le="{bound:g}"}}', bounds[bound]).must_equal(
            float(expected)
        )
    seconds = sum(each.seconds for each in sent)
    total(series, "request_seconds_sum").must_be_close_to(seconds, rtol=1e-6)


@claim(
    "The number of series does not grow with the traffic, whatever it brings.",
    examples=1,
    catches=[
        "labels_explode_cardinality",
        "metrics_as_json",
    ],
)
def keeps_its_series(service, rng):
    plant = at_home(service, rng)
    send(service, plant.minutes(4))
    service.get("/nowhere")
    service.post("/predict", json={}).must_have_status(422)
    before = len(scrape(service))
    send(service, plant.minutes(10, plant.fault("unseen")))
    service.in_turn([("GET", f"/{int(i):x}/admin", None) for i in rng.integers(1 << 30, size=20)])
    after = observe("series under /metrics", len(scrape(service)))
    after.must_be_at_most(
        before + MOST_NEW_SERIES,
        because=f"Before the last 35 requests there were {before}.",
    )
    after.must_be_at_most(MOST_SERIES)


@claim(
    "The log has a line for each valid request, and what became of it is found by its id.",
    examples=1,
    catches=["logs_what_succeeded"],
)
def writes_a_log(service, rng):
    plant = at_home(service, rng)
    sent = plant.minutes(5, plant.fault("missing")) + plant.minutes(5, Fault("timeouts"))
    sent += plant.minutes(14, every=10.0, rows=(1, 2))  # 100 in all
    statuses = [each.status.as_int() for each in send(service, sent)]
    lines = service.get("/log").must_have_status(200).text.as_value().splitlines()
    records = [read_record(line) for line in lines if line.strip()]
    for each, status in zip(sent, statuses, strict=True):
        here = [one for one in records if one.get("id") == each.body["id"]]
        observe("lines of the log with a request's id", len(here)).must_equal(
            1, because=f"The request was answered with {status}."
        )
        rows, sensors = each.body["rows"], plant.model["sensors"]
        gaps = sum(row.get(name) is None for row in rows for name in sensors)
        for name, expected in (("status", status), ("gaps", gaps)):
            observe(f"{name} in the line of a request", here[0].get(name)).must_equal(expected)
        found = observe("seconds in the line of a request", here[0].get("seconds"))
        found.must_be_close_to(each.seconds, rtol=0, atol=0.001)


def read_record(line):
    """A line of the log as an object."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    observe("a line of the log", line[:120]).must_satisfy(
        "be a JSON object", lambda _: isinstance(record, dict)
    )
    return record


# --- quiet ----------------------------------------------------------------------------------------


@claim(
    "A calm day wakes nobody, with its single slow answers, failures, gaps and odd values.",
    examples=1,
    catches=[
        "alert_on_every_row",
        "average_latency",
    ],
    may_catch=[
        "judges_a_handful",
    ],
)
def sleeps_by_day(service, rng):
    plant = at_home(service, rng)
    send(service, plant.minutes(30))
    send(service, plant.minutes(6, every=10.0))
    must_be_quiet(service, "of a calm day")


@claim(
    "A quiet night, with a request in three minutes, wakes nobody.",
    examples=1,
    catches=[
        "alert_on_every_row",
        "judges_a_handful",
    ],
    may_catch=[
        "average_latency",
    ],
)
def sleeps_by_night(service, rng):
    plant = at_home(service, rng)
    send_calm(service, plant)
    send(service, plant.minutes(100, every=180.0, rows=(1, 2)))
    must_be_quiet(service, "of a quiet night")


@claim(
    "One client's broken requests wake nobody.",
    examples=1,
    catches=[
        "client_errors_page",
    ],
    may_catch=[
        "alert_on_every_row",
        "average_latency",
        "judges_a_handful",
    ],
)
def ignores_broken_clients(service, rng):
    plant = at_home(service, rng)
    send_calm(service, plant)
    for body in bad_bodies(rng, 15):
        service.post("/predict", json=body).must_have_status(422)
    send(service, plant.minutes(4))
    must_be_quiet(service, "about a client that sends what it may not")


# --- woken ----------------------------------------------------------------------------------------


@claim(
    "A sensor that moves, changes its unit, spreads or is stuck pages once, by its name.",
    examples=1,
    catches=[
        "watches_the_mean",
        "says_no_sensor",
        "pages_at_every_request",
        "waits_too_long",
        "alert_on_every_row",
    ],
    may_catch=[
        "learns_the_fault",
        "resolves_in_the_pause",
        "average_latency",
        "judges_a_handful",
    ],
)
def notices_values(service, rng, sizes):
    names = some_sensors(rng)
    kinds = (("spread", 0.0), ("stuck", -0.55), ("shift", -1.4), ("shift", 1.4), ("unit", 0.0))
    for place, (kind, size) in enumerate(kinds[: sizes["kinds"]]):
        plant = opened(service, rng)
        must_page(service, plant, Fault(kind, (names[place % len(names)],), size))


@claim(
    "Slow answers and gaps that become common at once are two incidents, with a page each.",
    examples=1,
    catches=[
        "average_latency",
        "monitor_shares_the_bug",
        "says_no_sensor",
        "mutes_the_other_group",
        "pages_at_every_request",
        "waits_too_long",
        "alert_on_every_row",
    ],
    may_catch=[
        "judges_a_handful",
        "resolves_in_the_pause",
    ],
)
def notices_latency_and_gaps(service, rng, sizes):
    for name in some_sensors(rng)[: sizes["sensors"]]:
        plant = opened(service, rng)
        must_page(service, plant, Fault("latency"), plant.fault("missing", name))


@claim(
    "Failures and modes that training never saw page, each once, when they become common.",
    examples=1,
    catches=[
        "forgets_what_failed",
        "monitor_shares_the_bug",
        "mutes_the_other_group",
        "pages_at_every_request",
        "waits_too_long",
        "alert_on_every_row",
    ],
    may_catch=[
        "average_latency",
        "judges_a_handful",
        "resolves_in_the_pause",
    ],
)
def notices_errors_and_unseen(service, rng):
    plant = opened(service, rng)
    must_page(service, plant, Fault("errors"), plant.fault("unseen"))


def signs_of(fault):
    """The pages that a fault may get, as `told` says them."""
    if fault.kind == "timeouts":
        return ["errors", "latency"]
    return [expected_of(Fault(fault.kind, (name,))) for name in fault.sensors]


def must_be_one_page(service, faults, when):
    """One page about the service and one about the rows so far, and nothing resolved."""
    found = messages(service)
    began = " and ".join(fault.told() for fault in faults)
    signs = [each for fault in faults for each in signs_of(fault)]
    for group, signals in (("service", SIGNALS[:2]), ("rows", SIGNALS[2:])):
        pages = fired([each for each in found if each["labels"]["signal"] in signals])
        because = f"What began: {began}. Paged: {listed(pages)}."
        observe(f"pages about the {group} {when}", len(pages)).must_equal(1, because=because)
        here = [each for each in signs if each.split()[0] in signals]
        observe(f"the page about the {group}", pages[0]).must_be_one_of(here)
    observe(f"resolved {when}", listed(resolved(found))).must_equal("none", because="It goes on.")


@claim(
    "One incident is one page: with two signs at once, with a pause in it, and however long.",
    examples=1,
    catches=[
        "pages_for_each_signal",
        "resolves_in_the_pause",
        "forgets_what_failed",
        "mutes_the_other_group",
        "pages_at_every_request",
        "waits_too_long",
    ],
    may_catch=[
        "says_no_sensor",
        "alert_on_every_row",
        "average_latency",
        "judges_a_handful",
    ],
)
def pages_once(service, rng, sizes):
    plant = at_home(service, rng)
    send_calm(service, plant)
    *two, third = some_sensors(rng)
    faults = Fault("timeouts"), Fault("missing", tuple(two)), Fault("shift", (third,), 2.5)
    send(service, plant.minutes(DEADLINE, *faults))
    must_be_one_page(service, faults, f"{DEADLINE} minutes after it began")
    send(service, plant.minutes(PAUSE))
    must_be_one_page(service, faults, f"after a pause of {PAUSE} minutes in it")
    send(service, plant.minutes(SOON, *faults))
    must_be_one_page(service, faults, f"{SOON} minutes after the pause")
    send(service, plant.minutes(sizes["long"] - SOON, *faults))
    must_be_one_page(service, faults, f"{sizes['long']} minutes after the pause")


@claim(
    "An incident is resolved once, when it is over and not before, and the next one pages again.",
    examples=1,
    catches=[
        "never_resolves",
        "learns_the_fault",
        "watches_the_mean",
        "says_no_sensor",
        "mutes_the_other_group",
        "pages_at_every_request",
        "waits_too_long",
        "forgets_what_failed",
        "alert_on_every_row",
    ],
    may_catch=[
        "resolves_in_the_pause",
        "average_latency",
        "judges_a_handful",
    ],
)
def resolves(service, rng):
    plant = opened(service, rng)
    faults = Fault("errors"), plant.fault("stuck")
    expected = listed(sorted(map(expected_of, faults)))
    send_calm(service, plant)
    send(service, plant.minutes(20, *faults))
    before = messages(service)
    pages = observe("pages after 20 minutes of two incidents", listed(sorted(fired(before))))
    pages.must_equal(expected)
    observe("resolved meanwhile", listed(resolved(before))).must_equal("none")
    send(service, plant.minutes(RECOVERY))
    after = messages(service)
    closed = listed(sorted(resolved(after)))
    observe(f"resolved {RECOVERY} minutes after their end", closed).must_equal(expected)
    observe("pages by then", listed(sorted(fired(after)))).must_equal(expected)
    labels = {told(each): each["labels"] for each in before}
    for each in after[len(before) :]:
        here = observe(f"labels of the resolved {told(each)}", each["labels"])
        here.must_equal(labels[told(each)], because="So they were when it fired.")
    send(service, plant.minutes(DEADLINE, *faults))
    again = messages(service)
    kept = after[: len(before)] == before and again[: len(after)] == after
    observe("are the messages of before still there", kept).must_equal(True)
    pages = observe("pages after a second time", listed(sorted(fired(again[len(after) :]))))
    pages.must_equal(expected)


@claim(
    "Each page says what to do: an action and a runbook of its own for its signal.",
    examples=1,
    catches=[
        "alert_without_action",
        "one_runbook_for_all",
        "mutes_the_other_group",
        "waits_too_long",
    ],
    may_catch=[
        "forgets_what_failed",
        "monitor_shares_the_bug",
        "average_latency",
        "judges_a_handful",
        "alert_on_every_row",
    ],
)
def says_what_to_do(service, rng):
    plant = at_home(service, rng)
    send_calm(service, plant)
    faults = [(Fault("latency"), "missing"), (Fault("errors"), "shift")][int(rng.integers(2))]
    send(service, plant.minutes(DEADLINE, faults[0], plant.fault(faults[1])))
    pages = [each for each in messages(service) if each["status"] == "firing"]
    by_signal = {each["labels"]["signal"]: each.get("annotations") for each in pages}
    observe("signals that paged", sorted(by_signal)).must_satisfy(
        "be two, one of the service and one of the rows", lambda value: len(value) >= 2
    )
    for name, pattern in (("action", r"\w+\W+\w+"), ("runbook_url", r"^https?://\S+$")):
        for signal, notes in by_signal.items():
            value = notes.get(name) if isinstance(notes, dict) else None
            found = observe(f"annotations.{name} of a page about {signal}", value)
            found.must_be_a("text").must_match(pattern)
        different = len({notes[name] for notes in by_signal.values()})
        observe(f"different texts of {name} for {len(by_signal)} signals", different).must_equal(
            len(by_signal), because="Who is woken needs what to do about this signal."
        )


# --- which mistake --------------------------------------------------------------------------------


def played(service, rng, *pieces):
    """Play minutes with faults, from a fresh start; return the messages after each piece."""
    service.restart()
    plant = Plant(rng, FROM_STARTER)
    send_calm(service, plant)
    found = []
    for minutes, faults in pieces:
        send(service, plant.minutes(minutes, *faults))
        found.append(messages(service))
    return found


@diagnostic("drops_odd_rows")
def leaves_rows_out(service, rng):
    service.restart()
    plant = Plant(rng, FROM_STARTER)
    (each,) = plant.minutes(40 / 60, plant.fault("missing"))
    found = send(service, [each])[0].json.as_mapping("predictions")["predictions"]
    return len(found) < len(each.body["rows"])


@diagnostic("counts_in_the_endpoint")
def counts_no_refusals(service, rng):
    played(service, rng)
    service.post("/predict", json={}).must_have_status(422)
    return not any(labels.get("status") == "422" for _, labels, _ in scrape(service))


@diagnostic("counts_every_path")
def counts_other_paths(service, rng):
    played(service, rng)
    service.get("/nowhere").must_have_status(404)
    found = [labels for name, labels, _ in scrape(service) if name == "requests_total"]
    return any(labels.get("status") == "404" for labels in found)


@diagnostic("metrics_as_json")
def sends_metrics_as_json(service, rng):
    kind = service.get("/metrics").must_have_status(200).header("content-type").as_text()
    return kind.startswith("application/json")


def counted(service, rng, *faults):
    """What the counters say after some calm minutes and two with faults, and what was sent."""
    service.restart()
    plant = Plant(rng, FROM_STARTER)
    sent = plant.minutes(8) + plant.minutes(4, *faults)
    send(service, sent)
    return scrape(service), sent


@diagnostic("monitor_shares_the_bug")
def counts_rows_and_no_gaps(service, rng):
    series, _ = counted(service, rng, Fault("missing", ("vibration",)))
    gaps = total(series, "missing_total", sensor="vibration").as_number()
    return total(series, "rows_total").as_number() > 0 and gaps == 0


@diagnostic("forgets_what_failed")
def counts_fewer_rows(service, rng):
    series, sent = counted(service, rng, Fault("errors"))
    n = total(series, "rows_total").as_number()
    return n == sum(len(each.body["rows"]) for each in sent if not each.fails)


@diagnostic("logs_what_succeeded")
def logs_no_failure(service, rng):
    _, sent = counted(service, rng, Fault("errors"))
    log = service.get("/log").must_have_status(200).text.as_value()
    return all((each.body["id"] in log) != each.fails for each in sent)


@diagnostic("watches_the_mean")
def overlooks_a_spread(service, rng):
    (on,) = played(service, rng, (DEADLINE, [Fault("spread", ("vibration",))]))
    return not fired(on)


@diagnostic("says_no_sensor")
def names_no_sensor(service, rng):
    (on,) = played(service, rng, (DEADLINE, [Fault("missing", ("vibration",))]))
    return bool(on) and not any("vibration" in each["labels"].values() for each in on)


@diagnostic("pages_at_every_request")
def pages_again_and_again(service, rng):
    (on,) = played(service, rng, (DEADLINE, [Fault("errors")]))
    return len(fired(on)) > 3


@diagnostic("mutes_the_other_group")
def is_silent_about_rows(service, rng):
    errors, gaps = Fault("errors"), Fault("missing", ("vibration",))
    one, both = played(service, rng, (DEADLINE, [errors]), (DEADLINE, [errors, gaps]))
    return fired(one) == fired(both) == ["errors"]


@diagnostic("waits_too_long")
def pages_late(service, rng):
    early, late = played(service, rng, (DEADLINE, [Fault("errors")]), (18, [Fault("errors")]))
    return not fired(early) and bool(fired(late))


def bounds_of(service, rng):
    played(service, rng)
    return [
        number(labels["le"])
        for name, labels, _ in scrape(service)
        if name == "request_seconds_bucket" and "Inf" not in labels.get("le", "Inf")
    ]


@diagnostic("default_buckets")
def has_the_usual_bounds(service, rng):
    bounds = bounds_of(service, rng)
    return 0.25 in bounds and 10.0 in bounds and SLOW not in bounds


@diagnostic("milliseconds")
def has_large_bounds(service, rng):
    bounds = bounds_of(service, rng)
    return max(bounds, default=0) > 60 and SLOW not in bounds


@diagnostic("times_what_succeeded")
def times_fewer(service, rng):
    played(service, rng, (4, [Fault("timeouts")]))
    series = scrape(service)
    n = total(series, "requests_total").as_number()
    return total(series, "request_seconds_count").as_number() < n


@diagnostic("never_resolves")
def stays_open(service, rng):
    on, off = played(service, rng, (DEADLINE, [Fault("errors")]), (RECOVERY, []))
    return bool(fired(on)) and not resolved(off)


@diagnostic("learns_the_fault")
def gets_used_to_it(service, rng):
    (on,) = played(service, rng, (20, [Fault("stuck", ("vibration",), 0.1)]))
    return bool(fired(on)) and bool(resolved(on))


@diagnostic("pages_for_each_signal")
def pages_twice_for_timeouts(service, rng):
    (on,) = played(service, rng, (DEADLINE, [Fault("timeouts")]))
    return len(set(fired(on))) > 1


@diagnostic("resolves_in_the_pause")
def closes_in_a_pause(service, rng):
    on, pause = played(service, rng, (DEADLINE, [Fault("errors")]), (PAUSE, []))
    return len(resolved(pause)) > len(resolved(on))


def notes_of(service, rng):
    (on,) = played(service, rng, (DEADLINE, [Fault("latency")]))
    return on[0].get("annotations") if on else None


@diagnostic("alert_without_action")
def says_nothing_to_do(service, rng):
    notes = notes_of(service, rng)
    return not isinstance(notes, dict) or not {"action", "runbook_url"} <= notes.keys()


@diagnostic("one_runbook_for_all")
def says_something_to_do(service, rng):
    notes = notes_of(service, rng)
    return isinstance(notes, dict) and {"action", "runbook_url"} <= notes.keys()


def after_one(service, rng, every, seconds, fails):
    """The pages after twenty faultless requests and one bad one."""
    service.restart()
    plant = Plant(rng, FROM_STARTER)
    sensors = FROM_STARTER["sensors"].items()
    rows = [
        {**{name: each["mean"] + way * each["sd"] for name, each in sensors}, "mode": "idle"}
        for way in (1.0, -1.0) * 6
    ]
    bodies = [{"at": plant.at + every * place, "rows": rows} for place in range(21)]
    send(service, [plant.sent(each, 0.05, False) for each in bodies[:20]])
    if messages(service):
        return []
    send(service, [plant.sent(bodies[20], seconds, fails)])
    return fired(messages(service))


@diagnostic("average_latency")
def pages_for_one_slow_answer(service, rng):
    return after_one(service, rng, 40.0, 11.0, False) == ["latency"]


@diagnostic("judges_a_handful")
def pages_for_one_failure_of_few(service, rng):
    return after_one(service, rng, 180.0, 0.05, True) == ["errors"]


@diagnostic("alert_on_every_row")
def pages_for_one_failure_of_many(service, rng):
    return after_one(service, rng, 40.0, 0.05, True) == ["errors"]


@diagnostic("alert_on_every_row")
def pages_for_any_one(service, rng):
    return bool(after_one(service, rng, 180.0, 0.05, True))
