"""What the record holds comes back as the nouns that went in."""

from gradus.core.submission import Submission
from gradus.core.verdict import ClaimOutcome, Judgement, Verdict
from gradus.desk.record import (
    attempts,
    evidence,
    hints_taken,
    open_record,
    record_attempt,
    record_hint,
    record_opened,
    record_revealed,
    submission_of,
)
from gradus.desk.workspace import create_workspace

WORK = Submission({"matmul.py": b"def matmul(a, b): ...\n", "notes.md": b"\xff\x00"}, case_seed=5)


def judgement(verdict: Verdict, inputs: bytes = b"") -> Judgement:
    return Judgement(
        lab="matmul",
        lab_version="sha256:1",
        submission=WORK.digest,
        verdict=verdict,
        seed=7,
        seconds=0.02,
        claims=(ClaimOutcome("It is right.", verdict is Verdict.PASSED, 25),),
        figures={"peak_mb": float("nan")},
        inputs=inputs,
    )


def test_every_byte_that_was_handed_in_comes_back(tmp_path):
    with open_record(create_workspace(tmp_path)) as ledger:
        record_attempt(ledger, judgement(Verdict.FAILED, b"inputs"), WORK)
        (attempt,) = attempts(ledger)
        assert submission_of(ledger, attempt) == WORK
        assert ledger.blob(attempt.row.blobs["inputs"]) == b"inputs"
        assert attempt.row.facts["engine_version"]
        assert ledger.verify() == 1


def test_an_unjudged_attempt_is_never_evidence(tmp_path):
    with open_record(create_workspace(tmp_path)) as ledger:
        assert record_attempt(ledger, judgement(Verdict.UNJUDGED), WORK) is None
        assert evidence(ledger) == []


def test_evidence_knows_whether_the_reference_had_been_seen(tmp_path):
    with open_record(create_workspace(tmp_path)) as ledger:
        record_attempt(ledger, judgement(Verdict.FAILED), WORK)
        record_revealed(ledger, "matmul", "sha256:1")
        record_attempt(ledger, judgement(Verdict.PASSED), WORK)
        before, after = evidence(ledger)
        assert (before.after_reveal, after.after_reveal) == (False, True)
        assert after.revealed_at < after.at


def test_opening_and_hints_are_recorded_once_each(tmp_path):
    with open_record(create_workspace(tmp_path)) as ledger:
        for _ in range(2):
            record_opened(ledger, "matmul", 0)
            record_hint(ledger, "matmul", 1)
        record_hint(ledger, "matmul", 2)
        assert hints_taken(ledger, "matmul") == 2
        assert [row.kind for row in ledger.rows()] == ["opened", "hint", "hint"]


def test_attempts_are_numbered_by_lab(tmp_path):
    with open_record(create_workspace(tmp_path)) as ledger:
        for verdict in (Verdict.FAILED, Verdict.PASSED):
            record_attempt(ledger, judgement(verdict), WORK)
        assert [each.number for each in attempts(ledger, "matmul")] == [1, 2]
