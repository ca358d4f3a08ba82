"""Environments as a person meets them: which there are, which are missing, installing one.

It must not build one itself: the sandbox does.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gradus.catalogue.atlas import read_atlas
from gradus.core.catalogue import Catalogue
from gradus.core.environment import EnvironmentSpec
from gradus.core.errors import PrerequisiteError, UsageError
from gradus.core.lab import Lab
from gradus.core.names import did_you_mean
from gradus.desk.content import content_place
from gradus.sandbox import Runtime
from gradus.sandbox.environment import find
from gradus.sandbox.environment import install as build

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """One environment on this machine."""

    name: str
    """Its id."""
    summary: str
    """What it is for."""
    python: Path | None
    """Its interpreter; None where it is not installed."""
    labs: tuple[str, ...]
    """Ids of the labs that run in it."""


def environment_states(catalogue: Catalogue) -> tuple[EnvironmentState, ...]:
    """Return every declared environment, by name."""
    return tuple(
        EnvironmentState(
            spec.name,
            spec.summary,
            find(spec),
            tuple(lab.id for lab in catalogue.labs.values() if lab.environment == spec.name),
        )
        for spec in sorted(catalogue.environments.values(), key=lambda spec: spec.name)
    )


def install_environment(catalogue: Catalogue, name: str, report: Report) -> Path:
    """Build an environment where it is missing and return its interpreter.

    Raises UsageError for an unknown name and PrerequisiteError with the command that helps.
    """
    return build(spec_of(catalogue, name), report)


def is_installed(catalogue: Catalogue, name: str) -> bool:
    """Say whether an environment is there and complete."""
    return find(spec_of(catalogue, name)) is not None


def interpreter_of_tool(name: str) -> Path | None:
    """Return the interpreter of an environment in which no lab runs; None where it is missing.

    Labs are not read for it, and what is malformed elsewhere in the content is of no concern.
    """
    spec = read_atlas(content_place(), []).environments.get(name)
    return find(spec) if spec is not None else None


def spec_of(catalogue: Catalogue, name: str) -> EnvironmentSpec:
    """Return a declared environment; raises UsageError with the nearest name."""
    spec = catalogue.environments.get(name)
    if spec is None:
        known = ", ".join(sorted(catalogue.environments))
        raise UsageError(
            f"There is no environment named '{name}'."
            f"{did_you_mean(name, catalogue.environments)} There are: {known}."
        )
    return spec


def commands_path(catalogue: Catalogue, lab: Lab) -> dict[str, str]:
    """Return variables by which `python` and its programs are those of a lab's environment.

    Whoever has activated an environment of their own keeps that one.
    """
    python = find(spec_of(catalogue, lab.environment))
    if python is None or _is_own_active():
        return {}
    return {"PATH": os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])}


def _is_own_active() -> bool:
    """Say whether `python` is that of an environment that somebody activated, and not ours.

    A VIRTUAL_ENV that was handed on without its PATH, as by an editor, activates nothing.
    """
    active, python = os.environ.get("VIRTUAL_ENV"), shutil.which("python")
    if not active or not python:
        return False
    place = Path(active).resolve()
    is_ours = place == Path(sys.prefix).resolve()
    return not is_ours and Path(python).parent.resolve().is_relative_to(place)


def find_runtime(catalogue: Catalogue) -> Callable[[str, tuple[str, ...]], Runtime]:
    """Return the function by which the judge's pool finds an interpreter."""

    def runtime(environment: str, imports: tuple[str, ...]) -> Runtime:
        spec = spec_of(catalogue, environment)
        python = find(spec)
        if python is None:
            raise PrerequisiteError(
                f"This lab runs in the environment '{environment}', which is not installed yet.",
                f"gradus install {environment}",
            )
        digest = spec.digest.removeprefix("sha256:")[:12]
        name = f"{environment}@{digest}"
        return Runtime(python=python, imports=imports, name=name, hidden=(content_place(),))

    return runtime


def missing_environment(catalogue: Catalogue, lab: Lab) -> str:
    """Return the one command that installs what a lab runs in; empty where nothing is missing."""
    spec = catalogue.environments.get(lab.environment)
    if spec is not None and find(spec) is not None:
        return ""
    return f"gradus install {lab.environment}"
