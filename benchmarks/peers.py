"""Other graders on the same claims: otter-grader and nbgrader, in an environment of their own.

Nothing of them is needed by Gradus. They are installed on demand and pinned here; where that
cannot be done, their figures are left out with a sentence.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import platformdirs

PINS = ("otter-grader==7.0.0", "nbgrader==0.9.6", "ipykernel==7.4.0")
INSTALL_SECONDS = 1200
GRADE_SECONDS = 300
PATH = os.environ.get("PATH", "")
CALL = "from benchmarks.plain_claims import every_claim_holds"


class Missing(Exception):
    """A grader cannot be had here; its text is the sentence that says so."""


def set_up(name: str = "benchmark-peers", pins: Sequence[str] = PINS) -> Path:
    """Return the interpreter of an environment of that name with those pins, built when needed."""
    place = Path(platformdirs.user_cache_dir("gradus-ml")) / name
    python, stamp = place / "bin" / "python", place / "pins.json"
    if stamp.is_file() and json.loads(stamp.read_text()) == list(pins):
        return python
    named = ", ".join(each.split("==")[0] for each in pins)
    print(f"installing {named}, once", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)
    try:
        venv.create(place, with_pip=True)
        run([python, "-m", "pip", "install", "-q", *pins], {}, place, INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(f"They cannot be installed here ({named}): {error}.") from error
    stamp.write_text(json.dumps(list(pins)))
    return python


def run(words: list[object], variables: dict[str, str], folder: Path, seconds: int) -> str:
    """Run a program in a folder and return what it printed; raises `Missing` where it fails."""
    done = subprocess.run(
        list(map(str, words)),
        env={
            **(variables or os.environ),
            "PATH": f"{Path(str(words[0])).parent}{os.pathsep}{PATH}",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Missing(f"{words[0]} failed: {' '.join(last)}")
    return done.stdout


class Otter:
    """`otter check` on a Python file with one public case."""

    name = "otter-grader"

    def __init__(self, python: Path, folder: Path, variables: dict[str, str]) -> None:
        self._python, self._folder, self._variables = python, folder, variables
        tests = folder / "tests"
        tests.mkdir(parents=True)
        case = {"code": f">>> {CALL}\n>>> every_claim_holds()\nTrue", "hidden": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        whole = {"name": "claims", "points": 1, "suites": [suite]}
        (tests / "claims.py").write_text(f"OK_FORMAT = True\ntest = {whole!r}\n")
        shutil.copy(variables["BENCH_SOLUTION"], folder / "solution.py")

    def grade(self) -> None:
        """Grade once; raises `Missing` where the claims do not hold."""
        words = [self._python, "-m", "otter", "check", "solution.py", "-t", "tests"]
        said = run(words, self._variables, self._folder, GRADE_SECONDS)
        if "passed" not in said.lower():
            raise Missing(f"otter-grader did not pass the reference: {said[-200:]}")


class NbGrader:
    """`nbgrader autograde` on a notebook with one graded cell."""

    name = "nbgrader"

    def __init__(self, python: Path, folder: Path, variables: dict[str, str]) -> None:
        self._python, self._folder, self._variables = python, folder, variables
        source = folder / "source" / "lab"
        source.mkdir(parents=True)
        (source / "lab.ipynb").write_text(json.dumps(notebook()))
        (folder / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'benchmark'\n"
        )
        self._nbgrader("generate_assignment", "lab", "--create", "--force")
        handed_in = folder / "submitted" / "learner"
        handed_in.mkdir(parents=True)
        shutil.copytree(folder / "release" / "lab", handed_in / "lab")

    def _nbgrader(self, *words: str) -> None:
        words_before = [self._python, "-m", "nbgrader"]
        run([*words_before, *words], self._variables, self._folder, GRADE_SECONDS)

    def grade(self) -> None:
        """Grade once; raises `Missing` where it fails."""
        self._nbgrader("autograde", "lab", "--force")


def notebook() -> dict[str, object]:
    """Return a notebook whose one graded cell runs every claim."""
    grading = {
        "grade": True, "grade_id": "claims", "locked": True, "points": 1,
        "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "claims",
        "metadata": {"nbgrader": grading},
        "outputs": [],
        "source": f"{CALL}\nassert every_claim_holds()",
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
