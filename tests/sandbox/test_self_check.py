"""The sandbox keeps its contract here, forked and spawned."""

import sys
from pathlib import Path

import pytest

from gradus.sandbox import WarmParent
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
