"""Each probe is a module that runs, and the contract that they show stands in a golden text."""

import ast
import builtins
import os
import symtable
from pathlib import Path
from typing import Any

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


def test_a_probe_is_a_module_with_one_function() -> None:
    for probe in PROBES:
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


def test_a_probe_uses_no_name_that_is_not_there() -> None:
    for probe in PROBES:
        imported = {"ctypes", "os", "socket", "subprocess", "sys", "threading", "time"}
        source = probe.source.replace("$JUDGE", "1")
        whole = symtable.symtable(source, "probe.py", "exec")
        waiting, used = [whole], set[str]()
        while waiting:
            scope = waiting.pop()
            waiting += scope.get_children()
            used |= {each.get_name() for each in scope.get_symbols() if each.is_global()}
        assert used <= imported | {"probe"} | set(dir(builtins)), probe.name


HARMLESS = (
    "A value comes back.",
    "Nothing of the judge's environment is inherited.",
    "A tool starts a program of its environment.",
    "What a tool started sees no file outside.",
)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_probe_that_does_no_harm_works_without_a_sandbox(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (probe,) = (each for each in PROBES if each.name == name)
    scope: dict[str, Any] = {}
    exec(probe.source.replace("$SECRET", str(tmp_path / "nothing")), scope)
    monkeypatch.chdir(tmp_path)
    for each in os.environ:
        monkeypatch.delenv(each)
    assert f"returned {scope['probe']()!r}" in probe.right


def test_a_probe_of_ones_own_needs_no_more_than_what_it_does() -> None:
    own = Probe("It returns 1.", "def probe():\n    return 1\n", frozenset({"returned 1"}))
    assert (own.profile, own.layer) == (Profile.COMPUTE, "protocol")
