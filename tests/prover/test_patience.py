"""A quick run does fewer things; it waits for a service as long as a whole one."""

import ast
import asyncio
from pathlib import Path

import numpy as np
import pytest

from gradus.prover import patience, versions
from gradus.prover.bench import Bench
from gradus.prover.claims import BrokenService
from gradus.prover.contract import find_contract

PROVER = Path(patience.__file__).parent
WAITED = [name for name in vars(patience) if name.isupper()]


def statements(tree):
    """Yield the smallest statements of a module, and the conditions of the larger ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            yield node
        elif isinstance(node, ast.If | ast.While):
            yield node.test


def names_in(node):
    """Return every name and attribute that stands in a piece of code."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


@pytest.mark.parametrize("path", sorted(PROVER.rglob("*.py")), ids=lambda path: path.stem)
def test_no_patience_hangs_on_whether_a_run_is_quick(path):
    for each in statements(ast.parse(path.read_text(encoding="utf-8"))):
        names = names_in(each)
        assert not ("quick" in names and names & {*WAITED, "timeout"}), ast.unparse(each)


def test_each_patience_is_used():
    used = set()
    for path in PROVER.rglob("*.py"):
        used |= names_in(ast.parse(path.read_text(encoding="utf-8")))
    assert set(WAITED) <= used
    assert len(WAITED) >= 4


class Swapping:
    """A service that takes its time until it names another version, and the clock of that time."""

    def __init__(self, after):
        self.after, self.seconds = after, 0.0

    def monotonic(self):
        return self.seconds

    async def version(self):
        self.seconds += 1.0
        return "new" if self.seconds > self.after else "old"


@pytest.mark.parametrize("quick", [True, False])
def test_a_new_version_may_take_its_time_in_a_quick_run_too(declared, tmp_path, monkeypatch, quick):
    async def at_once(seconds):
        return

    monkeypatch.setattr(versions.asyncio, "sleep", at_once)
    rng, contract = np.random.default_rng(0), find_contract("plain-json")
    bench = Bench(declared(), contract, [], rng, tmp_path, tmp_path, quick=quick)
    for after in (20, 1000):
        service = Swapping(after)
        monkeypatch.setattr(versions, "time", service)
        if after < patience.SWAPPED_WITHIN:
            assert asyncio.run(versions.changed_version(bench, service, "old")) == "new"
            continue
        with pytest.raises(BrokenService) as said:
            asyncio.run(versions.changed_version(bench, service, "old"))
        assert f"still 'old' after {patience.SWAPPED_WITHIN:g} s" in said.value.finding.returned
