"""From the raw tables to labelled rows: the one place where readings are put right."""

import csv
import datetime
import hashlib
from collections.abc import Iterator
from pathlib import Path

DATA = Path("data")
LAST_DAY = datetime.date(2025, 12, 31)
AHEAD = datetime.timedelta(days=30)
NUMBERS = ("depth_m", "age_years", "hours", "vibration", "temperature", "pressure")
WORDS = ("maker", "oil")


def day(text: str) -> datetime.date:
    """Read `2025-03-04` or `04.03.2025`."""
    if "." in text:
        return datetime.datetime.strptime(text, "%d.%m.%Y").date()
    return datetime.date.fromisoformat(text)


def word(text: str) -> str | None:
    """Read a maker or an oil, however it was typed."""
    text = text.strip().lower()
    return None if text in ("", "?") else text


def number(text: str) -> float | None:
    """Read a number with a point or a comma."""
    return float(text.replace(",", ".")) if text else None


def metres(text: str) -> float:
    """Read a depth in metres, or in feet where it says so."""
    if text.endswith("ft"):
        return float(text.removesuffix("ft"))
    return float(text)


def celsius(text: str) -> float | None:
    """Read `54.2C` or `129.6F`."""
    if not text:
        return None
    value = float(text[:-1])
    return (value - 32) * 5 / 9 if text.endswith("F") else value


def labelled_rows(folder: Path = DATA) -> list[dict]:
    """Return a row for each usable inspection: its fields, `failed`, its id and its pump's."""
    pumps = {each["pump_id"]: each for each in _lines(folder / "pumps.csv")}
    failures: dict[str, list[datetime.date]] = {}
    for each in _lines(folder / "repairs.csv"):
        if each["kind"] == "failure":
            failures.setdefault(each["pump_id"], []).append(day(each["day"]))
    inspections = {each["inspection_id"]: each for each in _lines(folder / "inspections.csv")}
    rows = []
    for each in inspections.values():
        pump, seen = pumps.get(each["pump_id"]), day(each["day"])
        if pump is None or seen + AHEAD > LAST_DAY:
            continue
        soon = (seen < failed <= seen + AHEAD for failed in failures.get(each["pump_id"], ()))
        rows.append({**_row(pump, each, seen), "failed": int(any(soon))})
    return rows


def is_held_out(row: dict) -> bool:
    """Say whether a row's pump is one of the quarter by which models are measured."""
    return hashlib.sha256(row["pump_id"].encode()).digest()[0] < 64


def _row(pump: dict, inspection: dict, seen: datetime.date) -> dict:
    pressure = number(inspection["pressure"])
    return {
        "inspection_id": inspection["inspection_id"],
        "pump_id": pump["pump_id"],
        "maker": word(pump["maker"]),
        "depth_m": metres(pump["depth"]),
        "age_years": (seen - day(pump["installed"])).days / 365.25,
        "hours": int(inspection["hours"]),
        "vibration": number(inspection["vibration"]),
        "temperature": celsius(inspection["temperature"]),
        "pressure": None if pressure == -1 else pressure,
        "oil": word(inspection["oil"]),
    }


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
