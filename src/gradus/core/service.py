"""A running ML system as its owner declares it: what is met from the outside, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class AlertKind(StrEnum):
    """Where a service tells of trouble."""

    WEBHOOK = "webhook"
    FILE = "file"
    ENDPOINT = "endpoint"


class Measure(StrEnum):
    """How the quality of predictions is measured against the truth."""

    AUC = "auc"
    """Share of pairs of a true and a false row that are in order; truth is 0 or 1."""
    LOG_LOSS = "log-loss"
    """Mean of minus the logarithm of the probability given to the truth, which is 0 or 1."""
    BRIER = "brier"
    """Mean square of probability minus truth, which is 0 or 1."""
    ACCURACY = "accuracy"
    """Share of rows whose prediction is the truth."""
    ABSOLUTE_ERROR = "absolute-error"
    """Mean distance between prediction and truth."""


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
    drift_rows: int = 2000
    """Rows after the beginning of a drift within which an alert comes."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Where alerts appear."""

    kind: AlertKind
    """The sort of place."""
    place: str
    """For a webhook the variable that gives the service our address, else a path."""
    columns: tuple[str, ...] = ()
    """Features that are watched for drift; all of them where it is empty."""


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
class Labels:
    """Rows whose truth is known."""

    path: str
    """JSON Lines file below the project's folder: the fields of a row, and the truth."""
    label: str
    """Field with the truth."""
    measure: Measure
    """How predictions are compared with it."""
    baseline: str = ""
    """Field with what a simple rule predicts; it is not sent."""
    slices: tuple[str, ...] = ()
    """Fields each of whose values is a group that may not be left behind."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a project itself says that its model predicted of rows which are known besides."""

    rows: tuple[Mapping[str, Any], ...] = ()
    """Valid rows, as they are sent."""
    predictions: tuple[float, ...] = ()
    """One a row."""
    fault: str = ""
    """Why nothing can be compared; empty where something can."""


@dataclass(frozen=True, slots=True)
class Split:
    """An A/B test that runs in the service."""

    variant: str
    """Name of the response header, or of the JSON field, that names the variant that answered."""
    shares: Mapping[str, float]
    """Each variant's share of the users; together 1."""
    field: str = ""
    """Field of a row with the user's id."""
    header: str = ""
    """Request header with the user's id, where it is no field."""
    margin: float = 0.05
    """How far a share may be from what is declared."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What may not get in, and what may not get out."""

    banned: tuple[str, ...] = ()
    """Fields that may not move a prediction."""
    personal: tuple[str, ...] = ()
    """Fields whose values may appear nowhere after a request."""
    unbounded: tuple[str, ...] = ()
    """Numbers for which no value is absurd."""


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
    """The command that trains a new version and prints its name as its last line.

    `{labels}` stands for a file with labelled rows.
    """
    promote: tuple[str, ...] = ()
    """The command that puts a version into service, or ends with another code than 0."""
    rollback: tuple[str, ...] = ()
    """The command that puts the version before back into service."""
    labels: Labels | None = None
    """Rows whose truth is known, if there are any."""
    split: Split | None = None
    """The A/B test, if one runs."""
    guards: Guards | None = None
    """What may not get in or out, where anything is declared."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that its commands get besides those of the person who proves it."""
