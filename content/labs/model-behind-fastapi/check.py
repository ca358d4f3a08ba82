"""A prediction service met through its interface: contract, numbers, start-up, crowd, change."""

import json
import time

import numpy as np

from gradus.check import claim, observe

PATH = "/v1/predict"
PATIENCE = 5.0
LOADING, SCORING, MOST_TIMES = 1.5, 0.3, 3.5

# The given runtime.py with the two waits of production: reading a large file, and a computation
# that keeps a processor busy without holding Python's lock.
RUNTIME = """
import json, math, time

def read_artefact(path):
    time.sleep({loading})
    with open(path, encoding="utf-8") as file:
        return json.load(file)

def score(vectors, weights, intercept):
    time.sleep({scoring})
    sums = [intercept + sum(v * w for v, w in zip(vector, weights)) for vector in vectors]
    return [1 / (1 + math.exp(-s)) if s >= 0 else 1 - 1 / (1 + math.exp(s)) for s in sums]
"""


def artefact(rng, version, age_in_log=False):
    """A model that nobody has seen; `family` is a plan that the given model.json lacks."""

    def number(low, high):
        return round(float(rng.uniform(low, high)), 3)

    columns = [
        {"name": "age", "median": number(35, 50), "log": age_in_log,
         "mean": number(3.4, 3.9) if age_in_log else number(38, 48),
         "scale": number(0.3, 0.6) if age_in_log else number(8, 15), "weight": number(-1.5, 1.5)},
        {"name": "income", "median": number(2e4, 6e4), "log": True,
         "mean": number(10, 11), "scale": number(0.4, 0.9), "weight": number(0.5, 1.5)},
        {"name": "visits", "median": number(2, 9), "log": True,
         "mean": number(1, 2), "scale": number(0.5, 1.1), "weight": number(-1.5, -0.5)},
    ]  # fmt: skip
    plans = {name: number(-1.5, 1.5) for name in ("basic", "pro", "team", "family")}
    return {
        "version": version,
        "intercept": number(-1, 1),
        "numeric": [columns[int(i)] for i in rng.permutation(3)],
        "categorical": {"name": "plan", "weights": plans},
    }


def probability(model, row):
    """What the model says of a row, by the description in the lesson."""
    total = model["intercept"]
    for column in model["numeric"]:
        value = row.get(column["name"])
        value = column["median"] if value is None else value
        value = np.log1p(value) if column["log"] else value
        total += column["weight"] * (value - column["mean"]) / column["scale"]
    total += model["categorical"]["weights"].get(row.get("plan"), 0.0)
    return float(1 / (1 + np.exp(-total)))


def some_row(rng):
    return {
        "age": int(rng.integers(18, 90)),
        "income": round(float(rng.uniform(0, 120_000)), 2),
        "visits": int(rng.integers(0, 40)),
        "plan": str(rng.choice(["basic", "pro", "team"])),
    }


def start(service, model, loading=0.0, scoring=0.0, environment=None, path="model.json"):
    """Start the service again with a model of ours, and with waits."""
    service.restart(
        environment=environment,
        files={
            path: json.dumps(model).encode(),
            "runtime.py": RUNTIME.format(loading=loading, scoring=scoring).encode(),
        },
    )


def wait_until_ready(service):
    """Ask again and again until it says that it is ready."""
    service.ask_until(
        lambda: service.get("/ready").must_have_status(200, 503),
        lambda ready: ready.status.as_value() == 200,
        PATIENCE,
    ).must_have_status(200, because="The model was read long ago.")


def wait_until_it_predicts(service):
    """Ask for a prediction until the answer is another than 503; judges nothing."""
    request = {"rows": [{"age": 40, "income": 1.0, "visits": 1, "plan": "pro"}]}
    service.ask_until(
        lambda: service.post(PATH, json=request),
        lambda response: response.status.as_value() != 503,
        PATIENCE,
    )


def predictions_of(response, n):
    """The list of predictions in a response of status 200."""
    body = response.must_have_status(200).json.as_mapping("predictions")
    return observe(f"predictions of {response.as_argument()}", body["predictions"]).must_satisfy(
        f"be a list of {n} numbers",
        lambda value: (
            isinstance(value, list)
            and len(value) == n
            and all(isinstance(each, float | int) and not isinstance(each, bool) for each in value)
        ),
    )


def must_predict(service, model, rows):
    response = service.post(PATH, json={"rows": rows})
    expected = [probability(model, row) for row in rows]
    predictions_of(response, len(rows)).must_be_close_to(expected, rtol=1e-6, atol=1e-9)


