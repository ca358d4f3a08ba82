"""A shop's orders, as they leave it once a day: clean by its contract, in any month of the year.

Prices are drawn one from each slice of their distribution, so that the quartiles of a small day
are as near to the promised ones as those of a large day. Only NumPy is used here.
"""

import math
from datetime import datetime, timedelta
from statistics import NormalDist

import numpy as np

CURRENCIES = {"DE": "EUR", "FR": "EUR", "CH": "CHF", "GB": "GBP"}
PAYMENTS = ("card", "invoice", "wallet")
COLUMNS = (
    "order_id", "ordered_at", "country", "currency", "payment", "items", "amount", "weight_kg",
    "coupon",
)  # fmt: skip
FEWEST, MOST = 120, 900
"""Orders of a normal day."""
LEAST_AMOUNT, MOST_AMOUNT = 30.0, 60.0
"""Between these lies the median amount of a normal day."""
MOST_PRICE, MOST_ITEMS, MOST_WEIGHT = 2000.0, 50, 60.0
"""The largest values of one order that the contract knows."""
LATE_DAYS = 2
"""So many days an order may be late."""

Columns = dict[str, list]

_SHARES = np.linspace(0.0005, 0.9995, 1000)
_NORMAL = np.array([NormalDist().inv_cdf(share) for share in _SHARES])


def window(day: datetime) -> dict[str, str]:
    """Return the first and the last moment of the orders that belong to a day's batch."""
    opens, closes = day - timedelta(days=LATE_DAYS), day + timedelta(days=1)
    return {"opens": opens.isoformat(), "closes": closes.isoformat()}


def draw_day(rng: np.random.Generator, month: int) -> datetime:
    """Draw a day of a month."""
    return datetime(2026, month, int(rng.integers(1, 29)))


def usual_rows(rng: np.random.Generator, day: datetime) -> int:
    """Draw how many orders a day has: more in November and December, fewer on Sundays."""
    level = 330.0 if day.month in (11, 12) else 210.0
    level *= 0.6 if day.weekday() == 6 else 1.0
    return max(FEWEST, int(level * rng.uniform(0.85, 1.6)))


def usual_amount(rng: np.random.Generator, day: datetime) -> float:
    """Draw the median amount of a day: winter is dearer than summer."""
    return 45.0 + 9.0 * math.cos(2 * math.pi * (day.month - 12) / 12) + rng.uniform(-3.0, 3.0)


def around(rng: np.random.Generator, rows: int, median: float, spread: float) -> np.ndarray:
    """Draw log-normal values of which the median is as asked for, two digits each."""
    slices = (np.arange(rows) + rng.uniform(0.1, 0.9, rows)) / max(rows, 1)
    values = np.exp(spread * np.interp(slices, _SHARES, _NORMAL))
    if rows:
        values *= median / np.median(values)
    return np.maximum(np.round(rng.permutation(values), 2), 0.05)


def moments(rng: np.random.Generator, day: datetime, rows: int) -> list[str]:
    """Draw when each order was made; one in twenty is a day or two late."""
    late = np.where(rng.random(rows) < 0.05, rng.integers(1, LATE_DAYS + 1, rows), 0)
    seconds = rng.integers(60, 86_340, rows)
    return [
        (day - timedelta(days=int(days)) + timedelta(seconds=int(second))).isoformat()
        for days, second in zip(late, seconds, strict=True)
    ]


def without(rng: np.random.Generator, values: list, missing: int) -> list:
    """Return the values with so many of them null."""
    gaps = set(rng.permutation(len(values))[:missing].tolist())
    return [None if place in gaps else value for place, value in enumerate(values)]


def draw_orders(
    rng: np.random.Generator,
    day: datetime,
    rows: int,
    median: float,
    filled: float = 0.2,
) -> Columns:
    """Draw a day's orders; `filled` is the share of them that has a coupon."""
    numbers = rng.choice(900_000, size=rows, replace=False) + 10_000
    country = rng.choice(list(CURRENCIES), size=rows, p=[0.5, 0.2, 0.15, 0.15]).tolist()
    weight = np.minimum(around(rng, rows, rng.uniform(1.0, 1.6), 0.7), MOST_WEIGHT)
    coupon = [f"SAVE{each}" for each in rng.integers(5, 30, rows)]
    shares = rng.dirichlet([60.0, 25.0, 15.0])
    return {
        "order_id": [f"{each:08d}" for each in numbers],
        "ordered_at": moments(rng, day, rows),
        "country": country,
        "currency": [CURRENCIES[each] for each in country],
        "payment": rng.choice(PAYMENTS, size=rows, p=shares).tolist(),
        "items": np.minimum(1 + rng.poisson(1.8, rows), MOST_ITEMS).tolist(),
        "amount": np.minimum(around(rng, rows, median, 0.8), MOST_PRICE).tolist(),
        "weight_kg": without(rng, weight.tolist(), max(1, int(rng.uniform(0.004, 0.01) * rows))),
        "coupon": without(rng, coupon, rows - round(filled * rows)),
    }


def usual_day(rng: np.random.Generator, month: int) -> tuple[datetime, Columns]:
    """Draw an ordinary day of a month, and its orders."""
    day = draw_day(rng, month)
    rows, median = usual_rows(rng, day), usual_amount(rng, day)
    return day, draw_orders(rng, day, rows, median, rng.uniform(0.1, 0.35))
