"""The API: typed inspections in, chances of a failure out; each is logged before it goes."""

import contextlib
import json
import re
import sqlite3
import threading
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pumps.model import CURRENT, chances, current, load

LOG = Path("state/predictions.db")
IDENTIFIER = re.compile(r"[\x21-\x7e]{1,128}")


class Inspection(BaseModel):
    """What is sent of one inspection; a reading that was not taken is null."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    maker: Annotated[str, Field(max_length=100)] | None
    depth_m: Annotated[float, Field(ge=0, le=500)]
    age_years: Annotated[float, Field(ge=0, le=80)]
    hours: Annotated[int, Field(ge=0, le=200_000)]
    vibration: Annotated[float, Field(ge=0, le=100)] | None
    temperature: Annotated[float, Field(ge=-40, le=150)] | None
    pressure: Annotated[float, Field(ge=0, le=60)] | None
    oil: Annotated[str, Field(max_length=100)] | None
    inspector: Annotated[str, Field(max_length=200)]


class Question(BaseModel):
    """Up to a hundred inspections."""

    inspections: Annotated[list[Inspection], Field(min_length=1, max_length=100)]


class Answer(BaseModel):
    """The chance of a failure within 30 days, one for each inspection, in their order."""

    risks: list[float]
    version: str


class Serving:
    """The version in service, looked up anew when models/current changes."""

    def __init__(self) -> None:
        self._lock, self._seen = threading.Lock(), 0
        self.now()

    def now(self) -> tuple[str, Any]:
        """Return the name of the version and the model."""
        with self._lock:
            if (changed := CURRENT.stat().st_mtime_ns) != self._seen:
                version = current()
                self._model, self._seen = (version, load(version)), changed
            return self._model


class Log:
    """Every prediction, in SQLite; who inspected is not written down."""

    def __init__(self, path: Path = LOG) -> None:
        path.parent.mkdir(exist_ok=True)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS predictions (at TEXT DEFAULT CURRENT_TIMESTAMP, "
            "request_id TEXT, version TEXT, inputs TEXT, risks TEXT)"
        )

    def write(self, identifier: str, version: str, rows: list[dict], risks: list[float]) -> None:
        """Write one answered request; it is there once this returns."""
        inputs = [{k: v for k, v in row.items() if k != "inspector"} for row in rows]
        line = (identifier, version, json.dumps(inputs), json.dumps(risks))
        with self._lock:
            self._base.execute(
                "INSERT INTO predictions (request_id, version, inputs, risks) VALUES (?, ?, ?, ?)",
                line,
            )

    def close(self) -> None:
        """Close the file."""
        self._base.close()


@contextlib.asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Load the model and open the log before the first request."""
    app.state.serving, app.state.log = Serving(), Log()
    yield
    app.state.log.close()


app = FastAPI(title="Pump failures", version="1", lifespan=running)


@app.exception_handler(RequestValidationError)
async def refuse(_: Request, fault: RequestValidationError) -> JSONResponse:
    """Say what is wrong and where, and repeat nothing of what was sent."""
    detail = [{"loc": list(each["loc"]), "msg": each["msg"]} for each in fault.errors()]
    return JSONResponse({"detail": detail}, 422)


@app.post("/v1/predict")
def predict(
    question: Question, response: Response, x_request_id: Annotated[str, Header()] = ""
) -> Answer:
    """Predict each inspection with the version in service."""
    named = IDENTIFIER.fullmatch(x_request_id)
    identifier = x_request_id if named else str(uuid.uuid4())
    rows = [each.model_dump() for each in question.inspections]
    version, model = app.state.serving.now()
    risks = chances(model, rows)
    app.state.log.write(identifier, version, rows, risks)
    response.headers["X-Request-ID"] = identifier
    return Answer(risks=risks, version=version)


@app.get("/health")
def health() -> dict[str, str]:
    """Say that a model is loaded: the service starts with none."""
    return {"status": "ready"}


@app.get("/version")
def which() -> dict[str, str]:
    """Name the version that answers now."""
    return {"model": app.state.serving.now()[0]}
