"""A small world of cards and merchants that makes payments, some of them frauds.

Nothing is fetched. A day depends on the world's seed and the day alone, so any stretch can be drawn
again. Frauds are reported hours to days after the payment; drift is injected by asking for a day in
another season.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from fraud.contract import CATEGORIES, COUNTRIES, ENTRIES
from fraud.settings import DAY

FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
TYPICAL = dict(zip(CATEGORIES, (32, 48, 28, 55, 120, 160, 11, 70), strict=True))
"""Median amount of each category, in euros."""
HOURS = np.array(
    [1, 1, 1, 1, 1, 2, 5, 9, 12, 13, 14, 16, 18, 16, 14, 14, 15, 18, 20, 18, 13, 9, 5, 2]
)
ONLINE = {"digital": 1.0, "travel": 0.7, "electronics": 0.55, "fashion": 0.4}
"""Share of payments made online; in shops for what is not named."""
GIVEN = ("Ana", "Ben", "Chloe", "Dario", "Emma", "Farid", "Greta", "Hugo", "Ines", "Jan")
FAMILY = ("Almeida", "Bauer", "Conti", "Dubois", "Evans", "Fischer", "Garcia", "Horvat", "Ito")


@dataclass(frozen=True)
class Season:
    """How the world differs from the one that the first model was trained in."""

    prices: float = 1.0
    """What genuine amounts are multiplied by."""
    online: float = 0.0
    """Share of payments in shops that moves online."""
    gift_cards: float = 0.0
    """Incidents of a new kind of fraud, per card and day."""


CALM = Season()
SALES = Season(prices=1.5, online=0.35, gift_cards=0.012)
"""Sales: dearer, more online, and a wave of stolen cards that buy gift cards."""


@dataclass(frozen=True)
class Event:
    """One payment as it happens, with what nobody knows yet."""

    payment: dict[str, Any]
    """What the API and the stream are given; `at` in Unix seconds."""
    fraud: bool
    reported_at: float
    """When a fraud is reported, in Unix seconds; without meaning for a genuine payment."""


class World:
    """Cards with habits, and the payments of each day."""

    def __init__(self, n_cards: int = 1000, seed: int = 0) -> None:
        rng = np.random.default_rng([seed, 1])
        self.seed, self.n_cards = seed, n_cards
        self.home = rng.choice(len(COUNTRIES) - 3, n_cards, p=[0.4, 0.25, 0.15, 0.1, 0.1])
        self.wealth = rng.lognormal(0.0, 0.35, n_cards)
        self.rate = rng.gamma(3.0, 0.5, n_cards)
        taste = np.array([8, 3, 6, 3, 2, 1, 4, 2])
        self.taste = rng.dirichlet(taste * 0.8, n_cards)
        self.holder = [f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}" for _ in range(n_cards)]

    def days(self, first: int, last: int, season: Season = CALM) -> Iterator[Event]:
        """Yield the payments of the days `first` to `last - 1` in the order of their times."""
        for day in range(first, last):
            yield from self.day(day, season)

    def day(self, day: int, season: Season = CALM) -> list[Event]:
        """Return one day's payments in the order of their times."""
        rng = np.random.default_rng([self.seed, 2, day])
        drawn = self._genuine(rng, season)
        for pattern, rate in (
            (self._tested, 0.003),
            (self._stolen, 0.003),
            (self._taken_over, 0.003),
            (self._gift_cards, season.gift_cards),
        ):
            for card in rng.integers(0, self.n_cards, rng.poisson(rate * self.n_cards)):
                drawn += pattern(int(card), rng)
        drawn.sort(key=lambda each: each["at"])
        start = FIRST_DAY + day * DAY
        return [
            self._event(f"p{day}-{place}", start, each, rng) for place, each in enumerate(drawn)
        ]

    def _event(self, name: str, start: float, drawn: dict[str, Any], rng: Any) -> Event:
        at = round(start + drawn.pop("at"), 3)
        fraud = drawn.pop("fraud", False)
        payment = {"payment_id": name, **drawn, "at": at}
        delay = min(0.1 + rng.exponential(0.6), 2.9) if fraud else 0.0
        return Event(payment, fraud, at + delay * DAY)

    def _payment(self, card: int, **known: Any) -> dict[str, Any]:
        home = COUNTRIES[self.home[card]]
        return {
            "card": f"c{card}",
            "country": home,
            "card_country": home,
            "holder": self.holder[card],
        } | known

    def _genuine(self, rng: Any, season: Season) -> list[dict[str, Any]]:
        """Return what the cards' owners buy in a day."""
        cards = np.repeat(np.arange(self.n_cards), rng.poisson(self.rate))
        n = len(cards)
        kinds = (self.taste.cumsum(axis=1)[cards] < rng.random((n, 1))).sum(axis=1).clip(0, 7)
        online = np.array([ONLINE.get(each, 0.0) for each in CATEGORIES])
        moved = np.array([season.online * (each != "cash") for each in CATEGORIES])
        is_online = rng.random(n) < (online + (1 - online) * moved)[kinds]
        typical = np.array([TYPICAL[each] for each in CATEGORIES])[kinds]
        amounts = typical * self.wealth[cards] * season.prices * rng.lognormal(0.0, 0.5, n)
        is_touched = (amounts < 50) & (rng.random(n) < 0.8)
        is_away, abroad = rng.random(n) < 0.03, rng.integers(0, len(COUNTRIES), n)
        times = (rng.choice(24, n, p=HOURS / HOURS.sum()) + rng.random(n)) * 3_600
        shops = rng.integers(0, 60, n)
        made = []
        for place, card in enumerate(cards):
            category = CATEGORIES[kinds[place]]
            away = {"country": COUNTRIES[abroad[place]]} if is_away[place] else {}
            in_shop = ENTRIES[int(is_touched[place])]
            one = self._payment(
                int(card),
                merchant=f"m{category[:3]}{shops[place]}",
                category=category,
                entry="online" if is_online[place] else in_shop,
                amount=_euros(amounts[place]),
                at=float(times[place]),
                **away,
            )
            made.append(one)
        return made

    def _tested(self, card: int, rng: Any) -> list[dict[str, Any]]:
        """A stolen number is tried with small sums, then used."""
        at = _time(rng)
        small = [(_euros(rng.uniform(1, 9)), "digital") for _ in range(rng.integers(3, 7))]
        rest = [*small, (_euros(rng.uniform(150, 900)), "electronics")]
        return self._series(card, rng, at, 300, rest, "online")

    def _stolen(self, card: int, rng: Any) -> list[dict[str, Any]]:
        """A stolen card is used abroad."""
        kinds = ("electronics", "fashion", "cash")
        bought = [(_euros(rng.uniform(90, 600)), str(rng.choice(kinds))) for _ in range(3)]
        made = self._series(card, rng, _time(rng), 2_400, bought, "chip")
        country = str(rng.choice(COUNTRIES[5:]))
        return [each | {"country": country} for each in made]

    def _taken_over(self, card: int, rng: Any) -> list[dict[str, Any]]:
        """Somebody else uses the account at night."""
        bought = [(_euros(rng.uniform(250, 1500)), str(rng.choice(("travel", "electronics"))))]
        return self._series(card, rng, rng.uniform(0, 5) * 3_600, 1_200, bought * 2, "online")

    def _gift_cards(self, card: int, rng: Any) -> list[dict[str, Any]]:
        """Gift cards of middling sums, by day and at home: the first model has seen none."""
        bought = [(float(rng.choice((25, 50, 75, 100))), "digital") for _ in range(3)]
        return self._series(card, rng, rng.uniform(9, 19) * 3_600, 5_400, bought, "online")

    def _series(
        self, card: int, rng: Any, at: float, apart: float, bought: Any, entry: str
    ) -> list[dict[str, Any]]:
        made = []
        for amount, category in bought:
            merchant = f"m{category[:3]}{rng.integers(0, 60)}"
            known = {"merchant": merchant, "category": category, "entry": entry}
            made.append(
                self._payment(card, **known, amount=amount, at=min(at, DAY - 1), fraud=True)
            )
            at += rng.uniform(0.3, 1.0) * apart
        return made


def written(payment: dict[str, Any]) -> dict[str, Any]:
    """Return a payment as it is written in JSON: the time as text."""
    return payment | {"at": datetime.fromtimestamp(payment["at"], UTC).isoformat()}


def _time(rng: Any) -> float:
    return float(rng.uniform(0, DAY))


def _euros(amount: float) -> float:
    return max(0.5, round(float(amount), 2))
