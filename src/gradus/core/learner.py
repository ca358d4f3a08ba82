"""A learner as the planner sees them: what they said of their time and their aim."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Background(StrEnum):
    """Where a learner comes from."""

    SOFTWARE_ENGINEER = "software-engineer"
    DATA_SCIENTIST = "data-scientist"
    STUDENT = "student"
    FROM_ZERO = "from-zero"


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days without study, both ends included."""

    first: date
    """The first day off."""
    last: date
    """The last day off."""
    name: str = ""
    """What the learner calls it, such as `Christmas`."""

    def __contains__(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class LearnerProfile:
    """What a learner said of themselves; every field can be left out."""

    background: Background | None = None
    """Where they come from."""
    minutes: tuple[int, int, int, int, int, int, int] = (90, 90, 90, 90, 90, 90, 90)
    """Minutes of study on Monday to Sunday."""
    start: date | None = None
    """The first day of study; None means the day on which the plan is first made."""
    target: date | None = None
    """The day by which they want to be done; None for no such day."""
    track: str = ""
    """Id of the track that they follow; empty for the one that Gradus suggests."""
    role: str = ""
    """The role that they aim at, such as `ml-engineer`."""
    days_off: tuple[DaysOff, ...] = ()
    """Holidays and other days off."""
    budget_hours: float | None = None
    """Hours of study that they have in all, from the start; None for no such bound."""
    said: tuple[str, ...] = ()
    """Ids of skills that they said they have; said is not shown."""

    def capacity(self, day: date) -> int:
        """Return the minutes of study on a day; 0 on a day off."""
        return 0 if self.is_off(day) else self.minutes[day.weekday()]

    def is_off(self, day: date) -> bool:
        """Say whether a day lies in one of the days off."""
        return any(day in each for each in self.days_off)
