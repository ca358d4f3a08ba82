"""Opening a lab, taking a hint, seeing the reference.

It must not overwrite a file of the learner's, and shows the reference only after a pass or on
a request that the record keeps.
"""

from dataclasses import dataclass
from pathlib import Path

from gradus.catalogue import load_hints
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.core.verdict import Verdict
from gradus.desk.desk import Desk
from gradus.desk.record import (
    REVEALED,
    attempts,
    evidence,
    hints_taken,
    record_hint,
    record_opened,
    record_revealed,
)
from gradus.desk.workspace import Opened, case_seed_of, lay_starter
from gradus.planner.two_parts import whole_at


@dataclass(frozen=True, slots=True)
class HintTaken:
    """One rung of a lab's hints."""

    rung: int
    """Which one, from 1."""
    of: int
    """How many there are."""
    text: str
    """The hint, as Markdown."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How Gradus would have done it."""

    files: dict[str, bytes]
    """Relative path to content."""
    after_pass: bool
    """Whether a pass had been there, so that looking costs nothing."""


def open_lab(desk: Desk, name: str) -> Opened:
    """Copy a lab's starter into the workspace and record that it was opened."""
    lab = desk.catalogue.lab(name)
    opened = lay_starter(desk.here(), lab, desk.pool)
    record_opened(desk.ledger(), lab.id, case_seed_of(opened.folder))
    return opened


def entry_file(desk: Desk, lab: Lab) -> Path:
    """Return the file that a learner writes, or the lab's folder where it is several."""
    folder = desk.here().folder(lab)
    return folder if lab.entry.path == "." else folder / lab.entry.path


def take_hint(desk: Desk, name: str) -> HintTaken:
    """Return the next rung of a lab's hints and record it; the last one again when all are taken.

    Raises UsageError for a lab without hints.
    """
    lab = desk.catalogue.lab(name)
    hints = load_hints(lab)
    if not hints:
        raise UsageError(f"The lab {lab.id} has no hints.")
    rung = min(hints_taken(desk.ledger(), lab.id) + 1, len(hints))
    record_hint(desk.ledger(), lab.id, rung)
    return HintTaken(rung, len(hints), hints[rung - 1])


def has_passed(desk: Desk, lab: Lab) -> bool:
    """Say whether the record holds a pass of a lab, of whatever version.

    A lab with proofs is passed by both parts of the same files.
    """
    if lab.proof is None:
        return any(each.verdict is Verdict.PASSED for each in attempts(desk.ledger(), lab.id))
    own = [each for each in evidence(desk.ledger()) if each.lab == lab.id]
    passed = [each for each in own if each.verdict is Verdict.PASSED]
    claims = [each for each in passed if not each.proof]
    return whole_at(lab.proof.names, claims, passed) is not None


def was_revealed(desk: Desk, lab: Lab) -> bool:
    """Say whether the reference was shown on request."""
    return any(True for _ in desk.ledger().rows(REVEALED, lab.id))


def reveal(desk: Desk, name: str) -> Reference:
    """Return a lab's reference; without a pass, record that it was shown on request."""
    lab = desk.catalogue.lab(name)
    passed = has_passed(desk, lab)
    if not passed:
        record_revealed(desk.ledger(), lab.id, lab.version)
    return Reference(reference_files(lab), after_pass=passed)


def reference_files(lab: Lab) -> dict[str, bytes]:
    """Return the files of a lab's reference as they lie in its folder."""
    folder = lab.folder / "reference"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
