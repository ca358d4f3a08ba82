"""One story of training, promoting and looking back, read out of the store that MLflow wrote."""

import csv
import hashlib
import io
import json

import numpy as np
from simulators.mlflow_store import empty_store

from gradus.check import claim, diagnostic, observe

GRID = ((1, 0.3), (2, 0.05), (3, 0.2))
DIGITS = 6
CLOSE = 1e-9
A_LITTLE = 2e-10
NO_SCORE = 1e-8  # so far from any error that no run has it
TRAININGS = "trainings.txt"

# The check's own model.py. Its errors are rounded, so that a gate can be equal to one of them on
# any processor, and it writes a line for every training.
MODEL = f'''"""Polynomial ridge regression with another grid, which counts its trainings."""

from pathlib import Path

import numpy as np

GRID = {GRID}


def train(path, degree, alpha, seed):
    with open(Path(__file__).with_name("{TRAININGS}"), "a", encoding="utf-8") as file:
        file.write(f"{{degree}} {{alpha}} {{seed}}\\n")
    x, y = np.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
    order = np.random.default_rng(seed).permutation(len(x))
    first, second = int(0.6 * len(x)), int(0.8 * len(x))
    rows = {{"train": order[:first], "validation": order[first:second], "test": order[second:]}}
    features = np.vander(x[rows["train"]], degree + 1)
    gram = features.T @ features + alpha * np.eye(degree + 1)
    weights = np.linalg.solve(gram, features.T @ y[rows["train"]])
    model = {{"degree": degree, "weights": weights.tolist()}}
    metrics = {{}}
    for name, i in rows.items():
        error = np.mean((np.polyval(weights, x[i]) - y[i]) ** 2)
        metrics[f"{{name}}_mse"] = round(float(error), {DIGITS})
    return model, metrics


def predict(model, path):
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    return np.polyval(model["weights"], table[:, 0]).tolist()
'''.encode()

# MLflow makes a quarter of a million objects that live to the end. Looking through them for garbage
# again and again, and once more at the exit, takes almost half of a story's time. Python reads this
# file at its start, and looks less often.
FEW_COLLECTIONS = {
    "few/sitecustomize.py": b"""import atexit
import gc

gc.set_threshold(100_000, 50, 50)
atexit.register(gc.freeze)
"""
}

# Commands that import MLflow cost seconds. The story is told once; each claim reads a page of it.
told = {}


def trained(content, degree, alpha, seed):
    """Weights and errors by the given recipe; clear where no last digit can turn the rounding."""
    x, y = np.loadtxt(io.StringIO(content), delimiter=",", skiprows=1, unpack=True)
    order = np.random.default_rng(seed).permutation(len(x))
    first, second = int(0.6 * len(x)), int(0.8 * len(x))
    train, validation, test = order[:first], order[first:second], order[second:]
    features = np.vander(x[train], degree + 1)
    weights = np.linalg.solve(
        features.T @ features + alpha * np.eye(degree + 1), features.T @ y[train]
    )
    errors = [float(np.mean((np.polyval(weights, x[i]) - y[i]) ** 2)) for i in (validation, test)]
    return {
        "degree": degree, "alpha": alpha, "seed": seed, "weights": weights,
        "validation": round(errors[0], DIGITS), "test": round(errors[1], DIGITS),
        "clear": all(abs(error * 10**DIGITS % 1 - 0.5) > 0.001 for error in errors),
    }  # fmt: skip


def some_data(rng):
    """A CSV of a noisy curve."""
    x = rng.uniform(-2, 2, 40)
    y = rng.uniform(0.2, 0.6) * x**3 - x + rng.normal(0, 0.9, 40)
    lines = [f"{a:.4f},{b:.4f}" for a, b in zip(x, y, strict=True)]
    return "x,y\n" + "\n".join(lines) + "\n"


