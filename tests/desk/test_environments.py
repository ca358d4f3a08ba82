"""Which programs the commands of a project find, and where the environment of a tool is."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import content_root
from gradus.catalogue.atlas import read_atlas
from gradus.core.catalogue import Catalogue
from gradus.desk.environments import commands_path, interpreter_of_tool
from gradus.prover.derived import ENVIRONMENT
from gradus.sandbox.environment import STAMP, folder_of, python_of

PYTHON = Path("/somewhere/ops/bin/python")


@pytest.fixture
def path(real_catalogue: Catalogue, monkeypatch):
    """Return the path of a lab's commands, with or without an environment of the person's own."""
    lab = replace(real_catalogue.lab("M01"), environment="ops")
    monkeypatch.setenv("PATH", "/usr/bin")

    def of(active: str = "", found: Path | None = PYTHON) -> dict[str, str]:
        monkeypatch.setattr("gradus.desk.environments.find", lambda spec: found)
        monkeypatch.setenv("VIRTUAL_ENV", active)
        return commands_path(real_catalogue, lab)

    return of


def test_commands_find_the_programs_of_the_labs_environment_first(path):
    assert path() == {"PATH": os.pathsep.join(["/somewhere/ops/bin", "/usr/bin"])}
    assert path(active=sys.prefix) == path()


@pytest.fixture
def own(tmp_path) -> Path:
    """Return an environment of the person's own."""
    python = tmp_path / "own" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return tmp_path / "own"


def test_an_environment_that_a_person_has_activated_stays_theirs(path, own, monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join([str(own / "bin"), "/usr/bin"]))
    assert path(active=str(own)) == {}
    assert path(found=None) == {}


def test_an_environment_that_is_named_and_not_on_the_path_is_not_activated(path, own):
    assert path(active=str(own)) == path()


def test_a_python_without_an_environment_of_its_own_is_not_kept(path, own, monkeypatch):
    monkeypatch.setenv("PATH", str(own / "bin"))
    (own / "bin" / "python").unlink()
    assert path(active=str(own)) == {"PATH": f"/somewhere/ops/bin{os.pathsep}{own / 'bin'}"}


def test_the_tool_is_there_once_its_environment_is_complete(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(tmp_path))
    assert interpreter_of_tool(ENVIRONMENT) is None
    spec = read_atlas(content_root(), []).environments[ENVIRONMENT]
    python = python_of(folder_of(spec))
    python.parent.mkdir(parents=True)
    python.touch()
    assert interpreter_of_tool(ENVIRONMENT) is None
    (folder_of(spec) / STAMP).write_text(json.dumps({"digest": spec.digest}))
    assert interpreter_of_tool(ENVIRONMENT) == python


def test_an_environment_that_nobody_declares_is_not_there():
    assert interpreter_of_tool("no-such") is None
