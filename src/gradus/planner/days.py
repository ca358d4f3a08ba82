"""The days of study: how many minutes of work each holds, and when a stage of a track begins.

Dates only: a day has no hour here, so daylight saving and time zones cannot move anything.
29 February is a day like any other, and a month counted from the 31st ends on the month's last.
"""

import calendar
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta

from gradus.core.basis import PlanBasis
from gradus.core.errors import UsageError
from gradus.core.learner import LearnerProfile
from gradus.core.track import Stage

DAY = timedelta(days=1)
MINUTES_OF_A_DAY = 24 * 60
REVIEWS_AT_MOST = 0.5
"""Share of a day's minutes that reviews take at most: the track always goes on."""
FARTHEST = 60 * 366
"""Days after which a plan is not followed any further."""


class StudyDays:
    """Minutes for work and for reviews on every day from the first on."""

    def __init__(self, profile: LearnerProfile, first: date, review_minutes: int) -> None:
        self.first = first
        self._profile = profile
        self._review_minutes = review_minutes
        self._upto = [0]

    def capacity(self, day: date) -> int:
        """Return all minutes of study of a day, reviews included."""
        return self._profile.capacity(day) if day >= self.first else 0

    def reviews(self, day: date) -> int:
        """Return the minutes kept for reviews."""
        return min(self._review_minutes, int(self.capacity(day) * REVIEWS_AT_MOST))

    def work(self, day: date) -> int:
        """Return the minutes that are left for the track."""
        return self.capacity(day) - self.reviews(day)

    def between(self, first: date, last: date) -> int:
        """Return the minutes for the track from one day to another, both included."""
        return max(0, self._until(last) - self._until(first - DAY))

    def all(self) -> Iterator[date]:
        """Yield the days from the first on; raises `UsageError` where no end is in sight."""
        for number in range(min(FARTHEST, (date.max - self.first).days)):
            yield self.first + number * DAY
        raise UsageError(
            f"The work would not be done within {FARTHEST // 366} years. Give more minutes to the "
            "days of the week, fewer days off, or a target date so that the plan chooses what to "
            "keep."
        )

    def day_after(self, minutes: int) -> date:
        """Return the first day on whose evening so many minutes of work are possible."""
        for day in self.all():
            if self._until(day) >= minutes:
                break
        return self.first + (bisect_left(self._upto, minutes) - 1) * DAY

    def _until(self, day: date) -> int:
        """Return the minutes for the track until the evening of a day."""
        number = (day - self.first).days + 1
        while len(self._upto) <= number:
            following = self.first + (len(self._upto) - 1) * DAY
            self._upto.append(self._upto[-1] + self.work(following))
        return self._upto[max(0, number)]


def study_days(basis: PlanBasis) -> StudyDays:
    """Return the days of study of a basis.

    Raises `UsageError` for a profile on which nothing can be planned: no minutes at all, more
    than a day holds, a target that lies behind, days off that end before they begin.
    """
    profile, today = basis.profile, basis.today
    first = max(today, profile.start or today)
    if not any(profile.minutes):
        raise UsageError(
            "The profile has no minutes of study on any day of the week. "
            "Give at least one day some minutes; `gradus plan --setup` asks for them."
        )
    for minutes in profile.minutes:
        if not 0 <= minutes <= MINUTES_OF_A_DAY:
            raise UsageError(
                f"A day cannot hold {minutes} minutes of study. "
                f"Give each day of the week between 0 and {MINUTES_OF_A_DAY} minutes."
            )
    for off in profile.days_off:
        if off.last < off.first:
            raise UsageError(
                f"The days off from {off.first} to {off.last} end before they begin. "
                "Change one of the two dates."
            )
    if profile.target is not None and profile.target < first:
        behind = "lies behind" if profile.target < today else f"lies before the start, {first}"
        raise UsageError(
            f"The target date {profile.target} {behind} (today is {today}). "
            "Set a later target, or none."
        )
    if profile.budget_hours is not None and not 0 < profile.budget_hours < float("inf"):
        raise UsageError(
            f"A budget of {profile.budget_hours:g} hours holds nothing. Set more hours, or none."
        )
    if basis.review_minutes < 0:
        raise UsageError(f"Reviews cannot take {basis.review_minutes} minutes. Give 0 or more.")
    return StudyDays(profile, first, basis.review_minutes)


def window(stage: Stage, start: date) -> tuple[date, date] | None:
    """Return the first and the last day of a stage at the source's own pace.

    None where the source gives no time. Months are calendar months from the start.
    """
    if stage.first is None or not stage.unit:
        return None
    last = stage.last if stage.last is not None else stage.first
    return _after(start, stage.first - 1, stage.unit), _after(start, last, stage.unit) - DAY


def _after(start: date, count: float, unit: str) -> date:
    """Return the day that lies so many months, weeks or days after another."""
    if unit != "month":
        return start + round(count * (7 if unit == "week" else 1)) * DAY
    whole, rest = int(count // 1), count % 1
    months = start.year * 12 + start.month - 1 + whole
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)) + round(rest * last) * DAY
