"""What keeps its day in another plan: as many pieces of the next days as can.

It must not lay anything: it says what is pinned, and by when what that waits for has to be done.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from gradus.core.plan import PlanItem
from gradus.planner.amount import Work
from gradus.planner.days import DAY, StudyDays
from gradus.planner.laying import Piece, Wishes
from gradus.planner.program import Program


def steady_wishes(
    work: Sequence[Work], days: StudyDays, before: Sequence[PlanItem], steady_days: int
) -> Wishes:
    """Return the wishes with which the most pieces of an earlier plan keep their day.

    A day holds what is pinned to it; what a pinned piece needs is done by its day. Work that is due
    by a day fits into the minutes that pins leave until then: laid in the order of its due days, it
    is then done in time. Where not every piece can stay, integer programming chooses the most.
    """
    pins = _pins(work, days, before, steady_days)
    if not pins:
        return Wishes()
    program = _Steady(work, days, pins)
    return program.wishes()


def _pins(
    work: Sequence[Work], days: StudyDays, before: Sequence[PlanItem], steady_days: int
) -> list[Piece]:
    """Return the pieces of the next days that could stay, no more of any work than is left."""
    left = {each.key: each.minutes for each in work}
    end = days.first + steady_days * DAY
    pins = []
    for item in before:
        if item.is_work and days.first <= item.day < end and left.get(item.work, 0) > 0:
            minutes = min(item.minutes, left[item.work], days.work(item.day))
            if minutes > 0:
                left[item.work] -= minutes
                pins.append(Piece(item.day, item.work, minutes))
    return pins


class _Steady:
    """The question: which pins stay, and which work is done by which evening."""

    def __init__(self, work: Sequence[Work], days: StudyDays, pins: Sequence[Piece]) -> None:
        self._work = {each.key: each for each in work}
        self._days = days
        self._needs = {pin.key: self._all_needs([pin.key]) for pin in pins}
        self._begins = {
            key: self._begin(key) for pin in pins for key in (pin.key, *self._needs[pin.key])
        }
        self._pins = [pin for pin in pins if self._begins[pin.key] <= pin.day]
        last = max(pin.day for pin in pins)
        self._evenings = [days.first + n * DAY for n in range((last - days.first).days + 1)]
        self._pins = [pin for pin in self._pins if self._fit([pin])]
        self._asked: dict[str, list[date]] = {
            key: sorted({pin.day for pin in self._pins if key in self._needs[pin.key]})
            for key in self._all_needs([pin.key for pin in self._pins])
        }

    def wishes(self) -> Wishes:
        """Return what stays and what is due; the search is asked only where pins are in the way."""
        stays = self._day_by_day()
        if len(stays) < len(self._pins):
            stays = self._most(stays)
        return Wishes(stays, self._due(stays))

    def _day_by_day(self) -> list[Piece]:
        """Return pins that can stay together, each taken where the ones before it let it."""
        stays: list[Piece] = []
        for pin in self._pins:
            if self._fit([*stays, pin]):
                stays.append(pin)
        return stays

    def _most(self, start: Sequence[Piece]) -> list[Piece]:
        """Return the most pins that can stay together; `start` are some that can."""
        worth = {_name(pin): 1 for pin in self._pins}
        waits = {_by(key, day): 0 for key, days in self._asked.items() for day in days}
        beside = {
            _beside(pin, day): 0
            for pin in self._pins
            for day in self._asked.get(pin.key, ())
            if pin.day <= day
        }
        program = Program(worth | waits | beside)
        self._hold_days(program)
        self._hold_needs(program)
        self._hold_time(program)
        chosen = program.solve(self._named(start)).chosen
        return [pin for pin in self._pins if _name(pin) in chosen]

    def _named(self, stays: Sequence[Piece]) -> frozenset[str]:
        """Return the names of pins that stay, and of all that follows from it."""
        due = self._due(stays)
        by = [_by(key, day) for key in due for day in self._asked[key] if day >= due[key]]
        beside = [
            _beside(pin, day)
            for pin in stays
            for day in self._asked.get(pin.key, ())
            if pin.day <= day < due.get(pin.key, date.max)
        ]
        return frozenset([*map(_name, stays), *by, *beside])

    def _due(self, stays: Sequence[Piece]) -> dict[str, date]:
        """Return the evening by which each work is done that some pins wait for."""
        due: dict[str, date] = {}
        for pin in stays:
            for need in self._needs[pin.key]:
                due[need] = min(due.get(need, date.max), pin.day)
        return due

    def _begin(self, key: str) -> date:
        """Return the first day on which work can be begun, for itself or for what it needs."""
        waits = [self._work[each].not_before for each in (key, *self._all_needs([key]))]
        return max([self._days.first, *(day for day in waits if day is not None)])

    def _fit(self, stays: Sequence[Piece]) -> bool:
        """Return whether pins can stay together: what `_most` holds, for one answer."""
        due = self._due(stays)
        if any(pin.day > due.get(pin.key, date.max) for pin in stays):
            return False
        for day in {pin.day for pin in stays}:
            if sum(pin.minutes for pin in stays if pin.day == day) > self._days.work(day):
                return False
        for first, evening in self._spans():
            late = {key for key, by in due.items() if by <= evening and self._begins[key] >= first}
            takes = sum(self._work[key].minutes for key in late)
            takes += sum(
                pin.minutes for pin in stays if first <= pin.day <= evening and pin.key not in late
            )
            if takes > self._days.between(first, evening):
                return False
        return True

    def _spans(self) -> Iterator[tuple[date, date]]:
        """Yield the stretches of days whose minutes can be short.

        Each begins today or on a day that some work has to wait for, and ends on an evening.
        """
        for first in sorted({self._days.first, *self._begins.values()}):
            for evening in self._evenings:
                if first <= evening:
                    yield first, evening

    def _all_needs(self, keys: Sequence[str]) -> list[str]:
        """Return all work that is left and that some of the work needs, in the order of it."""
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            for need in self._work[waiting.pop()].needs:
                if need in self._work and need not in found:
                    found.add(need)
                    waiting.append(need)
        return [key for key in self._work if key in found]

    def _hold_days(self, program: Program) -> None:
        """No day holds more than its minutes."""
        for day in self._evenings:
            today = {_name(pin): pin.minutes for pin in self._pins if pin.day == day}
            program.at_most(today, self._days.work(day))

    def _hold_needs(self, program: Program) -> None:
        """What a pinned piece or due work needs is due as early; done work has no later piece."""
        for pin in self._pins:
            for need in self._left_needs(pin.key):
                program.at_most({_name(pin): 1, _by(need, pin.day): -1}, 0)
            before = self._last_asked(pin.key, pin.day - DAY)
            if before is not None:
                program.at_most({_by(pin.key, before): 1, _name(pin): 1}, 1)
        for key, days in self._asked.items():
            for day, following in pairwise(days):
                program.at_most({_by(key, day): 1, _by(key, following): -1}, 0)
            for day in days:
                for need in self._left_needs(key):
                    program.at_most({_by(key, day): 1, _by(need, day): -1}, 0)

    def _hold_time(self, program: Program) -> None:
        """What is due by an evening and what is pinned until then fit; nothing counts twice."""
        for pin in self._pins:
            for day in self._asked.get(pin.key, ()):
                if pin.day <= day:
                    beside = {_by(pin.key, day): -1, _beside(pin, day): -1}
                    program.at_most({_name(pin): 1, **beside}, 0)
        for first, evening in self._spans():
            takes: dict[str, int] = {}
            late = [key for key in self._asked if self._begins[key] >= first]
            for key in late:
                if (last := self._last_asked(key, evening)) is not None:
                    takes[_by(key, last)] = self._work[key].minutes
            for pin in self._pins:
                if not first <= pin.day <= evening:
                    continue
                last = self._last_asked(pin.key, evening) if pin.key in late else None
                is_alone = last is None or last < pin.day
                takes[_name(pin) if is_alone else _beside(pin, last)] = pin.minutes
            program.at_most(takes, self._days.between(first, evening))

    def _last_asked(self, key: str, evening: date) -> date | None:
        """Return the last day until an evening on which a pin stands that work is needed for."""
        return max((day for day in self._asked.get(key, ()) if day <= evening), default=None)

    def _left_needs(self, key: str) -> list[str]:
        return [need for need in self._work[key].needs if need in self._work]


def _name(pin: Piece) -> str:
    return f"{pin.key} on {pin.day}"


def _beside(pin: Piece, day: date | None) -> str:
    return f"{_name(pin)} beside {day}"


def _by(key: str, day: date) -> str:
    return f"{key} by {day}"
