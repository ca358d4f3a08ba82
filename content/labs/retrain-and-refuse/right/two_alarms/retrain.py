"""Trains only when the month before was bad as well; a second alias knows the way back."""

import json
import math
from pathlib import Path
from urllib.parse import urlparse

from mlflow import MlflowClient

store = MlflowClient("sqlite:///mlflow.db", registry_uri="sqlite:///mlflow.db")


def by_alias(model, alias):
    if model is None or alias not in model.aliases:
        return None
    return store.get_model_version(model.name, model.aliases[alias])


def read(version):
    folder = urlparse(store.get_run(version.run_id).info.artifact_uri).path
    return json.loads(Path(folder, "model.json").read_text())


def setup():
    if not store.search_registered_models():
        store.create_registered_model("champions")
        store.create_experiment("challengers")
    return store.get_experiment_by_name("challengers").experiment_id


def keep(model, gate, newest):
    run = store.create_run(setup(), run_name=f"month {newest}")
    store.log_text(run.info.run_id, json.dumps(model), "model.json")
    store.set_terminated(run.info.run_id, "FINISHED")
    made = store.create_model_version(
        "champions", f"runs:/{run.info.run_id}/model.json", run.info.run_id
    )
    store.set_model_version_tag("champions", made.version, "gate", gate)
    store.set_model_version_tag("champions", made.version, "gate_month", str(newest))
    return made


def weekly(month, rows, train, loss):
    newest = month - 2

    def part(low, high):
        return rows.query("@low <= month <= @high")["id"]

    model = next(iter(store.search_registered_models()), None)
    champion, previous = by_alias(model, "champion"), by_alias(model, "previous")
    if champion is None:
        version = keep(train(part(1, newest - 1)), "promoted", newest)
        store.set_registered_model_alias("champions", "champion", version.version)
        return
    model = read(champion)
    born = int(champion.tags["gate_month"])
    at_gate = loss(model, part(born, born))
    is_bad = [loss(model, part(m, m)) > at_gate + 0.08 for m in (newest - 1, newest)]
    if newest == born or not is_bad[1]:
        return
    here = part(newest, newest)
    now = loss(model, here)
    if previous is not None and loss(read(previous), here) <= now - 0.04:
        store.set_model_version_tag("champions", champion.version, "gate", "rolled back")
        store.set_registered_model_alias("champions", "champion", previous.version)
        store.delete_registered_model_alias("champions", "previous")
        return
    tried = [v.tags["gate_month"] for v in store.search_model_versions("name = 'champions'")]
    if not is_bad[0] or str(newest) in tried:
        return
    challenger = train(part(max(1, newest - 12), newest - 1))
    value = loss(challenger, here)
    if math.isnan(value) or value > now - 0.04:
        keep(challenger, "refused", newest)
        return
    version = keep(challenger, "promoted", newest)
    store.set_registered_model_alias("champions", "previous", champion.version)
    store.set_registered_model_alias("champions", "champion", version.version)
