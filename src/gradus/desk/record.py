"""What goes into the record, and what is read out of it again.

It must not judge and must not compute mastery: it turns rows into nouns and nouns into rows.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gradus
from gradus.core.evidence import Evidence
from gradus.core.proof import ProofVerdict
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.workspace import Workspace
from gradus.ledger import Ledger, Row

ATTEMPT, OPENED, HINT, REVEALED = "attempt", "opened", "hint", "revealed"
PROOF = "proof"
FILE = "file:"
INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One judging, as the record holds it."""

    number: int
    """Its place among the attempts on this lab, from 1."""
    row: Row
    """The whole fact."""

    @property
    def lab(self) -> str:
        """Lab id."""
        return str(self.row.facts["lab"])

    @property
    def verdict(self) -> Verdict:
        """The answer of the judge."""
        return Verdict(self.row.facts["verdict"])

    @property
    def at(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.row.at)


def open_record(workspace: Workspace) -> Ledger:
    """Open the workspace's record, made if it is missing."""
    with contextlib.suppress(OSError):  # the ledger says what is wrong with the place
        workspace.ledger_path.parent.mkdir(parents=True, exist_ok=True)
    return Ledger.open(workspace.ledger_path)


def record_attempt(
    ledger: Ledger, judgement: Judgement, submission: Submission, *, origin: str = "workspace"
) -> Row | None:
    """Append an attempt with every byte that was handed in; `UNJUDGED` is never evidence.

    `origin` is `workspace`, or `file` where `--file` named what was judged.
    """
    if judgement.verdict is Verdict.UNJUDGED:
        return None
    facts: dict[str, Any] = {
        **judgement.as_json(),
        "engine_version": gradus.__version__,
        "case_seed": submission.case_seed,
        "after_reveal": any(True for _ in ledger.rows(REVEALED, judgement.lab)),
        "origin": origin,
    }
    blobs = {f"{FILE}{path}": content for path, content in submission.files.items()}
    if judgement.inputs:
        blobs[INPUTS] = judgement.inputs
    return ledger.append(ATTEMPT, facts, blobs)


def record_opened(ledger: Ledger, lab: str, case_seed: int) -> None:
    """Append that a lab was opened, the first time."""
    if not any(True for _ in ledger.rows(OPENED, lab)):
        ledger.append(OPENED, {"lab": lab, "case_seed": case_seed})


def record_hint(ledger: Ledger, lab: str, rung: int) -> None:
    """Append that a hint was taken, unless it was before."""
    if rung > hints_taken(ledger, lab):
        ledger.append(HINT, {"lab": lab, "rung": rung})


def record_revealed(ledger: Ledger, lab: str, lab_version: str) -> None:
    """Append that the reference was shown on request."""
    ledger.append(REVEALED, {"lab": lab, "lab_version": lab_version})


def hints_taken(ledger: Ledger, lab: str) -> int:
    """Return how many rungs of a lab's hints were taken."""
    return max((int(row.facts["rung"]) for row in ledger.rows(HINT, lab)), default=0)


def attempts(ledger: Ledger, lab: str | None = None) -> Iterator[Attempt]:
    """Yield every attempt from the first, of one lab where it is given."""
    numbers: dict[str, int] = {}
    for row in ledger.rows(ATTEMPT, lab):
        name = str(row.facts["lab"])
        numbers[name] = numbers.get(name, 0) + 1
        yield Attempt(numbers[name], row)


def evidence(ledger: Ledger) -> list[Evidence]:
    """Return every attempt, and every proof that says something, the earliest first."""
    revealed: dict[str, datetime] = {}
    found: list[Evidence] = []
    for row in ledger.rows((ATTEMPT, REVEALED, PROOF)):
        at = datetime.fromisoformat(row.at)
        lab = str(row.facts.get("lab", ""))
        if row.kind == REVEALED:
            revealed[lab] = at
        elif row.kind == PROOF:
            found += _proved(row, at, revealed.get(lab))
        else:
            found.append(
                Evidence(
                    lab=lab,
                    lab_version=str(row.facts["lab_version"]),
                    verdict=Verdict(row.facts["verdict"]),
                    at=at,
                    seed=int(row.facts["seed"]),
                    revealed_at=revealed.get(lab),
                    submission=str(row.facts.get("submission", "")),
                )
            )
    return found


def shows_nothing(facts: Mapping[str, Any]) -> str:
    """Return why a run of a lab's proofs is no evidence; empty where it is."""
    if facts.get("quick", True):
        return "A quick run shows nothing: its bounds are wider."
    if not facts.get("fresh", False):
        return "A run on a seed that was given shows nothing: its rows were known."
    if facts.get("changed", True):
        return "Files of the project changed while it ran, so it shows nothing of either."
    return ""


def _proved(row: Row, at: datetime, revealed_at: datetime | None) -> Iterator[Evidence]:
    """Yield what a run of a lab's proofs shows; a project of no lab shows nothing of a skill."""
    if "lab" not in row.facts or shows_nothing(row.facts):
        return
    for each in row.facts["proofs"]:
        if each["verdict"] != ProofVerdict.INVALID:
            yield Evidence(
                lab=str(row.facts["lab"]),
                lab_version=str(row.facts["lab_version"]),
                verdict=Verdict(each["verdict"]),
                at=at,
                seed=int(each["seed"]),
                revealed_at=revealed_at,
                submission=str(row.facts["submission"]),
                proof=str(each["proof"]),
            )


def submission_of(ledger: Ledger, attempt: Attempt) -> Submission:
    """Return the exact bytes that an attempt judged."""
    files = {
        name.removeprefix(FILE): ledger.blob(digest)
        for name, digest in attempt.row.blobs.items()
        if name.startswith(FILE)
    }
    return Submission(files, int(attempt.row.facts["case_seed"]))
