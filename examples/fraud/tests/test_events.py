"""The world: it can be drawn again, it keeps the contract, and it drifts when it is told to."""

import tempfile
import unittest
from collections import Counter
from pathlib import Path

from fraud.commands import write_rows
from fraud.contract import Payment, row_of
from fraud.events import FIRST_DAY, SALES, World, written
from fraud.settings import DAY

PROJECT = Path(__file__).parents[1]


class Events(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(n_cards=150, seed=3)

    def test_a_day_is_the_same_whenever_it_is_drawn(self) -> None:
        alone = self.world.day(4)
        within = [e for e in World(150, 3).days(2, 6) if e.payment in [a.payment for a in alone]]
        self.assertEqual(alone, within)
        self.assertNotEqual(alone, World(150, 4).day(4))

    def test_payments_keep_the_contract_and_lie_in_their_day_in_order(self) -> None:
        events = list(self.world.days(0, 3))
        times = [e.payment["at"] for e in events]
        self.assertEqual(times, sorted(times))
        self.assertTrue(all(FIRST_DAY <= at < FIRST_DAY + 3 * DAY for at in times))
        for event in events:
            row = row_of(Payment.model_validate(written(event.payment)))
            known = {k: v for k, v in event.payment.items() if k != "holder"}
            self.assertEqual(row, known)

    def test_frauds_are_few_and_reported_within_three_days(self) -> None:
        events = list(self.world.days(0, 20))
        frauds = [e for e in events if e.fraud]
        self.assertTrue(0.005 < len(frauds) / len(events) < 0.05)
        for each in frauds:
            self.assertTrue(0 < each.reported_at - each.payment["at"] < 3 * DAY)

    def test_sales_are_dearer_more_online_and_bring_gift_card_frauds(self) -> None:
        calm, sales = list(self.world.days(0, 10)), list(self.world.days(0, 10, SALES))

        def mean(events: list) -> float:
            kept = [e.payment["amount"] for e in events if not e.fraud]
            return sum(kept) / len(kept)

        def online(events: list) -> float:
            return Counter(e.payment["entry"] for e in events)["online"] / len(events)

        self.assertGreater(mean(sales), 1.3 * mean(calm))
        self.assertGreater(online(sales), online(calm) + 0.1)
        self.assertGreater(sum(e.fraud for e in sales), 1.5 * sum(e.fraud for e in calm))

    def test_the_rows_of_the_project_are_those_that_the_simulator_writes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, count, labelled in [("rows", 1200, False), ("labelled", 2000, True)]:
                written_now = Path(folder) / f"{name}.jsonl"
                write_rows(written_now, count, labelled)
                kept = (PROJECT / f"{name}.jsonl").read_bytes()
                self.assertTrue(kept == written_now.read_bytes(), f"write {name}.jsonl anew")
