"""Hotel bookings as a property system exports them, and the chance with which each is cancelled.

The world (what the countries and channels are worth) is drawn too, so that nothing learned on
one world holds in another. Only NumPy is used here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

FEATURES = ("lead_days", "nights", "price", "country", "channel", "guests")
TYPES = {
    "booking_id": "string",
    "lead_days": "float64",
    "nights": "float64",
    "price": "string",
    "country": "string",
    "channel": "string",
    "guests": "float64",
    "cancelled": "int64",
}
WORDS = ("country", "channel")
NUMBERS = ("lead_days", "nights", "price", "guests")
COUNTRIES = ("DE", "FR", "NL", "ES", "IT", "PL", "AT", "SE", "PT", "CZ")
CHANNELS = ("web", "app", "agent", "phone")

Columns = dict[str, list]


@dataclass(frozen=True)
class World:
    """What makes a guest cancel, in one draw of the world."""

    lead: float
    """Weight of the logarithm of the days between booking and arrival."""
    price: float
    """Weight of the logarithm of the price of a night."""
    country: dict[str, float]
    """What each country adds."""
    channel: dict[str, float]
    """What each channel adds."""
    alone: float
    """What travelling alone adds."""


def draw_world(rng: np.random.Generator) -> World:
    """Draw a world; the directions of lead time and price stay, their sizes vary."""
    country = rng.permutation(np.linspace(-1.2, 1.2, len(COUNTRIES)))
    channel = rng.permutation([-0.9, -0.3, 0.3, 0.9])
    return World(
        lead=rng.uniform(0.8, 1.2),
        price=rng.uniform(0.7, 1.1),
        country=dict(zip(COUNTRIES, country.tolist(), strict=True)),
        channel=dict(zip(CHANNELS, channel.tolist(), strict=True)),
        alone=rng.uniform(-0.8, -0.4),
    )


def draw_bookings(rng: np.random.Generator, world: World, n: int) -> tuple[Columns, np.ndarray]:
    """Return n rows as they are exported, and the chance (n,) of each to be cancelled."""
    lead = np.round(np.exp(rng.normal(3.2, 1.0, n))).clip(0, 400)
    nights = rng.integers(1, 11, n)
    a_night = np.exp(rng.normal(4.6, 0.45, n))
    price = np.round(a_night * nights, 2)
    country = rng.choice(COUNTRIES, n, p=_shares(len(COUNTRIES)))
    channel = rng.choice(CHANNELS, n, p=[0.4, 0.25, 0.2, 0.15])
    guests = rng.integers(1, 6, n)
    logit = (
        -0.5
        + world.lead * (np.log1p(lead) - 3.2)
        + world.price * (np.log(a_night) - 4.6) / 0.45
        + np.array([world.country[each] for each in country])
        + np.array([world.channel[each] for each in channel])
        + world.alone * (guests == 1)
    )
    chance = 1 / (1 + np.exp(-logit))
    columns: Columns = {
        "booking_id": [f"B{each:06d}" for each in rng.choice(900_000, n, replace=False)],
        "lead_days": _with_gaps(rng, lead, 0.08, -1.0),
        "nights": _with_gaps(rng, nights.astype(float), 0.04, None),
        "price": _with_gaps(rng, [_as_text(rng, each) for each in price], 0.06, "n/a"),
        "country": _with_gaps(rng, _as_typed(rng, country.tolist()), 0.04, None),
        "channel": _with_gaps(rng, channel.tolist(), 0.05, None),
        "guests": _with_gaps(rng, guests.astype(float), 0.04, None),
        "cancelled": (rng.random(n) < chance).astype(int).tolist(),
    }
    return columns, chance


def _shares(n: int) -> np.ndarray:
    sizes = np.linspace(2.0, 0.6, n)
    return sizes / sizes.sum()


def _with_gaps(
    rng: np.random.Generator, values: list | np.ndarray, share: float, gap: object
) -> list:
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    lost = (rng.random(len(plain)) < share).tolist()
    return [gap if gone else each for gone, each in zip(lost, plain, strict=True)]


def _as_text(rng: np.random.Generator, price: float) -> str:
    """Some clerks write thousands with a comma, some leave the cents out."""
    if rng.random() < 0.3:
        return f"{price:,.0f} EUR"
    return f"{price:,.2f} EUR" if rng.random() < 0.7 else f"EUR {price:.2f}"


def _as_typed(rng: np.random.Generator, countries: list[str]) -> list[str]:
    """Typed by hand: capitals or not, a space too many."""
    hands = [str, str, str.lower, lambda word: f"{word} ", lambda word: f" {word.title()}"]
    return [
        hands[i](word)
        for i, word in zip(rng.integers(5, size=len(countries)), countries, strict=True)
    ]


def without(columns: Columns, *names: str) -> Columns:
    """The columns but for some."""
    return {name: values for name, values in columns.items() if name not in names}


def rows_of(columns: Columns, rows: list[int] | np.ndarray) -> Columns:
    """Some rows, in the order given."""
    return {name: [values[i] for i in rows] for name, values in columns.items()}


def auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """The share of pairs in the right order, ties half."""
    truth = np.asarray(truth)
    _, place = np.unique(np.asarray(scores, dtype=float), return_inverse=True)
    positives, negatives = np.bincount(place, truth == 1), np.bincount(place, truth == 0)
    below = np.cumsum(negatives) - negatives
    return float(positives @ (below + negatives / 2) / (positives.sum() * negatives.sum()))


def expected_auc(chance: np.ndarray, scores: np.ndarray) -> float:
    """The AUC to expect where each truth is drawn with its chance: no luck of one draw is in it."""
    chance = np.asarray(chance, dtype=float)
    _, place = np.unique(np.asarray(scores, dtype=float), return_inverse=True)
    positives, negatives = np.bincount(place, chance), np.bincount(place, 1 - chance)
    below = np.cumsum(negatives) - negatives
    itself = float(chance @ (1 - chance))  # no row makes a pair with itself
    right = float(positives @ (below + negatives / 2)) - itself / 2
    return right / (float(chance.sum() * (1 - chance).sum()) - itself)


# --- what a row says, and rows that say less ------------------------------------------------------


def price_of(text: str | None) -> float | None:
    """The amount of a price cell, or None."""
    digits = "".join(each for each in text or "" if each.isdigit() or each == ".")
    return float(digits) if digits else None


def number(name: str, cell: Any) -> float | None:
    """What a numeric cell says, or None where it says nothing."""
    if name == "price":
        return price_of(cell)
    return None if cell is None or (name == "lead_days" and cell == -1) else cell


def limits(train: Columns) -> dict[str, tuple[float, float]]:
    """The smallest and largest number that is believed, for each numeric column."""
    found = {}
    for name in NUMBERS:
        known = [v for v in (number(name, cell) for cell in train[name]) if v is not None]
        width = max(known) - min(known)
        found[name] = (min(known) - width, max(known) + width)
    return found


def usable(train: Columns, rows: Columns) -> list[bool]:
    """The rule of the lesson, cell by cell."""
    believed = limits(train)
    verdicts = []
    for i in range(len(rows["country"])):
        values = {name: number(name, rows[name][i]) for name in believed}
        gaps = sum(v is None for v in values.values())
        gaps += sum(rows[name][i] is None for name in WORDS)
        inside = all(
            believed[name][0] <= v <= believed[name][1]
            for name, v in values.items()
            if v is not None
        )
        verdicts.append(gaps <= 3 and inside)
    return verdicts


def emptied(rng: np.random.Generator, rows: Columns, share: float) -> Columns:
    """Each feature cell is lost with this chance."""
    return {
        name: _with_gaps(rng, cells, share, None) if name in FEATURES else cells
        for name, cells in rows.items()
    }


def shaken(rng: np.random.Generator, rows: Columns) -> Columns:
    """Lead times are off by a random factor."""
    lead = np.array(rows["lead_days"], dtype=float)  # None becomes NaN
    known = ~np.isnan(lead) & (lead != -1)
    lead[known] *= np.exp(0.5 * rng.normal(size=known.sum()))
    cells = [None if np.isnan(each) else each for each in lead.tolist()]
    return {**rows, "lead_days": cells}


def elsewhere(rows: Columns) -> Columns:
    """Every country is one that nobody has seen."""
    return {**rows, "country": ["Atlantis"] * len(rows["country"])}


def borderline(train: Columns) -> Columns:
    """Rows on both sides of the rule: three gaps or four, on each edge, a little or far outside."""
    good = {
        "lead_days": 20.0,
        "nights": 3.0,
        "price": "300.00 EUR",
        "country": "DE",
        "channel": "web",
        "guests": 2.0,
    }
    nothing = dict.fromkeys(FEATURES)
    believed = limits(train)
    low, high = believed["price"]
    width = (high - low) / 3
    edges = [  # of whole numbers, which nothing rounds
        {**good, name: believed[name][end] + step}
        for name, end in (
            ("lead_days", 0),
            ("lead_days", 1),
            ("nights", 1),
            ("guests", 0),
            ("guests", 1),
        )
        for step in (-1, 0, 1)
    ]
    rows = [
        nothing,
        {**nothing, "lead_days": -1.0, "price": "n/a"},
        {**nothing, "country": "DE", "channel": "web"},
        {**nothing, "country": "DE", "channel": "web", "guests": 2.0},
        {**nothing, "lead_days": -1.0, "country": "DE", "channel": "web", "guests": 2.0},
        {**nothing, "lead_days": -1.0, "country": "DE", "channel": "web"},
        {**nothing, "price": "n/a", "nights": 2.0, "country": "DE"},
        {**good, "lead_days": -1.0, "price": "n/a"},
        {**good, "lead_days": 90_000.0},
        {**good, "lead_days": -5_000.0},
        {**good, "lead_days": -3.0},
        {**nothing, "price": "EUR 300.00", "country": "DE", "channel": "web"},
        {**good, "price": "EUR 9999999.00"},
        {**good, "nights": 15.0},
        {**good, "nights": 25.0},
        {**good, "guests": -70.0},
        {**good, "price": f"{high - 0.6 * width:,.2f} EUR"},
        {**good, "price": f"{high + 0.3 * width:,.2f} EUR"},
        {**good, "price": f"{high - 0.02:,.2f} EUR"},
        {**good, "price": f"{high + 0.02:,.2f} EUR"},
        {**good, "price": "9,999,999 EUR"},
        *edges,
    ]
    columns: Columns = {name: [row[name] for row in rows] for name in FEATURES}
    return {"booking_id": [f"B{i:06d}" for i in range(len(rows))], **columns}
