"""The live page: what it draws of the gate is what the gate decides by."""

import unittest
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from fraud import gate, page
from fraud.gate import Decision, Losses
from fraud.training import Part

N_CARDS = 400
PLACES = np.arange(N_CARDS)
IS_ONLINE = PLACES % 4 == 0
CHAMPION = np.full(N_CARDS, 0.5)
KNOWING_NOTHING = CHAMPION + 1.0


def decided(challenger: NDArray, knowing_nothing: NDArray = KNOWING_NOTHING) -> Decision:
    rows = [
        {"card": f"c{place}", "country": "DE", "card_country": "DE", "entry": entry}
        for place, entry in enumerate(np.where(IS_ONLINE, "online", "chip"))
    ]
    part = Part(np.zeros((N_CARDS, 0)), PLACES % 2 == 0, rows)
    losses = Losses(knowing_nothing, CHAMPION, challenger)
    with patch("fraud.gate.N_DRAWS", 400):
        return gate._compare(part, losses, np.random.default_rng(0))


def drawn(decision: Decision) -> str:
    facts = decision.facts | {"reason": decision.reason, "version": "7"}
    return page._gate({"kind": "promoted" if decision.promote else "refused", "facts": facts})


class Gates(unittest.TestCase):
    def test_each_bound_is_on_the_side_that_decided(self) -> None:
        rare = PLACES % 20 == 0
        for reason, decision in (
            ("is better", decided(CHAMPION - 0.1)),
            ("is not worse", decided(CHAMPION + 0.02)),
            ("no more than the share", decided(KNOWING_NOTHING + 0.1)),
            ("worse than the champion", decided(CHAMPION + 0.2)),
            # What may be lost is on average more than what is lost, but not for sure.
            ("worse than the champion", decided(CHAMPION + 0.035, CHAMPION + 8.0 * rare)),
            ("made online", decided(CHAMPION + np.where(IS_ONLINE, 0.2, -0.3))),
        ):
            with self.subTest(reason):
                self.assertIn(reason, decision.reason)
                self.assertEqual("no-span" not in drawn(decision), decision.promote)

    def test_the_slice_that_it_is_refused_for_is_named(self) -> None:
        decision = decided(CHAMPION + np.where(IS_ONLINE, 0.2, -0.3))
        self.assertIn("the same on payments made online", drawn(decision))

    def test_a_decision_from_before_is_still_drawn(self) -> None:
        facts = {"skill": 0.2, "skill_low": 0.1, "skill_high": 0.3, "gain": 0.1, "gain_low": 0.0}
        more = {"n_payments": 10, "n_frauds": 2, "reason": "it is better", "version": "3"}
        self.assertIn("Version 3", page._gate({"kind": "promoted", "facts": facts | more}))
