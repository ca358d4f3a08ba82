"""The fluent interface, a parent run for each sweep, facts as parameters, the alias previous."""

import hashlib
import json
import os
import sys

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException

import model as recipe

mlflow.set_tracking_uri("sqlite:///" + os.path.abspath("mlflow.db"))
mlflow.set_experiment("polynomials")
api = mlflow.tracking.MlflowClient()


def digest(name):
    with open(name, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(path, seed):
    with mlflow.start_run(run_name="sweep") as parent:
        for degree, alpha in recipe.GRID:
            with mlflow.start_run(nested=True):
                fitted, errors = recipe.train(path, degree, alpha, seed)
                mlflow.log_params(
                    {
                        "alpha": alpha,
                        "degree": degree,
                        "seed": seed,
                        "data_sha256": digest(path),
                        "code_sha256": digest(recipe.__file__),
                    }
                )
                mlflow.log_metrics(errors)
                mlflow.log_text(json.dumps(fitted, indent=2), "trained/model.json")
    return parent.info.run_id


def children():
    runs = mlflow.search_runs(order_by=["attributes.start_time DESC"])
    runs = runs[runs["tags.mlflow.parentRunId"].notna()]
    latest = runs["tags.mlflow.parentRunId"].iloc[0]
    return runs[runs["tags.mlflow.parentRunId"] == latest].sort_values("metrics.validation_mse")


def by_alias(alias):
    try:
        return api.get_model_version_by_alias("polynomial", alias).version
    except MlflowException:
        return None


def promote(gate):
    best = children().iloc[0]
    try:
        api.create_registered_model("polynomial")
    except MlflowException:
        pass
    made = api.create_model_version(
        "polynomial", best["artifact_uri"] + "/trained/model.json", best["run_id"]
    )
    if best["metrics.validation_mse"] <= gate:
        now = by_alias("champion")
        if now is not None:
            api.set_registered_model_alias("polynomial", "previous", now)
        api.set_registered_model_alias("polynomial", "champion", made.version)


def rollback():
    previous = by_alias("previous")
    if previous is not None:
        api.set_registered_model_alias("polynomial", "champion", previous)


def show(**facts):
    print(json.dumps(facts))


def predict(path):
    version = by_alias("champion")
    run = api.get_model_version("polynomial", version).run_id
    fitted = mlflow.artifacts.load_dict(f"runs:/{run}/trained/model.json")
    show(version=str(version), predictions=recipe.predict(fitted, path), alias="champion")


def trace(score):
    runs = mlflow.search_runs()
    runs = runs[(runs["metrics.validation_mse"] - score).abs() < 1e-9]
    if runs.empty:
        return show(run_id=None)
    run = runs.iloc[0]
    show(
        run_id=run["run_id"],
        degree=run["params.degree"],
        alpha=run["params.alpha"],
        seed=run["params.seed"],
        data_sha256=run["params.data_sha256"],
        code_sha256=run["params.code_sha256"],
        model=mlflow.artifacts.load_dict(f"runs:/{run['run_id']}/trained/model.json"),
    )


def table(path):
    names = {f"params.{n}": n for n in ("degree", "alpha", "seed")}
    names["metrics.validation_mse"] = "validation_mse"
    frame = children().rename(columns=names)
    frame[["run_id", *names.values()]].to_csv(path, index=False)


STEPS = {"promote": lambda w: promote(float(w)), "rollback": lambda w: rollback(), "predict": predict,
         "trace": lambda w: trace(float(w)), "table": table,
         "sweep": lambda w: sweep(w.split(":")[0], int(w.split(":")[1]))}
for argument in sys.argv[1:]:
    step, _, rest = argument.partition("=")
    STEPS[step](rest)
