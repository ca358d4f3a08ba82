"""Well pumps of a water board: its exported tables, read as a row of training is made.

The inverse of `well_pumps.tables`: units, spellings, doubles and gaps are put right, and each
inspection gets its label.
"""

import csv
import datetime
import io

from simulators.well_pumps import DAYS_AHEAD, LAST_DAY, Row

NUMBERS = ("depth_m", "age_years", "hours", "vibration", "temperature", "pressure")
WORDS = ("maker", "oil")
IDS = ("inspection_id", "pump_id")

Tables = dict[str, list[dict[str, str]]]


def parsed(text: str) -> list[dict[str, str]]:
    """Return the lines of a table by the names of its columns."""
    return list(csv.DictReader(io.StringIO(text)))


def usable(
    tables: Tables,
    *,
    doubles: bool = False,
    unfinished: bool = False,
    gaps: bool = True,
    planned: bool = False,
    ever: bool = False,
) -> list[Row]:
    """Return a row for each usable inspection of `pumps`, `inspections` and `repairs`.

    Each keyword is a rule that somebody got wrong: to count doubles, to take what has no label
    yet, to drop rows with gaps, to count planned services, to look ahead for ever.
    """
    pumps = {each["pump_id"]: each for each in tables["pumps"]}
    broke: dict[str, list[datetime.date]] = {}
    for each in tables["repairs"]:
        if planned or each["kind"] == "failure":
            broke.setdefault(each["pump_id"], []).append(_day(each["day"]))
    seen, rows = set(), []
    for each in tables["inspections"]:
        on, pump = _day(each["day"]), pumps.get(each["pump_id"])
        over = on + datetime.timedelta(DAYS_AHEAD) <= LAST_DAY
        if (
            pump is None
            or not (over or unfinished)
            or (each["inspection_id"] in seen and not doubles)
        ):
            continue
        seen.add(each["inspection_id"])
        row = {**_row(pump, each, on), **{key: each[key] for key in (*IDS, "inspector")}}
        after = [(when - on).days for when in broke.get(each["pump_id"], [])]
        row["failed"] = any(0 < days and (ever or days <= DAYS_AHEAD) for days in after)
        if gaps or None not in row.values():
            rows.append(row)
    return rows


def _row(pump: dict[str, str], inspection: dict[str, str], on: datetime.date) -> Row:
    depth, warm = pump["depth"], inspection["temperature"]
    pressure = _decimal(inspection["pressure"])
    oil = inspection["oil"].strip().lower()
    return {
        "depth_m": float(depth[:-2]) * 0.3048 if depth.endswith("ft") else float(depth),
        "age_years": (on - _day(pump["installed"])).days / 365.25,
        "hours": float(inspection["hours"]),
        "vibration": _decimal(inspection["vibration"]),
        "temperature": None if not warm else (float(warm[:-1]) - 32) / 1.8 if warm[-1] == "F"
        else float(warm[:-1]),
        "pressure": None if pressure == -1 else pressure,
        "maker": pump["maker"].strip().lower() or None,
        "oil": None if oil in ("?", "") else oil,
    }  # fmt: skip


def _day(text: str) -> datetime.date:
    if "." in text:
        return datetime.date(*map(int, reversed(text.split("."))))
    return datetime.date.fromisoformat(text)


def _decimal(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None
