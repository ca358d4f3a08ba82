"""Labs looked at one by one, or several at a time in processes of their own.

It must not know a rule, and prints nothing: it yields what was found.
"""

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.conformance import (
    Depth,
    Failure,
    check_folder,
    lab_in,
    write_feedback,
    write_figures,
)
from gradus.core.errors import PrerequisiteError
from gradus.desk.content import content_place
from gradus.desk.desk import Desk

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How labs are to be looked at."""

    thorough: bool = False
    """Whether on many seeds."""
    seeds: int = 20
    """How many."""
    write_feedback: bool = False
    """Whether feedback/*.txt is written first."""
    write_figures: bool = False
    """Whether figures/*.svg is written first."""

    def options(self) -> list[str]:
        """Return the same as options of `gradus lab check`."""
        chosen = [
            (self.thorough, ["--thorough", "--seeds", str(self.seeds)]),
            (self.write_feedback, ["--write-feedback"]),
            (self.write_figures, ["--write-figures"]),
        ]
        return [word for wanted, words in chosen if wanted for word in words]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of a lab."""

    folder: Path
    """The lab's folder."""
    failures: list[Failure]
    """What is to mend."""
    seconds: float
    """How long it took, on the clock."""
    written: tuple[Path, ...] = ()
    """What was written first."""


def examine_here(desk: Desk, folders: Sequence[Path], asked: Asked, say: Say) -> Iterator[Examined]:
    """Look at labs one after the other; `say` hears which, and how far it is."""
    for folder in folders:
        say(folder.name)
        began = time.monotonic()
        written = _write(desk, folder, asked)
        found = check_folder(
            folder,
            desk.catalogue,
            desk.pool,
            Depth.THOROUGH if asked.thorough else Depth.QUICK,
            n_seeds=asked.seeds,
            state=state_of(folder) if asked.thorough else None,
            report=say,
        )
        yield Examined(folder, found, time.monotonic() - began, tuple(written))


def examine_apart(folders: Sequence[Path], jobs: int, asked: Asked) -> Iterator[Examined]:
    """Look at labs, `jobs` at a time, each in a process of its own, and yield them as they come.

    Those that may take longest come first, so that none is left alone on one core at the end.
    Raises PrerequisiteError with what a process said that could not look at its lab. Whatever ends
    this early ends the processes too.
    """
    running: list[subprocess.Popen[str]] = []
    threads = ThreadPoolExecutor(jobs)
    try:
        waiting = [
            threads.submit(_in_a_process, folder, asked, running)
            for folder in sorted(folders, key=_longest, reverse=True)
        ]
        for done in as_completed(waiting):
            yield done.result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for process in running:
            if process.poll() is None:
                process.terminate()
        threads.shutdown()


def _longest(folder: Path) -> float:
    """Return how long one judging of a lab may take; a malformed lab takes no time."""
    lab, _ = lab_in(folder)
    return lab.limits.wall_seconds if lab else 0.0


def _in_a_process(folder: Path, asked: Asked, running: list[subprocess.Popen[str]]) -> Examined:
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "gradus", "lab", "check", folder, "--json", *asked.options()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running.append(process)
    said, told = process.communicate()
    answer = _object(said)
    if "failures" not in answer:
        words = answer.get("error") or (said or told).strip()
        words = words or f"its process ended with status {process.returncode}."
        command = answer.get("command") or f"gradus lab check {shlex.quote(str(folder))}"
        raise PrerequisiteError(f"{folder.name} could not be looked at: {words}", command)
    failures = [Failure(**{**each, "path": Path(each["path"])}) for each in answer["failures"]]
    written = tuple(map(Path, answer.get("written", ())))
    return Examined(folder, failures, time.monotonic() - began, written)


def _object(said: str) -> dict[str, Any]:
    """Return the object that a command printed; empty where it printed none."""
    try:
        answer = json.loads(said)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _write(desk: Desk, folder: Path, asked: Asked) -> list[Path]:
    if not (asked.write_feedback or asked.write_figures):
        return []
    lab, _ = lab_in(folder)
    if lab is None:
        return []
    written = write_figures(lab, desk.catalogue) if asked.write_figures else []
    if asked.write_feedback:
        written += write_feedback(lab, desk.catalogue, desk.pool)
    return written


def state_of(folder: Path) -> Path:
    """Return where the thorough depth keeps what it knows of a lab."""
    return content_place().parent / ".setup" / "thorough" / f"{folder.name}.json"