def some_sweep(rng):
    """Data and a seed for which the best by validation is not the best by test."""
    while True:
        content, seed = some_data(rng), int(rng.integers(1, 10**6))
        results = [trained(content, degree, alpha, seed) for degree, alpha in GRID]
        by_validation = min(results, key=lambda each: each["validation"])
        order = [each["degree"] for each in sorted(results, key=lambda each: each["validation"])]
        if order in ([1, 2, 3], [3, 2, 1]):  # a table in the order of the runs would be right
            continue
        if not all(each["clear"] for each in results):
            continue
        if by_validation is not min(results, key=lambda each: each["test"]):
            return {"content": content, "seed": seed, "runs": results, "best": by_validation}


def story(command, reader, rng):
    """Run the steps once for one submission, and keep what they printed and left."""
    key = tuple((name, command.bytes(name).as_value()) for name in command.names())
    if told.get("key") == key:
        return told
    # The best run of all is one of the first sweep, so that "most recent" makes a difference.
    one, two = sorted(
        (some_sweep(rng), some_sweep(rng)), key=lambda each: each["best"]["validation"]
    )
    past = one["runs"][int(rng.integers(3))]
    new = [round(float(each), 3) for each in rng.uniform(-2, 2, 4)]
    answer = command.run(
        f"sweep=spring.csv:{one['seed']}",
        f"promote={one['best']['validation'] * 1.5:.6f}",
        "rollback",  # there was no champion before
        f"sweep=autumn.csv:{two['seed']}",
        f"promote={two['best']['validation'] - A_LITTLE:.10f}",
        f"promote={two['best']['validation']:.{DIGITS}f}",
        "promote=0.000001",
        "table=sweep.csv",
        f"trace={past['validation'] + 3e-10:.10f}",
        f"trace={past['validation'] + NO_SCORE:.10f}",
        f"sweep=spring.csv:{one['seed']}",
        "table=again.csv",
        "predict=new.csv",
        "rollback",
        "predict=new.csv",
        files={
            **FEW_COLLECTIONS,
            "mlflow.db": empty_store(),
            "model.py": MODEL,
            "spring.csv": one["content"].encode(),
            "autumn.csv": two["content"].encode(),
            "new.csv": ("x\n" + "\n".join(map(str, new)) + "\n").encode(),
        },
        environment={"MLFLOW_TRACKING_URI": "sqlite:///elsewhere.db", "PYTHONPATH": "few"},
    )
    done = answer.as_mapping("exit", "stdout", "stderr")
    observe("exit status of the steps (the end of stderr is below)", done["exit"]).must_equal(
        0, because=done["stderr"][-600:]
    )
    told.clear()
    told.update(
        one=one, two=two, past=past, new=new,
        printed=printed(done["stdout"]), runs=reader.runs().as_list(),
        registry=reader.registry().as_mapping(),
        tables={
            name: command.text(name).as_value() if name in command.names() else None
            for name in ("sweep.csv", "again.csv")
        },
        trainings=command.text(TRAININGS).as_value() if TRAININGS in command.names() else "",
    )  # fmt: skip
    told["key"] = key
    return told


def printed(text):
    """The JSON objects among the printed lines, in their order."""
    found = []
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def answer_with(facts, *keys, place=0):
    """The printed object number `place` that has these keys."""
    fitting = [each for each in facts["printed"] if set(keys) <= each.keys()]
    label = f"printed lines that are JSON objects with {', '.join(keys)}"
    observe(label, len(fitting)).must_be_at_least(place + 1)
    return fitting[place]


def records(facts, sweep, result):
    """The runs whose validation error is that of `result`."""
    return [
        run
        for run in facts["runs"]
        if any(
            abs(value - result["validation"]) < CLOSE for value in run["metrics"]["validation_mse"]
        )
    ]


def known(run):
    """Parameters and tags of a run together: where a fact is kept is the learner's choice."""
    return {**run["tags"], **run["params"]}


def trained_with(run, name):
    """The degree or seed that made a run, told by its validation error."""
    error = run["metrics"]["validation_mse"][0]
    for sweep in (told["one"], told["two"]):
        for result in sweep["runs"]:
            if abs(result["validation"] - error) < CLOSE:
                return result[name]
    return None


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


