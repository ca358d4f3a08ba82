"""Well pumps of a water board: inspections, repairs, and the chance of a failure in 30 days.

The world stays the same in every draw, so that a model of one draw is good on the next; pumps,
readings and failures are drawn. `tables` writes them as the board's systems export them, with the
faults of those; `rows` gives inspections as a client of a service sends them. Only NumPy is used.
"""

import csv
import datetime
import io
from typing import Any

import numpy as np

MAKERS = {"Arlo": -0.7, "Brant": 0.4, "Corda": 0.0, "Delfin": 0.9, "Emmet": -0.3}
NEW_MAKERS = ("Quell", "Rhone", "Sorel")
OILS = {"clean": -0.5, "dark": 0.4, "milky": 1.3}
NEW_OILS = ("foaming", "gritty")
INSPECTORS = (
    "Ayla Brenk", "Bo Lindner", "Carla Voss", "Dino Maro", "Efua Mensah", "Frida Holm",
)  # fmt: skip
FIELDS = (
    "maker", "depth_m", "age_years", "hours", "vibration", "temperature", "pressure", "oil",
    "inspector",
)  # fmt: skip
MAY_LACK = {"maker": 0.10, "vibration": 0.12, "temperature": 0.10, "pressure": 0.14, "oil": 0.08}
LABEL, RULE = "failed", "rule"
FIRST_DAY, LAST_DAY = datetime.date(2024, 1, 1), datetime.date(2025, 12, 31)
DAYS_AHEAD = 30

Row = dict[str, Any]


