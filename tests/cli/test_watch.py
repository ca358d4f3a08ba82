"""`gradus watch` in a terminal: saves and keys."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradus.sandbox.environment import environment_home

pytestmark = pytest.mark.slow
PATIENCE = 30.0


class Screen:
    """A terminal with `gradus watch` in it."""

    def __init__(self, home: Path) -> None:
        environment = {
            **os.environ,
            "GRADUS_WORKSPACE": str(home / "gradus"),
            "GRADUS_ENVIRONMENTS": str(environment_home()),
            "NO_COLOR": "1",
        }
        words = [sys.executable, "-m", "gradus"]
        subprocess.run([*words, "open", "M01"], env=environment, check=True, capture_output=True)
        self.file = home / "gradus" / "labs" / "matmul" / "matmul.py"
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*words, "watch"], env=environment, stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)
        self.text = ""

    def wait_for(self, words: str) -> str:
        """Read until some words have come; return everything read for that."""
        until = time.monotonic() + PATIENCE
        while words not in self.text:
            assert time.monotonic() < until, f"no {words!r} in {self.text!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                self.text += os.read(self.master, 65536).decode("utf-8", "replace")
        before, _, self.text = self.text.partition(words)
        return before

    def press(self, key: bytes) -> None:
        os.write(self.master, key)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()
    os.close(made.master)


def test_a_save_is_judged_enter_judges_again_and_q_leaves(screen):
    screen.wait_for("Enter judges now, q leaves.")
    screen.file.write_text(screen.file.read_text() + "\n")
    screen.wait_for("matmul was saved")
    screen.wait_for("claims hold.")
    screen.press(b"\n")
    screen.wait_for("Judging matmul")
    screen.wait_for("claims hold.")
    screen.press(b"q")
    assert screen.process.wait(timeout=PATIENCE) == 0


def test_a_file_that_is_gone_is_said_and_watching_goes_on(screen):
    screen.wait_for("q leaves.")
    text = screen.file.read_text()
    screen.file.unlink()
    screen.wait_for("has no matmul.py")
    screen.file.write_text(text)
    screen.wait_for("claims hold.")
