"""Reads what MLflow wrote, with sqlite3 and json: nothing is unpickled."""

import json
import sqlite3
from pathlib import Path

STORE = "mlflow.db"


def _rows(folder, query):
    store = folder / STORE
    if not store.is_file():
        raise ValueError(f"there is no file {STORE} in the folder")
    try:
        connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ValueError(f"{STORE} is not an MLflow store: {error}") from None


def _artefact(folder, run_id):
    """The run's model.json, wherever below the folder of its artefacts it lies."""
    found = sorted(
        path
        for path in folder.rglob("model.json")
        if run_id in path.relative_to(folder).parts and path.is_file()
    )
    if not found:
        return None
    try:
        return json.loads(found[0].read_text(encoding="utf-8"))
    except ValueError:
        raise ValueError(f"the artefact model.json of run {run_id} is not JSON") from None


def runs(folder: Path):
    """Every run that recorded a validation error, oldest first."""
    by_id = {}
    alive = "select run_uuid, start_time, status from runs where lifecycle_stage = 'active'"
    for run_id, started, status in _rows(folder, alive + " order by start_time"):
        by_id[run_id] = {
            "run_id": run_id,
            "started": started,
            "status": status,
            "params": {},
            "tags": {},
            "metrics": {},
        }
    for table in ("params", "tags"):
        for run_id, key, value in _rows(folder, f"select run_uuid, key, value from {table}"):
            if run_id in by_id:
                by_id[run_id][table][key] = value
    for run_id, key, value in _rows(folder, "select run_uuid, key, value from metrics"):
        if type(value) not in (int, float):
            raise ValueError(f"{STORE} is not an MLflow store: the metric {key} is no number")
        if run_id in by_id:
            by_id[run_id]["metrics"].setdefault(key, []).append(value)
    kept = [run for run in by_id.values() if "validation_mse" in run["metrics"]]
    for run in kept:
        run["model"] = _artefact(folder, run["run_id"])
    return kept


def _version(value):
    if type(value) is not int:
        raise ValueError(f"{STORE} is not an MLflow store: a version is no whole number")
    return str(value)


def registry(folder: Path):
    """Versions and aliases of all registered models."""
    query = "select name, version, run_id from model_versions order by name, version"
    versions = [
        {"name": name, "version": _version(version), "run_id": run_id}
        for name, version, run_id in _rows(folder, query)
    ]
    query = "select name, alias, version from registered_model_aliases"
    aliases = [
        {"name": name, "alias": alias, "version": _version(version)}
        for name, alias, version in _rows(folder, query)
    ]
    return {"versions": versions, "aliases": aliases}
