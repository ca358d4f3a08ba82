"""What the surroundings decide: places, servers and bounds, each an environment variable.

Every default is embedded (SQLite, local files, no broker); a variable puts a real server there.
"""

import os
from dataclasses import dataclass
from pathlib import Path

DAY = 86_400.0


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


def settings() -> Settings:
    """Read the environment."""
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
        label_days=float(ours("FRAUD_LABEL_DAYS", "3")),
        queue=int(ours("FRAUD_QUEUE", "512")),
    )
