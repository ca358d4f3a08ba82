"""Async endpoints that hand the work to an executor, a plain dict for the model, hand-made checks."""

import asyncio
import json
import math
import os

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

import runtime

state = {}


async def lifespan_load():
    state["model"] = await asyncio.to_thread(
        runtime.read_artefact, os.getenv("MODEL_PATH", "model.json")
    )


class Lifespan:
    def __init__(self, app):
        pass

    async def __aenter__(self):
        self.task = asyncio.create_task(lifespan_load())

    async def __aexit__(self, *args):
        self.task.cancel()


app = FastAPI(lifespan=Lifespan)
MISSING = object()


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def faults_of(place, row):
    if not isinstance(row, dict):
        yield ["body", "rows", place], "not an object"
        return
    age = row.get("age", MISSING)
    if not is_number(age) or not 0 <= age <= 120:
        yield ["body", "rows", place, "age"], "a number from 0 to 120"
    income = row.get("income")
    if income is not None and not (is_number(income) and income >= 0):
        yield ["body", "rows", place, "income"], "a number of at least 0, or null"
    visits = row.get("visits", MISSING)
    if isinstance(visits, bool) or not isinstance(visits, int) or visits < 0:
        yield ["body", "rows", place, "visits"], "a whole number of at least 0"
    if not isinstance(row.get("plan"), (str, type(None))):
        yield ["body", "rows", place, "plan"], "a text or null"


def refusal(faults):
    detail = [{"loc": loc, "msg": f"expected {msg}"} for loc, msg in faults]
    return JSONResponse({"detail": detail}, 422)


@app.get("/health")
async def health():
    return {}


@app.get("/ready")
async def ready():
    return JSONResponse({"ready": "model" in state}, 200 if "model" in state else 503)


def compute(model, rows):
    vectors = []
    for row in rows:
        vector = []
        for c in model["numeric"]:
            x = row.get(c["name"])
            x = c["median"] if x is None else x
            x = math.log(1 + x) if c["log"] else x
            vector.append((x - c["mean"]) / c["scale"])
        for level in model["categorical"]["weights"]:
            vector.append(float(row.get("plan") == level))
        vectors.append(vector)
    weights = [c["weight"] for c in model["numeric"]]
    weights += list(model["categorical"]["weights"].values())
    return runtime.score(vectors, weights, model["intercept"])


@app.post("/v1/predict")
async def predict(request: Request):
    model = state.get("model")
    if model is None:
        return JSONResponse({"detail": "loading"}, 503)
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        return refusal([(["body"], f"JSON: {error}")])
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        return refusal([(["body", "rows"], "1 to 100 rows")])
    faults = [fault for place, row in enumerate(rows) for fault in faults_of(place, row)]
    if faults:
        return refusal(faults)
    loop = asyncio.get_running_loop()
    predictions = await loop.run_in_executor(None, compute, model, rows)
    return JSONResponse(
        {"version": model["version"], "predictions": predictions},
        headers={"X-Model-Version": model["version"]},
    )
