"""Proofs run one after another, and what the service does never ends the run."""

import asyncio

import pytest

from gradus.core.errors import UsageError
from gradus.core.proof import ProofVerdict
from gradus.prover.running import Asked, prove


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
    declaration = declared(start=(), url="http://127.0.0.1:1")
    report = asyncio.run(prove(declaration, [], Asked(("start",)), tmp_path))
    assert report.outcomes == ()
    assert report.verdict is ProofVerdict.INVALID
    assert "`start` in [prove]" in report.skipped["start"]


def test_an_unknown_proof_is_answered_with_the_nearest(declared, tmp_path):
    with pytest.raises(UsageError, match="Did you mean 'start'"):
        asyncio.run(prove(declared(), [], Asked(("strat",)), tmp_path))