@claim(
    "A service that is up says so, says when it is ready, and describes its interface.",
    examples=1,
    catches=["no_ready"],
)
def answers_at_all(service, rng):
    start(service, artefact(rng, "m-1"))
    service.get("/health").must_have_status(200)
    wait_until_ready(service)
    description = service.get("/openapi.json").must_have_status(200).json.as_mapping("paths")
    observe("paths in /openapi.json", sorted(description["paths"])).must_contain(PATH)


@claim(
    "The predictions are the model's, row by row, whatever else is in the request.",
    examples=1,
    catches=["batch_statistics", "forgets_the_logarithm"],
)
def predicts_as_the_model(service, rng):
    model = artefact(rng, "m-2")
    start(service, model)
    wait_until_it_predicts(service)
    for n_rows in (1, 2, 8):
        must_predict(service, model, [some_row(rng) for _ in range(n_rows)])
    extremes = {"age": 0, "income": 0, "visits": 0, "plan": "team"}
    must_predict(service, model, [extremes, {**extremes, "age": 120, "income": 1e9}])
    must_predict(service, model, [{**some_row(rng), "age": 33.5}])


@claim(
    "What is missing is filled as in training; a plan never seen and a new field do no harm.",
    examples=1,
    catches=["zero_for_missing", "forbids_the_future"],
)
def fills_what_is_missing(service, rng):
    model = artefact(rng, "m-3", age_in_log=True)
    start(service, model)
    wait_until_it_predicts(service)
    row = some_row(rng)
    must_predict(service, model, [{**row, "income": None}])
    must_predict(service, model, [{k: v for k, v in row.items() if k != "income"}])
    must_predict(service, model, [{**row, "plan": "gold"}, {**row, "plan": None}])
    for plan in ("family", "", "PRO", "pro"):
        must_predict(service, model, [{**row, "plan": plan}])
    must_predict(service, model, [{"age": 40, "visits": 2}])
    must_predict(service, model, [{**row, "referrer": "newsletter"}])
    beside = service.post(PATH, json={"rows": [row], "referrer": "newsletter"})
    predictions_of(beside, 1).must_be_close_to([probability(model, row)], rtol=1e-6, atol=1e-9)


BAD_FIELDS = (
    ("age", "41"), ("age", True), ("age", -1), ("age", 121), ("age", 120.5), ("age", None),
    ("age", ...), ("income", "a lot"), ("income", "5000"), ("income", -0.5), ("income", [1]),
    ("income", False),
    ("visits", 2.5), ("visits", -1), ("visits", "3"), ("visits", False), ("visits", ...),
    ("visits", None), ("visits", 3.0), ("plan", 7), ("plan", True), ("plan", ["pro"]),
)  # fmt: skip
BAD_BODIES = ([], {}, {"rows": {}}, {"rows": "two"}, {"rows": None}, {"data": []}, "rows", None)


def must_refuse(response, *place, because=""):
    """A 422 whose detail points at the place."""
    body = response.must_have_status(422, because=because).json.as_mapping("detail")
    found = observe(f"detail of {response.as_argument()}", body["detail"]).must_satisfy(
        "be a list of objects, each with a list loc",
        lambda value: len(value) > 0 and all(isinstance(each["loc"], list) for each in value),
    )
    if place:
        found.must_satisfy(
            f"have a loc with {' and '.join(map(repr, place))} in it",
            lambda value: any(all(part in each["loc"] for part in place) for each in value),
        )


@claim(
    "A row that breaks the contract gets a 422 that says which row and which field.",
    examples=1,
    catches=[
        "two_hundred_with_error",
        "coerces_types",
        "refuses_without_saying_where",
        "counts_with_a_point",
    ],
)
def refuses_bad_rows(service, rng):
    start(service, artefact(rng, "m-5"))
    wait_until_it_predicts(service)
    for field, value in BAD_FIELDS:
        rows = [some_row(rng) for _ in range(int(rng.integers(1, 4)))]
        place = int(rng.integers(len(rows)))
        rows[place] = {k: v for k, v in rows[place].items() if k != field}
        if value is not ...:
            rows[place][field] = value
        broken = f"{field} is {json.dumps(rows[place].get(field, 'left out'))} in row {place}."
        must_refuse(service.post(PATH, json={"rows": rows}), place, field, because=broken)


