"""Trains, records, promotes: `python train.py STEP ...`, the steps in their order.

sweep=FILE:SEED  promote=GATE  rollback  predict=FILE  trace=SCORE  table=FILE
"""

import csv
import hashlib
import json
import sys
import time
from pathlib import Path

import mlflow
import model

NAME = "curve"
mlflow.set_tracking_uri("sqlite:///mlflow.db")
client = mlflow.MlflowClient()


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def experiment():
    known = client.get_experiment_by_name(NAME)
    return known.experiment_id if known else client.create_experiment(NAME)


def sweep(path, seed):
    # What the result depends on: the data, the code, the seed, the parameters. All four are kept.
    given = {
        "data_sha256": sha256(path),
        "code_sha256": sha256("model.py"),
        "sweep": str(time.time_ns()),
    }
    for degree, alpha in model.GRID:
        trained, metrics = model.train(path, degree, alpha, seed)
        # Every training is a run of its own: a record is added to, never changed.
        run = client.create_run(experiment(), tags=given).info.run_id
        mlflow.log_params({"degree": degree, "alpha": alpha, "seed": seed}, run_id=run)
        mlflow.log_metrics(metrics, run_id=run)
        client.log_dict(run, trained, "model.json")
        client.set_terminated(run)


def all_runs():
    return client.search_runs([experiment()])


def last_sweep():
    """The runs of the newest sweep, the smallest validation error first."""
    runs = all_runs()
    newest = max(int(run.data.tags["sweep"]) for run in runs)
    chosen = [run for run in runs if int(run.data.tags["sweep"]) == newest]
    # The test error is looked at once, at the end: choosing by it would make it a validation error.
    return sorted(chosen, key=lambda run: run.data.metrics["validation_mse"])


def champion():
    try:
        return client.get_model_version_by_alias(NAME, "champion")
    except mlflow.exceptions.MlflowException:
        return None


def promote(gate):
    best = last_sweep()[0]
    try:
        client.get_registered_model(NAME)
    except mlflow.exceptions.MlflowException:
        client.create_registered_model(NAME)
    source = f"{best.info.artifact_uri}/model.json"
    version = client.create_model_version(NAME, source, run_id=best.info.run_id)
    if best.data.metrics["validation_mse"] <= gate:
        before = champion()
        if before:
            client.set_model_version_tag(NAME, version.version, "before", before.version)
        client.set_registered_model_alias(NAME, "champion", version.version)


def rollback():
    before = champion().tags.get("before")
    if before:
        client.set_registered_model_alias(NAME, "champion", before)


def predict(path):
    version = champion()
    artefact = mlflow.artifacts.load_dict(version.source)
    return {"version": version.version, "predictions": model.predict(artefact, path)}


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
                "model": mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/model.json"),
            }
    return {"run_id": None}


def table(path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["run_id", "degree", "alpha", "seed", "validation_mse"])
        for run in last_sweep():
            params = run.data.params
            lines.writerow(
                [
                    run.info.run_id,
                    params["degree"],
                    params["alpha"],
                    params["seed"],
                    run.data.metrics["validation_mse"],
                ]
            )


for step in sys.argv[1:]:
    name, _, words = step.partition("=")
    if name == "sweep":
        path, _, seed = words.rpartition(":")
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
