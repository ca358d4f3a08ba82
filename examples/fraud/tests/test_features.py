"""The features: only the past counts, and training and serving see the same."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from fraud.events import World
from fraud.features import FEATURES, NOTHING, features, pasts_of, table
from fraud.settings import DAY
from fraud.store import Store, kept, payments


def payment(at: float, amount: float = 10.0, **known: str) -> dict:
    row = {"card": "c1", "country": "DE", "card_country": "DE", "merchant": "m1", "at": at}
    return row | {"category": "fuel", "entry": "chip", "amount": amount} | known


def named(row: dict, pasts: dict) -> dict:
    past = pasts.get(row["card"], NOTHING)
    return dict(zip(FEATURES, features(row, past), strict=True))


class Features(unittest.TestCase):
    def test_neither_the_future_nor_the_same_instant_is_seen(self) -> None:
        now = 100 * DAY
        before = pasts_of([payment(now - 60), payment(now - 2 * DAY)])
        with_later = pasts_of(
            [payment(now - 60), payment(now), payment(now - 2 * DAY), payment(now + 1)]
        )
        self.assertEqual(named(payment(now), before), named(payment(now), with_later))

    def test_the_past_is_counted_by_hour_day_and_month(self) -> None:
        now = 100 * DAY
        pasts = pasts_of(
            [
                payment(now - 31 * DAY, 1000.0),
                payment(now - 20 * DAY, 30.0, merchant="m9"),
                payment(now - 5 * 3600, 20.0),
                payment(now - 600, 10.0, country="US"),
            ]
        )
        seen = named(payment(now, 40.0), pasts)
        self.assertEqual((seen["n_last_hour"], seen["n_last_day"]), (1, 2))
        self.assertAlmostEqual(seen["log_spent_last_day"], np.log1p(30))
        self.assertAlmostEqual(seen["amount_against_usual"], np.log(40 / 20))
        self.assertAlmostEqual(seen["log_minutes_since_last"], np.log1p(10))
        self.assertEqual((seen["country_changed"], seen["merchant_is_known"]), (1.0, 1.0))
        self.assertEqual(named(payment(now, merchant="m5"), pasts)["merchant_is_known"], 0.0)

    def test_the_database_gives_the_same_past_as_memory(self) -> None:
        rows = [each.payment for each in World(60, 2).days(0, 12)]
        with tempfile.TemporaryDirectory() as folder:
            store = Store(f"sqlite:///{Path(folder) / 'f.db'}")
            with store.writing() as tx:
                store.insert_new(tx, payments, [kept(row) for row in reversed(rows)])
            asked = rows[::7]
            stored = table(asked, store.pasts(asked))
            store.close()
        np.testing.assert_array_equal(stored, table(asked, pasts_of(rows)))
        self.assertGreater(stored[:, FEATURES.index("n_last_day")].max(), 0)
