"""Pumps that report to a service, on a clock of their own, while things are broken on purpose.

What is calm is drawn by counting and not by chance: between two slow answers, two failures, two
gaps of a sensor lie so many others at least, and the values of one request are spread evenly over
the quantiles of the normal distribution. So a bound that the lesson promises is kept for certain,
and so is the share that an incident has. Every request carries in its id how long the
model takes for it, and whether the model server fails.
"""

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np

SENSORS = ("temperature", "vibration", "pressure")
SLOW_SECONDS = 0.3
CALM_GAPS = {"slow": (21, 32), "error": (21, 32), "missing": (40, 90), "glitch": (150, 260)}
UNSEEN_GAP = (100, 170)
NORMAL = NormalDist()
BY_DAY, ROWS_BY_DAY = 40.0, (10, 14)
"""Seconds between two requests, and rows of each."""
FROM_STARTER = {
    "intercept": -1.2,
    "sensors": {
        "temperature": {"mean": 61.0, "sd": 4.2, "missing": 0.016, "weight": 0.8},
        "vibration": {"mean": 2.9, "sd": 0.45, "missing": 0.016, "weight": 1.1},
        "pressure": {"mean": 118.0, "sd": 9.5, "missing": 0.016, "weight": -0.6},
    },
    "modes": {"idle": -0.4, "fill": 0.1, "drain": 0.3},
}
"""The model.json that is handed out."""


@dataclass(frozen=True)
class Fault:
    """One thing that is broken."""

    kind: str
    """latency, errors, timeouts, missing, unseen, shift, unit, spread or stuck."""
    sensors: tuple[str, ...] = ()
    """Where, for what is wrong with rows."""
    size: float = 0.0
    """How far a shift goes, or where a sensor is stuck, in standard deviations."""

    def told(self) -> str:
        """Return what happened, as a learner reads it."""
        where = " and ".join(self.sensors)
        return {
            "latency": "every other answer took 0.31 to 0.37 s",
            "errors": "the model server failed for every other request",
            "timeouts": "the model server failed for every other request, after 2 s each",
            "missing": f"half of all values of {where} were missing",
            "unseen": "half of the rows came with modes that training did not have",
            "shift": f"{where} moved by {self.size:+.1f} standard deviations",
            "unit": f"half of the pumps sent {where} in another unit",
            "spread": f"{where} spread three times as wide around the same mean",
            "stuck": f"{where} showed one and the same value, near its mean",
        }[self.kind]


@dataclass(frozen=True)
class Sent:
    """One request, and what the model server makes of it."""

    body: dict[str, Any]
    seconds: float
    fails: bool


@dataclass
class Rare:
    """Something that happens now and then, never twice within its lower gap."""

    rng: np.random.Generator
    gap: tuple[int, int]
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = int(self.rng.integers(1, self.gap[1]))

    def now(self) -> bool:
        """Say whether it happens this time."""
        self.left -= 1
        if self.left > 0:
            return False
        self.left = int(self.rng.integers(self.gap[0], self.gap[1] + 1))
        return True


def draw_model(rng: np.random.Generator) -> dict[str, Any]:
    """Return a model.json that nobody has seen."""

    def number(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3)

    ranges = {"temperature": (55, 75, 3, 6), "vibration": (2, 4, 0.3, 0.6)}
    ranges["pressure"] = (90, 140, 6, 12)
    sensors = {
        name: {"mean": number(low, high), "sd": number(least, most), "missing": 0.016,
               "weight": number(-1.2, 1.2)}
        for name, (low, high, least, most) in ranges.items()
    }  # fmt: skip
    names = rng.choice(["idle", "fill", "drain", "rinse", "boost"], 3, replace=False)
    modes = {str(name): number(-0.6, 0.6) for name in names}
    return {"intercept": number(-2, 0), "sensors": sensors, "modes": modes}


def probability(model: dict[str, Any], row: dict[str, Any]) -> float:
    """Return what the model says of a row, by the starter's `prepare`."""
    total = model["intercept"] + model["modes"].get(row["mode"], 0.0)
    for name, sensor in model["sensors"].items():
        value = row.get(name)
        z = 0.0 if value is None else (value - sensor["mean"]) / sensor["sd"]
        total += sensor["weight"] * min(4.0, max(-4.0, z))
    return float(1 / (1 + np.exp(-total)))


