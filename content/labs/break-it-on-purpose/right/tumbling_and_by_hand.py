"""Windows of four minutes that follow each other, failures that are raised, metrics by hand."""

import json
import math
from typing import Annotated

import numpy as np
import runtime
from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from pydantic import AllowInfNan, BaseModel, FiniteFloat, StrictFloat, StrictInt, StrictStr, conlist

MODEL = runtime.read_model()
NAMES = list(MODEL["sensors"])
MEANS = np.array([MODEL["sensors"][name]["mean"] for name in NAMES])
SPREADS = np.array([MODEL["sensors"][name]["sd"] for name in NAMES])
WEIGHTS = np.array([MODEL["sensors"][name]["weight"] for name in NAMES])
BOUNDS = [0.1, 0.3, 0.9, 2.7]
LENGTH = 240

app = FastAPI()
Number = Annotated[StrictFloat, AllowInfNan(False)] | StrictInt | None
counts = {"rows_total": 0, "unseen_total": 0}
buckets, total, pager = [0] * (len(BOUNDS) + 1), [0.0], []
window = {"until": None, "requests": 0, "slow": 0, "failed": 0, "table": [], "unseen": 0}
open_pages = {}
log = []


class Row(BaseModel):
    temperature: Number = None
    vibration: Number = None
    pressure: Number = None
    mode: StrictStr


class Batch(BaseModel):
    id: StrictStr
    at: FiniteFloat
    rows: conlist(Row, min_length=1, max_length=100)


def count(series, by=1):
    counts[series] = counts.get(series, 0) + by


def judge_window():
    """Return for each group what is wrong in the window that has ended, or None."""
    n, service, rows = window["requests"], None, None
    if n >= 5:
        for signal, share in (("errors", window["failed"] / n), ("latency", window["slow"] / n)):
            if share >= 1 / 3 and service is None:
                service = {"signal": signal}
    if len(window["table"]) >= 50:
        table = np.array(window["table"])
        gaps = np.isnan(table).mean(axis=0)
        z = (table - MEANS) / SPREADS
        if window["unseen"] / len(table) > 0.2:
            rows = {"signal": "unseen"}
        elif gaps.max() > 0.25:
            rows = {"signal": "missing", "sensor": NAMES[int(gaps.argmax())]}
        else:
            off = np.maximum(
                abs(np.nanmean(z, axis=0)) / 0.7, abs(np.log(np.nanstd(z, axis=0) + 1e-6)) / 0.8
            )
            if off.max() > 1:
                rows = {"signal": "values", "sensor": NAMES[int(off.argmax())]}
    return {"service": service, "rows": rows}


def tell(status, labels):
    signal = labels["signal"]
    pager.append(
        {
            "status": status,
            "labels": labels,
            "annotations": {
                "action": f"Follow the steps for {signal}",
                "runbook_url": f"https://example.org/runbook#{signal}",
            },
        }
    )


def close_window(at):
    for group, labels in judge_window().items():
        page = open_pages.get(group)
        if labels and page is None:
            open_pages[group] = [labels, 0]
            tell("firing", labels)
        elif labels:
            page[1] = 0
        elif page is not None:
            page[1] += 1
            if page[1] == 3:  # a pause makes two windows calm at most
                tell("resolved", page[0])
                del open_pages[group]
    window.update(until=at + LENGTH, requests=0, slow=0, failed=0, table=[], unseen=0)


@app.exception_handler(RequestValidationError)
async def refuse(request, error):
    count('requests_total{status="422"}')
    return PlainTextResponse("not what a pump sends", 422)


@app.post("/predict")
async def predict(batch: Batch):
    if window["until"] is None:
        window["until"] = batch.at + LENGTH
    elif batch.at >= window["until"]:
        close_window(batch.at)
    table = [
        [math.nan if (v := getattr(row, name)) is None else v for name in NAMES]
        for row in batch.rows
    ]
    unseen = sum(row.mode not in MODEL["modes"] for row in batch.rows)
    window["table"] += table
    window["unseen"] += unseen
    window["requests"] += 1
    count("rows_total", len(table))
    count("unseen_total", unseen)
    for column, name in enumerate(NAMES):
        count(f'missing_total{{sensor="{name}"}}', sum(math.isnan(row[column]) for row in table))
    z = np.nan_to_num((np.array(table) - MEANS) / SPREADS).clip(-4, 4) * WEIGHTS
    modes = [MODEL["modes"].get(row.mode, 0.0) for row in batch.rows]
    vectors = np.column_stack([z, modes, np.full(len(table), MODEL["intercept"])]).tolist()
    began, status = runtime.timer(), 500
    try:
        answer = {"predictions": runtime.score(batch.id, vectors)}
        status = 200
        return answer
    except runtime.ModelServerError:
        window["failed"] += 1
        raise HTTPException(status) from None
    finally:
        took = runtime.timer() - began
        count(f'requests_total{{status="{status}"}}')
        gaps = int(np.isnan(np.array(table)).sum())
        log.append({"seconds": took, "status": status, "gaps": gaps, "id": batch.id})
        del log[:-120]
        buckets[sum(took > bound for bound in BOUNDS)] += 1
        total[0] += took
        window["slow"] += took > 0.3


@app.get("/metrics")
async def metrics():
    lines = ["# TYPE request_seconds histogram"]
    so_far = 0
    for bound, n in zip([*BOUNDS, "+Inf"], buckets, strict=True):
        so_far += n
        lines.append(f'request_seconds_bucket{{le="{bound}"}} {so_far}')
    lines += [f"request_seconds_sum {total[0]}", f"request_seconds_count {so_far}"]
    lines += [f"{series} {n}" for series, n in counts.items()]
    return PlainTextResponse("\n".join(lines) + "\n")


@app.get("/log")
async def read_log():
    return PlainTextResponse("".join(json.dumps(each) + "\n" for each in log))


@app.get("/alerts")
async def alerts():
    return pager
