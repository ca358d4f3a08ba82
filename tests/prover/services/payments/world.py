"""Writes a world of payments into a folder: rows, labelled rows, history to train on."""

import json
import math
import sys
from pathlib import Path

import numpy as np
from model import COUNTRIES, DEVICES, rule


def payments(rng, n):
    """Return n payments with their truth."""
    drawn = []
    for _ in range(n):
        amount = round(float(rng.lognormal(3.5, 1.0)), 2)
        hour = int(rng.integers(0, 24))
        days = None if rng.random() < 0.08 else round(float(rng.exponential(200)), 1)
        country = str(rng.choice(COUNTRIES, p=[0.2, 0.4, 0.25, 0.15]))
        device = str(rng.choice(DEVICES, p=[0.6, 0.1, 0.3]))
        score = -2.0 + 1.1 * (math.log1p(amount) - 3.5) - 0.09 * (hour - 12)
        score += 0.8 if days is None else -0.5 * (math.log1p(days) - 4.7)
        score += {"AT": -0.5, "DE": 0.0, "FR": 0.4, "IT": 0.8}[country]
        score += {"phone": 0.0, "tablet": 0.5, "web": 0.9}[device]
        row = {
            "amount": min(amount, 5000.0),
            "hour": hour,
            "days": days,
            "country": country,
            "device": device,
            "gender": str(rng.choice(["f", "m", "x"])),
            "user": f"u{rng.integers(0, 10**9)}",
            "email": f"p{rng.integers(0, 10**9)}@example.org",
        }
        row["fraud"] = int(rng.random() < 1 / (1 + math.exp(-score)))
        drawn.append(row)
    return drawn


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


if __name__ == "__main__":
    folder, rng = Path(sys.argv[1]), np.random.default_rng(int(sys.argv[2]))
    write(folder / "history.jsonl", payments(rng, 4000))
    labelled = payments(rng, 2400)
    write(folder / "labelled.jsonl", [r | {"rule": float(rule([r])[0])} for r in labelled])
    bare = [{k: v for k, v in row.items() if k != "fraud"} for row in payments(rng, 1500)]
    write(folder / "rows.jsonl", bare)
