"""What the model sees of a payment: itself, and its card's past up to that moment.

One function makes the features for training and for serving, from the same two things, so there
is nothing to keep in step. The past ends strictly before the payment: what came later, or at the
same instant, can never be seen.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fraud.contract import CATEGORIES, ENTRIES
from fraud.settings import DAY

MEMORY = 30 * DAY
"""Seconds for which a card's past counts."""
FEATURES = (
    "category",
    "entry",
    "log_amount",
    "hour",
    "is_abroad",
    "country_changed",
    "n_last_hour",
    "n_last_day",
    "log_spent_last_day",
    "amount_against_usual",
    "log_minutes_since_last",
    "merchant_is_known",
)


class Past:
    """The payments of one card in the order of their times."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.payments: list[tuple[float, str, str]] = []

    def add(self, payment: Mapping[str, Any]) -> None:
        """Take in a payment, wherever its time belongs: a stream may deliver out of order."""
        place = bisect_left(self.times, payment["at"])
        self.times.insert(place, payment["at"])
        kept = (payment["amount"], payment["country"], payment["merchant"])
        self.payments.insert(place, kept)


NOTHING = Past()


def pasts_of(payments: Iterable[Mapping[str, Any]]) -> dict[str, Past]:
    """Return the past of each card."""
    pasts: dict[str, Past] = {}
    for payment in payments:
        pasts.setdefault(payment["card"], Past()).add(payment)
    return pasts


def features(payment: Mapping[str, Any], past: Past) -> list[float]:
    """Return the features of one payment in the order of FEATURES."""
    at, amount = payment["at"], payment["amount"]
    end = bisect_left(past.times, at)
    begin = bisect_left(past.times, at - MEMORY, 0, end)
    of_day = past.payments[bisect_left(past.times, at - DAY, begin, end) : end]
    n_hour = end - bisect_left(past.times, at - 3_600, begin, end)
    before = past.payments[begin:end]
    usual = sum(each[0] for each in before) / len(before) if before else amount
    since = (at - past.times[end - 1]) / 60 if before else MEMORY / 60
    moment = datetime.fromtimestamp(at, UTC)
    return [
        CATEGORIES.index(payment["category"]),
        ENTRIES.index(payment["entry"]),
        math.log(amount),
        moment.hour + moment.minute / 60,
        float(payment["country"] != payment["card_country"]),
        float(bool(before) and before[-1][1] != payment["country"]),
        n_hour,
        len(of_day),
        math.log1p(sum(each[0] for each in of_day)),
        math.log(amount / usual),
        math.log1p(since),
        float(any(each[2] == payment["merchant"] for each in before)),
    ]


def table(payments: Sequence[Mapping[str, Any]], pasts: Mapping[str, Past]) -> NDArray[np.float64]:
    """Return the features of payments, shape (n_payments, n_features)."""
    rows = [features(each, pasts.get(each["card"], NOTHING)) for each in payments]
    return np.array(rows, dtype=float).reshape(len(rows), len(FEATURES))
