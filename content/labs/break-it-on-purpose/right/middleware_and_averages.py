"""An ASGI middleware counts and times, exponential averages judge, /metrics is a mounted app."""

import json
import math

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, make_asgi_app
from pydantic import BaseModel, ConfigDict, Field

import runtime

MODEL = runtime.read_model("model.json")
registry = CollectorRegistry()
answers = Counter("requests_total", "Answers.", ["method", "status"], registry=registry)
latency = Histogram(
    "request_seconds", "Latency.", buckets=[0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0], registry=registry
)
n_rows = Counter("rows_total", "Rows.", registry=registry)
gaps = Counter("missing_total", "Gaps.", ["sensor"], registry=registry)
unseen = Counter("unseen_total", "New modes.", registry=registry)

BY_REQUEST, BY_ROW = 1 / 10, 1 / 60
average = {"errors": 0.0, "latency": 0.0, "unseen": 0.0}
for each in MODEL["sensors"]:
    average[each, "gap"], average[each, "z"], average[each, "z2"] = 0.0, 0.0, 1.0


def learn(key, value, rate):
    average[key] += rate * (value - average[key])


class Reading(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)
    temperature: float | None = None
    vibration: float | None = None
    pressure: float | None = None
    mode: str


class Request(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)
    id: str
    at: float
    rows: list[Reading] = Field(min_length=1, max_length=100)


class Page:
    """At most one open page; knows when its trouble last showed."""

    log = []

    def __init__(self):
        self.labels = None
        self.last = -math.inf

    def update(self, at, labels):
        if labels:
            self.last = at
            if self.labels is None:
                self.labels = labels
                self.send("firing")
        elif self.labels and at > self.last + 520:
            self.send("resolved")
            self.labels = None

    def send(self, status):
        signal = self.labels["signal"]
        notes = {"action": f"Open the runbook of {signal}.", "runbook_url": f"http://wiki/{signal}"}
        self.log.append({"status": status, "labels": dict(self.labels), "annotations": notes})


of_service, of_rows = Page(), Page()
records = []


def trouble_of_service():
    for signal in ("errors", "latency"):
        if average[signal] > 0.3:
            return {"signal": signal, "severity": "page"}
    return None


def trouble_of_rows():
    if average["unseen"] > 0.15:
        return {"signal": "unseen", "sensor": "mode"}
    for name in MODEL["sensors"]:
        if average[name, "gap"] > 0.2:
            return {"signal": "missing", "sensor": name}
    for name in MODEL["sensors"]:
        mean, square = average[name, "z"], average[name, "z2"]
        if abs(mean) > 0.65 or not 0.3 < square - mean**2 < 3.2:
            return {"signal": "values", "sensor": name}
    return None


class Watch:
    """Counts and times every answer of POST /predict, whatever became of it."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("POST", "/predict"):
            return await self.app(scope, receive, send)
        began, seen = runtime.timer(), {"status": 500}

        async def look(message):
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, look)
        finally:
            took, status = runtime.timer() - began, seen["status"]
            answers.labels("POST", str(status)).inc()
            latency.observe(took)
            at = scope.get("state", {}).get("at")
            if at is not None and status != 422:
                learn("errors", float(status >= 500), BY_REQUEST)
                learn("latency", float(took > 0.3), BY_REQUEST)
                of_service.update(at, trouble_of_service())
                records.append({**scope["state"], "status": status, "seconds": took})


app = FastAPI()
app.add_middleware(Watch)
app.mount("/metrics", make_asgi_app(registry=registry))


def take(row):
    """Count one row as it came, and return the model's vector."""
    new = row.mode not in MODEL["modes"]
    unseen.inc(new)
    learn("unseen", float(new), BY_ROW)
    vector = [MODEL["intercept"], MODEL["modes"].get(row.mode, 0.0)]
    for name, sensor in MODEL["sensors"].items():
        value = getattr(row, name)
        learn((name, "gap"), float(value is None), BY_ROW)
        gaps.labels(name).inc(value is None)
        if value is None:
            continue
        z = max(-8.0, min(8.0, (value - sensor["mean"]) / sensor["sd"]))
        learn((name, "z"), z, BY_ROW)
        learn((name, "z2"), z * z, BY_ROW)
        vector.append(sensor["weight"] * max(-4.0, min(4.0, z)))
    return vector


from starlette.requests import Request as Raw  # noqa: E402


@app.post("/predict")
async def predict(batch: Request, raw: Raw):
    raw.state.at, raw.state.id = batch.at, batch.id
    raw.state.gaps = sum(
        value is None for row in batch.rows for value in (row.temperature, row.vibration, row.pressure)
    )
    n_rows.inc(len(batch.rows))
    vectors = [take(row) for row in batch.rows]
    of_rows.update(batch.at, trouble_of_rows())
    try:
        return {"predictions": runtime.score(batch.id, vectors)}
    except runtime.ModelServerError:
        return PlainTextResponse("model server down", 502)


@app.get("/log")
async def newest_last():
    return PlainTextResponse("\n".join(json.dumps(each) for each in records[-300:]))


@app.get("/alerts")
async def alerts():
    return json.loads(json.dumps(Page.log))
