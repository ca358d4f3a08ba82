"""Windows by number and not by time: the last requests and the last values of each sensor."""

import json
import statistics
from collections import deque
from dataclasses import dataclass, field

import prometheus_client as prometheus
import runtime
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import FiniteFloat, TypeAdapter, ValidationError
from typing_extensions import NotRequired, TypedDict

MODEL = runtime.read_model()
REQUESTS = prometheus.Counter("requests", "Answers by status", ["status"])
SECONDS = prometheus.Histogram("request_seconds", "Latency", buckets=(0.15, 0.3, 0.6, 1.2, 2.4))
ROWS = prometheus.Counter("rows", "Rows")
MISSING = prometheus.Counter("missing", "Gaps", ["sensor"])
UNSEEN = prometheus.Counter("unseen", "Unseen modes", ["known_to_be_new"])


class Row(TypedDict):
    temperature: NotRequired[FiniteFloat | None]
    vibration: NotRequired[FiniteFloat | None]
    pressure: NotRequired[FiniteFloat | None]
    mode: str


class Body(TypedDict):
    id: str
    at: FiniteFloat
    rows: list[Row]


READER = TypeAdapter(Body)


def last(n):
    return field(default_factory=lambda: deque(maxlen=n))


@dataclass
class Sensor:
    """What one sensor has sent of late."""

    name: str
    gaps: deque = last(100)
    values: deque = last(80)

    def add(self, value):
        self.gaps.append(value is None)
        if value is not None:
            usual = MODEL["sensors"][self.name]
            self.values.append((value - usual["mean"]) / usual["sd"])

    def trouble(self):
        if len(self.gaps) == 100 and sum(self.gaps) >= 20:
            return {"signal": "missing", "sensor": self.name}
        if len(self.values) < 80:
            return None
        middle, spread = statistics.fmean(self.values), statistics.pstdev(self.values)
        odd = abs(middle) > 0.7 or spread > 1.9 or spread < 0.6
        return {"signal": "values", "sensor": self.name} if odd else None


sensors = {name: Sensor(name) for name in MODEL["sensors"]}
slow, failed, new = deque(maxlen=12), deque(maxlen=12), deque(maxlen=100)
sent, pages, lines = [], {}, []
app = FastAPI()


def update(group, at, labels):
    if labels:
        if group not in pages:
            pages[group] = {"labels": labels}
            send("firing", labels)
        pages[group]["bad"] = at
    elif group in pages and at - pages[group]["bad"] > 480:
        send("resolved", pages.pop(group)["labels"])


def send(status, labels):
    what = labels["signal"]
    sent.append(
        {
            "status": status,
            "labels": {"alertname": what.title(), **labels},
            "annotations": {
                "action": f"First steps when it is {what}",
                "runbook_url": f"https://runbooks.test/{what}.html",
            },
        }
    )


def vector_of(row):
    parts = [MODEL["intercept"], MODEL["modes"].get(row["mode"], 0.0)]
    for name, usual in MODEL["sensors"].items():
        value = row.get(name)
        z = 0.0 if value is None else (value - usual["mean"]) / usual["sd"]
        parts.append(usual["weight"] * min(max(z, -4.0), 4.0))
    return parts


@app.post("/predict")
async def predict(request: Request):
    try:
        body = READER.validate_json(await request.body(), strict=True)
        if not 1 <= len(body["rows"]) <= 100:
            raise ValueError("between 1 and 100 rows")
    except (ValidationError, ValueError) as error:
        REQUESTS.labels("422").inc()
        return JSONResponse({"detail": str(error)}, 422)
    for row in body["rows"]:
        ROWS.inc()
        new.append(row["mode"] not in MODEL["modes"])
        if new[-1]:
            UNSEEN.labels("yes").inc()
        for name, sensor in sensors.items():
            sensor.add(row.get(name))
            if row.get(name) is None:
                MISSING.labels(sensor=name).inc()
    began = runtime.timer()
    try:
        answer = JSONResponse(
            {"predictions": runtime.score(body["id"], [vector_of(row) for row in body["rows"]])}
        )
    except runtime.ModelServerError:
        answer = JSONResponse({"detail": "try again"}, 503)
    took = runtime.timer() - began
    SECONDS.observe(took)
    REQUESTS.labels(str(answer.status_code)).inc()
    lines.append(
        {
            "level": "info" if answer.status_code == 200 else "error",
            "id": body["id"],
            "status": answer.status_code,
            "seconds": round(took, 6),
            "gaps": sum(row.get(name) is None for row in body["rows"] for name in sensors),
        }
    )
    slow.append(took > 0.3)
    failed.append(answer.status_code == 503)
    service = next(
        (
            {"signal": name}
            for name, each in (("errors", failed), ("latency", slow))
            if sum(each) >= 4
        ),
        None,
    )
    update("service", body["at"], service)
    rows = {"signal": "unseen"} if sum(new) >= 15 else None
    rows = rows or next((t for s in sensors.values() if (t := s.trouble())), None)
    update("rows", body["at"], rows)
    return answer


@app.get("/metrics")
def metrics():
    return Response(prometheus.generate_latest(), headers={"content-type": "text/plain"})


@app.get("/log")
def log():
    return Response("\n".join(map(json.dumps, lines[-200:])), media_type="application/x-ndjson")


@app.get("/alerts")
def alerts():
    return sent
