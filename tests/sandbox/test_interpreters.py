"""Interpreters: which versions fit, where one is looked for, and what is said where none is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradus.core.errors import PrerequisiteError
from gradus.sandbox import interpreters
from gradus.sandbox.interpreters import (
    Interpreter,
    accepts,
    ask,
    candidates,
    find_interpreter,
    install_command,
)

OWN = Path(sys.executable)


@pytest.mark.parametrize(
    ("specifier", "version", "fits"),
    [
        (">=3.11,<3.15", (3, 11), True),
        (">=3.11,<3.15", (3, 10), False),
        (">=3.11,<3.15", (3, 15), False),
        (">3.11", (3, 11), False),
        (">3.11", (3, 12), True),
        ("<=3.11", (3, 11), True),
        ("<=3.11", (3, 12), False),
        ("<3.11", (3, 9), True),
        (">= 3.11, !=3.12", (3, 12), False),
        (">= 3.11, !=3.12", (3, 13), True),
        ("==3.11", (3, 11, 4), True),
        ("==3.11", (3, 12), False),
        ("<4.2", (3, 11), True),
        ("", (2, 7), True),
        (" , ", (2, 7), True),
    ],
)
def test_versions_are_compared_as_numbers(specifier, version, fits):
    assert accepts(specifier, version) is fits


@pytest.mark.parametrize("part", ["3.11", "~=3.11", ">=3", ">=3.11.2", ">=3.x"])
def test_what_is_no_comparison_is_told(part):
    with pytest.raises(ValueError) as error:
        accepts(f"{part} ,<3.15", (3, 12))
    assert str(error.value) == f"'{part}' is not a comparison such as '>=3.11'"


# ── asking one ──


def program(folder: Path, text: str) -> Path:
    """Write a program that takes the place of an interpreter."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_an_interpreter_is_asked_for_its_version_and_for_venv(monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    assert ask(OWN) == (sys.version_info[:2], True)
    question = interpreters.ASK
    for name in ("venv", "ensurepip"):
        without = f"import sys; sys.modules[{name!r}] = None\n"
        monkeypatch.setattr(interpreters, "ASK", without + question)
        assert ask(OWN) == (sys.version_info[:2], False)


@pytest.mark.parametrize(
    "text",
    ["echo 3 12 with-venv; exit 1", "echo three 12 with-venv", "echo 3 12", ":"],
)
def test_what_does_not_answer_as_one_is_none(tmp_path, text):
    assert ask(program(tmp_path, text)) is None


def test_an_answer_is_read_as_numbers(tmp_path):
    right = program(tmp_path, 'test "$1 $2" = "-I -c" && ! read line && echo 3 12 with-venv')
    assert ask(right) == ((3, 12), True)
    assert ask(program(tmp_path, "echo noise >&2; echo 3 9 without-venv")) == ((3, 9), False)
    assert ask(tmp_path / "nothing") is None


def test_one_that_waits_for_a_person_or_never_answers_is_none(monkeypatch):
    asked = {}

    def endless(words, **options):
        asked.update(options)
        raise subprocess.TimeoutExpired(words, options["timeout"])

    monkeypatch.setattr(subprocess, "run", endless)
    assert ask(OWN) is None
    assert (asked["timeout"], asked["stdin"]) == (30, subprocess.DEVNULL)


# ── where one is looked for ──


def test_the_one_below_gradus_comes_first_and_none_twice(monkeypatch):
    there = {"python3.13": "/b", "python3.11": "/a", "python3": "/b", "python": "/own"}
    monkeypatch.setattr(shutil, "which", there.get)
    monkeypatch.setattr(sys, "_base_executable", "/own", raising=False)
    assert [str(each) for each in candidates()] == ["/own", "/b", "/a"]
    monkeypatch.setattr(sys, "_base_executable", None)
    assert next(candidates()) == OWN
    monkeypatch.delattr(sys, "_base_executable")
    assert next(candidates()) == OWN


def test_every_version_that_fits_is_looked_for_in_the_same_order(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/{name}")
    named = [f"python3.{minor}" for minor in (13, 12, 11, 14)]
    assert [each.name for each in candidates()][1:] == [*named, "python3", "python"]


@pytest.fixture
def found(monkeypatch):
    """Take the place of what is on the path: answers by program, in order."""

    def put(**answers):
        paths = [Path(f"/{name}") for name in answers]
        monkeypatch.setattr(interpreters, "candidates", lambda: iter(paths))
        monkeypatch.setattr(interpreters, "ask", lambda path: answers[path.name])

    return put


def test_the_first_that_fits_and_makes_environments_is_taken(found):
    found(
        old=((3, 9), True),
        broken=None,
        bare=((3, 12), False),
        good=((3, 11), True),
        later=((3, 12), True),
    )
    assert find_interpreter(">=3.11", "base") == Interpreter(Path("/good"), (3, 11))


def test_where_none_fits_it_is_said_what_is_needed(found, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: name == "apt-get" or None)
    monkeypatch.setattr(sys, "platform", "linux")
    found(old=((3, 9), False))
    with pytest.raises(PrerequisiteError) as error:
        find_interpreter(">=3.11,<3.15", "base")
    assert str(error.value).splitlines() == [
        "The environment 'base' needs Python >=3.11 and <3.15, and none was found on this machine.",
        "sudo apt-get install python3.13 python3.13-venv",
    ]


def test_one_without_venv_is_named_with_what_it_lacks(found, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: name == "apt-get" or None)
    monkeypatch.setattr(sys, "platform", "linux")
    found(old=((3, 9), False), first=((3, 14), False), second=((3, 12), False))
    with pytest.raises(PrerequisiteError) as error:
        find_interpreter(">=3.11,<3.15", "base")
    assert str(error.value).splitlines() == [
        "The environment 'base' needs a Python >=3.11 and <3.15 that can make virtual "
        "environments; /first cannot, because its venv module is not installed.",
        "sudo apt-get install python3.14-venv",
    ]


@pytest.mark.parametrize(
    ("platform", "tool", "python", "venv"),
    [
        ("darwin", None, "brew install python@3.13", "brew install python@3.13"),
        ("win32", None, "winget install Python.Python.3.13", "winget install Python.Python.3.13"),
        ("linux", "apt-get", "sudo apt-get install python3.13 python3.13-venv",
         "sudo apt-get install python3.12-venv"),
        ("linux", "dnf", "sudo dnf install python3.13", "sudo dnf install python3.12"),
        ("linux", "pacman", "sudo pacman -S python", "sudo pacman -S python"),
        ("linux", None,
         "Install python3.13 with this system's own package manager, then repeat the command.",
         "Install python3.12 with this system's own package manager, then repeat the command."),
    ],
)  # fmt: skip
def test_each_system_has_its_own_command(monkeypatch, platform, tool, python, venv):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name == tool else None)
    assert install_command(None) == python
    assert install_command((3, 12)) == venv
