"""Judging what a learner handed in, and keeping the attempt.

It must not decide a verdict: the judge does. Our own failures are logged and are never evidence.
"""

import contextlib
import secrets
from datetime import UTC, datetime
from pathlib import Path

from gradus.core.errors import GradusError, LedgerError, UsageError
from gradus.core.lab import Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.record import record_attempt
from gradus.desk.workspace import case_seed_of
from gradus.judge import draw_ahead, judge, read_submission, render

MOST_DRAWN = 4
"""Labs of which it is kept what their next checks try."""


class NotKept(LedgerError):
    """The verdict is there, and the record could not take it."""

    def __init__(self, judgement: Judgement, reason: str) -> None:
        self.judgement = judgement
        super().__init__(reason)


def check_lab(
    desk: Desk, name: str, *, file: Path | None = None, seed: int | None = None
) -> Judgement:
    """Judge a lab's files in the workspace, or those at `file`, and record the attempt.

    Raises UsageError where there is nothing to judge, PrerequisiteError where the environment is
    missing, and NotKept, which carries the judgement, where the record could not take it.
    """
    lab = desk.catalogue.lab(name)
    submission = _handed_in(desk, lab, file)
    drawn = desk.drawn.pop(lab.id, None) if seed is None else None
    if seed is None:
        seed = drawn.seed if drawn is not None else _new_seed()
    judgement = judge(lab, submission, seed=seed, pool=desk.pool, drawn=drawn)
    keep(desk, judgement, submission, origin="workspace" if file is None else "file")
    return judgement


def get_ready(desk: Desk, lab: Lab) -> None:
    """Warm up what judges a lab and draw what the next check tries, so that it does not wait.

    A fault shows up there.
    """
    with contextlib.suppress(GradusError):
        desk.pool.warm(lab)
        if lab.id in desk.drawn:
            return
        drawn = draw_ahead(lab, _new_seed())
        for old in list(desk.drawn)[: 1 - MOST_DRAWN]:
            desk.drawn.pop(old, None)
        desk.drawn[lab.id] = drawn


def _new_seed() -> int:
    return secrets.randbelow(2**31)


def keep(desk: Desk, judgement: Judgement, submission: Submission, *, origin: str) -> None:
    """Record an attempt where there is a workspace; log a failure of ours instead."""
    if desk.workspace is None:
        return
    if judgement.verdict is Verdict.UNJUDGED:
        log_fault(desk, judgement)
        return
    try:
        record_attempt(desk.ledger(), judgement, submission, origin=origin)
    except LedgerError as fault:
        raise NotKept(judgement, str(fault)) from fault


def log_fault(desk: Desk, judgement: Judgement) -> None:
    """Write what went wrong on our side into the workspace's log."""
    if desk.workspace is None:
        return
    log = desk.workspace.log_path
    with contextlib.suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            stream.write(f"{moment} {judgement.lab} seed {judgement.seed}: {judgement.reason}\n")
            stream.write(judgement.trouble)


def _handed_in(desk: Desk, lab: Lab, file: Path | None) -> Submission:
    """Read the lab's folder in the workspace, or `file`, for the case of that folder if any."""
    if file is None:
        return read_submission(lab, _own_folder(desk, lab))
    case_seed = case_seed_of(desk.workspace.folder(lab)) if desk.workspace is not None else 0
    return read_submission(lab, file, case_seed)


def _own_folder(desk: Desk, lab: Lab) -> Path:
    workspace = desk.here()
    if not workspace.is_open(lab):
        raise UsageError(
            f"The lab {lab.id} is not open yet. `gradus open {lab.id}` lays its files."
        )
    return workspace.folder(lab)


def verdict_text(judgement: Judgement, *, colour: bool = False, title: str = "") -> str:
    """Return a judgement as a learner reads it."""
    return render(judgement, colour=colour, title=title)
