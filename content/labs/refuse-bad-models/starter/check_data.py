"""Checks data/train.csv: exit status 1 where it must not be trained on."""

import csv
import math
import sys

with open("data/train.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
bad = 0
for row in rows:
    try:
        km, minutes = float(row["km"]), float(row["minutes"])
    except ValueError:
        km = minutes = math.nan
    bad += not (0 < km < 60 and 0 < minutes < 300)
if bad or len(rows) < 300:
    print(f"data/train.csv: {bad} of {len(rows)} rows are out of range")
    sys.exit(1)
print("data/train.csv: every row is as it should be")