@claim(
    "Every training is a run of its own, and none is written over.",
    examples=1,
    catches=["overwritten_run"],
)
def keeps_every_run(command, reader, rng):
    facts = story(command, reader, rng)
    for sweep, times in ((facts["one"], 2), (facts["two"], 1)):
        for result in sweep["runs"]:
            found = records(facts, sweep, result)
            label = (
                f"runs in mlflow.db with the validation_mse of degree {result['degree']} "
                f"(a sweep that was made {times} times)"
            )
            observe(label, len(found)).must_equal(times)
    for name in ("validation_mse", "test_mse"):
        values = [len(run["metrics"].get(name, [1])) for run in facts["runs"]]
        observe(f"values of {name} in each run", values).must_equal([1] * len(values))
    states = [run["status"] for run in facts["runs"]]
    observe("status of each run", states).must_equal(["FINISHED"] * len(states))


@claim(
    "A run keeps its parameters, its seed and both errors.",
    examples=1,
    catches=["untracked_seed"],
)
def keeps_what_it_was_given(command, reader, rng):
    facts = story(command, reader, rng)
    for sweep in (facts["one"], facts["two"]):
        for result in sweep["runs"]:
            for run in records(facts, sweep, result)[:1]:
                label = f"of the run with degree {result['degree']} and seed {result['seed']}"
                for name in ("degree", "alpha", "seed"):
                    observe(f"parameter {name} {label}", known(run).get(name)).must_satisfy(
                        f"be {result[name]}",
                        lambda value, name=name, result=result: number(value) == result[name],
                    )
                error = run["metrics"].get("test_mse", [None])[0]
                observe(f"metric test_mse {label}", error).must_be_close_to(result["test"])


@claim(
    "A run keeps the hash of the data and of the code that made it.",
    examples=1,
    catches=["metric_without_data_version"],
)
def keeps_data_and_code(command, reader, rng):
    facts = story(command, reader, rng)
    code = hashlib.sha256(MODEL).hexdigest()
    for sweep in (facts["one"], facts["two"]):
        expected = hashlib.sha256(sweep["content"].encode()).hexdigest()
        for run in records(facts, sweep, sweep["best"]):
            label = f"of the best run of the sweep with seed {sweep['seed']}"
            observe(f"data_sha256 {label}", known(run).get("data_sha256")).must_equal(expected)
            observe(f"code_sha256 {label}", known(run).get("code_sha256")).must_equal(code)


@claim(
    "A run keeps its model as the artefact model.json.",
    examples=1,
    catches=["stage_by_filename"],
)
def keeps_the_artefact(command, reader, rng):
    facts = story(command, reader, rng)
    for sweep in (facts["one"], facts["two"]):
        for result in sweep["runs"]:
            for run in records(facts, sweep, result)[:1]:
                label = f"model.json of the run with degree {result['degree']}"
                artefact = observe(label, run["model"]).as_mapping("degree", "weights")
                observe(f"degree in {label}", artefact["degree"]).must_equal(result["degree"])
                observe(f"weights in {label}", artefact["weights"]).must_be_close_to(
                    result["weights"], rtol=1e-6
                )


def shown_row(each):
    """A run's row of the table, its score as a learner can compare it."""
    return each["degree"], each["alpha"], each["seed"], round(each["validation"], 6)


