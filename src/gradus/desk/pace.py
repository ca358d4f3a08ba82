"""How the work goes beside the plan, for the progress page.

It must not plan and must not guess: minutes are those that were measured.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from gradus.core.basis import PlanBasis
from gradus.core.learner import LearnerProfile
from gradus.core.plan import ItemKind, Plan
from gradus.core.track import Stage
from gradus.desk.desk import Desk
from gradus.desk.pace_view import Fork, Pace, WeekOfWork
from gradus.desk.planning import Planned, current_plan
from gradus.desk.plans import plans_on
from gradus.desk.study import DONE
from gradus.desk.timing import local_day
from gradus.desk.tracks_page import tracks_page
from gradus.ledger.row import Row
from gradus.planner.mastery import Standing

DAY, WEEK = timedelta(days=1), timedelta(days=7)
MOST_WEEKS = 26
"""Weeks that the page shows at most."""


def pace(desk: Desk, on: date | None = None) -> Pace:
    """Return how the work goes beside the plan that holds now."""
    planned = current_plan(desk, on)
    basis = planned.basis
    minutes = _minutes(planned)
    studied = basis.record.studied
    rows = streaks(studied, basis.profile, basis.today)
    return Pace(
        weeks=_weeks(desk, planned),
        finished=_finished(desk, planned, minutes),
        scope=sum(minutes.values()) / 60,
        today=basis.today,
        ends=planned.plan.ends,
        forecast=planned.plan.forecast,
        streak=rows[-1] if rows else 0,
        longest=max(rows, default=0),
        said=sum(
            state.said and state.standing is not Standing.SHOWN
            for state in planned.known.skills.values()
        ),
        tracks=tracks_page(desk).cards,
        track_id=basis.track.id,
        fork=next_fork(desk, planned),
    )


def streaks(studied: Mapping[date, float], profile: LearnerProfile, today: date) -> list[int]:
    """Return the length of each row of days with study, the one that reaches today last.

    A day on which the learner has no time, or is off, neither counts nor breaks a row, unless they
    studied on it all the same. Today breaks nothing before it is over. Where the last row does not
    reach today, the list ends with 0.
    """
    days = sorted(day for day, spent in studied.items() if spent >= 1 and day <= today)
    if not days:
        return []
    rows, length, day = [], 0, days[0]
    did = set(days)
    while day <= today:
        if day in did:
            length += 1
        elif profile.capacity(day) and day != today:
            rows.append(length)
            length = 0
        day += DAY
    return [each for each in rows if each] + [length]


def next_fork(desk: Desk, planned: Planned) -> Fork | None:
    """Return where the learner's track goes on in more than one way; None where it does not."""
    track = planned.basis.track
    ways = [each for each in desk.catalogue.tracks.values() if each.forks_from == track.id]
    if not ways:
        return None
    stage = next((each for each in track.stages if each.id == ways[0].fork_after), None)
    if stage is None:
        return None
    return Fork(
        after=stage.title,
        on=_reached(planned.plan, stage),
        ways=tuple((each.id, each.title) for each in ways),
    )


def _reached(plan: Plan, stage: Stage) -> date | None:
    ahead = [item.day for item in plan.items if item.ref in stage.items]
    return max(ahead, default=None)


def _minutes(planned: Planned) -> dict[str, float]:
    """Return the minutes of every piece of the track, by our estimates: the plan's, or its own."""
    left: dict[str, float] = {}
    for item in planned.plan.items:
        if item.is_work:
            left[item.ref] = left.get(item.ref, 0.0) + item.minutes
    return _estimates(planned.basis) | left


def _estimates(basis: PlanBasis) -> dict[str, float]:
    """Return the catalogue's minutes of what is finished on the track."""
    found: dict[str, float] = {}
    for stage in basis.catalogue.route(basis.track):
        own = {each.id: float(each.minutes) for each in stage.readings}
        own |= {each.id: float(each.minutes) for each in stage.projects}
        labs = {
            name: float(basis.catalogue.curriculum[name].minutes)
            for name in stage.items
            if name in basis.catalogue.curriculum
        }
        found |= {
            name: spent for name, spent in {**own, **labs}.items() if name in basis.record.finished
        }
    return found


def _finished(
    desk: Desk, planned: Planned, minutes: Mapping[str, float]
) -> tuple[tuple[date, float], ...]:
    """Return cumulated hours of the track by the day on which something of it was finished."""
    days: dict[str, date] = {}
    for lab in desk.catalogue.labs.values():
        shown_at = planned.known.labs[lab.id].shown_at
        if shown_at is not None:
            days[lab.curriculum_id or lab.id] = local_day(shown_at)
    for row in desk.ledger().rows(DONE):
        days[str(row.facts["ref"])] = _day(row)
    total, found = 0.0, dict[date, float]()
    for name, day in sorted(days.items(), key=lambda each: each[1]):
        if name in planned.basis.record.finished and name in minutes:
            total += minutes[name] / 60
            found[day] = total
    return tuple(found.items())


def _weeks(desk: Desk, planned: Planned) -> tuple[WeekOfWork, ...]:
    today, studied = planned.basis.today, planned.basis.record.studied
    first = min([*studied, planned.plan.made_on, today])
    monday = max(_monday(first), _monday(today) - (MOST_WEEKS - 1) * WEEK)
    mondays = [monday + n * WEEK for n in range((today - monday).days // 7 + 1)]
    held = _first_plans(desk, mondays)
    held[mondays[-1]] = held[mondays[-1]] or planned.plan  # a record may be only for reading
    return tuple(
        WeekOfWork(
            monday,
            sum(spent for day, spent in studied.items() if monday <= day < monday + WEEK),
            _planned(held[monday], monday),
        )
        for monday in mondays
    )


def _first_plans(desk: Desk, mondays: Sequence[date]) -> dict[date, Plan | None]:
    """Return the first plan that held on a day of each week.

    That is the plan of its Monday: from the first plan on, one holds on every day. So only the
    last week whose Monday has none is asked for its other days, and few plans are read.
    """
    held = plans_on(desk.ledger(), mondays)
    without = [monday for monday in mondays if held[monday] is None][-1:]
    within = plans_on(desk.ledger(), [monday + n * DAY for monday in without for n in range(1, 7)])
    return held | {monday: next(filter(None, within.values()), None) for monday in without}


def _planned(plan: Plan | None, monday: date) -> float:
    if plan is None:
        return 0.0
    return float(
        sum(
            item.minutes
            for item in plan.items
            if monday <= item.day < monday + WEEK and item.kind is not ItemKind.DAY_OFF
        )
    )


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _day(row: Row) -> date:
    return local_day(datetime.fromisoformat(row.at))
