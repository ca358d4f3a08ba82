"""What the pages of plan and today show: one frozen type for each thing that a person sees.

These are answers, not decisions: nothing here reads a file or computes a state.
"""

from dataclasses import dataclass
from datetime import date

from gradus.core.plan import Forecast, LeftOut, PlanChange


@dataclass(frozen=True, slots=True)
class WorkView:
    """One piece of work as a day shows it."""

    kind: str
    """`lesson`, `lab`, `reading`, `project`, `review` or `day-off`."""
    ref: str
    """Curriculum id, or id of a reading or project."""
    title: str
    """What a person reads."""
    minutes: int
    """Minutes on this day."""
    reason: str
    """Why it is here."""
    part: int
    """Which day of it this is."""
    parts: int
    """Over how many days it is split."""
    address: str
    """The page where it is done; empty where there is none."""
    has_lab: bool
    """Whether its lab exists; always true for what needs none."""
    by_tick: bool
    """Whether the learner says when it is done."""
    done: bool = False
    """Whether it is done."""
    lacks: tuple[str, ...] = ()
    """For a lab in two parts that was begun: what its files lack, `claims` and proofs by name."""


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of a calendar."""

    day: date
    """Which day."""
    items: tuple[WorkView, ...]
    """What stands on it."""
    minutes: int
    """What all of it takes."""
    capacity: int
    """Minutes of study that the learner has on it."""
    is_today: bool
    """Whether it is today."""
    in_month: bool
    """Whether it belongs to the month that is shown."""


@dataclass(frozen=True, slots=True)
class TodayPage:
    """What to do now."""

    day: date
    """The learner's own day."""
    minutes: int
    """Minutes at hand."""
    asked: bool
    """Whether the learner named the minutes, or the profile did."""
    items: tuple[WorkView, ...]
    """In the order in which they are done."""
    left: int
    """Minutes that nothing fills."""
    ahead: bool
    """Whether something of it stands on a later day."""
    cards_due: int
    """Cards to answer today."""
    labs_due: int
    """Labs to do again today."""
    done_today: int
    """Minutes of study measured today."""
    change: PlanChange | None
    """What the plan of today changed."""
    ends: date | None
    """When the plan ends."""
    forecast: Forecast | None
    """When the learner is to be expected to be done."""
    track: str
    """Title of the track."""
    track_id: str
    """Its id."""
    chosen: bool
    """Whether the learner chose it."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plan, a month at a time."""

    month: date
    """The first of the month that is shown."""
    before: date | None
    """The first of the month before, if the plan reaches there."""
    after: date | None
    """The first of the month after, if the plan reaches there."""
    weeks: tuple[tuple[DayView, ...], ...]
    """Weeks of seven days from Monday."""
    today: date
    """The learner's own day."""
    track: str
    """Title of the track."""
    track_id: str
    """Its id."""
    chosen: bool
    """Whether the learner chose it."""
    made_on: date
    """When the plan was made."""
    past: bool
    """Whether it is a plan of the past."""
    ends: date | None
    """When it ends."""
    target: date | None
    """The day by which the learner wants to be done."""
    forecast: Forecast | None
    """When the learner is to be expected to be done."""
    hours: float
    """Hours of work in it."""
    no_lab_yet: int
    """How many of its labs do not exist yet."""
    left_out: tuple[LeftOut, ...]
    """What the time does not hold."""
    left_codes: frozenset[str]
    """What of it has a code that a learner knows; readings and projects have none."""
    optimal: bool
    """Whether what was kept is proved to be worth most."""
    gap: float
    """How far it can be from that."""
    change: PlanChange | None
    """What it changed of the plan before."""
