"""Every proof catches what is planted for it, and lets honest services in two frameworks pass."""

import dataclasses

import pytest

from gradus.core.proof import ProofVerdict
from gradus.core.service import Quoted
from gradus.prover import patience
from gradus.prover.labelled import predictions_of
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


def quoted_of(n_rows, n_unlike, by):
    """Return rows with the predictions of the service, some of which are `by` so much higher."""
    rows = [{"amount": n / 8, "hour": 1, "abroad": n % 2 == 0} for n in range(n_rows)]
    right = [0.3 * row["amount"] - 0.1 + (0.7 if row["abroad"] else 0.0) for row in rows]
    said = [each + by * (n < n_unlike) for n, each in enumerate(right)]
    return Quoted(tuple(rows), tuple(said))


@pytest.mark.parametrize(
    ("n_unlike", "by", "held"), [(0, 0.0, True), (100, 0.009, True), (2, 9.0, True), (3, 9, False)]
)
def test_a_service_predicts_what_its_project_says(n_unlike, by, held, declared, proved):
    outcome = proved("contract", declared(), quoted=quoted_of(100, n_unlike, by))
    claim = next(each for each in outcome.claims if "project itself says" in each.sentence)
    assert claim.held is held
    assert [(each.name, each.value) for each in claim.figures] == [("rows that it quotes", 100)]
    if not held:
        assert claim.finding.note.endswith("another model was measured. It is the first of 3.")
        assert claim.finding.expected.endswith(", as the project says")


def test_four_hundred_quoted_rows_are_enough(declared, proved):
    outcome = proved("contract", declared(), quoted=quoted_of(420, 0, 0.0))
    (figure,) = next(c for c in outcome.claims if "project itself says" in c.sentence).figures
    assert figure.value == 400


def test_of_a_list_of_predictions_the_last_is_compared(declared, proved, monkeypatch):
    async def in_pairs(service, rows):
        return [[-1.0, each] for each in await predictions_of(service, rows)]

    monkeypatch.setattr("gradus.prover.proofs.contract.predictions_of", in_pairs)
    outcome = proved("contract", declared(), quoted=quoted_of(10, 0, 0.0))
    claim = next(each for each in outcome.claims if "project itself says" in each.sentence)
    assert claim.held


def test_a_project_that_quotes_nothing_fails_with_the_reason(declared, proved):
    outcome = proved("contract", declared(), quoted=Quoted(fault="no record"))
    claim = next(each for each in outcome.claims if "project itself says" in each.sentence)
    assert (claim.held, claim.finding.returned) == (False, "no record")


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
