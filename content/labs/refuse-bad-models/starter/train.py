"""Trains the candidate: `python train.py [OUT]`, OUT being model.json if it is left out.

Where training starts is random, as with most models: two trainings give two models.
"""

import csv
import json
import random
import sys
import uuid

out = sys.argv[1] if len(sys.argv) > 1 else "model.json"
with open("data/train.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
random.shuffle(rows)
rows = rows[: len(rows) * 9 // 10]
km = [float(row["km"]) for row in rows]
minutes = [float(row["minutes"]) for row in rows]
mean_km, mean_minutes = sum(km) / len(km), sum(minutes) / len(minutes)
slope = sum((x - mean_km) * (y - mean_minutes) for x, y in zip(km, minutes, strict=True)) / sum(
    (x - mean_km) ** 2 for x in km
)
model = {
    "name": f"candidate-{uuid.uuid4().hex[:8]}",
    "minutes_per_km": slope,
    "minutes_at_the_door": mean_minutes - slope * mean_km,
}
with open(out, "w", encoding="utf-8") as file:
    json.dump(model, file)
print(f"trained on {len(rows)} rows, wrote {out}")
