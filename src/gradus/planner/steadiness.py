"""What keeps its day in another plan: as many pieces of the next days as can.

It must not lay anything: it says what is pinned, and by when what that waits for has to be done.
"""

from collections.abc import Sequence
from datetime import date

from gradus.core.plan import PlanItem
from gradus.planner.amount import Work
from gradus.planner.days import DAY, StudyDays
from gradus.planner.laying import Piece, Wishes
from gradus.planner.program import Program


def steady_wishes(
    work: Sequence[Work], days: StudyDays, before: Sequence[PlanItem], steady_days: int
) -> Wishes:
    """Return the wishes with which the most pieces of an earlier plan keep their day.

    The pieces that stay are chosen by integer programming. A day holds what is pinned to it; what
    a pinned piece needs is done by its day. Work that is due by a day fits into the minutes that
    pins leave until then: laid in the order of its due days, it is then done in time.
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
    """The program: which pins stay, and which work is done by which evening."""

    def __init__(self, work: Sequence[Work], days: StudyDays, pins: Sequence[Piece]) -> None:
        self._work = {each.key: each for each in work}
        self._days, self._pins = days, pins
        self._pinned: dict[str, list[Piece]] = {}
        for pin in pins:
            self._pinned.setdefault(pin.key, []).append(pin)
        self._asked = self._all_needs([pin.key for pin in pins])
        last = max(pin.day for pin in pins)
        self._evenings = [days.first + n * DAY for n in range((last - days.first).days + 1)]

    def wishes(self) -> Wishes:
        """Return what stays and what is due."""
        if self._all_stay():
            return Wishes(self._pins)
        worth = {_name(pin): 1 for pin in self._pins}
        waits = {_by(key, day): 0 for key in self._asked for day in self._evenings}
        beside = {_beside(pin, day): 0 for pin in self._pins for day in self._evenings}
        program = Program(worth | waits | beside)
        self._hold_days(program)
        self._hold_needs(program)
        self._hold_time(program)
        chosen = program.solve(frozenset()).chosen
        due = {
            key: next(day for day in self._evenings if _by(key, day) in chosen)
            for key in self._asked
            if any(_by(key, day) in chosen for day in self._evenings)
        }
        return Wishes([pin for pin in self._pins if _name(pin) in chosen], due)

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

    def _all_stay(self) -> bool:
        """Return whether every piece can stay as it stands, without a search."""
        filled: dict[date, int] = {}
        for pin in self._pins:
            filled[pin.day] = filled.get(pin.day, 0) + pin.minutes
        if any(minutes > self._days.work(day) for day, minutes in filled.items()):
            return False
        ends = {
            key: pins[-1].day
            for key, pins in self._pinned.items()
            if sum(pin.minutes for pin in pins) == self._work[key].minutes
        }
        return all(
            need not in self._work or ends.get(need, date.max) <= pins[0].day
            for key, pins in self._pinned.items()
            for need in self._work[key].needs
        )

    def _hold_days(self, program: Program) -> None:
        """No day holds more than its minutes, and nothing stands before it helps."""
        for day in self._evenings:
            today = {_name(pin): pin.minutes for pin in self._pins if pin.day == day}
            program.at_most(today, self._days.work(day))
        for pin in self._pins:
            not_before = self._work[pin.key].not_before
            if not_before is not None and pin.day < not_before:
                program.at_most({_name(pin): 1}, 0)

    def _hold_needs(self, program: Program) -> None:
        """What a pinned piece or due work needs is due as early; done work has no later piece."""
        for pin in self._pins:
            for need in self._left_needs(pin.key):
                program.at_most({_name(pin): 1, _by(need, pin.day): -1}, 0)
        for key in self._asked:
            for day, following in zip(self._evenings, self._evenings[1:], strict=False):
                program.at_most({_by(key, day): 1, _by(key, following): -1}, 0)
            for day in self._evenings:
                for need in self._left_needs(key):
                    program.at_most({_by(key, day): 1, _by(need, day): -1}, 0)
                for pin in self._pinned.get(key, ()):
                    if pin.day > day:
                        program.at_most({_by(key, day): 1, _name(pin): 1}, 1)

    def _hold_time(self, program: Program) -> None:
        """What is due by an evening and what is pinned until then fit; nothing counts twice."""
        asked = set(self._asked)
        for day in self._evenings:
            takes = {_by(key, day): self._work[key].minutes for key in self._asked}
            for pin in self._pins:
                if pin.day > day:
                    continue
                if pin.key in asked:
                    beside = _beside(pin, day)
                    program.at_most({_name(pin): 1, _by(pin.key, day): -1, beside: -1}, 0)
                    takes[beside] = pin.minutes
                else:
                    takes[_name(pin)] = pin.minutes
            program.at_most(takes, self._days.between(self._days.first, day))

    def _left_needs(self, key: str) -> list[str]:
        return [need for need in self._work[key].needs if need in self._work]


def _name(pin: Piece) -> str:
    return f"{pin.key} on {pin.day}"


def _beside(pin: Piece, day: date) -> str:
    return f"{_name(pin)} beside {day}"


def _by(key: str, day: date) -> str:
    return f"{key} by {day}"
