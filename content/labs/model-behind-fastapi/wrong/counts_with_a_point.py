"""You take 3.0 for a count: a client that sends counts as decimal numbers will send 2.9999 one day, and the contract says whole numbers."""

import math
import os
import threading
from contextlib import asynccontextmanager

import runtime
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

MODEL_PATH = os.environ.get("MODEL_PATH", "model.json")


class Row(BaseModel):
    # strict: "41" and true are not numbers. NaN and infinity are not JSON, and refused.
    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    age: float = Field(ge=0, le=120)
    income: float | None = Field(default=None, ge=0)
    visits: float = Field(ge=0, multiple_of=1)
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
            # The mean and the scale of the training data: the request's own would be others.
            vector.append((value - column["mean"]) / column["scale"])
        return [*vector, self.plans.get(row.plan, 0.0)]

    def predict(self, rows):
        weights = [*(column["weight"] for column in self.numeric), 1.0]
        return runtime.score([self.vector(row) for row in rows], weights, self.intercept)


@asynccontextmanager
async def lifespan(app):
    # Loading takes its time in a thread, so that the service can say meanwhile how it is.
    def load():
        app.state.model = Model(runtime.read_artefact(MODEL_PATH))

    threading.Thread(target=load, daemon=True).start()
    yield


app = FastAPI(title="Churn", lifespan=lifespan)
app.state.model = None


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError):
    # FastAPI's own answer repeats the input, and a NaN in it cannot be written as JSON.
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


# def, not async def: FastAPI runs it in a thread, and the loop stays free for others.
@app.post("/v1/predict")
def predict(batch: Batch):
    model = loaded()
    return JSONResponse(
        {"predictions": model.predict(batch.rows), "version": model.version},
        headers={"x-model-version": model.version},
    )
