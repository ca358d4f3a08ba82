"""Commits of a small repository, and what a runner of GitHub Actions has to know of each.

The runner itself is `actions_runner.py` with the files beside it; a check lays their text into
the sandbox. What is drawn here decides how the scripts of the repository end on each commit.
"""

from pathlib import Path

import numpy as np

RUNNER = {
    name: Path(__file__).with_name(name).read_bytes()
    for name in (
        "actions_runner.py",
        "actions_job.py",
        "actions_steps.py",
        "actions_stand_ins.py",
        "actions_expressions.py",
    )
}
"""The files of the runner by name."""
ZONES = ("north", "south", "east", "west")
ENVIRONMENT = "production"

REQUEST = ["pull_request", "pull_request_target"]
"""What GitHub sends for a pull request; a workflow listens to either, to both or to none."""
GOOD = {"data": "good", "tests": "passes", "candidate": "better"}
STORIES = {
    "good": {**GOOD, "changed": ["train.py", "data/train.csv"]},
    "bad-data": {**GOOD, "data": "bad", "changed": ["data/train.csv"]},
    "worse-model": {**GOOD, "candidate": "worse", "changed": ["train.py"]},
    "broken-api": {**GOOD, "tests": "broken", "changed": ["service.py", "requirements.txt"]},
    "no-tests": {**GOOD, "tests": "none", "changed": ["tests/test_service.py"]},
    "skipped-tests": {**GOOD, "tests": "skipped", "changed": ["tests/test_service.py"]},
    "flaky-tests": {**GOOD, "tests": "flaky", "changed": ["service.py"]},
    "branch": {**GOOD, "branch": "try-it", "changed": ["train.py"]},
    "request": {
        **GOOD, "events": REQUEST, "branch": "try-it", "changed": ["train.py", "requirements.txt"],
    },
    "bad-request": {
        **GOOD, "events": REQUEST, "branch": "try-it", "candidate": "worse",
        "changed": ["train.py"],
    },
    "stranger": {
        **GOOD, "events": REQUEST, "branch": "main", "fork": True, "changed": ["train.py"],
    },
}  # fmt: skip
"""Every commit that is walked, by its name: its events and how the repository's scripts end."""


def spread(rng, n, mean, deviation):
    """`n` numbers with exactly this mean and this standard deviation."""
    drawn = rng.normal(size=n)
    drawn = (drawn - drawn.mean()) / drawn.std(ddof=1)
    return mean + deviation * drawn


def comparison(rng, zones, level, hardness=None):
    """Two tables of predictions on the same rows: id, zone, actual, and one prediction of each.

    `zones` maps a zone to (rows, mean, deviation) of the minutes by which the candidate's absolute
    error is smaller than the champion's. `level` is the smallest error of the champion, `hardness`
    how much its errors differ from row to row.
    """
    rows = []
    for zone, (n, mean, deviation) in zones.items():
        gains = spread(rng, n, mean, deviation) if n > 1 else np.full(n, mean)
        floor = max(level, float(gains.max(initial=0.0)) + 0.1)
        errors = floor + rng.gamma(1.5, (hardness or level) / 1.5, size=n)
        actual = rng.uniform(60.0, 90.0, size=n) + 2 * errors
        signs = rng.choice([-1.0, 1.0], size=(2, n))
        columns = (actual, actual + signs[0] * (errors - gains), actual + signs[1] * errors)
        rows += [(zone, *numbers) for numbers in zip(*map(np.ndarray.tolist, columns), strict=True)]
    rows = [rows[at] for at in rng.permutation(len(rows))]
    ids = 1000 + rng.permutation(9000)[: len(rows)]
    return [
        {"id": f"r{at}", "zone": zone, "actual": a, "candidate": c, "champion": d}
        for at, (zone, a, c, d) in zip(ids, rows, strict=True)
    ]


def evenly(n, mean, deviation, zones=ZONES):
    """The same gain in every zone."""
    return {zone: (n // len(zones), mean, deviation) for zone in zones}


def table(rows, which):
    """The CSV that evaluate.py writes for one of the two models."""
    lines = [f"{r['id']},{r['zone']},{r['actual']:.4f},{r[which]:.4f}" for r in rows]
    return "\n".join(["id,zone,actual,predicted", *lines]) + "\n"


def repository(rng):
    """The files of the commits, and the predictions that evaluate.py makes of them."""
    fresh = {
        "better": comparison(rng, evenly(240, 0.6, 1.2), 3.0),
        "worse": comparison(rng, evenly(240, -0.9, 1.2), 3.0),
    }
    # What a model has trained on it knows by heart, a bad one as well as a good one.
    train = comparison(rng, evenly(240, 2.6, 0.3), 3.0)
    # The champion's old report is of a harder season, on other rows.
    spring = comparison(rng, evenly(240, 0.0, 1.0), 7.0)
    predictions = {f"fresh-{name}": table(rows, "candidate") for name, rows in fresh.items()}
    predictions |= {f"fresh-champion-{n}": table(r, "champion") for n, r in fresh.items()}
    predictions |= {"train-candidate": table(train, "candidate")}
    predictions |= {"train-champion": table(train, "champion")}
    salt = int(rng.integers(10**6))
    files = {
        "data/fresh.csv": f"id,zone,km,minutes\nr{salt},north,2.5,14.0\n",
        "data/train.csv": f"id,zone,km,minutes\nr{salt + 1},south,3.5,17.0\n",
        "champion/model.json": '{"name": "champion-spring", "minutes_per_km": 2.6}\n',
        "champion/predictions.csv": table(spring, "champion"),
        "requirements.txt": "pytest\n",
        "service.py": "def answer(model, request): ...\n",
        "tests/test_service.py": "def test_service(): ...\n",
        "tests/test_train.py": "def test_train(): ...\n",
        "train.py": "", "evaluate.py": "", "check_data.py": "", "deploy.py": "",
    }  # fmt: skip
    return {
        name: {"*": text}
        | {each: f"{text}# {each} {salt}\n" for each in STORIES if name in STORIES[each]["changed"]}
        for name, text in files.items()
    }, predictions


def stories(rng):
    """Every commit with what is drawn for it."""
    told = []
    numbers = 100 + rng.permutation(900)[: len(STORIES)]
    for number, (name, story) in zip(numbers, STORIES.items(), strict=True):
        candidate = story["candidate"]
        told.append({
            "name": name, "events": ["push"], "branch": "main", "fork": False, "title": name,
            "number": int(number),
            **story,
            "sha": rng.bytes(20).hex(), "base_sha": rng.bytes(20).hex(),
            "run": int(rng.integers(10**9, 10**10)), "passed": int(rng.integers(11, 19)),
            "skipped": int(rng.integers(1, 4)), "left": int(rng.integers(1, 10)),
            "predictions": {
                "fresh-candidate": f"fresh-{candidate}",
                "fresh-champion": f"fresh-champion-{candidate}",
                "train-candidate": "train-candidate", "train-champion": "train-champion",
            },
        })  # fmt: skip
    return told
