"""Opening a lab: what lies in the learner's folder, and whose scripts are run for it."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.core.errors import PrerequisiteError, SandboxError, UsageError
from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Verdict
from gradus.judge import Pool, judge, read_submission, starter_files
from gradus.sandbox import Runtime

LABS = Path(__file__).parents[1] / "labs"

DECLARATION = """
format = 1
title = "Two numbers"
layer = "foundations-mathematics"
skills = []
minutes = 5
environment = "{environment}"
[entry]
kind = "answers"
path = "answers.toml"
"""
CASE = """
def make_case(rng):
    return {"given.txt": "three"}, {"wanted": 3}
"""
CHECK = """
from gradus.check import claim

@claim("It is the wanted number.", catches=[])
def is_wanted(answers, case):
    answers.number.must_equal(case["wanted"])
"""
STARTER = """
def write(folder, number):
    (folder / "answers.toml").write_text(f"number = {number}")

def build(folder, case):
    write(folder, 0)
"""
RIGHT = """
from starter import write

def build(folder, case):
    write(folder, case["wanted"])
"""


@pytest.fixture
def made_lab(tmp_path: Path) -> Lab:
    """A lab whose starter and whose answers are written by scripts."""
    shutil.copytree(LABS / "environments", tmp_path / "environments")
    environment = next((tmp_path / "environments").iterdir()).stem
    folder = tmp_path / "labs" / "two-numbers"
    (folder / "starter").mkdir(parents=True)
    (folder / "lab.toml").write_text(DECLARATION.format(environment=environment))
    (folder / "make_case.py").write_text(CASE)
    (folder / "check.py").write_text(CHECK)
    (folder / "starter" / "build.py").write_text(STARTER)
    return load_lab(folder, tmp_path)


@pytest.fixture
def beside(pool: Pool, made_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where folders are made that are of no use later; the pool has laid its own elsewhere."""
    pool.warm(made_lab)
    folder = tmp_path / "beside"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_starter_that_is_a_script_is_run(made_lab: Lab, pool: Pool) -> None:
    assert starter_files(made_lab, 7, pool) == {
        "answers.toml": b"number = 0",
        "case.toml": b"seed = 7\n",
        "given.txt": b"three",
    }


@pytest.fixture
def no_environment() -> Iterator[Pool]:
    """A pool on a machine where nothing is installed."""

    def find(environment: str, imports: tuple[str, ...]) -> Runtime:
        raise PrerequisiteError(f"{environment} is not installed.", "gradus env install")

    with Pool(find) as made:
        yield made


def test_a_starter_that_no_script_makes_needs_no_environment(
    made_lab: Lab, lab: Lab, no_environment: Pool
) -> None:
    assert set(starter_files(lab, 7, no_environment)) == {"softmax.py"}
    (made_lab.folder / "make_case.py").unlink()
    assert starter_files(made_lab, 7, no_environment) == {"build.py": STARTER.encode()}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise ValueError('no luck')", "raised ValueError: no luck"),
        ("import os; os._exit(3)", "ended"),
    ],
)
def test_a_script_that_fails_is_said_in_a_sentence_and_leaves_nothing_behind(
    made_lab: Lab, pool: Pool, beside: Path, body: str, says: str
) -> None:
    (made_lab.folder / "starter" / "build.py").write_text(f"def build(folder, case):\n    {body}\n")
    with pytest.raises(SandboxError) as caught:
        starter_files(made_lab, 7, pool)
    said = str(caught.value)
    assert said.startswith("The starter of two-numbers could not be made: build.py: ")
    assert says in said
    assert not list(beside.iterdir())


def test_opening_leaves_nothing_behind(made_lab: Lab, pool: Pool, beside: Path) -> None:
    starter_files(made_lab, 7, pool)
    assert not list(beside.iterdir())


def test_where_the_environment_is_missing_nothing_is_left_behind(
    made_lab: Lab, no_environment: Pool, beside: Path
) -> None:
    with pytest.raises(PrerequisiteError):
        starter_files(made_lab, 7, no_environment)
    assert not list(beside.iterdir())


def test_a_script_may_go_on_from_the_starters(made_lab: Lab, pool: Pool) -> None:
    submission = Submission({"build.py": RIGHT.encode()})
    assert judge(made_lab, submission, seed=0, pool=pool).verdict is Verdict.PASSED


def test_a_build_script_in_a_learners_folder_is_not_run(
    made_lab: Lab, pool: Pool, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "case.toml").write_text("seed = 7\n")
    (own / "answers.toml").write_text("number = 4")
    (own / "build.py").write_text(RIGHT)
    submission = read_submission(made_lab, own)
    assert "build.py" not in submission.files
    assert judge(made_lab, submission, seed=0, pool=pool).verdict is Verdict.FAILED


def test_a_folder_without_git_is_no_repository(made_lab: Lab, tmp_path: Path) -> None:
    lab = replace(made_lab, entry=Entry(EntryKind.REPOSITORY, "."))
    own = tmp_path / "own"
    own.mkdir()
    (own / "notes.txt").write_text("no history")
    with pytest.raises(UsageError, match=r"no \.git folder"):
        read_submission(lab, own)


def test_a_simulator_that_is_handed_out_lies_in_the_starter_and_under_what_is_handed_in(
    lab: Lab, pool: Pool, tmp_path: Path
) -> None:
    play = tmp_path / "weather.py"
    play.write_text("RAIN = 3\n")
    handing = replace(lab, hands_out={"play.py": play})
    assert starter_files(handing, 0, pool)["play.py"] == b"RAIN = 3\n"
    (tmp_path / "softmax.py").write_text("softmax = None\n")
    assert read_submission(handing, tmp_path / "softmax.py").files["play.py"] == b"RAIN = 3\n"
