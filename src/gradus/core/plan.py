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
    def is_work(self) -> bool:
        """Whether it brings the track on: not a review and not a day off."""
        return self.kind not in (ItemKind.REVIEW, ItemKind.DAY_OFF)

    @property
    def work(self) -> str:
        """Return what all parts of the same piece of work have in common."""
        return f"{self.kind}:{self.ref}"

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
    likely: date | None = None
    """The middle of what is to be expected at the pace and the study time kept so far."""


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

    set_out: date | None = None
    """The day on which the first plan of this track ended; replanning hands it on."""

    def on(self, day: date) -> tuple[PlanItem, ...]:
        """Return what stands on a day."""
        return tuple(item for item in self.items if item.day == day)

    @property
    def ends(self) -> date | None:
        """The day of the last piece of work; None for a plan without work."""
        return max((item.day for item in self.items if item.is_work), default=None)


@dataclass(frozen=True, slots=True)
class Move:
    """One piece of work whose day another plan changed."""

    kind: ItemKind
    """What sort of thing it is."""
    ref: str
    """Curriculum id, or id of a reading or project."""
    title: str
    """What a person reads."""
    before: date | None
    """The day on which it stood; None where it is new in these days."""
    after: date | None
    """The day on which it stands now; None where it is no longer to be done."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What another plan changed, and what it costs."""

    moved: tuple[Move, ...]
    """What changed its day within the next two weeks, by the day on which it stood."""
    dropped: tuple[LeftOut, ...]
    """What the earlier plan held and this one does not, the worthiest first."""
    taken_up: tuple[str, ...]
    """Titles of what this plan holds and the earlier one did not."""
    ended: date | None
    """When the earlier plan ended."""
    ends: date | None
    """When this one ends."""
    set_out: date | None
    """When the first plan ended."""
    cost: str
    """One sentence for a person, such as `You finish two weeks later than you set out.`"""

    @property
    def is_none(self) -> bool:
        """Whether everything stands where it stood."""
        return not (self.moved or self.dropped or self.taken_up) and self.ended == self.ends
