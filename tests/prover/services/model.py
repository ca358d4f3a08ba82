"""The model that every service of this folder serves, what a valid row is, and the offline batch.

python model.py batch ROWS PREDICTIONS
"""

import json
import sys
from pathlib import Path
from typing import Any

NAMES = {"amount", "hour", "abroad"}
NUMBER = {"type": "number", "minimum": -1e9, "maximum": 1e9}
ROW = {
    "type": "object",
    "properties": {"amount": NUMBER, "hour": NUMBER, "abroad": {"type": "boolean"}},
    "required": sorted(NAMES),
    "additionalProperties": False,
}
QUESTION = {
    "type": "object",
    "properties": {
        "rows": {"type": "array", "items": ROW},
        "note": {"type": ["string", "null"], "description": "what the caller wants to remember"},
        "pieces": {"type": "integer", "description": "how many rows are predicted together"},
    },
    "required": ["rows"],
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "specimen", "version": "1"},
    "paths": {
        "/predict": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": QUESTION}},
                },
                "responses": {
                    "200": {"description": "predictions"},
                    "422": {"description": "no rows"},
                },
            }
        }
    },
}
"""The OpenAPI document; no valid row of the tests has a note, or says how many pieces."""


def score(row: dict[str, Any]) -> float:
    """Return the prediction for one row."""
    return round(0.3 * row["amount"] - 0.1 * row["hour"] + (0.7 if row["abroad"] else 0.0), 6)


def checked(body: bytes) -> list[dict[str, Any]]:
    """Return the rows of a request; raises ValueError for anything else."""
    try:
        value = json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(value, dict) or not isinstance(value.get("rows"), list):
        raise ValueError("rows")
    for row in value["rows"]:
        if not isinstance(row, dict) or set(row) != NAMES:
            raise ValueError("fields")
        for name in ("amount", "hour"):
            number = row[name]
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise ValueError(name)
            if not -1e12 < number < 1e12:
                raise ValueError(name)
        if not isinstance(row["abroad"], bool):
            raise ValueError("abroad")
    rows: list[dict[str, Any]] = value["rows"]
    return rows


def batch(given: str, answered: str) -> None:
    """Predict offline."""
    rows = [json.loads(line) for line in Path(given).read_text().splitlines()]
    Path(answered).write_text("".join(f"{json.dumps(score(row))}\n" for row in rows))


if __name__ == "__main__":
    batch(*sys.argv[2:])
