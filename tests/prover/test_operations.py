"""A system that keeps what it declares passes the proofs of its operation."""

from pathlib import Path

import pytest

from gradus.core.proof import ProofVerdict

from .paying import broken

PROOFS = (
    "prediction-log",
    "baseline",
    "data-guards",
    "crash",
    "gate",
    "rollback",
    "retrain",
    "reproducible-training",
    "drift-alert",
    "ab-split",
)
GOLDEN = Path(__file__).parent / "golden"
BEHIND = {"prediction-log": "payments-asgi", "data-guards": "payments-asgi"}
"""Proofs that meet the system behind another framework here; the matrix does so for each."""


@pytest.mark.parametrize("name", PROOFS)
def test_an_honest_system_passes_and_is_left_as_it_was(name, declared, proved, update_golden):
    declaration = declared(BEHIND.get(name, "payments"))
    before = sorted(path.name for path in declaration.folder.rglob("*"))
    outcome = proved(name, declaration)
    assert broken(outcome) == []
    said = "".join(f"{each.sentence}\n" for each in outcome.claims)
    golden = GOLDEN / f"{name}.txt"
    if update_golden:
        golden.write_text(said)
    assert said == golden.read_text()
    assert sorted(path.name for path in declaration.folder.rglob("*")) == before


def test_a_model_that_knew_nothing_has_nothing_to_regain(declared, proved):
    outcome = proved("retrain", declared("payments", "constant"))
    assert outcome.verdict is ProofVerdict.INVALID
    assert "not better than a constant" in outcome.reason
