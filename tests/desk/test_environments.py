"""Which programs the commands of a learner's project find."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.core.catalogue import Catalogue
from gradus.desk.environments import commands_path

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


def test_an_environment_that_a_person_has_activated_stays_theirs(path, tmp_path):
    assert path(active=str(tmp_path)) == {}
    assert path(found=None) == {}
