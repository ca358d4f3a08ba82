"""The record of every training, in MLflow: parameters, measures, model, version, alias.

MLflow is imported here and nowhere else, and only by commands: the service does not need it.
"""

import logging
import os
from pathlib import Path
from typing import Any

from fraud.releases import TRUSTED
from fraud.settings import Settings
from fraud.training import Trained

NAME = "fraud"
for each in ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ.setdefault(each, "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # a rollback does not wait minutes
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")


class Registry:
    """MLflow's tracking and registry, wherever they are."""

    def __init__(self, settings: Settings) -> None:
        import mlflow
        import mlflow.sklearn

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        mlflow.set_tracking_uri(settings.tracking)
        self._mlflow = mlflow
        self._artifacts: Path | None = None
        if settings.tracking.startswith("sqlite:"):  # a server knows where artifacts belong
            self._artifacts = settings.state / "artifacts"

    def register(self, trained: Trained, why: str) -> str:
        """Record a training and return the version that its model got."""
        mlflow = self._mlflow
        self._choose_experiment()
        with mlflow.start_run(tags={"why": why}):
            mlflow.log_params(trained.parameters)
            mlflow.log_metrics(trained.metrics)
            mlflow.log_dict(trained.reference, "reference.json")
            logged = mlflow.sklearn.log_model(
                trained.model,
                name="model",
                serialization_format="skops",
                skops_trusted_types=TRUSTED,
                pip_requirements=["scikit-learn", "skops"],
                registered_model_name=NAME,
            )
        return str(logged.registered_model_version)

    def tell(self, version: str, alias: str, **tags: Any) -> None:
        """Give a version an alias, and write down what was decided."""
        client = self._mlflow.MlflowClient()
        client.set_registered_model_alias(NAME, alias, version)
        for name, value in tags.items():
            client.set_model_version_tag(NAME, version, name, str(value))

    def _choose_experiment(self) -> None:
        """Choose the experiment whose artefacts lie here, also after the folder was copied."""
        mlflow = self._mlflow
        if self._artifacts is None:
            mlflow.set_experiment(NAME)
            return
        here = self._artifacts.as_uri()
        known = mlflow.search_experiments()
        found = next((e.experiment_id for e in known if e.artifact_location == here), None)
        name = NAME if all(e.name != NAME for e in known) else f"{NAME}-{len(known)}"
        found = found or mlflow.create_experiment(name, artifact_location=here)
        mlflow.set_experiment(experiment_id=found)
