"""What the progress page reads: counts, attempts, days at work, skills and what showed them.

It is computed from the record each time; nothing of it is stored.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from gradus.core.work import Span
from gradus.desk.desk import Desk
from gradus.desk.pages import Standings, address, lab_refs, roadmap, standings
from gradus.desk.record import Attempt, attempts
from gradus.desk.timing import SEEN_BY, local_day
from gradus.desk.view import AttemptView, DayOfWork, LabRef, Progress, Roadmap, ShownSkill
from gradus.planner.mastery import Standing
from gradus.planner.work import minutes_by_day, minutes_by_source

LEAST_TOLD = 0.5
"""Minutes below which a way of measuring time is not named: it would say 0."""


def progress(desk: Desk, today: date | None = None) -> Progress:
    """Return what the learner has done, as the record shows it."""
    known = standings(desk)
    labs = lab_refs(known)
    whole = roadmap(desk)
    tried = list(attempts(desk.ledger()))
    work = desk.time_at_work()
    seen = minutes_by_source(work)
    there = [lab for lab in labs.values() if lab.exists]
    return Progress(
        layers=whole.layers,
        counts=whole.counts,
        labs_passed=sum(lab.standing is Standing.SHOWN for lab in there),
        labs_there=len(there),
        labs_planned=len(labs),
        minutes=sum(seen.values()),
        minutes_seen=tuple(
            (SEEN_BY[each], seen[each]) for each in SEEN_BY if seen.get(each, 0.0) >= LEAST_TOLD
        ),
        attempts=tuple(_attempt(desk, labs, each) for each in reversed(tried)),
        days=days_of_work(tried, work, today or datetime.now().astimezone().date()),
        skills=_shown(known, whole, labs),
        next_lab=whole.next_lab,
        in_parts=tuple(lab for lab in there if lab.lacks),
    )


def days_of_work(
    tried: Iterable[Attempt], work: Sequence[Span], today: date
) -> tuple[DayOfWork, ...]:
    """Return every day from the first attempt to today."""
    passed: dict[date, int] = {}
    other: dict[date, int] = {}
    for each in tried:
        day = local_day(each.at)
        count = passed if each.verdict == "PASSED" else other
        count[day] = count.get(day, 0) + 1
    if not passed and not other:
        return ()
    minutes = minutes_by_day(work, local_day)
    first = min([*passed, *other])
    last = max([today, *passed, *other])
    return tuple(
        DayOfWork(day.isoformat(), passed.get(day, 0), other.get(day, 0), minutes.get(day, 0.0))
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    )


def _attempt(desk: Desk, labs: dict[str, LabRef], attempt: Attempt) -> AttemptView:
    facts = attempt.row.facts
    lab = desk.catalogue.labs.get(attempt.lab)
    name = address(lab) if lab else attempt.lab
    claims = facts.get("claims", [])
    return AttemptView(
        at=attempt.row.at,
        address=name,
        title=labs[name].title if name in labs else attempt.lab,
        verdict=str(attempt.verdict),
        claims_held=sum(bool(claim.get("held")) for claim in claims),
        claims=len(claims),
        seconds=float(facts.get("seconds", 0.0)),
        seed=int(facts.get("seed", 0)),
        mistake_says=str(facts.get("mistake_says", "")),
    )


def _shown(known: Standings, whole: Roadmap, labs: dict[str, LabRef]) -> tuple[ShownSkill, ...]:
    """Return every skill that is shown, or was until a check changed; the newest first."""
    found = []
    for layer in whole.layers:
        for skill in layer.skills:
            state = known.skills[skill.id]
            if state.standing is not Standing.SHOWN and not state.stale:
                continue
            showing = state.shown_labs or state.labs
            moments = [at for at in (known.labs[lab].shown_at for lab in showing) if at]
            found.append(
                ShownSkill(
                    skill.id,
                    skill.label,
                    skill.can_do,
                    max(moments).isoformat() if moments else "",
                    state.stale,
                    tuple(labs[address(known.catalogue.labs[lab])] for lab in showing),
                    state.fading,
                )
            )
    return tuple(sorted(found, key=lambda skill: skill.at, reverse=True))
