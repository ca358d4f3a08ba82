"""A running ML system as its owner declares it: what is met from the outside, and how."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class AlertKind(StrEnum):
    """Where a service tells of trouble."""

    WEBHOOK = "webhook"
    FILE = "file"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """Which contract a service keeps, and what that contract leaves open."""

    name: str
    """Such as `plain-json` or `open-inference`."""
    path: str = ""
    """Path of predictions, where the contract leaves it open."""
    ready: str = ""
    """Path that answers 2xx once it is ready, where the contract leaves it open."""
    openapi: str = ""
    """Path of its OpenAPI document; empty where it has none."""
    model: str = "model"
    """Name of the model, where it stands in a path."""
    columns: tuple[str, ...] = ()
    """Names of the features in their order."""
    field: str = ""
    """Name of the JSON field that holds the rows."""
    output: str = ""
    """Name of the JSON field that holds the predictions, or the way to it, such as `a.b`."""
    single: bool = False
    """Whether a request holds one row and not a list."""
    echo: str = ""
    """Name of the response header, or of the JSON field, that repeats the request's identifier."""


@dataclass(frozen=True, slots=True)
class Promises:
    """What the owner says that the service keeps."""

    p99_ms: float = 100.0
    """The 99th percentile of latency, in milliseconds."""
    rate: float = 50.0
    """Requests a second at which that holds."""
    ready_seconds: float = 60.0
    """Seconds from its start until it is ready."""
    rollback_seconds: float = 30.0
    """Seconds from the command until the old version answers."""
    cpu_seconds: float = 30.0
    """CPU seconds that a thousand predictions take, of all its processes together."""
    memory_mb: float = 2048.0
    """MiB in memory after a thousand predictions, of all its processes together."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Where alerts appear."""

    kind: AlertKind
    """The sort of place."""
    place: str
    """For a webhook the variable that gives the service our address, else a path."""


@dataclass(frozen=True, slots=True)
class PredictionLog:
    """How the log of predictions is read."""

    path: str
    """A JSON Lines file, or an SQLite file, below the project's folder."""
    identifier: str
    """Field or column with the request's identifier."""
    prediction: str = ""
    """Field or column with the prediction; empty where only the identifier is checked."""
    table: str = ""
    """For SQLite, the table."""


@dataclass(frozen=True, slots=True)
class ServiceDeclaration:
    """The `[prove]` part of a project's `gradus.toml`."""

    name: str
    """What the project is called."""
    folder: Path
    """The project's folder; commands run there."""
    start: tuple[str, ...]
    """The command that starts the service; `{port}` stands for the port. Empty for a URL."""
    contract: ContractTerms
    """How predictions are asked for."""
    rows: str
    """JSON Lines file with valid rows, below the folder."""
    digest: str
    """`sha256:…` over the declaration and the rows."""
    promises: Promises = Promises()
    """What it is held to."""
    url: str = ""
    """Where a deployed service answers; empty where it is started by a command."""
    offline: tuple[str, ...] = ()
    """The command of the offline batch; `{rows}` and `{predictions}` stand for two files."""
    version: str = ""
    """Path and JSON field of the version, such as `/version#model`."""
    alerts: Alerts | None = None
    """Where alerts appear, if they do."""
    log: PredictionLog | None = None
    """The log of predictions, if there is one."""
    retrain: tuple[str, ...] = ()
    """The command that trains a new version; `{labels}` stands for a file with labelled rows."""
    promote: tuple[str, ...] = ()
    """The command that puts a version into service, unless a gate refuses it."""
    rollback: tuple[str, ...] = ()
    """The command that puts the version before back into service."""
