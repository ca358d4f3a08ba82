"""A versioned router, a dependency that answers 503, annotated types, a response model."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Optional

import numpy as np
from fastapi import APIRouter, Depends, FastAPI, Response, status
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, FiniteFloat, NonNegativeInt, Strict
from pydantic.types import conlist

import runtime

pool = ThreadPoolExecutor(max_workers=1)


class Customer(BaseModel):
    age: Annotated[FiniteFloat, Strict()]
    income: Optional[Annotated[FiniteFloat, Strict()]] = None
    visits: Annotated[NonNegativeInt, Strict()]
    plan: Optional[Annotated[str, Strict()]] = None


class Request(BaseModel):
    rows: conlist(Customer, min_length=1, max_length=100)


class Answer(BaseModel):
    predictions: list[float]
    version: str


@contextlib.asynccontextmanager
async def lifespan(app):
    app.state.loading = pool.submit(
        runtime.read_artefact, os.environ.get("MODEL_PATH") or "model.json"
    )
    yield


app = FastAPI(lifespan=lifespan)
router = APIRouter(prefix="/v1")


def current():
    loading = app.state.loading
    if not loading.done():
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE)
    return loading.result()


@app.exception_handler(RequestValidationError)
def invalid(request, error):
    errors = [{k: e[k] for k in ("type", "loc", "msg")} for e in error.errors()]
    return JSONResponse(jsonable_encoder({"detail": errors}), 422)


@app.get("/health")
def health():
    return "ok"


@app.get("/ready", dependencies=[Depends(current)])
def ready():
    return Response(status_code=200)


@router.post("/predict", response_model=Answer)
def predict(request: Request, response: Response, model: Annotated[dict, Depends(current)]):
    faults = []
    for i, row in enumerate(request.rows):
        if not 0 <= row.age <= 120:
            faults.append({"loc": ["body", "rows", i, "age"], "msg": "out of range"})
        if row.income is not None and row.income < 0:
            faults.append({"loc": ["body", "rows", i, "income"], "msg": "below 0"})
    if faults:
        return JSONResponse({"detail": faults}, 422)
    matrix = np.array(
        [
            [np.nan if (x := getattr(row, c["name"])) is None else x for c in model["numeric"]]
            for row in request.rows
        ],
        dtype=float,
    )
    for j, c in enumerate(model["numeric"]):
        matrix[np.isnan(matrix[:, j]), j] = c["median"]
        if c["log"]:
            matrix[:, j] = np.log1p(matrix[:, j])
    scale = np.array([c["scale"] for c in model["numeric"]])
    mean = np.array([c["mean"] for c in model["numeric"]])
    plans = model["categorical"]["weights"]
    extra = [[plans[row.plan] if row.plan in plans else 0] for row in request.rows]
    vectors = np.hstack([(matrix - mean) / scale, extra]).tolist()
    weights = [c["weight"] for c in model["numeric"]] + [1]
    response.headers["X-Model-Version"] = model["version"]
    return Answer(
        predictions=runtime.score(vectors, weights, model["intercept"]), version=model["version"]
    )


app.include_router(router)
