"""The fluent interface, a window of thirteen months, and one class that keeps nothing to itself."""

import os

import mlflow
import pandas as pd

MODEL = "shop-returns"
mlflow.set_tracking_uri("sqlite:///" + os.path.abspath("mlflow.db"))


class Registry:
    """What the job has to know, all of it in MLflow."""

    def __init__(self):
        self.api = mlflow.MlflowClient()

    def versions(self):
        found = self.api.search_model_versions(f"name='{MODEL}'")
        return {int(each.version): each for each in found}

    def champion(self):
        models = {each.name: each for each in self.api.search_registered_models()}
        return int(models[MODEL].aliases["champion"]) if models else None

    def load(self, version):
        return mlflow.artifacts.load_dict(version.source + "/model.json")

    def add(self, model, **tags):
        mlflow.set_experiment("retraining")
        with mlflow.start_run() as run:
            mlflow.log_dict(model, "trained/model.json")
            mlflow.log_metric("gate_loss", tags["gate_loss"])
        if not self.api.search_registered_models():
            self.api.create_registered_model(MODEL)
        made = self.api.create_model_version(
            MODEL, run.info.artifact_uri + "/trained", run_id=run.info.run_id
        )
        for name, value in tags.items():
            self.api.set_model_version_tag(MODEL, made.version, name, str(value))
        return int(made.version)

    def crown(self, number):
        self.api.set_registered_model_alias(MODEL, "champion", str(number))


registry = Registry()


def ids_of(rows: pd.DataFrame, months):
    return rows.loc[rows["month"].isin(list(months)), "id"].to_numpy()


def weekly(month, rows, train, loss):
    newest = month - 2
    fresh = ids_of(rows, [newest])
    history = ids_of(rows, range(newest - 13, newest))
    versions, number = registry.versions(), registry.champion()
    if number is None:
        model = train(history)
        first = registry.add(
            model, gate="promoted", gate_month=newest, gate_loss=loss(model, fresh), before=0
        )
        registry.crown(first)
        return "first"
    champion = versions[number]
    score = loss(registry.load(champion), fresh)
    if score - float(champion.tags["gate_loss"]) <= 0.08:
        return "calm"
    previous = versions.get(int(champion.tags["before"]))
    if previous is not None and score - loss(registry.load(previous), fresh) >= 0.04:
        registry.api.set_model_version_tag(MODEL, str(number), "gate", "rolled back")
        registry.crown(previous.version)
        return "rolled back"
    if any(each.tags.get("gate_month") == str(newest) for each in versions.values()):
        return "known"
    try:
        model = train(history)
    except RuntimeError:
        return "no training today"
    challenger = loss(model, fresh)
    passes = score - challenger >= 0.04
    made = registry.add(
        model,
        gate="promoted" if passes else "refused",
        gate_month=newest,
        gate_loss=challenger,
        before=number,
    )
    if passes:
        registry.crown(made)
    return "judged"
