"""Each probe is a module that runs, and the contract that they show stands in a golden text."""

import ast
from pathlib import Path

import pytest

from gradus.core.lab import Profile
from gradus.sandbox.probes import PROBES, Probe

GOLDEN = Path(__file__).parent / "golden" / "probes.txt"


def said(probe: Probe) -> str:
    right = "\n".join(f"    {outcome}" for outcome in sorted(probe.right))
    return f"{probe.layer}, {probe.profile.value}: {probe.name}\n{right}\n"


def test_the_contract_stands_in_a_golden_text(update_golden: bool) -> None:
    """Whoever changes what must come of a probe changes this text too, to be reviewed."""
    text = "".join(map(said, PROBES))
    if update_golden:
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_a_probe_is_a_module_with_one_function(probe: Probe) -> None:
    words = {"$SECRET": "/secret", "$PLACE": "/place", "$JUDGE": "1"}
    source = probe.source
    for word, text in words.items():
        source = source.replace(word, text)
    imports, function = ast.parse(source).body
    assert isinstance(imports, ast.Import)
    assert isinstance(function, ast.FunctionDef)
    assert function.name == "probe"
    assert "$" not in source
    assert type(probe.right) is frozenset


def test_a_probe_of_ones_own_needs_no_more_than_what_it_does() -> None:
    own = Probe("It returns 1.", "def probe():\n    return 1\n", frozenset({"returned 1"}))
    assert (own.profile, own.layer) == (Profile.COMPUTE, "protocol")
