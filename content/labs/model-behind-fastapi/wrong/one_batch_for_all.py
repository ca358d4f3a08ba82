"""You keep the request's rows in a place that all requests share: under load one customer gets another one's answer, and it never happens while you look."""

import asyncio
import math
import os
import threading
from contextlib import asynccontextmanager

import runtime
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

MODEL_PATH = os.environ.get("MODEL_PATH", "model.json")


class Row(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    age: float = Field(ge=0, le=120)
    income: float | None = Field(default=None, ge=0)
    visits: int = Field(ge=0)
    plan: str | None = None


class Batch(BaseModel):
    rows: list[Row] = Field(min_length=1, max_length=100)


class Model:
    """An artefact, and the preprocessing that it was trained with."""

    def __init__(self, artefact):
        self.version = artefact["version"]
        self.intercept = artefact["intercept"]
        self.numeric = artefact["numeric"]
        self.plans = artefact["categorical"]["weights"]

    def vector(self, row):
        vector = []
        for column in self.numeric:
            value = getattr(row, column["name"])
            if value is None:
                value = column["median"]
            if column["log"]:
                value = math.log1p(value)
            vector.append((value - column["mean"]) / column["scale"])
        return [*vector, self.plans.get(row.plan, 0.0)]

    def predict(self, rows):
        weights = [*(column["weight"] for column in self.numeric), 1.0]
        return runtime.score([self.vector(row) for row in rows], weights, self.intercept)


@asynccontextmanager
async def lifespan(app):
    def load():
        app.state.model = Model(runtime.read_artefact(MODEL_PATH))

    threading.Thread(target=load, daemon=True).start()
    yield


app = FastAPI(title="Churn", lifespan=lifespan)
app.state.model = None


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError):
    detail = [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]
    return JSONResponse({"detail": detail}, status_code=422)


def loaded():
    if app.state.model is None:
        raise HTTPException(503, "the model is still loading")
    return app.state.model


@app.get("/health")
async def health():
    return {"status": "alive"}


@app.get("/ready")
async def ready():
    return {"status": "ready", "version": loaded().version}


@app.post("/v1/predict")
async def predict(batch: Batch):
    model = loaded()
    app.state.rows = batch.rows
    await asyncio.sleep(0.3)
    predictions = await run_in_threadpool(lambda: model.predict(app.state.rows))
    return JSONResponse(
        {"predictions": predictions, "version": model.version},
        headers={"x-model-version": model.version},
    )
