"""Trains the platform's models, and reads what MLflow wrote: nothing is unpickled."""

import json
import sqlite3

import numpy as np
from sklearn.linear_model import LogisticRegression


def fit(folder, x, y):
    """Return [intercept, weights] of a logistic regression, by scikit-learn."""
    model = LogisticRegression(solver="newton-cholesky", tol=1e-6).fit(np.asarray(x), np.asarray(y))
    return [float(model.intercept_[0]), model.coef_[0].tolist()]


def _version(value):
    if type(value) is not int:
        raise ValueError("mlflow.db is not an MLflow store: a version is no whole number")
    return value


def registry(folder, store):
    """Return aliases, versions with tags and run ids, and how runs stand, of a store's bytes."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(store)
        ask = connection.execute
        aliases = ask("select name, alias, version from registered_model_aliases").fetchall()
        versions = ask("select name, version, run_id from model_versions").fetchall()
        tags = ask("select name, version, key, value from model_version_tags").fetchall()
        runs = ask("select run_uuid, status from runs").fetchall()
    except sqlite3.Error as error:
        raise ValueError(f"mlflow.db is not an MLflow store: {error}") from None
    finally:
        connection.close()
    found = {
        (name, version): {"name": name, "version": _version(version), "run_id": run_id, "tags": {}}
        for name, version, run_id in versions
    }
    for name, version, key, value in tags:
        if (name, version) in found:
            found[name, version]["tags"][key] = value
    return {
        "aliases": [
            {"name": name, "alias": alias, "version": _version(version)}
            for name, alias, version in aliases
        ],
        "versions": sorted(found.values(), key=lambda each: (each["name"], each["version"])),
        "runs": dict(runs),
    }


def job(folder, content):
    """Return the number of the job in a model.json, and its text in one form."""
    try:
        model = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("model.json is not JSON") from None
    number = model.get("job") if isinstance(model, dict) else None
    return {
        "job": number if type(number) is int else None,
        "text": json.dumps(model, sort_keys=True),
    }
