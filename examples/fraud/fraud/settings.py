"""What the surroundings decide: places, servers and bounds, each an environment variable.

Every default is embedded (SQLite, local files, no broker); a variable puts a real server there.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fraud.defects import check, one_of

DAY = 86_400.0
VARIABLES = (
    "FRAUD_STATE",
    "FRAUD_DATABASE",
    "FRAUD_MODELS",
    "FRAUD_BROKERS",
    "FRAUD_WEBHOOK",
    "FRAUD_LABEL_DAYS",
    "FRAUD_QUEUE",
    "FRAUD_DEFECT",
)
Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Settings:
    """One running system's surroundings."""

    state: Path
    """Folder of everything that is written."""
    database: str
    """SQLAlchemy URL of payments, prediction log, offsets, releases and alerts."""
    tracking: str
    """MLflow's tracking server and registry."""
    models: Path
    """Folder that holds the released models, one folder a version."""
    brokers: str
    """Kafka brokers, `host:port,…`; empty where no stream is read."""
    webhook: str
    """Where alerts are posted; empty where nobody listens."""
    label_days: float
    """Days within which a fraud is reported; what was not reported by then is genuine."""
    queue: int
    """Requests that may wait; what comes beyond is refused at once."""


class Mistaken(ValueError):
    """A variable that cannot be followed; the text says which, and why."""


def settings() -> Settings:
    """Read the environment; raises Mistaken for a variable of ours that is none, or says nothing.

    A name with a slip in it would otherwise do nothing, and nobody would know.
    """
    for name in os.environ:
        if name.startswith("FRAUD_") and name not in VARIABLES:
            raise Mistaken(f"{name}: there is no such variable{one_of(name, VARIABLES)}")
    check()
    ours = os.environ.get
    state = Path(ours("FRAUD_STATE", "state")).absolute()
    state.mkdir(parents=True, exist_ok=True)
    return Settings(
        state=state,
        database=ours("FRAUD_DATABASE", f"sqlite:///{state / 'fraud.db'}"),
        tracking=ours("MLFLOW_TRACKING_URI", f"sqlite:///{state / 'mlflow.db'}"),
        models=Path(ours("FRAUD_MODELS", str(state / "models"))).absolute(),
        brokers=ours("FRAUD_BROKERS", ""),
        webhook=ours("FRAUD_WEBHOOK", ""),
        label_days=_above_zero("FRAUD_LABEL_DAYS", ours("FRAUD_LABEL_DAYS", "3"), float),
        queue=_above_zero("FRAUD_QUEUE", ours("FRAUD_QUEUE", "512"), int),
    )


def _above_zero(name: str, said: str, kind: Callable[[str], Number]) -> Number:
    try:
        value = kind(said)
    except ValueError:
        value = kind("0")
    if not 0 < value < math.inf:
        what = "a whole number" if kind is int else "a number"
        raise Mistaken(f"{name}: '{said}' is not {what} above 0")
    return value
