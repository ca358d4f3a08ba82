"""What the page of one lab reads: lesson, files, last verdict, hints, and after a pass the rest.

What may not be shown yet is not read into the page at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradus.catalogue import load_hints, load_lesson
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.core.verdict import ClaimOutcome, Finding, Judgement
from gradus.desk.desk import Desk
from gradus.desk.environments import missing_environment
from gradus.desk.files import files_below, learner_files
from gradus.desk.guesses import guess_of
from gradus.desk.lab_proofs import lab_proofs
from gradus.desk.learning import has_passed, was_revealed
from gradus.desk.pages import (
    FIRST_WEEK,
    address,
    lab_ref,
    lab_refs,
    lab_tools,
    next_lab,
    skill_views,
    standings,
)
from gradus.desk.record import Attempt, attempts, hints_taken
from gradus.desk.view import LabPage, LabRef, LearnerFile, LessonPart, Planned, VerdictView
from gradus.judge import read_submission
from gradus.planner.mastery import Standing

LAST_PART = "Going on"


def lab_page(desk: Desk, name: str) -> LabPage:
    """Return all that the page of a lab shows; raises UsageError for an unknown lab."""
    lab = desk.catalogue.lab(name)
    known = standings(desk)
    labs = lab_refs(known)
    skills = skill_views(known, labs)
    tried = list(attempts(desk.ledger(), lab.id))
    open_files = learner_files(desk, lab) if desk.here().is_open(lab) else None
    page = LabPage(
        lab=lab_ref(known, lab),
        id=lab.id,
        entry=str(lab.entry.kind),
        names=lab.entry.names,
        folder=str(desk.here().folder(lab)),
        started=open_files is not None,
        missing_environment=missing_environment(desk.catalogue, lab),
        environment=lab.environment,
        skills=tuple(skills[each] for each in lab.skills if each in skills),
        tools=lab_tools(desk.catalogue, lab),
        needs=tuple(labs[each] for each in lab.needs if each in labs),
        parts=tuple(part for part in _parts(lab) if part.title != LAST_PART),
        guess=guess_of(desk, lab),
        files=open_files or (),
        gone="" if open_files is None else _gone(lab, open_files),
        verdict=last_verdict(desk, lab, tried),
        attempts=len(tried),
        figures=_figures(lab),
    )
    return _with_what_was_earned(desk, lab, page)


def _with_what_was_earned(desk: Desk, lab: Lab, page: LabPage) -> LabPage:
    """Add hints that were taken and, after a pass or on request, what the lesson kept back."""
    hints = load_hints(lab)
    taken = hints_taken(desk.ledger(), lab.id)
    passed = has_passed(desk, lab)
    revealed = was_revealed(desk, lab)
    shown = passed or revealed
    known = standings(desk)
    counts_from = known.labs[lab.id].counts_from
    return replace(
        page,
        hints=hints[:taken],
        hints_left=len(hints) - taken,
        passed=passed,
        revealed=revealed,
        counts_from=counts_from.isoformat() if counts_from else "",
        going_on=load_lesson(lab).part(LAST_PART) if shown else "",
        reference=files_below(lab.folder / "reference", lab.entry.path) if shown else (),
        next_lab=_after(lab_refs(known), lab) if passed else None,
        proofs=lab_proofs(desk, lab, current_digest(desk, lab)) if lab.proof else None,
    )


def planned(desk: Desk, name: str) -> Planned | None:
    """Return what is planned under a curriculum id; None where the lab exists or is unknown."""
    known = standings(desk)
    labs = lab_refs(known)
    ref = next((labs[each] for each in labs if each.casefold() == name.strip().casefold()), None)
    if ref is None or ref.exists:
        return None
    item = known.catalogue.curriculum[ref.address]
    skills = skill_views(known, labs)
    return Planned(
        ref,
        tuple(skills[each] for each in item.skills if each in skills),
        tuple(labs[each] for each in item.needs if each in labs),
        tuple(each for each in labs.values() if each.layer == ref.layer and each.exists),
    )


def current_digest(desk: Desk, lab: Lab) -> str:
    """Return the digest of what would be judged now; empty where there is nothing to judge."""
    try:
        return read_submission(lab, desk.here().folder(lab)).digest
    except (UsageError, OSError):
        return ""


def last_verdict(
    desk: Desk, lab: Lab, tried: Sequence[Attempt] | None = None
) -> VerdictView | None:
    """Return the last answer on what lay in the workspace, as the record holds it."""
    known = tried if tried is not None else list(attempts(desk.ledger(), lab.id))
    own = [each for each in known if each.row.facts.get("origin", "workspace") == "workspace"]
    if not own:
        return None
    last = own[-1]
    is_current = last.row.facts.get("submission") == current_digest(desk, lab)
    return verdict_view(last.row.facts, number=last.number, current=is_current)


def unkept_verdict(judgement: Judgement) -> VerdictView:
    """Return a judgement that the record does not hold, such as `UNJUDGED`, for the page."""
    return verdict_view(judgement.as_json())


def verdict_view(facts: Mapping[str, Any], *, number: int = 0, current: bool = True) -> VerdictView:
    """Return the object that `gradus check --json` prints as the page reads it."""
    return VerdictView(
        verdict=str(facts["verdict"]),
        seed=int(facts["seed"]),
        seconds=float(facts["seconds"]),
        claims=tuple(_claim(each) for each in facts.get("claims", ())),
        mistake_says=str(facts.get("mistake_says", "")),
        reason=str(facts.get("reason", "")),
        frames=tuple(facts.get("frames", ())),
        printed=str(facts.get("printed", "")),
        number=number,
        current=current,
    )


def _claim(facts: Mapping[str, Any]) -> ClaimOutcome:
    found = facts.get("finding")
    finding = None
    if found is not None:
        finding = Finding(
            call=str(found.get("call", "")),
            returned=str(found.get("returned", "")),
            expected=str(found.get("expected", "")),
            frames=tuple(found.get("frames", ())),
            note=str(found.get("note", "")),
        )
    return ClaimOutcome(
        str(facts["sentence"]), bool(facts["held"]), int(facts.get("examples", 0)), finding
    )


def _parts(lab: Lab) -> tuple[LessonPart, ...]:
    return tuple(LessonPart(part.title, part.text) for part in load_lesson(lab).parts)


def _gone(lab: Lab, files: Sequence[LearnerFile]) -> str:
    """Return the name of the file to hand in where the learner's folder lacks it."""
    if lab.entry.path == "." or (lab.folder / "starter" / lab.entry.path).is_dir():
        return ""
    is_there = any(file.path == lab.entry.path for file in files)
    return "" if is_there else lab.entry.path


def _figures(lab: Lab) -> dict[str, str]:
    folder = lab.folder / "figures"
    return {
        f"figures/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.svg"))
    }


def _after(labs: Mapping[str, LabRef], lab: Lab) -> LabRef | None:
    """Return what to do after a lab: the next of the first week, or what comes next on the map."""
    here = address(lab)
    if here in FIRST_WEEK:
        for name in FIRST_WEEK[FIRST_WEEK.index(here) + 1 :]:
            if name in labs and labs[name].standing in (Standing.IN_REACH, Standing.IN_PROGRESS):
                return labs[name]
    return next_lab({name: ref for name, ref in labs.items() if name != here})
