"""The reference system at work: started in its environment, followed, and ended with all it wrote.

It must not tell the story: the example does.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gradus.core.catalogue import Catalogue
from gradus.core.errors import PrerequisiteError, UsageError
from gradus.desk.environments import spec_of
from gradus.prover.process import Process, free_port, port_is_taken
from gradus.sandbox.environment import find
from gradus.sandbox.quiet import TELEMETRY_OFF

ENVIRONMENT = "ops"
LOOKED_EVERY = 0.1
"""Seconds between two looks at what the example has said."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the story is told."""

    port: int | None = None
    """Where its page is; a free port where none is given."""
    seconds: float = 100.0
    """Seconds that the traffic takes."""
    fast: bool = False
    """Whether a smaller world is shown, as fast as it goes."""
    stay: float = 0.0
    """Seconds that the page stays when the story is over."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened."""

    name: str
    """Which part of the story, such as `drift`."""
    says: str
    """What happened, as a sentence."""
    seconds: float
    """Seconds since the beginning."""
    address: str
    """Where the live page is."""


def tell_production(catalogue: Catalogue, pace: Pace, told: Callable[[Step], None]) -> str:
    """Let the example tell its story; return what went wrong, empty where nothing did.

    Raises PrerequisiteError where its environment is missing, UsageError where the port is taken.
    """
    python = find(spec_of(catalogue, ENVIRONMENT))
    if python is None:
        raise PrerequisiteError(
            f"The demonstration runs in the environment '{ENVIRONMENT}', which is not installed "
            "yet.",
            f"gradus install {ENVIRONMENT}",
        )
    port = pace.port or free_port()
    if port_is_taken(port):
        raise UsageError(
            f"The port {port} is in use by another program. "
            "Choose another, or leave --port out and a free one is found."
        )
    folder = Path(tempfile.mkdtemp(prefix="gradus-demo-"))
    words = [str(python), "-m", "fraud", "demo", "--folder", str(folder), "--port", str(port)]
    words += ["--stay", f"{pace.stay:g}"]
    words += ["--fast"] if pace.fast else ["--seconds", f"{pace.seconds:g}"]
    try:
        return _follow(words, folder / "said.log", told)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the example does it too, should we be killed


def examples_place() -> Path:
    """Return the folder of the examples: inside an installed wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_examples", package.parents[1] / "examples"):
        if place.is_dir():
            return place
    raise UsageError("The examples that belong to this installation are missing: install it again.")


def _follow(words: list[str], log: Path, told: Callable[[Step], None]) -> str:
    """Run the example and hand on each step as it comes; return its last words if it fails."""
    quiet = {**TELEMETRY_OFF, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    others: list[str] = []
    rest = ""
    with Process.start(words, examples_place() / "fraud", {**os.environ, **quiet}, log) as example:
        with log.open(encoding="utf-8", errors="replace") as said:
            is_over = False
            while not is_over:
                is_over = not example.running  # what was said before the end is still read
                *lines, rest = (rest + said.read()).split("\n")
                for line in lines:
                    step = _step(line)
                    if step is None:
                        others.append(line.strip())
                    else:
                        told(step)
                time.sleep(0 if is_over else LOOKED_EVERY)
        code = example.exit_code
    if code == 0:
        return ""
    last = next((each for each in reversed([*others, rest]) if each.strip()), "")
    return last.removeprefix("fraud: ") or f"it ended with exit code {code}"


def _step(line: str) -> Step | None:
    try:
        said = json.loads(line)
        return Step(said["step"], said["says"], float(said["seconds"]), said["address"])
    except (ValueError, KeyError, TypeError):
        return None
