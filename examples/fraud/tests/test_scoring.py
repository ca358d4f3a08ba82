"""The scorer's thread: each request gets its own answer or the fault, and nothing ends it."""

import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from fraud.events import World
from fraud.releases import Release, put_in_service
from fraud.scoring import NotReady, Scored, Scorer, Work, _answer
from fraud.store import Store, reports

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

    def test_faults_are_answered_and_it_goes_on(self) -> None:
        self.release()
        self.watch.n_faults, self.watch.n_faults_of_recall = 1, 1
        self.start()
        with self.assertLogs("fraud", "ERROR"):
            for fault in ("disk is full", "disk is still full"):
                with self.assertRaisesRegex(OSError, fault):
                    self.answer(Work({"a": FIRST}))
            self.assertTrue(self.answer(Work({"a": FIRST}))["a"].is_of(FIRST))

    def test_an_answer_that_cannot_be_given_is_a_fault_of_that_batch(self) -> None:
        self.release()
        self.start()
        faults = iter([KeyError("a")])

        def at_first_not(*given: Any) -> None:
            for fault in faults:
                raise fault
            _answer(*given)

        with patch("fraud.scoring._answer", at_first_not), self.assertLogs("fraud", "ERROR"):
            with self.assertRaises(KeyError):
                self.answer(Work({"a": FIRST}))
            self.assertTrue(self.answer(Work({"a": FIRST}))["a"].is_of(FIRST))

    def test_reports_are_taken_without_a_model(self) -> None:
        told = {"payment_id": "p1", "fraud": True, "reported_at": 1.0}
        asked = self.scorer.submit(Work({"a": FIRST}))
        reported = self.scorer.submit(Work({}, reported=[told]))
        self.start()
        with self.assertRaises(NotReady):
            asked.result(PATIENCE)
        self.assertEqual(reported.result(PATIENCE), {})
        self.assertEqual(len(self.store.all(reports.select())), 1)

    def test_nobody_waits_for_a_thread_that_has_ended(self) -> None:
        self.release()
        with (
            patch.object(Scorer, "_score_and_write", side_effect=SystemExit),
            patch.object(threading, "excepthook"),
        ):
            first, second = (self.scorer.submit(Work({name: FIRST})) for name in "ab")
            self.scorer.start()
            self.scorer.join(PATIENCE)
        late = self.scorer.submit(Work({"c": FIRST}))
        for each in (first, second, late):
            with self.assertRaises(NotReady):
                each.result(PATIENCE)
