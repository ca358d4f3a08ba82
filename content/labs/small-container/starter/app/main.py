"""A churn model behind HTTP; `uvicorn app.main:app` starts it."""

import json
import os
from pathlib import Path

import numpy as np
from fastapi import FastAPI

from app.features import features

BESIDE = Path(__file__).parent.parent / "model" / "model.json"
MODEL = json.loads(Path(os.environ.get("MODEL_PATH", BESIDE)).read_text())

app = FastAPI(title="Churn")


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/v1/predict")
def predict(row: dict):
    score = np.dot(MODEL["weights"], features(row)) + MODEL["intercept"]
    return {"churn": float(1 / (1 + np.exp(-score)))}
