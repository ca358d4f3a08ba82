"""You let a file name say what is in use: model_final_v2_REAL.json has no version, no run behind it and nothing to roll back to but another file name."""

import csv
import hashlib
import json
import sys
import time
from pathlib import Path

import mlflow

import model
from mlflow.entities import Metric, Param

NAME = "curve"
mlflow.set_tracking_uri("sqlite:///mlflow.db")
client = mlflow.MlflowClient()


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def experiment():
    known = client.get_experiment_by_name(NAME)
    return known.experiment_id if known else client.create_experiment(NAME)


def log(run, params, metrics):
    """Write everything in one go: each call is a transaction of the store."""
    now = int(time.time() * 1000)
    client.log_batch(
        run,
        metrics=[Metric(key, value, now, 0) for key, value in metrics.items()],
        params=[Param(key, str(value)) for key, value in params.items()],
    )


def sweep(path, seed):
    given = {
        "data_sha256": sha256(path),
        "code_sha256": sha256("model.py"),
        "sweep": str(time.time_ns()),
    }
    for degree, alpha in model.GRID:
        trained, metrics = model.train(path, degree, alpha, seed)
        run = client.create_run(experiment(), tags=given).info.run_id
        log(run, {"degree": degree, "alpha": alpha, "seed": seed}, metrics)
        Path(f"model_of_{run}.json").write_text(json.dumps(trained))
        client.set_terminated(run)


def all_runs():
    return client.search_runs([experiment()], order_by=["attributes.start_time DESC"])


def last_sweep():
    """The runs of the newest sweep, the smallest validation error first."""
    runs = all_runs()
    newest = max(int(run.data.tags["sweep"]) for run in runs)
    chosen = [run for run in runs if int(run.data.tags["sweep"]) == newest]
    return sorted(chosen, key=lambda run: run.data.metrics["validation_mse"])


def promote(gate):
    best = last_sweep()[0]
    if best.data.metrics["validation_mse"] <= gate:
        final, older = Path("model_final_v2_REAL.json"), Path("model_final_v1.json")
        if final.exists():
            final.replace(older)
        kept = [p for p in Path(".").glob("model_of_*") if best.info.run_id in p.name]
        final.write_text(kept[0].read_text())


def rollback():
    older = Path("model_final_v1.json")
    if older.exists():
        older.replace("model_final_v2_REAL.json")


def predict(path):
    artefact = json.loads(Path("model_final_v2_REAL.json").read_text())
    return {"version": "final_v2_REAL", "predictions": model.predict(artefact, path)}


def trace(score):
    for run in all_runs():
        if abs(run.data.metrics["validation_mse"] - score) < 1e-9:
            params, tags = run.data.params, run.data.tags
            return {
                "run_id": run.info.run_id,
                "degree": int(params["degree"]),
                "alpha": float(params["alpha"]),
                "seed": int(params["seed"]),
                "data_sha256": tags["data_sha256"],
                "code_sha256": tags["code_sha256"],
                "model": json.loads(Path(f"model_of_{run.info.run_id}.json").read_text()),
            }
    return {"run_id": None}


def table(path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["run_id", "degree", "alpha", "seed", "validation_mse"])
        for run in last_sweep():
            params = run.data.params
            lines.writerow(
                [run.info.run_id, params["degree"], params["alpha"], params["seed"]]
                + [repr(run.data.metrics["validation_mse"])]
            )


for step in sys.argv[1:]:
    name, _, words = step.partition("=")
    if name == "sweep":
        path, seed = words.rsplit(":", 1)
        sweep(path, int(seed))
    elif name == "promote":
        promote(float(words))
    elif name == "rollback":
        rollback()
    elif name == "predict":
        print(json.dumps(predict(words)))
    elif name == "trace":
        print(json.dumps(trace(float(words))))
    elif name == "table":
        table(words)
    else:
        sys.exit(f"unknown step {step!r}")
