"""Will a pump fail within the hour? A service that answers, and that nobody watches yet."""

import runtime
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

MODEL = runtime.read_model()
SENSORS = MODEL["sensors"]

app = FastAPI(title="Pumps")


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


@app.post("/predict")
async def predict(batch: Batch):
    return {"predictions": runtime.score(batch.id, [prepare(row) for row in batch.rows])}


@app.get("/alerts")
async def alerts():
    """Every message to the pager so far, oldest first."""
    return []
