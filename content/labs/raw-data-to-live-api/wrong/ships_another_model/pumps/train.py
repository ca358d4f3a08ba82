"""Trains a version, measures it on pumps that it has not seen, and records how it came to be."""

import argparse
import hashlib
import importlib.metadata
import json
import sys
from pathlib import Path

import joblib
import mlflow
from sklearn.metrics import roc_auc_score

from pumps.model import MODELS, chances, digest, pipeline
from pumps.raw import DATA, NUMBERS, WORDS, is_held_out, labelled_rows

FEWEST = 200
CODE = ("pumps/raw.py", "pumps/model.py", "pumps/train.py")
TABLES = ("pumps.csv", "inspections.csv", "repairs.csv")
PACKAGES = ("scikit-learn", "numpy", "joblib")


def profile(rows: list[dict]) -> dict:
    """Say what training rows are like, so that others can see whether they have the same ones."""
    there = {n: [row[n] for row in rows if row[n] is not None] for n in (*NUMBERS, *WORDS)}
    return {
        "n": len(rows),
        "failed": sum(row["failed"] for row in rows),
        "missing": {name: len(rows) - len(values) for name, values in there.items()},
        "means": {name: sum(there[name]) / len(there[name]) for name in NUMBERS},
        "levels": {name: len(set(there[name])) for name in WORDS},
    }


def quality(rows: list[dict], told: list[float]) -> dict:
    """Return the AUC of what was told of some rows, beside that of the foreman's rule."""
    truth = [row["failed"] for row in rows]
    rule = [2.5 if row["vibration"] is None else row["vibration"] for row in rows]
    return {
        "auc": float(roc_auc_score(truth, told)),
        "baseline_auc": float(roc_auc_score(truth, rule)),
    }


def read_labels(path: Path) -> list[dict]:
    """Read labelled rows of a JSON Lines file; ends the program where they are no use."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if len(rows) < FEWEST or len({row["failed"] for row in rows}) < 2:
        sys.exit(f"{len(rows)} rows, or one label for all, are nothing to learn from.")
    return rows


def train(labels: Path | None) -> str:
    """Write models/VERSION with the model and its record; return the version's name."""
    everything = labelled_rows()
    unseen = [row for row in everything if is_held_out(row)]
    seen = read_labels(labels) if labels else [r for r in everything if not is_held_out(r)]
    model = pipeline().fit(seen, [row["failed"] for row in seen])
    told = chances(model, unseen)
    sources = [*(DATA / name for name in TABLES), *([labels] if labels else [])]
    code = {name: digest(Path(name)) for name in CODE}
    mark = json.dumps([[digest(path) for path in sources], code])
    version = f"v-{hashlib.sha256(mark.encode()).hexdigest()[:10]}"
    folder = MODELS / version
    folder.mkdir(parents=True, exist_ok=True)
    if not labels:  # what is known by now is worth more than three quarters of it
        model.fit(everything, [row["failed"] for row in everything])
    joblib.dump(model, folder / "model.joblib")
    record = {
        "version": version,
        "command": f"python -m pumps.train{' --labels FILE' if labels else ''}",
        "data": {
            path.as_posix() if path.parent == DATA else "labels": digest(path) for path in sources
        },
        "code": code,
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "rows": profile(everything),
        "parameters": {"C": 0.3, "held_out": "a quarter of the pumps, by a hash of the id"},
        "learnt_from": sorted({row["pump_id"] for row in seen if "pump_id" in row}),
        "held_out": {r["inspection_id"]: round(p, 6) for r, p in zip(unseen, told, strict=True)},
        "metrics": quality(unseen, told),
        "artefact": {
            "path": f"models/{version}/model.joblib",
            "sha256": digest(folder / "model.joblib"),
        },
    }
    record["run"] = log_run(record)
    (folder / "record.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return version


def log_run(record: dict) -> str:
    """Write the run into MLflow's store and return its id."""
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("pumps")
    with mlflow.start_run(run_name=record["version"]) as run:
        mlflow.log_params(record["parameters"])
        mlflow.log_metrics(record["metrics"])
        mlflow.set_tags({f"data.{Path(k).stem}": v for k, v in record["data"].items()})
        return run.info.run_id


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, help="labelled rows instead of the raw tables")
    print(train(parser.parse_args().labels))
