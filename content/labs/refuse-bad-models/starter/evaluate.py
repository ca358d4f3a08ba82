"""Writes a model's predictions beside the truth: `python evaluate.py MODEL ROWS OUT`.

OUT has the columns id, zone, actual and predicted, and a line for each row of ROWS.
"""

import csv
import json
import sys

from service import predict

if len(sys.argv) != 4:
    sys.exit("usage: python evaluate.py MODEL ROWS OUT")
_, model_path, rows_path, out_path = sys.argv
with open(model_path, encoding="utf-8") as file:
    model = json.load(file)
with open(rows_path, encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
with open(out_path, "w", encoding="utf-8", newline="") as file:
    lines = csv.writer(file)
    lines.writerow(["id", "zone", "actual", "predicted"])
    for row in rows:
        predicted = predict(model, float(row["km"]))
        lines.writerow([row["id"], row["zone"], row["minutes"], f"{predicted:.3f}"])
print(f"wrote {out_path}")