def draw_states(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Draw what is true of n pumps on the days of their inspections, each array of shape (n,)."""
    depth = np.round(np.exp(rng.normal(3.9, 0.5, n)).clip(8, 240), 1)
    age = rng.gamma(2.5, 3.2, n).clip(0.2, 35)
    hours = np.round(rng.gamma(2.2, 1100, n)).clip(0, 12_000)
    vibration = np.exp(rng.normal(0.75, 0.55, n) + 0.00008 * hours).clip(0.2, 25)
    temperature = (52 + 0.35 * age + rng.normal(0, 8, n)).clip(15, 105)
    pressure = (depth / 10 + rng.normal(1.6, 1.1, n)).clip(0.3, 28)
    return {
        "maker": rng.choice(list(MAKERS), n, p=[0.28, 0.24, 0.2, 0.16, 0.12]),
        "depth_m": depth,
        "age_years": np.round(age, 2),
        "hours": hours.astype(int),
        "vibration": np.round(vibration, 2),
        "temperature": np.round(temperature, 1),
        "pressure": np.round(pressure, 2),
        "oil": rng.choice(list(OILS), n, p=[0.55, 0.33, 0.12]),
    }


def chance(states: dict[str, np.ndarray]) -> np.ndarray:
    """Return the chance of a failure within 30 days, shape (n,).

    A pump that presses less than its depth asks for runs dry now and then, which is the worst.
    """
    slack = states["pressure"] - states["depth_m"] / 10
    logit = (
        -2.2
        + 1.5 * (np.log(states["vibration"]) - 0.9)
        + 0.055 * (states["temperature"] - 55)
        + 0.00028 * (states["hours"] - 2400)
        + 0.06 * (states["age_years"] - 8)
        - 0.75 * (slack - 1.6)
        + np.array([MAKERS.get(str(each), 0.0) for each in states["maker"]])
        + np.array([OILS.get(str(each), 0.8) for each in states["oil"]])
    )
    return 1 / (1 + np.exp(-logit))


def foremans_rule(row: Row) -> float:
    """What the board does today: the more a pump shakes, the sooner somebody looks at it."""
    return 0.25 if row["vibration"] is None else round(min(1.0, row["vibration"] / 12), 4)


def rows(rng: np.random.Generator, n: int) -> list[Row]:
    """Return n inspections as a client sends them, with the truth and what the rule says.

    One in sixteen has a maker or an oil that is in no table; readings are missing, and a few lie
    beyond all that the tables hold.
    """
    states = draw_states(rng, n)
    for name, new, share in (("maker", NEW_MAKERS, 0.025), ("oil", NEW_OILS, 0.04)):
        strange = rng.random(n) < share
        states[name] = np.where(strange, rng.choice(new, n), states[name])
    beyond = rng.random(n) < 0.03
    states["hours"] = np.where(beyond, rng.integers(12_000, 16_000, n), states["hours"])
    states["vibration"] = np.round(states["vibration"] * np.exp(rng.normal(0, 0.02, n)), 3)
    failed = rng.random(n) < chance(states)
    found = []
    for i in range(n):
        row: Row = {name: states[name][i].item() for name in FIELDS if name != "inspector"}
        for name, share in MAY_LACK.items():
            if rng.random() < share:
                row[name] = None
        row["inspector"] = INSPECTORS[int(rng.integers(len(INSPECTORS)))]
        found.append({**row, LABEL: int(failed[i]), RULE: foremans_rule(row)})
    return found


def tables(rng: np.random.Generator, n_pumps: int, n_inspections: int) -> dict[str, str]:
    """Return the text of pumps.csv, inspections.csv and repairs.csv as they are exported."""
    states = draw_states(rng, n_inspections)
    pump_of = rng.integers(0, n_pumps, n_inspections)
    pumps = draw_states(rng, n_pumps)
    span = (LAST_DAY - FIRST_DAY).days + 1
    days = np.sort(rng.integers(0, span, n_inspections))
    built = [
        FIRST_DAY - datetime.timedelta(days=int(each * 365.25)) for each in pumps["age_years"] + 0.1
    ]
    states["maker"] = pumps["maker"][pump_of]
    moved = pumps["depth_m"][pump_of]
    states["pressure"] = np.round(states["pressure"] + (moved - states["depth_m"]) / 10, 2)
    states["pressure"] = states["pressure"].clip(0.3, None)
    states["depth_m"] = moved
    dates = [FIRST_DAY + datetime.timedelta(days=int(each)) for each in days]
    states["age_years"] = np.array(
        [(day - built[p]).days / 365.25 for day, p in zip(dates, pump_of, strict=True)]
    )
    failed = rng.random(n_inspections) < chance(states)
    names = [f"P{each:03d}" for each in 100 + rng.permutation(n_pumps)]
    return {
        "pumps.csv": _pumps(rng, names, pumps, built),
        "inspections.csv": _inspections(rng, names, pump_of, states, dates, failed),
        "repairs.csv": _repairs(rng, names, pump_of, dates, failed),
    }


def _pumps(rng, names, pumps, built):
    lines = []
    for name, maker, depth, day in zip(names, pumps["maker"], pumps["depth_m"], built, strict=True):
        in_feet = rng.random() < 0.2
        said = f"{depth / 0.3048:.0f} ft" if in_feet else f"{depth:.1f}"
        typed = "" if rng.random() < 0.05 else _typed(rng, str(maker))
        lines.append([name, typed, said, _day(rng, day)])
        if rng.random() < 0.06:  # entered twice, by somebody who types otherwise
            lines.append([name, _typed(rng, str(maker)) if typed else "", said, day.isoformat()])
    order = rng.permutation(len(lines))
    return _csv(("pump_id", "maker", "depth", "installed"), [lines[i] for i in order])


def _inspections(rng, names, pump_of, states, dates, failed):
    lines = []
    for i, day in enumerate(dates):
        lost = rng.random(4) < 0.09
        comma = rng.random() < 0.3
        warm = float(states["temperature"][i])
        line = [
            f"I{i + 10_000}",
            f"P9{rng.integers(10, 99)}" if rng.random() < 0.02 else names[pump_of[i]],
            _day(rng, day),
            INSPECTORS[int(rng.integers(len(INSPECTORS)))],
            int(states["hours"][i]),
            "" if lost[0] else _number(states["vibration"][i], comma),
            "" if lost[1] else f"{warm * 9 / 5 + 32:.1f}F" if rng.random() < 0.3 else f"{warm}C",
            "-1" if lost[2] else _number(states["pressure"][i], comma),
            "?" if lost[3] else _typed(rng, str(states["oil"][i])),
            _closed_as(rng, bool(failed[i])),
        ]
        lines.append(line)
        if rng.random() < 0.04:
            lines.append(line)
    header = (
        "inspection_id", "pump_id", "day", "inspector", "hours", "vibration", "temperature",
        "pressure", "oil", "closed_as",
    )  # fmt: skip
    return _csv(header, lines)


def _repairs(rng, names, pump_of, dates, failed):
    found = []
    for pump, day, did in zip(pump_of, dates, failed, strict=True):
        if did:
            found.append((day + datetime.timedelta(days=int(rng.integers(1, 31))), pump, "failure"))
        elif rng.random() < 0.25:
            ahead = datetime.timedelta(days=int(rng.integers(1, 46)))
            found.append((day + ahead, pump, "planned service"))
    found = sorted(each for each in found if each[0] <= LAST_DAY)
    lines = [
        [f"R{n + 500}", names[pump], _day(rng, day), kind, int(rng.integers(80, 2400))]
        for n, (day, pump, kind) in enumerate(found)
    ]
    return _csv(("repair_id", "pump_id", "day", "kind", "cost"), lines)


def _closed_as(rng: np.random.Generator, failed: bool) -> str:
    """What the office fills in weeks later, when it knows how it ended."""
    if failed:
        return str(
            rng.choice(["pump exchanged", "sent to workshop", "no action"], p=[0.6, 0.3, 0.1])
        )
    return str(rng.choice(["no action", "oil changed", "sent to workshop"], p=[0.8, 0.17, 0.03]))


def _typed(rng: np.random.Generator, word: str) -> str:
    return [word, word, word.lower(), word.upper(), f" {word}", f"{word} "][rng.integers(6)]


def _number(value: float, comma: bool) -> str:
    return f"{value}".replace(".", ",") if comma else f"{value}"


def _day(rng: np.random.Generator, day: datetime.date) -> str:
    return day.strftime("%d.%m.%Y") if rng.random() < 0.35 else day.isoformat()


def _csv(header, lines) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *lines])
    return written.getvalue()
