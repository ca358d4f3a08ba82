"""Every proof catches what is planted for it, and lets honest services in two frameworks pass."""

import dataclasses

import pytest

from gradus.core.proof import ProofVerdict
from gradus.prover import patience
from gradus.prover.proof import all_proofs

from .twins import HONEST, findings, promises_of, twins, with_document

TIMED = {"start", "latency", "overload", "soak"}
"""Proofs whose run may say nothing where the machine is too busy."""


@pytest.fixture
def impatient(monkeypatch):
    """Wait no longer than that for what never comes; honest services are waited for as ever."""
    short = {"HANGS_AFTER": 4.0, "LOGGED_WITHIN": 3.0, "ALERTED_WITHIN": 1.0, "SWAPPED_WITHIN": 3.0}
    for name, seconds in short.items():
        monkeypatch.setattr(patience, name, seconds)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "twin", [t for t in twins() if t.fast], ids=lambda t: f"{t.proof}-{t.defect}"
)
def test_a_planted_defect_is_caught_by_the_proof_that_names_it(twin, declared, proved):
    outcome = proved(twin.proof, declared(twin.script, twin.defect, twin.promises))
    if twin.proof in TIMED and outcome.verdict is ProofVerdict.INVALID:
        assert outcome.reason
        return
    assert outcome.verdict is ProofVerdict.FAILED
    assert twin.says in findings(outcome)


@pytest.mark.parametrize("name", ["start", "contract", "garbage", "latency"])
@pytest.mark.parametrize("script", HONEST)
def test_an_honest_service_passes(name, script, declared, proved):
    outcome = proved(name, with_document(declared(script, "", promises_of(name))))
    assert outcome.verdict is not ProofVerdict.FAILED, findings(outcome)
    if name not in TIMED:
        assert outcome.verdict is ProofVerdict.PASSED
        missing = "No request was derived from /openapi.json, because schemathesis is not installed"
        assert outcome.reason.startswith(missing) is (name == "garbage")


@pytest.mark.parametrize(
    ("path", "held", "said"),
    [("/predict", True, ""), ("/score", False, "it describes /predict | POST /score")],
)
def test_an_openapi_document_has_to_describe_the_path(path, held, said, declared, proved):
    declaration = with_document(declared("asgi.py"))
    terms = dataclasses.replace(declaration.contract, path=path)
    outcome = proved("contract", dataclasses.replace(declaration, contract=terms))
    assert outcome.claims[-1].held is held
    assert said in findings(outcome)


def test_every_proof_has_at_least_three_planted_defects():
    planted = [each.proof for each in twins()]
    assert {p.name: planted.count(p.name) for p in all_proofs() if planted.count(p.name) < 3} == {}


def test_every_planted_defect_belongs_to_a_proof():
    assert {each.proof for each in twins()} <= {each.name for each in all_proofs()}