@claim(
    "For a score from the past, everything that made it is found again.",
    examples=1,
    catches=["metric_without_data_version", "untracked_seed"],
)
def traces_a_score(command, reader, rng):
    facts = story(command, reader, rng)
    past = facts["past"]
    keys = ("run_id", "degree", "alpha", "seed", "data_sha256", "code_sha256", "model")
    line = answer_with(facts, *keys)
    label = f"in the line of trace={past['validation']:.6g}"
    allowed = [run["run_id"] for run in records(facts, facts["one"], past)]
    observe(
        f"has the run_id {label} this score in mlflow.db", line["run_id"] in allowed
    ).must_equal(True)
    for name in ("degree", "alpha", "seed"):
        observe(f"{name} {label}", line[name]).must_satisfy(
            f"be {past[name]}", lambda value, name=name: number(value) == past[name]
        )
    data = hashlib.sha256(facts["one"]["content"].encode()).hexdigest()
    observe(f"data_sha256 {label}", line["data_sha256"]).must_equal(data)
    observe(f"code_sha256 {label}", line["code_sha256"]).must_equal(
        hashlib.sha256(MODEL).hexdigest()
    )
    model = observe(f"model {label}", line["model"]).as_mapping("degree", "weights")
    observe(f"degree of the model {label}", model["degree"]).must_equal(past["degree"])
    observe(f"weights {label}", model["weights"]).must_be_close_to(past["weights"], rtol=1e-6)
    unknown = [each for each in facts["printed"] if each.get("run_id", "") is None]
    label = f"lines with the run_id null for trace={past['validation'] + NO_SCORE:.8f}"
    observe(label, len(unknown)).must_be_at_least(1, because="No run has this validation_mse.")


@claim(
    "Only a sweep trains: whatever looks back reads the record.",
    examples=1,
    catches=["trains_again_to_trace"],
)
def trains_in_sweeps_only(command, reader, rng):
    facts = story(command, reader, rng)
    trainings = len(facts["trainings"].splitlines())
    observe("trainings in three sweeps of three combinations", trainings).must_be_at_most(
        9, because="model.train was also called by promote, rollback, predict, trace or table."
    )


@claim(
    "The table of the last sweep has each of its runs, the smallest validation error first.",
    examples=1,
    catches=["best_run_by_test", "overwritten_run"],
)
def reads_the_sweep(command, reader, rng):
    facts = story(command, reader, rng)
    must_be_the_table(facts, "sweep.csv", facts["two"])
    must_be_the_table(facts, "again.csv", facts["one"])


def rows_of(name, text):
    """The rows of a table by its columns; a finding where it is no CSV."""
    try:
        rows, said = list(csv.DictReader(io.StringIO(text))), "CSV"
    except csv.Error as error:
        rows, said = [], f"no CSV: {error}"
    observe(f"what {name} is", said).must_equal("CSV")
    return rows


def must_be_the_table(facts, name, sweep):
    """The file has the runs of this sweep and of no other, each as it was recorded."""
    text = facts["tables"][name]
    observe(f"is there a file {name} after table={name}", text is not None).must_equal(True)
    rows = rows_of(name, text)
    expected = sorted(sweep["runs"], key=lambda each: each["validation"])
    columns = ("degree", "alpha", "seed", "validation_mse")
    observe(
        f"degree, alpha, seed and validation_mse in {name}",
        [[number(row.get(column)) for column in columns] for row in rows],
    ).must_satisfy(
        "be those of the last sweep before it, the smallest validation_mse first",
        lambda got: (
            len(got) == len(expected)
            and all(
                row[:3] == [each["degree"], each["alpha"], each["seed"]]
                and abs(row[3] - each["validation"]) < 1e-6
                for row, each in zip(got, expected, strict=True)
            )
        ),
        because=f"Expected were {[shown_row(each) for each in expected]}.",
    )
    runs = [row.get("run_id") for row in rows]
    right = [
        run in [each["run_id"] for each in records(facts, sweep, result)]
        for run, result in zip(runs, expected, strict=True)
    ]
    observe(f"is the run_id of each row of {name} that of its run", right).must_equal(
        [True] * len(expected)
    )


def versions_of(facts):
    """The run ids of the registered versions, in the order of the versions."""
    versions = facts["registry"]["versions"]
    observe(
        "registered models in mlflow.db", len({each["name"] for each in versions})
    ).must_be_at_most(1, because="All versions are those of one registered model.")
    observe("versions in the registry of mlflow.db", len(versions)).must_equal(
        4, because="Four promotions were asked for, and each registers its candidate."
    )
    return sorted(versions, key=lambda each: int(each["version"]))


