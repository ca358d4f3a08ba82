"""The monitors: silent while nothing changes, soon heard when something does."""

import unittest

import numpy as np

from fraud import drift, quality
from fraud.drift import BOUND, TOLERANCE, Alarm, Drift, reference
from fraud.events import SALES, Season, World
from fraud.quality import Quality

WORLD = World(300, 5)
CALM = [each.payment for each in WORLD.days(0, 12)]


def rows_until_alarm(rows: list, known: dict) -> int | None:
    test = Drift(known)
    return next((n for n, row in enumerate(rows, 1) if test.take(row).value >= BOUND), None)


class Inputs(unittest.TestCase):
    def setUp(self) -> None:
        self.known = reference(CALM)

    def test_no_bet_gains_while_shares_stay_within_the_tolerance(self) -> None:
        rng = np.random.default_rng(0)
        test = Drift(self.known)
        for bets, shares in zip(test._tables, self.known["shares"].values(), strict=True):
            for _ in range(200):
                p = np.array(shares)
                target = rng.dirichlet(np.full(len(p), 0.1))
                p += TOLERANCE * (target - p) / max(0.5 * np.abs(target - p).sum(), 1e-9)
                if (p < 0).any():
                    continue
                self.assertLessEqual((p @ bets).max(), 1 + 1e-9)

    def test_calm_days_raise_no_alarm(self) -> None:
        calm = [each.payment for each in WORLD.days(12, 30)]
        self.assertGreater(len(calm), 7_000)
        self.assertIsNone(rows_until_alarm(calm, self.known))

    def test_each_kind_of_change_is_soon_heard(self) -> None:
        calm = [each.payment for each in WORLD.days(12, 16)]
        rng = np.random.default_rng(1)
        for name, changed in (
            ("dearer", [r | {"amount": r["amount"] * 1.5} for r in calm]),
            ("cheaper", [r | {"amount": r["amount"] / 1.5} for r in calm]),
            ("wilder", [r | {"amount": r["amount"] * rng.lognormal(0, 1.0)} for r in calm]),
            ("online", [r | {"entry": "online"} if rng.random() < 0.15 else r for r in calm]),
            ("abroad", [r | {"country": "TH"} if rng.random() < 0.08 else r for r in calm]),
            ("sales", [e.payment for e in WORLD.days(12, 16, SALES)]),
            ("prices", [e.payment for e in WORLD.days(12, 16, Season(prices=1.4))]),
        ):
            with self.subTest(name):
                heard = rows_until_alarm(changed, self.known)
                self.assertIsNotNone(heard)
                self.assertLess(heard, 1_500)

    def test_it_goes_on_where_it_was(self) -> None:
        sales = [each.payment for each in WORLD.days(12, 13, SALES)]
        whole = Drift(self.known)
        values = [whole.take(row).value for row in sales[:30]]
        first, second = Drift(self.known), Drift(self.known)
        for row in sales[:15]:
            first.take(row)
        second.resume(first.r.tolist())
        self.assertEqual([second.take(row).value for row in sales[15:30]], values[15:])

    def test_a_drift_raises_one_alarm_and_the_next_drift_another(self) -> None:
        sales = [each.payment for each in WORLD.days(12, 15, SALES)]
        calm = [each.payment for each in WORLD.days(15, 18)]
        test, alarm = Drift(self.known), Alarm(BOUND, drift.OVER)
        raised = []
        for rows in (calm, sales, calm, sales):
            raised.append(sum(alarm.take(test.take(row).value) for row in rows))
        self.assertEqual(raised, [0, 1, 0, 1])


class Outcomes(unittest.TestCase):
    def take(self, scores: np.ndarray, frauds: np.ndarray) -> int | None:
        test, top = Quality(), quality.BOUND
        pairs = zip(scores, frauds, strict=True)
        return next(
            (n for n, (p, y) in enumerate(pairs, 1) if test.take(p, bool(y)).value >= top), None
        )

    def test_scores_that_keep_their_word_raise_no_alarm(self) -> None:
        rng = np.random.default_rng(2)
        for _ in range(5):
            scores = rng.beta(0.05, 2.0, 4_000)
            self.assertIsNone(self.take(scores, rng.random(4_000) < scores))

    def test_frauds_that_the_scores_miss_are_heard(self) -> None:
        rng = np.random.default_rng(3)
        scores = rng.beta(0.05, 2.0, 6_000)
        heard = self.take(scores, (rng.random(6_000) < scores) | (rng.random(6_000) < 0.03))
        self.assertIsNotNone(heard)
        self.assertLess(heard, 3_000)

    def test_the_chance_of_a_false_alarm_is_what_is_stated(self) -> None:
        self.assertAlmostEqual(10**drift.BOUND, drift.ROWS / drift.ALPHA, delta=1e3)
        self.assertAlmostEqual(10**quality.BOUND, quality.PAYMENTS / quality.ALPHA, delta=1e-3)
        scores = np.linspace(0.0005, 0.9, 50)
        for p in scores:  # the expected factor of each bet is 1 at most, up to the slack
            most = min(quality._times_odds(p, quality.SLACK_ODDS) + quality.SLACK, 1 - 1e-6)
            test = Quality([0.0] * 4)
            test.take(p, True)
            with_fraud = test.r.copy()
            test = Quality([0.0] * 4)
            test.take(p, False)
            for true in (0.0, p, most):
                mean = true * with_fraud + (1 - true) * test.r
                self.assertLessEqual(mean.max(), 1 + 1e-9)
