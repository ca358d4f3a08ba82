"""What an operator may type: a slip is said, and changes nothing."""

import contextlib
import io
import os
import tempfile
import unittest
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from fraud import commands
from fraud.__main__ import main
from fraud.commands import Impossible
from fraud.defects import DEFECTS, Unknown
from fraud.events import World, written
from fraud.service import create_app
from fraud.settings import VARIABLES, settings

with warnings.catch_warnings():  # it would rather have a later httpx than the environment has
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient


class Slips(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FRAUD_")}
        changed = patch.dict(os.environ, kept | {"FRAUD_STATE": str(self.folder)}, clear=True)
        changed.start()
        self.addCleanup(changed.stop)

    def say(self, *words: str) -> str:
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            try:
                code = main(list(words))
            except SystemExit as end:
                code = end.code
        self.assertEqual(code, 2, words)
        return said.getvalue()

    def test_a_number_that_cannot_be_is_refused_with_what_it_has_to_be(self) -> None:
        for words, why in (
            ("promote 2 --share 10", "'10' is not a share, above 0 and below 1"),
            ("promote 2 --share 0", "is not a share"),
            ("promote 2 --share 1", "is not a share"),
            ("promote 2 --share nan", "is not a share"),
            ("promote 2 --share much", "is not a share"),
            ("serve --port 65536", "is not a port, from 1 to 65535"),
            ("demo --port 0", "is not a port"),
            ("demo --seconds 0", "is not a number of seconds above 0"),
            ("demo --seconds inf", "is not a number of seconds above 0"),
            ("demo --stay -1", "is not a number of seconds, 0 or more"),
            ("retrain --days 0", "is not a number of days above 0"),
            ("rows a.jsonl --count 0", "is not a whole number above 0"),
            ("rows a.jsonl --count 1.5", "is not a whole number above 0"),
            (f"rows {self.folder / 'a.jsonl'} --count 9000000", "there are only"),
        ):
            with self.subTest(words):
                self.assertIn(why, self.say(*words.split()))
        self.assertEqual(list(self.folder.glob("*.jsonl")), [])

    def test_a_share_is_one_for_whoever_promotes(self) -> None:
        system: Any = SimpleNamespace()
        with self.assertRaisesRegex(Impossible, "above 0 and below 1, not 10"):
            commands.promote(system, "2", 10.0)

    def test_a_fault_that_there_is_not_cannot_be_planted(self) -> None:
        os.environ["FRAUD_DEFECT"] = "deaf,takes-everything"
        said = self.say("rollback")
        self.assertIn("there is no 'takes-everything'", said)
        self.assertIn("did you mean 'takes-anything'?", said)
        self.assertTrue(all(name in said for name in DEFECTS))
        given: Any = SimpleNamespace(queue=1)
        with self.assertRaises(Unknown):
            create_app(given)
        os.environ["FRAUD_DEFECT"] = "deaf, leaks"
        self.assertEqual(settings().state, self.folder)

    def test_the_fault_in_the_guard_is_one_that_a_row_can_show(self) -> None:
        client = TestClient(create_app(settings()))
        for planted, code in (("", 422), ("takes-anything", 200)):
            os.environ["FRAUD_DEFECT"] = planted
            self.assertEqual(client.post("/predict", json={"amount": "many"}).status_code, code)

    def test_no_question_takes_the_name_of_a_payment_of_the_stream(self) -> None:
        client = TestClient(create_app(settings()))
        payment = written(World(20, 1).day(0)[0].payment)
        answer = client.post("/predict", json=payment, headers={"X-Request-ID": "stream-p1"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("not 'stream-…'", answer.json()["error"])

    def test_a_variable_that_there_is_not_does_not_mislead(self) -> None:
        with patch.dict(os.environ, {"FRAUD_DEFECTS": "deaf"}):
            said = self.say("rollback")
        self.assertIn("did you mean 'FRAUD_DEFECT'?", said)
        self.assertTrue(all(name in said for name in VARIABLES))
        for name, value, why in (
            ("FRAUD_QUEUE", "many", "'many' is not a whole number above 0"),
            ("FRAUD_QUEUE", "0", "'0' is not a whole number above 0"),
            ("FRAUD_LABEL_DAYS", "nan", "'nan' is not a number above 0"),
        ):
            with self.subTest(name), patch.dict(os.environ, {name: value}):
                self.assertIn(f"{name}: {why}", self.say("rollback"))