@claim(
    "Each promotion registers the best run by validation as a new version.",
    examples=1,
    catches=["best_run_by_test", "stage_by_filename"],
)
def registers_the_best(command, reader, rng):
    facts = story(command, reader, rng)
    versions = versions_of(facts)
    for version, sweep in zip(versions, ("one", "two", "two", "two"), strict=True):
        runs = [run for run in facts["runs"] if run["run_id"] == version["run_id"]]
        label = f"[degree, seed] of the run behind version {version['version']}"
        observe(
            label, [[trained_with(run, "degree"), trained_with(run, "seed")] for run in runs]
        ).must_equal(
            [[facts[sweep]["best"]["degree"], facts[sweep]["seed"]]],
            because="The version's run is the one with the smallest validation_mse.",
        )


def must_predict_with(facts, place, version, model, because=""):
    line = answer_with(facts, "version", "predictions", place=place)
    label = f"of predict number {place + 1}"
    observe(f"version {label}", str(line["version"])).must_equal(
        version["version"], because=because
    )
    expected = [float(np.polyval(model["weights"], x)) for x in facts["new"]]
    got = line["predictions"]
    numbers = [number(each) for each in got] if isinstance(got, list) else got
    observe(f"predictions {label}", numbers).must_be_close_to(expected, rtol=1e-6)


@claim(
    "The alias champion moves where a score is at most the gate, and predictions come from it.",
    examples=1,
    catches=["best_run_by_test", "gate_is_strict", "gate_stands_open", "stage_by_filename"],
)
def loads_by_alias(command, reader, rng):
    facts = story(command, reader, rng)
    score = facts["two"]["best"]["validation"]
    must_predict_with(
        facts, 0, versions_of(facts)[2], facts["two"]["best"],
        because=f"Version 3 scores {score:.{DIGITS}f}, and so was its gate. Versions 2 and 4 had "
        f"gates of {score - A_LITTLE:.10f} and 0.000001.",
    )  # fmt: skip


@claim(
    "A rollback moves the alias to the champion before; nothing is deleted or trained again.",
    examples=1,
    catches=["best_run_by_test", "gate_stands_open", "stage_by_filename"],
)
def rolls_back(command, reader, rng):
    facts = story(command, reader, rng)
    versions = versions_of(facts)
    aliases = [
        each["version"] for each in facts["registry"]["aliases"] if each["alias"] == "champion"
    ]
    observe("versions with the alias champion, after the rollback", aliases).must_equal(
        [versions[0]["version"]]
    )
    must_predict_with(facts, 1, versions[0], facts["one"]["best"])


@diagnostic("metric_without_data_version")
def has_no_hash_of_the_data(command, reader, rng):
    facts = story(command, reader, rng)
    hashes = {
        hashlib.sha256(facts[sweep]["content"].encode()).hexdigest() for sweep in ("one", "two")
    }
    return not any(known(run).get("data_sha256") in hashes for run in facts["runs"])


def version_of_prediction(facts):
    """The version of the first predictions; None where there are none."""
    lines = [each for each in facts["printed"] if "predictions" in each]
    return str(lines[0].get("version")) if lines else None


@diagnostic("gate_stands_open")
def moved_past_a_gate_that_nothing_meets(command, reader, rng):
    facts = story(command, reader, rng)
    back = [each["version"] for each in facts["registry"]["aliases"] if each["alias"] == "champion"]
    return version_of_prediction(facts) == "4" and back != ["1"]


@diagnostic("gate_is_strict")
def stayed_where_the_gate_was_met(command, reader, rng):
    return version_of_prediction(story(command, reader, rng)) == "1"


@diagnostic("best_run_by_test")
def promoted_the_smallest_test_error(command, reader, rng):
    facts = story(command, reader, rng)
    first = [each["run_id"] for each in facts["registry"]["versions"] if int(each["version"]) == 1]
    smallest = min(facts["one"]["runs"], key=lambda each: each["test"])
    return first[0] in [run["run_id"] for run in records(facts, facts["one"], smallest)]
