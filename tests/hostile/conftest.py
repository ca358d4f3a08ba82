"""Courts to hear attacks: one of this user's, and as root one of an ordinary user's too."""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from gradus.sandbox.interpreters import ask, candidates

COURT = Path(__file__).with_name("court.py")
ORDINARY = 65_534
SECONDS = 110


class Bailiff:
    """A court in a process of its own, as some user and in some interpreter."""

    def __init__(self, user: int | None = None, python: str = sys.executable, *words: str) -> None:
        self.place = tempfile.mkdtemp(prefix="court-")
        if user is not None:
            os.chown(self.place, user, user)
        self.process = subprocess.Popen(
            [python, "-P", str(COURT), self.place, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            cwd=self.place,
            env={**os.environ, "HOME": self.place},
        )

    def send(self, *words: str) -> None:
        """Put an attack before the court."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Return what the court found."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
        assert ready, "the judge hangs"
        line = self.process.stdout.readline()
        assert line, "the judge is dead"
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End the court and remove its place."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.place, ignore_errors=True)


def runs_for(user: int, python: str, code: str = "import numpy") -> bool:
    """Return whether another user may run an interpreter; root's own may lie in root's home."""
    try:
        subprocess.run(
            [python, "-c", code],
            user=user, group=user, extra_groups=[], cwd="/", check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


class Courts:
    """A court for each profile and kind of user, each started when it is first needed."""

    def __init__(self, python: str = sys.executable, *words: str) -> None:
        self.words = (python, *words)
        self.users: dict[str, int | None] = {"an ordinary user": None}
        if os.getuid() == 0:
            self.users = {"root": None}
            if runs_for(ORDINARY, python):
                self.users["an ordinary user"] = ORDINARY
        self.running: dict[tuple[str, str], Bailiff] = {}

    def hear(
        self, family: str, name: str, profiles: Sequence[str]
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """Let every court hear an attack at the same time; return findings by profile and user."""
        asked = [(profile, user) for profile in profiles for user in self.users]
        for court in asked:
            running = self.running.get(court)
            if running is None or running.process.poll() is not None:
                self.running[court] = Bailiff(self.users[court[1]], *self.words)
            self.running[court].send(family, name, court[0])
        try:
            return {court: self.running[court].answer() for court in asked}
        except AssertionError:
            for court in asked:
                self.running.pop(court).close()
            raise

    def close(self) -> None:
        """End every court."""
        for each in self.running.values():
            each.close()


@pytest.fixture(scope="session")
def courts() -> Iterator[Courts]:
    """Courts that all attacks share, so that each is heard by a judge that met the others."""
    made = Courts()
    yield made
    made.close()


@pytest.fixture(scope="session")
def courts_of() -> Iterator[Callable[..., Courts]]:
    """Courts in another interpreter; its path and the court's options say which."""
    made: dict[tuple[str, ...], Courts] = {}

    def courts_in(*words: str) -> Courts:
        return made.setdefault(words, Courts(*words))

    yield courts_in
    for each in made.values():
        each.close()


@pytest.fixture(scope="session")
def python_for_all() -> str:
    """Return a Python of this version that can make environments and that every user may run."""
    major, minor = sys.version_info[:2]
    systems = shutil.which(f"python{major}.{minor}", path=os.defpath)
    for path in [*map(str, candidates()), *([systems] if systems else [])]:
        same = ask(Path(path)) == ((major, minor), True)
        if os.getuid() == 0 and same and runs_for(ORDINARY, path, "import venv"):
            return path
    return sys.executable
