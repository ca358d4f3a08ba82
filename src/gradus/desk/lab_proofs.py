"""Where a lab with proofs stands: which of its parts the learner's files have passed, and when.

It proves nothing; `lab_proving` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradus.core.catalogue import Catalogue
from gradus.core.evidence import Evidence
from gradus.core.lab import Lab
from gradus.core.proof import ProofVerdict
from gradus.desk.desk import Desk
from gradus.desk.pages import address
from gradus.desk.record import PROOF, evidence, shows_nothing
from gradus.desk.view import LabProofs, ProofPart
from gradus.ledger import Ledger, Row
from gradus.planner.mastery import counting_parts
from gradus.planner.two_parts import lacking


def projects(catalogue: Catalogue) -> frozenset[str]:
    """Return the ids of the labs that ask for proofs: what is handed in is a whole project."""
    return frozenset(lab.id for lab in catalogue.labs.values() if lab.proof is not None)


def lab_proofs(desk: Desk, lab: Lab, submission: str) -> LabProofs:
    """Return where files with a digest stand in a lab that asks for proofs."""
    assert lab.proof is not None, f"{lab.id} asks for no proof"
    ledger = desk.ledger() if desk.workspace is not None else None
    known = evidence(ledger) if ledger is not None else []
    passes, proved = counting_parts(lab, known)
    lacks = lacking(lab.proof.names, submission, passes, proved)
    parts = tuple(_parts(lab, submission, ledger, proved))
    return LabProofs(not lacks.claims, parts, lab.proof.core, _command(lab, lacks.proofs))


def _command(lab: Lab, missing: tuple[str, ...]) -> str:
    """Return the command that runs what is missing."""
    assert lab.proof is not None
    if not missing:
        return ""
    only = [f"--only {each}" for each in missing] if len(missing) < len(lab.proof.names) else []
    return " ".join(["gradus prove", address(lab), *only])


def _parts(
    lab: Lab, submission: str, ledger: Ledger | None, proved: Sequence[Evidence]
) -> Iterator[ProofPart]:
    from gradus.prover.proof import find_proofs  # only labs with proofs wait for the prover

    assert lab.proof is not None
    own = [each for each in proved if each.submission == submission]
    passed = {each.proof: each.at.isoformat() for each in reversed(own)}
    last = _last_of(ledger, lab, submission)
    for each in find_proofs(lab.proof.names):
        facts, row = last.get(each.name, ({}, None))
        yield ProofPart(
            name=each.name,
            sentence=each.sentence,
            passed_at=passed.get(each.name, ""),
            last=str(facts.get("verdict", "")),
            last_at=row.at if row else "",
            shows_nothing=_why_nothing(facts, row),
        )


def _why_nothing(facts: Mapping[str, Any], row: Row | None) -> str:
    if row is None:
        return ""
    if facts["verdict"] == ProofVerdict.INVALID:
        return str(facts.get("reason", "")) or "The run says nothing."
    return shows_nothing(row.facts)


def _last_of(
    ledger: Ledger | None, lab: Lab, submission: str
) -> dict[str, tuple[Mapping[str, Any], Row]]:
    """Return the last outcome of each proof on the same files under the lab's version."""
    found: dict[str, tuple[Mapping[str, Any], Row]] = {}
    for row in ledger.rows(PROOF, lab.id) if ledger is not None else ():
        same = row.facts["submission"] == submission and row.facts["lab_version"] == lab.version
        for each in row.facts["proofs"] if same else ():
            found[str(each["proof"])] = (each, row)
    return found
