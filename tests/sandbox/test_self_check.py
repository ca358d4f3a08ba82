"""The sandbox keeps its contract here, forked and spawned."""

import sys
from pathlib import Path
from typing import NoReturn

import pytest

from gradus.core.errors import SandboxError
from gradus.core.lab import Profile
from gradus.sandbox import Runtime, WarmParent, program, self_check
from gradus.sandbox.layers import layers
from gradus.sandbox.probes import PROBES, Probe
from gradus.sandbox.self_check import run_probe

COMPLETE = all(layer.enforced for layer in layers())


@pytest.mark.skipif(not COMPLETE, reason="this system does not enforce every layer")
@pytest.mark.skipif(sys.platform != "linux", reason="Linux is the complete platform")
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_the_sandbox_holds(forking: WarmParent, probe: Probe, tmp_path: Path) -> None:
    outcome = run_probe(forking, probe, tmp_path)
    assert outcome.held, outcome.says


@pytest.mark.skipif(not COMPLETE, reason="this system does not enforce every layer")
@pytest.mark.parametrize("probe", PROBES[::4], ids=lambda probe: probe.name)
def test_spawned_children_are_closed_in_alike(
    spawning: WarmParent, probe: Probe, tmp_path: Path
) -> None:
    outcome = run_probe(spawning, probe, tmp_path)
    assert outcome.held, outcome.says


def test_every_probe_has_a_name_of_its_own() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES)


def test_a_probe_that_does_not_hold_is_told(forking: WarmParent, tmp_path: Path) -> None:
    wrong = Probe("It returns 2.", "def probe():\n    return 1\n", frozenset({"returned 2"}))
    outcome = run_probe(forking, wrong, tmp_path)
    assert not outcome.held
    assert outcome.says == "returned 1"


WITHOUT_WALLS = """

def enter_namespaces(control):
    return ()


def close_in(words, prepared):
    _settle_in(words["folder"], words["profile"])
    return []
"""
OF_WALLS = [
    probe
    for probe in PROBES
    if probe.layer in {"files", "system calls"} and probe.profile is Profile.COMPUTE
]


def weak_sandbox() -> WarmParent:
    """A sandbox that looks like ours and has no walls."""
    return WarmParent(Runtime(Path(sys.executable), (), "weak"))


def test_a_sandbox_without_walls_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its children answer and are stopped from outside, which is all that it can do."""
    text = [
        (name, source + WITHOUT_WALLS * (name == "walls")) for name, source in program.sources()
    ]
    monkeypatch.setattr(program, "sources", lambda: tuple(text))
    outcomes = {each.name: each for each in self_check(weak_sandbox, [PROBES[0], *OF_WALLS])}
    assert outcomes[PROBES[0].name].held
    failed = {name for name, each in outcomes.items() if not each.held}
    assert {
        "A file outside cannot be read.",
        "A file outside cannot be overwritten.",
        "A file outside cannot be deleted.",
        "No file is made outside.",
        "No process is forked.",
        "No program is started.",
        "No message is sent.",
        "Its parent cannot be signalled.",
        "It does not outlive its parent.",
        "It cannot hide from those who watch it.",
    } <= failed


def test_each_probe_shows_a_layer_that_doctor_knows() -> None:
    known = {"protocol"} | {layer.name for layer in layers()}
    assert {probe.layer for probe in PROBES} == known


class WithoutChildren:
    """A sandbox that gives no child at all."""

    made = 0

    def __init__(self) -> None:
        WithoutChildren.made += 1

    def child(self, *words: object) -> NoReturn:
        """Say that there is none."""
        raise SandboxError("there are no children")

    def __enter__(self) -> "WithoutChildren":
        return self

    def __exit__(self, *error: object) -> None:
        pass


def test_a_sandbox_without_children_is_made_anew_for_each_probe() -> None:
    outcomes = self_check(WithoutChildren, PROBES[:3])
    assert [each.held for each in outcomes] == [False] * 3
    assert outcomes[0].says == "lost, and then the sandbox gave no children any more"
    assert WithoutChildren.made == 3