class Plant:
    """A plant of pumps."""

    def __init__(self, rng: np.random.Generator, model: dict[str, Any]) -> None:
        self.rng = rng
        self.model = model
        self.at = float(rng.integers(1_760_000_000, 1_790_000_000))
        self._calm = {what: Rare(rng, CALM_GAPS[what]) for what in ("slow", "error")}
        self._of_rows = {
            (what, name): Rare(rng, CALM_GAPS[what])
            for what in ("missing", "glitch")
            for name in SENSORS
        }
        self._unseen = Rare(rng, UNSEEN_GAP)
        self._was_ill = bool(rng.integers(2))

    def fault(self, kind: str, name: str = "") -> Fault:
        """Draw how large a fault is, and where, if that is not said."""
        name = name or str(self.rng.choice(SENSORS))
        if kind in ("shift", "stuck"):
            low, high = (1.4, 1.8) if kind == "shift" else (0.0, 0.2)
            size = float(self.rng.uniform(low, high) * self.rng.choice([-1.0, 1.0]))
            return Fault(kind, (name,), size)
        return Fault(kind, (name,) if kind in ("missing", "unit", "spread") else ())

    def minutes(
        self,
        minutes: float,
        *faults: Fault,
        every: float = BY_DAY,
        rows: tuple[int, int] = ROWS_BY_DAY,
    ) -> list[Sent]:
        """Return the requests of the next minutes, with these faults all along."""
        return [self.one(faults, every, rows) for _ in range(round(minutes * 60 / every))]

    def one(
        self,
        faults: tuple[Fault, ...] = (),
        every: float = BY_DAY,
        n_rows: tuple[int, int] = ROWS_BY_DAY,
    ) -> Sent:
        """Return the next request."""
        self.at = round(self.at + every + float(self.rng.uniform(-0.1, 0.1)) * every, 3)
        seconds, fails = self._service(faults)
        n = int(self.rng.integers(n_rows[0], n_rows[1] + 1))
        return self.sent({"at": self.at, "rows": self.rows(n, faults)}, seconds, fails)

    def sent(self, body: dict[str, Any], seconds: float, fails: bool) -> Sent:
        """Return a request with this body for which the model takes so long."""
        micros = 10 * round(seconds * 1e5) + 7  # never on a round bound
        return Sent({**body, "id": self._id(micros, fails)}, micros / 1e6, fails)

    def _id(self, micros: int, fails: bool) -> str:
        mask = int(self.rng.integers(1 << 32))
        return f"{mask:08x}{mask ^ (2 * micros + fails):08x}"

    def _service(self, faults: tuple[Fault, ...]) -> tuple[float, bool]:
        """Return how long the model takes, and whether the server fails."""
        slow, fails = self._calm["slow"].now(), self._calm["error"].now()
        seconds = float(self.rng.uniform(4, 12) if slow else self.rng.uniform(0.02, 0.08))
        kinds = {each.kind for each in faults} & {"latency", "errors", "timeouts"}
        if not kinds:
            return seconds, fails
        # Nothing else goes wrong meanwhile: of requests in a row half are ill, give or take one.
        self._was_ill = not self._was_ill
        if not self._was_ill:
            return min(seconds, 0.05), False
        if "timeouts" in kinds:
            return float(self.rng.uniform(2.0, 2.1)), True
        if "latency" in kinds:
            return float(self.rng.uniform(0.31, 0.37)), "errors" in kinds
        return min(seconds, 0.05), True

    def rows(self, n: int, faults: tuple[Fault, ...] = ()) -> list[dict[str, Any]]:
        """Return what n pumps report."""
        columns = {name: self._column(name, n, faults) for name in SENSORS}
        known = list(self.model["modes"])
        modes = [known[int(i)] for i in self.rng.integers(0, len(known), n)]
        new = [self._unseen.now() for _ in modes]
        if any(each.kind == "unseen" for each in faults):
            new = [place % 2 == 0 for place in range(n)]
        rows = []
        for place in range(n):
            row = {name: columns[name][place] for name in SENSORS}
            if place % 2:  # a pump may send null or leave the field out
                row = {name: value for name, value in row.items() if value is not None}
            mode = modes[place]
            row["mode"] = f"{mode}-{int(self.rng.integers(1 << 30)):x}" if new[place] else mode
            rows.append(row)
        return rows

    def _normal(self, n: int) -> list[float]:
        """Return n normal values in a drawn order, one from each n-th part of the distribution."""
        parts = (self.rng.permutation(n) + self.rng.uniform(0.001, 0.999, n)) / n
        return [NORMAL.inv_cdf(each) for each in parts.tolist()]

    def _column(self, name: str, n: int, faults: tuple[Fault, ...]) -> list[float | None]:
        """Return what one sensor of n pumps reports; None is a gap."""
        sensor = self.model["sensors"][name]
        missing, glitch = self._of_rows["missing", name], self._of_rows["glitch", name]
        here = {each.kind: each for each in faults if name in each.sensors}
        shift = here["shift"].size if "shift" in here else 0.0
        stretch = 3.0 if "spread" in here else 1.0
        column: list[float | None] = []
        for place, usual in enumerate(self._normal(n)):
            gap = missing.now() or ("missing" in here and place % 4 in (1, 2))
            z = math.copysign(6.0, usual) if glitch.now() else usual
            z = here["stuck"].size if "stuck" in here else shift + stretch * z
            value = sensor["mean"] + sensor["sd"] * z
            if "unit" in here and place % 2:
                value = 1.8 * value + 32.0
            column.append(None if gap else round(value, 4))
        return column
