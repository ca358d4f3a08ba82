"""A system that keeps what it declares passes the proofs of its operation."""

import pytest

from gradus.core.proof import ProofVerdict

from .paying import broken

CLAIMS = {
    "prediction-log": 4,
    "crash": 3,
    "gate": 7,
    "rollback": 3,
    "retrain": 3,
    "drift-alert": 2,
    "ab-split": 5,
    "reproducible-training": 2,
    "baseline": 7,
    "data-guards": 6,
}
"""How many claims each proof makes in a quick run."""


BEHIND = {"prediction-log": "payments-asgi", "data-guards": "payments-asgi"}
"""Proofs that meet the system behind another framework here; the matrix does so for each."""


@pytest.mark.parametrize("name", CLAIMS)
def test_an_honest_system_passes_and_is_left_as_it_was(name, declared, proved):
    declaration = declared(BEHIND.get(name, "payments"))
    before = sorted(path.name for path in declaration.folder.rglob("*"))
    outcome = proved(name, declaration)
    assert broken(outcome) == []
    assert len(outcome.claims) == CLAIMS[name]
    assert sorted(path.name for path in declaration.folder.rglob("*")) == before


def test_a_model_that_knew_nothing_has_nothing_to_regain(declared, proved):
    outcome = proved("retrain", declared("payments", "constant"))
    assert outcome.verdict is ProofVerdict.INVALID
    assert "not better than a constant" in outcome.reason
