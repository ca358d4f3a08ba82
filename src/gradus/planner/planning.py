"""A track laid on a calendar: what is kept, on which day it stands, and why.

Pure functions of a basis: the same basis and the same solver give the same plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from itertools import chain

from gradus import __version__
from gradus.core.basis import Pace, PlanBasis
from gradus.core.plan import ItemKind, LeftOut, Plan, PlanItem
from gradus.planner.amount import Work, whole_minutes, work_of
from gradus.planner.choice import Choice, Room, choose
from gradus.planner.days import DAY, StudyDays, study_days, window
from gradus.planner.estimates import Estimates, estimates_of
from gradus.planner.forecast import forecast_of
from gradus.planner.laying import LEAST_PIECE, Piece, Window, Wishes, last_day, lay
from gradus.planner.route import items_of

PIECES = (LEAST_PIECE, 5, 1)
"""Minutes of the smallest piece, from what suits a person to what always fits."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be laid, before it has days."""

    basis: PlanBasis
    """What it is computed from."""
    days: StudyDays
    """The days of study."""
    estimates: Estimates
    """What is believed of the learner's speed."""
    choice: Choice
    """What is kept."""
    windows: Mapping[int, Window]
    """The days of each stage at the source's own pace; empty at the learner's."""


def make_plan(basis: PlanBasis) -> Plan:
    """Return the plan of a basis.

    Everything that is left of the track is laid on the days of study in its order; where a target
    date or a budget of hours does not hold it, the worthiest part (see `choice`). Raises
    `UsageError` for a profile, a track or a date on which nothing can be planned.
    """
    draft = draft_of(basis)
    pieces = lay_in_time(draft, [Wishes(windows=draft.windows)])
    return plan_of(draft, pieces)


def draft_of(basis: PlanBasis, before: frozenset[str] = frozenset()) -> Draft:
    """Return what is to be laid; `before` names what an earlier plan kept."""
    days = study_days(basis)
    estimates = estimates_of(basis, items_of(basis.catalogue), whole_minutes(basis))
    work = work_of(basis, estimates)
    choice = choose(work, Room(days, basis.profile.target, _budget(basis)), before)
    return Draft(basis, days, estimates, choice, _windows(basis))


def lay_in_time(draft: Draft, wishes: Iterable[Wishes]) -> tuple[Piece, ...]:
    """Return the work with its days by the first of the wishes with which it ends in time.

    Each is tried with smaller and smaller pieces. Without windows and pins and with pieces of a
    minute it always ends in time, because what is kept fits.
    """
    target = draft.basis.profile.target
    for each in chain(wishes, [Wishes()]):
        for least in PIECES:
            pieces = lay(draft.choice.kept, draft.days, replace(each, least_piece=least))
            if target is None or not pieces or pieces[-1].day <= target:
                return pieces
    return pieces


def plan_of(draft: Draft, pieces: Sequence[Piece], set_out: date | None = None) -> Plan:
    """Return the plan that has the pieces on their days."""
    basis, choice = draft.basis, draft.choice
    ends = last_day(pieces)
    return Plan(
        made_on=basis.today,
        track=basis.track.id,
        items=_items(draft, pieces),
        left_out=tuple(
            LeftOut(group.name, group.works[-1].title, group.minutes, float(group.worth))
            for group in choice.left_out
        ),
        forecast=forecast_of(draft.basis, draft.days, draft.estimates, choice.kept, ends),
        optimal=choice.gap == 0.0,
        gap=choice.gap,
        engine=engine(),
        set_out=set_out or ends,
    )


@lru_cache(maxsize=1)
def engine() -> str:
    """Return what an exact replay is promised for: the versions of Gradus and of the solver."""
    return f"gradus {__version__}, highs {version('highspy')}"


def _budget(basis: PlanBasis) -> int | None:
    """Return the minutes that are left of a budget of hours."""
    hours, start = basis.profile.budget_hours, basis.profile.start
    if hours is None:
        return None
    spent = sum(
        minutes for day, minutes in basis.record.studied.items() if start is None or day >= start
    )
    return max(0, int(hours * 60 - spent))


def _windows(basis: PlanBasis) -> dict[int, Window]:
    if basis.pace is Pace.OWN:
        return {}
    start = basis.profile.start or basis.today
    stages = enumerate(basis.catalogue.route(basis.track))
    found = {place: window(stage, start) for place, stage in stages}
    return {place: Window(*days) for place, days in found.items() if days is not None}


def _items(draft: Draft, pieces: Sequence[Piece]) -> tuple[PlanItem, ...]:
    """Return a plan's items: on each day the day off, or the reviews and then the work."""
    if not pieces:
        return ()
    work = {each.key: each for each in draft.choice.kept}
    parts = Counter(piece.key for piece in pieces)
    by_day: dict[date, list[Piece]] = {}
    for piece in pieces:
        by_day.setdefault(piece.day, []).append(piece)
    seen: Counter[str] = Counter()
    items: list[PlanItem] = []
    day = draft.days.first
    while day <= pieces[-1].day:
        items += _beside(draft, day)
        for piece in by_day.get(day, ()):
            seen[piece.key] += 1
            items.append(_item(work[piece.key], piece, seen[piece.key], parts[piece.key]))
        day += DAY
    return tuple(items)


def _item(work: Work, piece: Piece, part: int, parts: int) -> PlanItem:
    return PlanItem(
        piece.day, work.kind, work.ref, work.title, piece.minutes, work.reason, part, parts
    )


def _beside(draft: Draft, day: date) -> list[PlanItem]:
    """Return what stands on a day besides the track."""
    for off in draft.basis.profile.days_off:
        if day in off:
            name = off.name or "Day off"
            return [PlanItem(day, ItemKind.DAY_OFF, "", name, 0, "a day off of yours")]
    minutes = draft.days.reviews(day)
    if not minutes:
        return []
    return [PlanItem(day, ItemKind.REVIEW, "", "Review", minutes, "so that nothing is forgotten")]
