"""You resolve as soon as the signs are gone, so an incident that pauses for three minutes pages again when it goes on: let some calm minutes pass first."""

import json
from collections import Counter as tally
from collections import deque

import runtime
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from pydantic import BaseModel, ConfigDict, Field

MODEL = runtime.read_model()
SENSORS = MODEL["sensors"]
SLOW = 0.3  # seconds

WINDOW = 160.0  # seconds that are judged together
FEWEST_REQUESTS, FEWEST_ROWS = 4, 40  # fewer say nothing
KEEP = 0.0
GROUPS = {"errors": "service", "latency": "service"}  # everything else is "rows"

REQUESTS = Counter("requests", "Answers of POST /predict.", ["status"])
SECONDS = Histogram(
    "request_seconds", "From a valid request to its answer.", buckets=(0.05, 0.1, 0.2, SLOW, 1, 3)
)
ROWS = Counter("rows", "Rows of valid requests.")
MISSING = Counter("missing", "Rows without a value.", ["sensor"])
UNSEEN = Counter("unseen", "Rows with a mode that training did not have.")

ACTIONS = {
    "errors": "Look whether the model server is up; if not, restart it, then roll back.",
    "latency": "Look at the load of the model server; shed or add a replica.",
    "missing": "Ask the plant which gateway is down; until then mark its pumps as unwatched.",
    "unseen": "Ask the firmware team what the new mode means; retrain before it is trusted.",
    "values": "Compare one pump with its gauge: unit, calibration, or a sensor that is stuck?",
}


class Row(BaseModel):
    """What one pump reports. A sensor that reports nothing sends null, or leaves its field out."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    temperature: float | None = None
    vibration: float | None = None
    pressure: float | None = None
    mode: str


class Batch(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    id: str
    at: float  # seconds since 1970, when the request came
    rows: list[Row] = Field(min_length=1, max_length=100)


class Monitor:
    """The last minutes of requests, and what is wrong with them."""

    def __init__(self):
        self.requests = deque()  # (at, what was seen)
        self.seen = tally()  # the sum over all of them

    def add(self, at, seconds, failed, rows):
        seen = {"requests": 1, "slow": seconds > SLOW, "failed": failed, "rows": len(rows)}
        seen["unseen"] = sum(row.mode not in MODEL["modes"] for row in rows)
        for name, sensor in SENSORS.items():
            # What came, not what prepare() made of it: that has no gaps and nothing odd.
            values = [v for row in rows if (v := getattr(row, name)) is not None]
            z = [(v - sensor["mean"]) / sensor["sd"] for v in values]
            seen[name, "n"] = len(z)
            seen[name, "z"] = sum(z)
            seen[name, "z2"] = sum(each * each for each in z)
        self.requests.append((at, seen))
        self.seen.update(seen)
        while self.requests[0][0] <= at - WINDOW:
            self.seen.subtract(self.requests.popleft()[1])

    def signs(self):
        """Return {signal: labels} for all that is wrong, what explains most first."""
        signs, seen = {}, self.seen
        if seen["requests"] >= FEWEST_REQUESTS:
            if seen["failed"] > 0.3 * seen["requests"]:
                signs["errors"] = {}
            if seen["slow"] > 0.3 * seen["requests"]:
                signs["latency"] = {}
        if seen["rows"] >= FEWEST_ROWS:
            if seen["unseen"] > 0.1 * seen["rows"]:
                signs["unseen"] = {}
            for name in SENSORS:
                n = seen[name, "n"]
                if seen["rows"] - n > 0.15 * seen["rows"]:
                    signs.setdefault("missing", {"sensor": name})
                elif is_strange(seen[name, "z"] / n, seen[name, "z2"] / n):
                    signs.setdefault("values", {"sensor": name})
        return signs


def is_strange(mean, square):
    """Say whether standardised values have another mean or spread than in training."""
    variance = square - mean * mean
    return abs(mean) > 0.8 or not 0.2 < variance < 5.0


class Pager:
    """One open message in each group; what else goes wrong there meanwhile is the same incident."""

    def __init__(self):
        self.sent = []
        self.open = {}  # group: (message, when it last showed)

    def look(self, at, signs):
        for group in ("service", "rows"):
            here = [each for each in signs if GROUPS.get(each, "rows") == group]
            message, last = self.open.get(group, (None, None))
            if here:
                if message is None:
                    message = self.fire(here[0], signs[here[0]])
                self.open[group] = (message, at)
            elif message is not None and at - last >= KEEP:
                self.sent.append({**message, "status": "resolved"})
                del self.open[group]

    def fire(self, signal, labels):
        message = {
            "status": "firing",
            "labels": {"alertname": f"Pumps_{signal}", "signal": signal, **labels},
            "annotations": {
                "action": ACTIONS[signal],
                "runbook_url": f"https://runbooks.example/pumps/{signal}",
            },
        }
        self.sent.append(message)
        return message


monitor, pager, log = Monitor(), Pager(), deque(maxlen=500)
app = FastAPI(title="Pumps")


def prepare(row):
    """Return what the model is given: gaps filled, odd values clipped, unseen modes at 0."""
    vector = [MODEL["intercept"]]
    for name, sensor in SENSORS.items():
        value = getattr(row, name)
        if value is None:
            value = sensor["mean"]
        z = (value - sensor["mean"]) / sensor["sd"]
        vector.append(sensor["weight"] * max(-4.0, min(4.0, z)))
    vector.append(MODEL["modes"].get(row.mode, 0.0))
    return vector


def count_rows(rows):
    ROWS.inc(len(rows))
    for name in SENSORS:
        MISSING.labels(name).inc(sum(getattr(row, name) is None for row in rows))
    UNSEEN.inc(sum(row.mode not in MODEL["modes"] for row in rows))


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError):
    REQUESTS.labels(422).inc()
    detail = [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]
    return JSONResponse({"detail": detail}, status_code=422)


@app.post("/predict")
async def predict(batch: Batch):
    began = runtime.timer()
    try:
        scores = runtime.score(batch.id, [prepare(row) for row in batch.rows])
        answer = JSONResponse({"predictions": scores})
    except runtime.ModelServerError as error:
        answer = JSONResponse({"detail": str(error)}, status_code=503)
    seconds = runtime.timer() - began
    REQUESTS.labels(answer.status_code).inc()
    SECONDS.observe(seconds)
    gaps = sum(getattr(row, name) is None for row in batch.rows for name in SENSORS)
    line = {"id": batch.id, "status": answer.status_code, "seconds": seconds, "gaps": gaps}
    log.append(json.dumps(line))
    count_rows(batch.rows)
    monitor.add(batch.at, seconds, answer.status_code != 200, batch.rows)
    pager.look(batch.at, monitor.signs())
    return answer


@app.get("/metrics")
async def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@app.get("/log")
async def lines():
    return PlainTextResponse("".join(f"{line}\n" for line in log))


@app.get("/alerts")
async def alerts():
    """Every message to the pager so far, oldest first."""
    return pager.sent
