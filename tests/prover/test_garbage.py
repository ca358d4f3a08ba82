"""What `garbage` makes of requests that were derived from an OpenAPI document."""

import asyncio
import base64
import json

import pytest

from gradus.catalogue.service_file import read_rows
from gradus.core.proof import ProofVerdict
from gradus.prover import patience
from gradus.prover.running import Asked, prove

from .deriving import a_tool
from .twins import findings, with_document


@pytest.fixture
def garbage(tmp_path, declared):
    """Prove `garbage` quickly, with a tool that derives; return the outcome and its raw logs."""

    def run(defect=""):
        declaration = with_document(declared("plain.py", defect, {"rate": 200.0}))
        rows = read_rows(declaration.folder / declaration.rows)
        asked = Asked(("garbage",), 1, True, a_tool(tmp_path))
        (outcome,) = asyncio.run(prove(declaration, rows, asked, tmp_path / "logs")).outcomes
        kept = (tmp_path / "logs" / "garbage" / "derived.jsonl").read_text()
        return outcome, [json.loads(line) for line in kept.splitlines()]

    return run


def test_a_service_that_only_derived_requests_break_is_caught_with_one(garbage, monkeypatch):
    monkeypatch.setattr(patience, "HANGS_AFTER", 4.0)
    outcome, kept = garbage("trips-over-null")
    assert outcome.verdict is ProofVerdict.FAILED
    (broken,) = [each for each in outcome.claims if not each.held]
    assert broken.sentence == "No request derived from /openapi.json is answered with 5xx."
    assert 'POST /predict {"rows": [], "note": null, "pieces": 0} (derived' in findings(outcome)
    (sent,) = [each for each in kept if each["code"] == 500]
    assert base64.b64decode(sent["base64"]) == b'{"rows": [], "note": null, "pieces": 0}'


def test_an_honest_service_passes_with_derived_requests(garbage):
    outcome, kept = garbage()
    assert (outcome.verdict, outcome.reason) == (ProofVerdict.PASSED, "")
    assert len(kept) == 13
    assert {each["code"] for each in kept} == {200, 422}
