"""Training and the gate: measured on what was not seen, and no worse model gets in."""

import unittest

import numpy as np

from fraud import gate
from fraud.contract import Refused
from fraud.events import FIRST_DAY, SALES, World
from fraud.features import pasts_of
from fraud.settings import DAY
from fraud.training import Part, measure, part_of, scores, train

WORLD = World(n_cards=400, seed=7)


def labelled(events: list) -> list[dict]:
    return [each.payment | {"fraud": each.fraud} for each in events]


def setUpModule() -> None:
    global OURS, NEWER, FIRST, LATER
    events = list(WORLD.days(0, 20))
    sales = list(WORLD.days(20, 32, SALES))
    pasts = pasts_of(each.payment for each in events + sales)
    OURS = part_of(labelled(events), pasts)
    NEWER = part_of(labelled(sales), pasts)
    FIRST, LATER = train(OURS), train(NEWER)


class Training(unittest.TestCase):
    def test_it_is_measured_on_the_newest_payments_alone(self) -> None:
        newest = FIRST.held_out.rows[0]["at"]
        self.assertGreater(newest, FIRST_DAY + 16 * DAY)
        self.assertEqual(len(FIRST.held_out.y), len(OURS.y) - int(0.85 * len(OURS.y)))

    def test_the_scores_are_probabilities_and_worth_something(self) -> None:
        worth = FIRST.metrics
        self.assertGreater(worth["average_precision"], 0.6)
        self.assertAlmostEqual(worth["said"], worth["came"], delta=0.6 * worth["came"])

    def test_the_same_payments_give_the_same_model_and_others_another(self) -> None:
        again = scores(train(OURS).model, OURS.X)
        np.testing.assert_array_equal(again, scores(FIRST.model, OURS.X))
        other = scores(train(OURS.cut(0.1, 1)).model, OURS.X)
        self.assertFalse(np.array_equal(other, again))

    def test_new_labels_that_contradict_the_past_are_learnt_without_it(self) -> None:
        turned = [row | {"fraud": row["amount"] < 8.0} for row in NEWER.rows]
        given = Part(NEWER.X, np.array([row["fraud"] for row in turned]), turned)
        trained = train(OURS, given)
        self.assertEqual(trained.parameters["trained_on"], "file")
        self.assertGreater(trained.metrics["average_precision"], 0.9)

    def test_weights_stand_for_payments_that_were_left_out(self) -> None:
        kept = [n for n, row in enumerate(OURS.rows) if row["fraud"] or n % 5 == 0]
        rows = [OURS.rows[n] | {"weight": 1.0 if OURS.y[n] else 5.0} for n in kept]
        sample = Part(OURS.X[kept], OURS.y[kept], rows)
        worth = train(OURS.cut(0, 0.01), sample).metrics
        self.assertAlmostEqual(worth["came"], OURS.y.mean(), delta=0.008)
        self.assertAlmostEqual(worth["said"], worth["came"], delta=0.6 * worth["came"])

    def test_labels_that_nothing_can_be_learnt_from_are_refused(self) -> None:
        alike = [row | {"fraud": False} for row in OURS.rows]
        with self.assertRaises(Refused):
            train(Part(OURS.X, np.zeros(len(OURS.y), bool), alike))


class Gate(unittest.TestCase):
    def decide(self, part: Part, champion: object, challenger: object) -> gate.Decision:
        return gate.decide(part, champion, challenger, usual=float(OURS.y.mean()))

    def test_a_better_model_is_let_in(self) -> None:
        stale = measure(FIRST.model, LATER.held_out)["log_loss"]
        self.assertGreater(stale, 1.3 * LATER.metrics["log_loss"])
        decision = self.decide(LATER.held_out, FIRST.model, LATER.model)
        self.assertTrue(decision.promote, decision.reason)
        self.assertGreater(decision.facts["gain_low"], 0)

    def test_a_model_is_no_worse_than_itself(self) -> None:
        decision = self.decide(FIRST.held_out, FIRST.model, FIRST.model)
        self.assertTrue(decision.promote, decision.reason)

    def test_a_worse_model_is_refused(self) -> None:
        decision = self.decide(FIRST.held_out, FIRST.model, LATER.model)
        self.assertFalse(decision.promote)

    def test_a_model_of_shuffled_labels_is_refused_even_by_its_own_labels(self) -> None:
        y = np.random.default_rng(0).permutation(OURS.y)
        rows = [row | {"fraud": bool(f)} for row, f in zip(OURS.rows, y, strict=True)]
        trained = train(Part(OURS.X, y, rows))
        decision = self.decide(trained.held_out, FIRST.model, trained.model)
        self.assertFalse(decision.promote, decision.facts)

    def test_labels_that_cannot_be_right_are_refused(self) -> None:
        turned = Part(FIRST.held_out.X, ~FIRST.held_out.y, FIRST.held_out.rows)
        decision = self.decide(turned, FIRST.model, FIRST.model)
        self.assertIn("cannot be right", decision.reason)
        none = Part(turned.X, np.zeros(len(turned.y), bool), turned.rows)
        self.assertIn("only 0 frauds", self.decide(none, FIRST.model, FIRST.model).reason)
