"""The demonstration leaves nothing behind, whatever ends it."""

import contextlib
import io
import os
import signal
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from fraud import story

Popen = subprocess.Popen


class Ends(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name) / "work"
        self.folder.mkdir()
        for each in (signal.SIGINT, signal.SIGTERM):
            self.addCleanup(signal.signal, each, signal.getsignal(each))
        self.services: list[subprocess.Popen[bytes]] = []
        self.codes: list[int] = []

    def tell(self, **changed: Any) -> str:
        """Tell a story of which parts are changed, and return what it said of its end."""

        def begin(words: list[str], **_: Any) -> "subprocess.Popen[bytes]":
            service = Popen(["sleep", "600"])
            self.services.append(service)
            self.addCleanup(service.wait)
            self.addCleanup(service.kill)
            return service

        broker = SimpleNamespace(address="")
        usual = {"MockBroker": lambda: broker, "_until_it_answers": lambda _: None}
        said = io.StringIO()
        with contextlib.ExitStack() as after:
            after.enter_context(patch.dict(os.environ))
            after.enter_context(patch("fraud.story.subprocess.Popen", begin))
            after.enter_context(patch("fraud.story.os._exit", self.codes.append))
            after.enter_context(contextlib.redirect_stderr(said))
            for name, value in {**usual, **changed}.items():
                after.enter_context(patch(f"fraud.story.{name}", value))
            self.codes.append(story.tell(self.folder, 1, None, 0.0))
        return said.getvalue()

    def assert_nothing_is_left(self) -> None:
        self.assertFalse(self.folder.exists())
        self.assertTrue(all(each.poll() is not None for each in self.services))
        named = [each.name for each in threading.enumerate()]
        self.assertEqual([name for name in named if name == "hook" or "Executor" in name], [])

    def test_a_story_that_ends_well(self) -> None:
        self.tell(_tell=lambda *_: None)
        self.assertEqual(self.codes, [0])
        self.assertEqual(len(self.services), 1)
        self.assert_nothing_is_left()

    def test_a_fault_that_nobody_thought_of(self) -> None:
        def fault(*_: Any) -> None:
            raise TimeoutError("3 messages were not taken by the brokers")

        said = self.tell(_tell=fault)
        self.assertEqual(self.codes[0], 1)
        self.assertIn("3 messages were not taken", said.splitlines()[-1])
        self.assert_nothing_is_left()

    def test_ctrl_c_and_once_more_while_it_is_cleaned_up(self) -> None:
        def pressed(*_: Any) -> None:
            raise KeyboardInterrupt

        def close(hook: story.Hook) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            hook_close(hook)

        hook_close = story.Hook.close
        with patch.object(story.Hook, "close", close):
            self.tell(_tell=pressed)
        self.assertEqual(self.codes[0], story.INTERRUPTED)
        self.assert_nothing_is_left()

    def test_a_stage_that_cannot_be_laid(self) -> None:
        def fault(*_: Any) -> None:
            raise OSError("the disk is full")

        self.tell(System=fault)
        self.assertEqual((self.codes[0], self.services), (1, []))
        self.assert_nothing_is_left()

    def test_the_hook_keeps_no_program_alive(self) -> None:
        hook = story.Hook()
        self.addCleanup(hook.close)
        self.assertTrue(all(t.daemon for t in threading.enumerate() if t.name == "hook"))
        self.assertTrue(hook._thread.daemon)
