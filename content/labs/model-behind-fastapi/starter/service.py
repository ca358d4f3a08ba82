"""A churn model behind HTTP."""

import os

from fastapi import FastAPI

import runtime

MODEL_PATH = os.environ.get("MODEL_PATH", "model.json")

app = FastAPI(title="Churn")


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/v1/predict")
async def predict(body: dict):
    model = runtime.read_artefact(MODEL_PATH)
    vectors = [[row["age"], row["income"], row["visits"]] for row in body["rows"]]
    weights = [each["weight"] for each in model["numeric"]]
    return {"predictions": runtime.score(vectors, weights, model["intercept"])}