@claim(
    "A request of the wrong form, empty, or above 100 rows is refused; 100 rows are served.",
    examples=1,
    catches=["two_hundred_with_error", "no_limit"],
)
def keeps_its_limits(service, rng):
    model = artefact(rng, "m-6")
    start(service, model)
    wait_until_it_predicts(service)
    for body in BAD_BODIES:
        must_refuse(service.post(PATH, body=json.dumps(body).encode(), headers=JSON))
    must_refuse(service.post(PATH, body=b'{"rows": [', headers=JSON))
    service.post(PATH, body=b'{"rows": "\xff"}', headers=JSON).must_have_status(
        400, 422, because="This body is not UTF-8."
    )
    must_refuse(service.post(PATH, json={"rows": []}))
    row = some_row(rng)
    must_refuse(service.post(PATH, json={"rows": [row] * 101}))
    must_predict(service, model, [row] * 100)
    must_refuse(service.post(PATH, json={"rows": [row, "row", row]}), 1)


JSON = {"content-type": "application/json"}
NOT_JSON = (b"NaN", b"Infinity", b"-Infinity", b"1e999")


@claim(
    "NaN and infinity are refused like any bad value, in JSON that can be read.",
    examples=1,
    catches=["nan_breaks_json"],
)
def refuses_nan(service, rng):
    start(service, artefact(rng, "m-7"))
    wait_until_it_predicts(service)
    for value in NOT_JSON:
        body = b'{"rows": [{"age": 41, "income": ' + value + b', "visits": 3}]}'
        must_refuse(service.post(PATH, body=body, headers=JSON))
        body = b'{"rows": [{"age": ' + value + b', "visits": 3}]}'
        must_refuse(service.post(PATH, body=body, headers=JSON))


@claim(
    "Every prediction names the version of the model that made it.",
    examples=1,
    catches=["version_in_the_code"],
)
def names_its_version(service, rng):
    for version, path in (("churn-8", "model.json"), (f"v{rng.integers(10**6)}", "other.json")):
        environment = None if path == "model.json" else {"MODEL_PATH": path}
        start(service, artefact(rng, version), environment=environment, path=path)
        wait_until_it_predicts(service)
        response = service.post(PATH, json={"rows": [some_row(rng)]}).must_have_status(200)
        response.header("x-model-version").must_equal(version)
        body = response.json.as_mapping("version")
        observe("version in the body of the answer", body["version"]).must_equal(version)


@claim(
    "While the model is loading, the service is alive and says that it is not ready.",
    examples=1,
    catches=["loads_before_it_answers", "always_ready"],
)
def is_alive_while_loading(service, rng):
    model = artefact(rng, "m-9")
    start(service, model, loading=LOADING)
    row = some_row(rng)
    service.get("/health").must_have_status(200)
    service.get("/ready").must_have_status(
        503, because=f"Reading the model takes {LOADING} s here, and has only begun."
    )
    service.post(PATH, json={"rows": [row]}).must_have_status(503)
    wait_until_ready(service)
    must_predict(service, model, [row])


@claim(
    "The model is read once: a file that changes under the running service changes nothing.",
    examples=1,
    catches=["load_model_per_request"],
)
def reads_the_model_once(service, rng):
    model, other = artefact(rng, "m-10"), artefact(rng, "m-11")
    start(service, model)
    wait_until_it_predicts(service)
    rows = [some_row(rng)]
    must_predict(service, model, rows)
    service.write("model.json", json.dumps(other).encode())
    must_predict(service, model, rows)
    service.write("model.json", b"half a fi")
    must_predict(service, model, rows)


@claim(
    "Six requests at once take about as long as one, and each gets its own answer.",
    examples=1,
    catches=["blocking_in_async", "one_batch_for_all"],
)
def serves_a_crowd(service, rng):
    model = artefact(rng, "m-12")
    start(service, model, scoring=SCORING)
    wait_until_it_predicts(service)
    batches = [[some_row(rng) for _ in range(n)] for n in (1, 2, 1, 3, 1, 2)]
    before = time.perf_counter()
    must_predict(service, model, batches[0])
    alone = time.perf_counter() - before
    before = time.perf_counter()
    responses = service.together([("POST", PATH, {"rows": rows}) for rows in batches])
    crowd = time.perf_counter() - before
    observe("did one request take as long as runtime.score", alone >= 0.9 * SCORING).must_equal(
        True, because=f"runtime.score takes {SCORING} s here, and must be used."
    )
    for response, rows in zip(responses, batches, strict=True):
        predictions_of(response, len(rows)).must_be_close_to(
            [probability(model, row) for row in rows], rtol=1e-6, atol=1e-9
        )
    observe(
        "do six requests at once take at most 3.5 times as long as one alone",
        crowd <= MOST_TIMES * alone,
    ).must_equal(True, because=f"runtime.score takes {SCORING} s here.")
