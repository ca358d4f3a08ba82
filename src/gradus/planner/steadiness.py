"""What keeps its day in another plan: as many pieces of the next days as can.

It must not lay anything: it says what is pinned, and by when what that waits for has to be done.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise, product

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
        pinned = [pin.key for pin in pins]
        concerned = dict.fromkeys([*pinned, *self._all_needs(pinned)])
        self._needs = {key: self._all_needs([key]) for key in concerned}
        self._begins = {key: self._begin(key) for key in concerned}
        self._pins = [pin for pin in pins if self._begins[pin.key] <= pin.day]
        last = max(pin.day for pin in pins)
        self._evenings = [days.first + n * DAY for n in range((last - days.first).days + 1)]
        self._pins = [pin for pin in self._pins if self._fit([pin])]
        self._asked: dict[str, list[date]] = {
            key: sorted({pin.day for pin in self._pins if key in self._needs[pin.key]})
            for key in self._all_needs([pin.key for pin in self._pins])
        }
        needed = [pin.day for pin in self._pins if pin.key in self._asked]
        self._firsts = sorted({days.first, *self._begins.values(), *needed})
        self._held_up = self._find_held_up()
        self._beside = self._find_beside()

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
        waits = [_by(key, day) for key, days in self._asked.items() for day in days]
        held_up = [_after(*each) for each in self._held_up]
        beside = [_beside(*each) for each in self._beside]
        program = Program(worth | dict.fromkeys([*waits, *held_up, *beside], 0))
        self._hold_days(program)
        self._hold_needs(program)
        self._hold_time(program)
        chosen = program.solve(self._named(start)).chosen
        return [pin for pin in self._pins if _name(pin) in chosen]

    def _named(self, stays: Sequence[Piece]) -> frozenset[str]:
        """Return the names of pins that stay, and of all that follows from it."""
        due = self._due(stays)
        whole = {_by(key, day) for key in due for day in self._asked[key] if day >= due[key]}
        whole |= {
            _after(key, day, first)
            for (key, day, first), pins in self._held_up.items()
            if _by(key, day) in whole and any(pin in stays for pin in pins)
        }
        beside = [
            _beside(pin, name) for pin, name in self._beside if pin in stays and name not in whole
        ]
        return frozenset([*map(_name, stays), *whole, *beside])

    def _due(self, stays: Sequence[Piece]) -> dict[str, date]:
        """Return the evening by which each work is done that some pins wait for."""
        due: dict[str, date] = {}
        for pin in stays:
            for need in self._needs[pin.key]:
                due[need] = min(due.get(need, date.max), pin.day)
        return due

    def _begin(self, key: str) -> date:
        """Return the first day on which work can be begun, for itself or for what it needs."""
        waits = [self._work[each].not_before for each in (key, *self._needs[key])]
        return max([self._days.first, *(day for day in waits if day is not None)])

    def _fit(self, stays: Sequence[Piece]) -> bool:
        """Return whether pins can stay together: what `_most` holds, for one answer."""
        due = self._due(stays)
        if any(pin.day > due.get(pin.key, date.max) for pin in stays):
            return False
        for day in {pin.day for pin in stays}:
            if sum(pin.minutes for pin in stays if pin.day == day) > self._days.work(day):
                return False
        begins = {key: self._begin_after(key, stays) for key in due}
        for first, evening in self._spans({self._days.first, *begins.values()}):
            late = {key for key, by in due.items() if by <= evening and begins[key] >= first}
            takes = sum(self._work[key].minutes for key in late)
            takes += sum(
                pin.minutes for pin in stays if first <= pin.day <= evening and pin.key not in late
            )
            if takes > self._days.between(first, evening):
                return False
        return True

    def _begin_after(self, key: str, stays: Sequence[Piece]) -> date:
        """Return the first day on which work can be begun after what stays of its needs."""
        waits = (pin.day for pin in stays if pin.key in self._needs[key])
        return max([self._begins[key], *waits])

    def _spans(self, firsts: Iterable[date]) -> Iterator[tuple[date, date]]:
        """Yield the stretches of days whose minutes can be short.

        Each begins today or on a day that some work has to wait for, and ends on an evening.
        """
        for first in firsts:
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
        for (key, day, first), pins in self._held_up.items():
            for pin in pins:
                after = {_after(key, day, first): -1}
                program.at_most({_by(key, day): 1, _name(pin): 1, **after}, 1)
        for pin, whole in self._beside:
            program.at_most({_name(pin): 1, whole: -1, _beside(pin, whole): -1}, 0)
        for first, evening in self._spans(self._firsts):
            takes = {
                name: self._work[key].minutes
                for key in self._asked
                if (name := self._whole(key, self._last_asked(key, evening), first))
            }
            for pin in self._pins:
                if first <= pin.day <= evening:
                    takes[self._alone(pin, self._last_asked(pin.key, evening), first)] = pin.minutes
            program.at_most(takes, self._days.between(first, evening))

    def _find_held_up(self) -> dict[tuple[str, date, date], list[Piece]]:
        """Return the pins that, if one stays, keep due work from being begun before a day.

        The keys are the work, the day that it is due, and the day before which it is not begun.
        """
        found = {}
        for key, days in self._asked.items():
            needed = [pin for pin in self._pins if pin.key in self._needs[key]]
            for day, first in product(days, self._firsts):
                pins = [pin for pin in needed if first <= pin.day <= day]
                if pins and self._begins[key] < first:
                    found[key, day, first] = pins
        return found

    def _find_beside(self) -> list[tuple[Piece, str]]:
        """Return every pin with the choices that count the whole of its work."""
        found = {
            (pin, whole): None
            for pin in self._pins
            for day, first in product(self._asked.get(pin.key, ()), self._firsts)
            if first <= pin.day <= day and (whole := self._whole(pin.key, day, first))
        }
        return list(found)

    def _whole(self, key: str, due: date | None, first: date) -> str | None:
        """Name the choice that work is due by a day and not begun before another."""
        if due is None:
            return None
        if self._begins[key] >= first:
            return _by(key, due)
        return _after(key, due, first) if (key, due, first) in self._held_up else None

    def _alone(self, pin: Piece, due: date | None, first: date) -> str:
        """Name the choice that a pin stays and the whole of its work does not count."""
        whole = self._whole(pin.key, due, first)
        return _beside(pin, whole) if whole and due and pin.day <= due else _name(pin)

    def _last_asked(self, key: str, evening: date) -> date | None:
        """Return the last day until an evening on which a pin stands that work is needed for."""
        return max((day for day in self._asked.get(key, ()) if day <= evening), default=None)

    def _left_needs(self, key: str) -> list[str]:
        return [need for need in self._work[key].needs if need in self._work]


def _name(pin: Piece) -> str:
    return f"{pin.key} on {pin.day}"


def _beside(pin: Piece, whole: str) -> str:
    return f"{_name(pin)} beside {whole}"


def _by(key: str, day: date) -> str:
    return f"{key} by {day}"


def _after(key: str, day: date, first: date) -> str:
    return f"{_by(key, day)} after {first}"
