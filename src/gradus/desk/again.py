"""Review by doing: a passed lab comes back as one short claim, written anew from the starter.

It must not touch the learner's files of the lab, and what it records is never an attempt: it
shows no lab. A claim that does not hold makes the lab fade until one holds.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import gradus
from gradus.core.errors import LedgerError, UsageError
from gradus.core.lab import Lab
from gradus.core.review import Grade, Review
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.judging import NotKept, log_fault
from gradus.desk.pages import address, fading, standings
from gradus.desk.record import FILE, INPUTS
from gradus.desk.review_log import ASKED, DONE, REVIEW, ReviewLog, read_reviews
from gradus.desk.review_view import AgainView
from gradus.desk.timing import local_day
from gradus.desk.workspace import case_seed_of, lay_starter_in
from gradus.judge import (
    hollow_submissions,
    judge_claim,
    read_submission,
    small_claims,
    starter_submission,
)
from gradus.ledger import Row
from gradus.ledger.store import now as this_moment
from gradus.planner.mastery import Standing
from gradus.planner.reviewing import LABS, Memory, Today, due_counts, due_labs, schedule

SHORTEST, LONGEST = 5, 25
"""Minutes that one claim is taken to need at the least and at the most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One claim of a lab that is to be written anew."""

    lab: Lab
    """Which lab."""
    claim: str
    """Name of the claim's function."""
    sentence: str
    """The claim, as the learner reads it."""
    number: int
    """Which review by doing of this lab it is, from 1."""
    folder: Path
    """Where to write."""


def labs_to_do_again(desk: Desk, now: datetime | None = None) -> tuple[AgainView, ...]:
    """Return the labs that are due to be done again, and those that were begun."""
    log = read_reviews(desk.ledger())
    memories = _memories(desk, log)
    begun = [lab for lab in memories if _open_row(log, lab) is not None]
    due = due_labs(memories, Today(now or this_moment(), 0, local_day))
    weak = fading(desk)
    found = []
    for name in dict.fromkeys([*begun, *due]):
        lab, row = desk.catalogue.labs[name], _open_row(log, name)
        place = desk.here().review_folder(name, int(row.facts["number"])) if row else None
        found.append(
            AgainView(
                lab=name,
                address=address(lab),
                title=lab.title,
                minutes=minutes_again(lab),
                fading=name in weak,
                begun=row is not None,
                sentence=str(row.facts["sentence"]) if row else "",
                folder=str(place or ""),
            )
        )
    return tuple(found)


def begin_again(desk: Desk, name: str) -> Asked:
    """Ask for one claim of a passed lab and lay its starter; what was begun goes on.

    Raises UsageError for a lab without a pass that counts.
    """
    lab = desk.catalogue.lab(name)
    if standings(desk).labs[lab.id].standing is not Standing.SHOWN:
        raise UsageError(
            f"The lab {lab.id} is not passed yet, so there is nothing to do again. To begin it:\n"
            f"gradus open {lab.id}"
        )
    if lab.proof is not None:
        raise UsageError(
            f"The lab {lab.id} is a whole project, and no claim of it is written anew alone. Its "
            "cards come back: gradus review"
        )
    log = read_reviews(desk.ledger())
    row = _open_row(log, lab.id)
    if row is not None and row.facts["lab_version"] == lab.version:
        asked = _asked(desk, lab, row)
        lay_starter_in(asked.folder, lab, desk.pool)
        return asked
    before = log.asked.get(lab.id)
    number = int(before.facts["number"]) + 1 if before is not None else 1
    folder = desk.here().review_folder(lab.id, number)
    lay_starter_in(folder, lab, desk.pool)
    seed = secrets.randbelow(2**31)
    case_seed = case_seed_of(folder)
    claim, sentence = _claim_to_ask(desk, lab, seed, case_seed)
    facts = {
        "act": ASKED,
        "lab": lab.id,
        "lab_version": lab.version,
        "claim": claim,
        "sentence": sentence,
        "number": number,
        "seed": seed,
        "case_seed": case_seed,
    }
    return _asked(desk, lab, desk.ledger().append(REVIEW, facts))


