"""Watches the champion, retrains when it fails, and lets nothing through that is not better."""

import mlflow
from mlflow.exceptions import MlflowException

NAME = "returns"
ALARM, MARGIN, DELAY = 0.08, 0.04, 2

mlflow.set_tracking_uri("sqlite:///mlflow.db")
client = mlflow.MlflowClient()


def weekly(month, rows, train, loss):
    """Look at the newest complete labels, and act on them once."""
    newest = month - DELAY
    gate = rows.id[rows.month == newest].tolist()
    past = rows.id[rows.month < newest].tolist()
    champion = find_champion()
    if champion is None:
        model = train(past)
        promote(register(model, newest, loss(model, gate), "promoted"))
        return
    now = loss(model_of(champion), gate)
    if now <= float(champion.tags["gate_loss"]) + ALARM:
        return
    if goes_back(champion, now, lambda version: loss(model_of(version), gate)):
        return
    if judged_before(newest):  # the same labels would give the same answer
        return
    # All of the past, so that it knows the season; nothing of the month that judges it.
    model = train(past)
    challenger = loss(model, gate)
    # Asked this way round, a loss that is NaN is refused.
    if challenger <= now - MARGIN:
        promote(register(model, newest, challenger, "promoted", champion.version))
    else:
        register(model, newest, challenger, "refused")


def find_champion():
    try:
        return client.get_model_version_by_alias(NAME, "champion")
    except MlflowException:
        return None


def model_of(version):
    return mlflow.artifacts.load_dict(version.source)


def goes_back(champion, now, loss_of):
    """Give the place back to the champion before, if that one would have done better."""
    if "before" not in champion.tags:
        return False
    before = client.get_model_version(NAME, champion.tags["before"])
    if loss_of(before) <= now - MARGIN:
        client.set_model_version_tag(NAME, champion.version, "gate", "rolled back")
        client.set_model_version_tag(NAME, before.version, "gate_loss", repr(loss_of(before)))
        promote(before.version)
        return True
    return False


def judged_before(newest):
    versions = client.search_model_versions(f"name = '{NAME}'")
    return any(version.tags["gate_month"] == str(newest) for version in versions)


def register(model, newest, its_loss, gate, before=None):
    """Keep a challenger, whatever became of it, and return its version."""
    known = client.get_experiment_by_name(NAME)
    experiment = known.experiment_id if known else client.create_experiment(NAME)
    if known is None:
        client.create_registered_model(NAME)
    run = client.create_run(experiment).info
    client.log_dict(run.run_id, model, "model.json")
    client.set_terminated(run.run_id)
    tags = {"gate_month": str(newest), "gate_loss": repr(its_loss), "gate": gate}
    if before:
        tags["before"] = before
    source = f"{run.artifact_uri}/model.json"
    return client.create_model_version(NAME, source, run.run_id, tags=tags).version


def promote(version):
    client.set_registered_model_alias(NAME, "champion", version)
