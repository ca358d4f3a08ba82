"""The scorer's thread: each request gets its own answer or the fault, and nothing ends it."""

import tempfile
import unittest
from pathlib import Path
from typing import Any

import numpy as np

from fraud.events import World
from fraud.releases import Release, put_in_service
from fraud.scoring import Scored, Scorer, Work
from fraud.store import Store

FIRST, OTHER = (each.payment for each in World(100, 5).day(0)[:2])
PATIENCE = 20.0
"""Seconds after which nobody is going to answer."""


class Half:
    """A model that says 0.5."""

    def predict_proba(self, X: Any) -> Any:
        return np.full((len(X), 2), 0.5)


class Models:
    def load(self, version: str) -> tuple[Any, dict[str, Any]]:
        return Half(), {}


class Watch:
    """Fails as often as it is told to."""

    def __init__(self) -> None:
        self.n_faults = self.n_faults_of_recall = 0

    def inputs(self, *_: Any) -> None:
        if self.n_faults:
            self.n_faults -= 1
            raise OSError("the disk is full")

    def outcomes(self, *_: Any) -> None:
        pass

    def recall_all(self) -> None:
        if self.n_faults_of_recall:
            self.n_faults_of_recall -= 1
            raise OSError("the disk is still full")


class Scoring(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.store = Store(f"sqlite:///{Path(place.name) / 'fraud.db'}")
        self.addCleanup(self.store.close)
        self.watch = Watch()
        self.scorer = Scorer(self.store, Models(), self.watch, 10)  # type: ignore[arg-type]

    def start(self) -> None:
        self.scorer.start()
        self.addCleanup(self.scorer.stop)

    def release(self) -> None:
        put_in_service(self.store, Release("1"), "released", "for a test")

    def answer(self, work: Work) -> dict[str, Scored]:
        return self.scorer.submit(work).result(PATIENCE)

    def test_one_identifier_for_two_payments_of_a_batch_answers_only_the_first(self) -> None:
        self.release()
        waiting = [self.scorer.submit(Work({"same": row})) for row in (FIRST, OTHER, FIRST)]
        self.start()
        found = [each.result(PATIENCE)["same"] for each in waiting]
        rows = (FIRST, OTHER, FIRST)
        of_own = [each.is_of(row) for each, row in zip(found, rows, strict=True)]
        self.assertEqual(of_own, [True, False, True])
        self.assertFalse(self.answer(Work({"same": OTHER}))["same"].is_of(OTHER))