def hand_in_again(desk: Desk, name: str) -> Judgement:
    """Judge the claim that was asked for, on a fresh seed, and record it.

    Raises UsageError where none was asked for or nothing was written yet, PrerequisiteError as
    judging does, and NotKept where the record could not take it.
    """
    lab = desk.catalogue.lab(name)
    log = read_reviews(desk.ledger())
    row = log.asked.get(lab.id)
    if row is None:
        raise UsageError(f"No claim of {lab.id} was asked for yet:\ngradus review {lab.id}")
    if row.facts["lab_version"] != lab.version:
        raise UsageError(
            f"What judges {lab.id} has changed since this claim was asked for; yours is kept. "
            f"For another one:\ngradus review {lab.id}"
        )
    asked = _asked(desk, lab, row)
    submission = read_submission(lab, asked.folder)
    if submission.digest == starter_submission(lab, submission.case_seed).digest:
        raise UsageError(f"Nothing is written in {asked.folder} yet.")
    judgement = judge_claim(
        lab, submission, asked.claim, seed=secrets.randbelow(2**31), pool=desk.pool
    )
    if judgement.verdict is Verdict.UNJUDGED:
        log_fault(desk, judgement)
        return judgement
    try:
        _record(desk, judgement, submission, asked)
    except LedgerError as fault:
        raise NotKept(judgement, str(fault)) from fault
    return judgement


def minutes_again(lab: Lab) -> int:
    """Return about how long one claim of a lab takes, in minutes: our estimate."""
    return max(SHORTEST, min(LONGEST, lab.minutes // 4))


def minutes_again_ahead(desk: Desk, n_days: int, now: datetime | None = None) -> dict[date, float]:
    """Return the minutes of labs done again that are expected today and on each day after it."""
    today = Today(now or this_moment(), 1, local_day)
    days = [today.day + timedelta(days=ahead) for ahead in range(n_days)]
    found = dict.fromkeys(days, 0.0)
    for name, memory in _memories(desk, read_reviews(desk.ledger())).items():
        counts = due_counts([name], {name: memory}, today, n_days, scheduler=LABS)
        for day, count in zip(days, counts, strict=True):
            found[day] += count * minutes_again(desk.catalogue.labs[name])
    return found


def _memories(desk: Desk, log: ReviewLog) -> Mapping[str, Memory]:
    """Return what is known about each lab that is shown: its first pass, then what was done again.

    A pass counts as easy, because it took long; the lab comes back after about a week. A lab with
    proofs is a whole project and does not.
    """
    reviews = []
    for name, state in standings(desk).labs.items():
        if state.shown_at is not None and desk.catalogue.labs[name].proof is None:
            reviews.append(Review(0, name, state.shown_at, Grade.EASY))
            reviews += [each for each in log.again if each.item == name]
    return schedule(reviews, LABS)


def _open_row(log: ReviewLog, lab: str) -> Row | None:
    """Return the claim that was asked for last, unless there is a verdict on it."""
    asked, done = log.asked.get(lab), log.done.get(lab)
    if asked is None or (done is not None and done.seq > asked.seq):
        return None
    return asked


def _asked(desk: Desk, lab: Lab, row: Row) -> Asked:
    number = int(row.facts["number"])
    return Asked(
        lab,
        str(row.facts["claim"]),
        str(row.facts["sentence"]),
        number,
        desk.here().review_folder(lab.id, number),
    )


def _claim_to_ask(desk: Desk, lab: Lab, seed: int, case_seed: int) -> tuple[str, str]:
    """Return the first claim, in the order of the seed, that takes some work to keep.

    The untouched starter does not keep it, nor does a file whose functions return nothing or
    what they are given. Where a lab has no such claim, it is the first one.
    """
    hollow = hollow_submissions(lab, case_seed)
    claims = small_claims(lab, seed)
    for claim in claims:
        said = (judge_claim(lab, each, claim.name, seed=seed, pool=desk.pool) for each in hollow)
        if all(each.verdict in (Verdict.FAILED, Verdict.STOPPED) for each in said):
            return claim.name, claim.sentence
    return claims[0].name, claims[0].sentence


def _record(desk: Desk, judgement: Judgement, submission: Submission, asked: Asked) -> None:
    facts = {
        **judgement.as_json(),
        "act": DONE,
        "claim": asked.claim,
        "number": asked.number,
        "case_seed": submission.case_seed,
        "engine_version": gradus.__version__,
    }
    blobs = {f"{FILE}{path}": content for path, content in submission.files.items()}
    if judgement.inputs:
        blobs[INPUTS] = judgement.inputs
    desk.ledger().append(REVIEW, facts, blobs)
