"""Proofs run one after another, and what the service does never ends the run."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from gradus.core.errors import UsageError
from gradus.core.proof import ProofVerdict
from gradus.prover.bench import Bench
from gradus.prover.claims import InvalidRun
from gradus.prover.contract import contract_names, find_contract
from gradus.prover.proof import Proof, all_proofs
from gradus.prover.running import Asked, prove, prove_one

from .twins import ROWS


def test_an_honest_service_passes_start(declared, proved):
    outcome = proved("start", declared())
    assert outcome.verdict is ProofVerdict.PASSED
    assert [each.held for each in outcome.claims] == [True, True]
    assert [each.what for each in outcome.moments] == ["the service starts", "the service is ready"]


def test_a_command_that_ends_at_once_fails_with_what_it_printed(declared, proved):
    outcome = proved("start", declared(start=("sh", "-c", "echo no model; exit 3")))
    assert outcome.verdict is ProofVerdict.FAILED
    finding = outcome.claims[0].finding
    assert finding is not None
    assert "exit code 3" in finding.returned
    assert finding.note == "It printed: no model"


def test_what_is_not_declared_is_skipped_with_what_to_declare(declared, tmp_path):
    report = asyncio.run(prove(declared(), [], Asked(("ab-split",)), tmp_path))
    assert report.outcomes == ()
    assert report.verdict is ProofVerdict.INVALID
    assert "[prove.split]" in report.skipped["ab-split"]


def test_what_starts_the_service_is_skipped_for_a_deployed_one(declared, tmp_path):
    declaration = declared(start=(), url="http://127.0.0.1:1")
    report = asyncio.run(prove(declaration, [], Asked(("start",)), tmp_path))
    assert "cannot be done to a deployed one" in report.skipped["start"]


def test_an_unknown_proof_is_answered_with_the_nearest(declared, tmp_path):
    with pytest.raises(UsageError, match="Did you mean 'start'"):
        asyncio.run(prove(declared(), [], Asked(("strat",)), tmp_path))


def bench_of(declared, tmp_path):
    return Bench(
        declared,
        find_contract("plain-json"),
        [],
        np.random.default_rng(0),
        tmp_path,
        tmp_path / "logs",
    )


def test_what_was_found_stands_though_the_run_said_nothing_more(declared, tmp_path):
    async def told(bench):
        with bench.claim("It answers.") as claim:
            claim.found("a row", "nothing", "a prediction")
        raise InvalidRun("too busy")

    bench = bench_of(declared(), tmp_path)
    outcome = asyncio.run(prove_one(Proof("told", "", 1, (), False, told), bench, 0))
    assert outcome.verdict is ProofVerdict.FAILED
    assert outcome.reason == "too busy"


def test_a_run_that_reached_no_claim_says_nothing(declared, tmp_path):
    async def nothing(bench):
        bench.moment("looked")

    bench = bench_of(declared(), tmp_path)
    outcome = asyncio.run(prove_one(Proof("nothing", "", 1, (), False, nothing), bench, 0))
    assert outcome.verdict is ProofVerdict.INVALID


def test_every_proof_has_a_sentence_and_a_place_of_its_own():
    proofs = all_proofs()
    assert all(each.sentence.endswith(".") for each in proofs)
    assert len({each.place for each in proofs}) == len(proofs)


def test_the_docs_name_every_proof_and_every_contract():
    page = (Path(__file__).parents[2] / "docs" / "proving.md").read_text(encoding="utf-8")
    for name in [*(each.name for each in all_proofs()), *contract_names()]:
        assert f"| `{name}` |" in page, name


def test_an_offline_batch_that_fails_is_run_once_and_told_by_each_proof(declared, tmp_path):
    counts = "echo again >> runs.txt; echo no model >&2; exit 4"
    declaration = declared(offline=("sh", "-c", counts))
    asked = Asked(("contract", "latency"), 1, quick=True)
    report = asyncio.run(prove(declaration, ROWS, asked, tmp_path / "logs"))
    findings = [each.claims[0].finding for each in report.outcomes]
    assert [each.note for each in findings if each] == ["It printed: no model"] * 2
    assert (tmp_path / "runs.txt").read_text() == "again\n"


@pytest.mark.parametrize(("waited", "verdict"), [(9.0, "INVALID"), (0.0, "FAILED")])
def test_a_late_start_is_the_machines_only_where_it_was_waited_for(
    declared, proved, monkeypatch, waited, verdict
):
    monkeypatch.setattr("gradus.prover.machine.Watch.waited", lambda *_: waited)
    outcome = proved("start", declared(defect="late-start", promises={"ready_seconds": 2.0}))
    assert outcome.verdict == verdict
