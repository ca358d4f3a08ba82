"""Going back: always further, and never to what was taken back itself."""

import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fraud import commands
from fraud.commands import Impossible
from fraud.releases import Release, current, put_in_service
from fraud.store import Store


class GoingBack(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.store = Store(f"sqlite:///{Path(place.name) / 'fraud.db'}")
        self.addCleanup(self.store.close)
        registry = SimpleNamespace(tell=lambda *_, **__: None)
        self.system: Any = SimpleNamespace(store=self.store, registry=registry)

    def serve(self, *versions: str) -> None:
        for version in versions:
            put_in_service(self.store, Release(version), "promoted", "for a test")

    def test_a_second_rollback_goes_further_back(self) -> None:
        self.serve("1", "2", "3")
        self.assertEqual(commands.rollback(self.system), "2")
        self.assertEqual(commands.rollback(self.system), "1")
        with self.assertRaisesRegex(Impossible, "no earlier version"):
            commands.rollback(self.system)
        self.assertEqual(current(self.store), Release("1"))

    def test_what_was_taken_back_is_not_gone_back_to(self) -> None:
        self.serve("1", "2")
        self.assertEqual(commands.rollback(self.system), "1")
        with self.assertRaises(Impossible):
            commands.rollback(self.system)
        self.serve("3", "4")
        self.assertEqual(commands.rollback(self.system), "3")
        self.assertEqual(commands.rollback(self.system), "1")

    def test_a_version_that_passes_the_gate_again_is_good_again(self) -> None:
        self.serve("1", "2")
        commands.rollback(self.system)
        self.serve("2", "3")
        self.assertEqual(commands.rollback(self.system), "2")

    def test_a_canary_goes_back_to_its_champion_and_is_out(self) -> None:
        self.serve("1", "2", "1")
        put_in_service(self.store, Release("1", "2", 0.1), "canary", "for a test")
        self.assertEqual(commands.rollback(self.system), "1")
        self.assertEqual(current(self.store), Release("1"))
        with self.assertRaises(Impossible):
            commands.rollback(self.system)

    def test_before_the_first_model_there_is_nothing(self) -> None:
        with self.assertRaisesRegex(Impossible, "no version is released yet"):
            commands.rollback(self.system)
