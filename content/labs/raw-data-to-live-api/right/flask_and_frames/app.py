"""One inspection a request, with Flask; checks by hand, log as JSON Lines."""

import json
import math
import os
import threading
import uuid

from flask import Flask, jsonify, request

import model

LIMITS = {
    "depth_m": (0, 1000, False), "age_years": (0, 100, False), "hours": (0, 500_000, False),
    "vibration": (0, 200, True), "temperature": (-50, 200, True), "pressure": (0, 100, True),
}  # fmt: skip
os.makedirs("var", exist_ok=True)
log = os.open("var/answers.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
lock = threading.Lock()
loaded = {}
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1 << 20


def serving():
    """Name and model of the live version."""
    changed = model.LIVE.stat().st_mtime_ns
    with lock:
        if loaded.get("at") != changed:
            name = model.live()
            loaded.update(at=changed, name=name, model=model.read(name))
        return loaded["name"], loaded["model"]


def faults(row):
    if not isinstance(row, dict):
        return ["the body is no object"]
    found = [f"{name} is missing" for name in [*LIMITS, "maker", "oil", "inspector"] if name not in row]
    for name, (low, high, optional) in LIMITS.items():
        value = row.get(name)
        if value is None and optional:
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not low <= value <= high:
            found.append(f"{name} is no number from {low} to {high}")
        elif name == "hours" and not isinstance(value, int):
            found.append("hours is no whole number")
    for name in ("maker", "oil", "inspector"):
        value = row.get(name)
        if not (isinstance(value, str) or (value is None and name != "inspector")):
            found.append(f"{name} is no text")
        elif isinstance(value, str) and not value.isprintable():
            found.append(f"{name} holds what cannot be printed")
    return found


@app.post("/predict")
def predict():
    try:
        row = json.loads(request.get_data(), parse_constant=float)
    except (ValueError, RecursionError):
        return jsonify(error=["this is no JSON"]), 400
    if found := faults(row):
        return jsonify(error=found), 422
    name, pipeline = serving()
    (chance,) = model.predict(pipeline, [row])
    mark = request.headers.get("X-Request-ID") or uuid.uuid4().hex
    line = json.dumps({"id": mark, "model": name, "chance": chance}) + "\n"
    os.write(log, line.encode())
    return jsonify(chance=chance, model=name, id=mark)


@app.get("/ready")
def ready():
    return jsonify(model=serving()[0])
