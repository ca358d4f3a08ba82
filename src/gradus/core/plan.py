"""A plan: what is done on which day, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ItemKind(StrEnum):
    """What sort of thing stands in a plan."""

    LESSON = "lesson"
    LAB = "lab"
    READING = "reading"
    REVIEW = "review"
    PROJECT = "project"
    DAY_OFF = "day-off"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One piece of work on one day."""

    day: date
    """When, in the learner's own calendar."""
    kind: ItemKind
    """What sort of thing it is."""
    ref: str
    """Curriculum id of a lesson or lab, id of a reading or project; else empty."""
    title: str
    """What a person reads."""
    minutes: int
    """Minutes on this day; 0 for a day off."""
    reason: str
    """Why it is here, such as `needed by M02` or `month 4 of the track`."""
    part: int = 1
    """Which day of it this is, from 1."""
    parts: int = 1
    """Over how many days it is split."""

    @property
    def id(self) -> str:
        """Return what stays the same when it moves to another day."""
        if self.kind in (ItemKind.REVIEW, ItemKind.DAY_OFF):
            return f"{self.kind}:{self.day.isoformat()}"
        return f"{self.kind}:{self.ref}:{self.part}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that found no place before the target day."""

    ref: str
    """Its curriculum id, or the id of a reading or project."""
    title: str
    """What a person reads."""
    minutes: int
    """What it would take."""
    worth: float
    """What the planner counted it as."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the learner will be done: a date with how sure it is."""

    expected: date
    """The day on which the plan ends as it stands."""
    early: date
    """One time in ten it is earlier."""
    late: date
    """One time in ten it is later."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A track laid on a calendar."""

    made_on: date
    """The day on which it was made; nothing in it lies before."""
    track: str
    """Id of the track."""
    items: tuple[PlanItem, ...]
    """By day, in the order of the day."""
    left_out: tuple[LeftOut, ...] = ()
    """What the time does not hold, the worthiest first."""
    forecast: Forecast | None = None
    """When it ends; None for a plan without work."""
    optimal: bool = True
    """Whether what was kept is proved to be worth most."""
    gap: float = 0.0
    """How far the kept worth can be below the most possible, as a share of it."""
    engine: str = ""
    """Version of Gradus and of the solver; an exact replay is promised for the same ones."""

    def on(self, day: date) -> tuple[PlanItem, ...]:
        """Return what stands on a day."""
        return tuple(item for item in self.items if item.day == day)
