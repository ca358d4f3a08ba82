"""The learner's plan: made when it is first asked for, made anew when something has changed.

It must not decide what stands where: the planner does. Every plan that was shown is in the record.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from gradus.core.basis import PlanBasis
from gradus.core.errors import UsageError
from gradus.core.learner import Background, LearnerProfile
from gradus.core.plan import Plan, PlanChange
from gradus.core.track import Track
from gradus.desk.again import minutes_again_ahead
from gradus.desk.desk import Desk
from gradus.desk.pages import Standings, standings
from gradus.desk.plans import last_plan, plan_on, record_plan
from gradus.desk.profile import learner_profile, today
from gradus.desk.reviewing import card_minutes_ahead
from gradus.desk.study import read_study
from gradus.planner.amount import STEP
from gradus.planner.planning import engine, make_plan
from gradus.planner.replanning import refuse_a_clock_that_went_back, replan

SUGGESTED = {
    None: "forty-eight-weeks",
    Background.SOFTWARE_ENGINEER: "month-by-month",
    Background.DATA_SCIENTIST: "month-by-month",
    Background.STUDENT: "forty-eight-weeks",
    Background.FROM_ZERO: "forty-eight-weeks",
}
"""The track that is followed where none was chosen."""
REVIEW_DAYS = 14
"""Days ahead over which reviews are averaged."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it was made from."""

    plan: Plan
    """What stands where."""
    basis: PlanBasis
    """What it was made from."""
    known: Standings
    """What the evidence says."""
    change: PlanChange | None
    """What this plan changed of the one before, if it was made just now or earlier today."""


def current_plan(desk: Desk, on: date | None = None, *, anew: bool = False) -> Planned:
    """Return the plan that holds now; makes and records it where none does any more.

    `anew` makes it from scratch, as if none had been made before. A record that can only be read
    keeps no plan, and the plan is shown all the same. Raises UsageError with a sentence for a
    profile, track or clock on which nothing can be planned.
    """
    known = standings(desk)
    basis = plan_basis(desk, known, on)
    print_now = fingerprint(basis)
    last = None if anew else last_plan(desk.ledger())
    if last is not None:
        refuse_a_clock_that_went_back(last.plan, basis.today)
    if last is not None and last.basis == print_now:
        return Planned(last.plan, basis, known, last.change)
    if last is None or last.plan.track != basis.track.id:
        plan, change = make_plan(basis), None
    else:
        plan, change = replan(last.plan, basis)
        if last.plan.made_on == basis.today and last.change is not None and change.is_none:
            change = last.change
    if desk.ledger().writable:
        record_plan(desk.ledger(), plan, basis=print_now, change=change)
    return Planned(plan, basis, known, change)


def past_plan(desk: Desk, day: date, on: date | None = None) -> Plan:
    """Return the plan that held on a past day; raises UsageError where none did."""
    if day > (on or today()):
        raise UsageError(f"{day} lies ahead; the plan for it is the one that holds now.")
    plan = plan_on(desk.ledger(), day)
    if plan is None:
        raise UsageError(f"No plan was made until {day}.")
    return plan


def plan_basis(desk: Desk, known: Standings, on: date | None = None) -> PlanBasis:
    """Return everything that the plan of a day is made from."""
    day = on or today()
    profile = learner_profile(desk, day)
    return PlanBasis(
        catalogue=desk.catalogue,
        track=track_of(desk, profile),
        profile=profile,
        today=day,
        record=read_study(desk, known),
        review_minutes=_review_minutes(desk),
    )


def track_of(desk: Desk, profile: LearnerProfile) -> Track:
    """Return the track that a learner follows: the chosen one, else one by their background."""
    return desk.catalogue.track(profile.track or SUGGESTED[profile.background])


def fingerprint(basis: PlanBasis) -> str:
    """Return a digest of what makes another plan necessary.

    The day, the aim and what was finished are in it. Measured minutes are not: they change all the
    time, and the plan of the next day takes them up.
    """
    parts = {
        "today": basis.today,
        "track": basis.track,
        "profile": basis.profile,
        "finished": sorted(basis.record.finished),
        "begun": sorted(basis.record.begun),
        "counts_from": sorted(basis.record.counts_from.items()),
        "demand": sorted(basis.demand.items()),
        "pace": basis.pace,
        "engine": engine(),
        "work": [
            (item.id, item.minutes, item.needs) for item in basis.catalogue.curriculum.values()
        ],
    }
    text = json.dumps(parts, default=str, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _review_minutes(desk: Desk) -> int:
    """Return the minutes of reviews to expect on a day, over the next two weeks.

    Whole steps, as work has them: a day of 89 minutes has a rest into which no work fits.
    """
    cards = card_minutes_ahead(desk, REVIEW_DAYS)
    labs = minutes_again_ahead(desk, REVIEW_DAYS)
    if not cards:
        return 0
    mean = fmean(cards[day] + labs.get(day, 0.0) for day in cards)
    return STEP * round(mean / STEP)
