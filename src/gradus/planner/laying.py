"""Laying work on days: no day over its minutes, needs always first, long work split.

It must not choose what to keep; everything that it is given finds a day.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from gradus.planner.amount import Work
from gradus.planner.days import StudyDays

LEAST_PIECE = 15
"""Minutes of the smallest piece that work is split into, where there is time to choose."""


class Piece(NamedTuple):
    """Some minutes of a piece of work on one day."""

    day: date
    key: str
    minutes: int


class Window(NamedTuple):
    """The days of a stage at the source's own pace."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Wishes:
    """How work is laid where there is a choice."""

    pins: Sequence[Piece] = ()
    """Pieces that keep their day, as far as what they need is done by then."""
    due: Mapping[str, date] = field(default_factory=dict)
    """The day on which a pinned piece waits for some work."""
    windows: Mapping[int, Window] = field(default_factory=dict)
    """The days of each stage, by its place; a stage without one begins when it can."""
    least_piece: int = LEAST_PIECE
    """Minutes of the smallest piece."""


def lay(work: Sequence[Work], days: StudyDays, wishes: Wishes | None = None) -> tuple[Piece, ...]:
    """Return every piece of the work with its day, in the order of the days.

    `work` has needs before what needs them; its order decides wherever several pieces could come
    next. With a smallest piece of one minute no minute stays free while something can be done,
    so that work which fits into the days until a target ends by then.
    """
    laying = _Laying(work, days, wishes or Wishes())
    for day in days.all():
        if laying.is_done:
            return tuple(laying.pieces)
        laying.lay_day(day)
    return tuple(laying.pieces)


class _Laying:
    """The state of laying: what is left, what waits, what could come next."""

    def __init__(self, work: Sequence[Work], days: StudyDays, wishes: Wishes) -> None:
        self.pieces: list[Piece] = []
        self._day = days.first
        self._days, self._wishes = days, wishes
        self._place = {each.key: number for number, each in enumerate(work)}
        self._work = {each.key: each for each in work}
        self._left = {each.key: each.minutes for each in work}
        self._open_needs = {
            each.key: sum(1 for need in each.needs if need in self._work) for each in work
        }
        self._needed_by: dict[str, list[str]] = {each.key: [] for each in work}
        for each in work:
            for need in each.needs:
                if need in self._work:
                    self._needed_by[need].append(each.key)
        self._pinned: dict[str, int] = {}
        self._pins: dict[date, list[Piece]] = {}
        self._ready: list[tuple[date, int, str]] = []
        self._later: list[tuple[date, str]] = []
        self._today: dict[str, int] = {}
        self._quota = _Quota(work, days, wishes.windows)
        self._take_pins(wishes.pins)
        for each in work:
            if not self._open_needs[each.key]:
                self._make_ready(each.key)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return not self._left

    def lay_day(self, day: date) -> None:
        """Fill a day: what is due and what is pinned to it first, then the rest in order."""
        self._day = day
        while self._later and self._later[0][0] <= day:
            self._queue(heapq.heappop(self._later)[1])
        free = self._days.work(day)
        pins = sorted(self._pins.pop(day, []), key=lambda pin: self._place[pin.key])
        room = self._quota.room(day, free, self._wishes.least_piece)
        used = self._lay_due(pins, free)
        reserved = sum(pin.minutes for pin in pins)
        used += self._fill(room - reserved - used, free - reserved - used)
        for pin in pins:
            used += self._lay_pin(pin, free - used)
        self._fill(room - used, free - used)
        for key in sorted(self._today, key=self._place.__getitem__):
            self.pieces.append(Piece(day, key, self._today[key]))
            self._quota.count(self._work[key], self._today[key])
        self._today = {}

    def _take_pins(self, pins: Sequence[Piece]) -> None:
        """Take over what is pinned, no more of any work than is left of it."""
        for pin in sorted(pins, key=lambda pin: pin.day):
            taken = self._pinned.get(pin.key, 0)
            minutes = min(pin.minutes, self._left.get(pin.key, 0) - taken)
            if minutes > 0:
                self._pinned[pin.key] = taken + minutes
                self._pins.setdefault(pin.day, []).append(Piece(pin.day, pin.key, minutes))

    def _lay_due(self, pins: list[Piece], free: int) -> int:
        """Lay what is due, and take from the pins of the day what can stand; return the minutes.

        A pin stands as soon as it can, because due work may wait for it, and that work may be due
        before what else could be done now.
        """
        used = 0
        while True:
            for pin in [*pins]:
                if self._can_begin(pin.key, pin.day):
                    pins.remove(pin)
                    used += self._lay_pin(pin, free - used)
            minutes = self._put_next(0, free - used - sum(pin.minutes for pin in pins))
            if not minutes:
                return used
            used += minutes

    def _lay_pin(self, pin: Piece, room: int) -> int:
        """Lay a pinned piece and return its minutes; let it go where it cannot stand."""
        self._pinned[pin.key] -= pin.minutes
        minutes = min(pin.minutes, room) if self._can_begin(pin.key, pin.day) else 0
        if minutes > 0:
            self._put(pin.key, minutes)
        if pin.key in self._left and self._can_begin(pin.key, pin.day):
            self._queue(pin.key)
        return minutes

    def _can_begin(self, key: str, day: date) -> bool:
        not_before = self._not_before(key)
        return not self._open_needs[key] and (not_before is None or not_before <= day)

    def _fill(self, room: int, room_for_due: int) -> int:
        """Put as much as there is room for and return its minutes; what is due may take more."""
        used = 0
        while minutes := self._put_next(room - used, room_for_due - used):
            used += minutes
        return used

    def _put_next(self, room: int, room_for_due: int) -> int:
        """Put a piece of what comes next, if there is room, and return its minutes."""
        while self._ready:
            due, _, key = self._ready[0]
            left = self._left.get(key, 0) - self._pinned.get(key, 0)
            if left > 0:
                there_is = room_for_due if due < date.max else room
                minutes = self._piece(left, there_is) if there_is > 0 else 0
                if minutes:
                    self._put(key, minutes)
                return minutes
            heapq.heappop(self._ready)
        return 0

    def _piece(self, left: int, room: int) -> int:
        """Return how many of the minutes that are left go into the room; 0 to wait for a day."""
        least = min(self._wishes.least_piece, self._days.work(self._day))
        if left <= room:
            return left
        if room < least:
            return 0
        rest = left - room
        shorter = room - (least - rest)
        return shorter if rest < least <= shorter else room

    def _put(self, key: str, minutes: int) -> None:
        self._today[key] = self._today.get(key, 0) + minutes
        self._left[key] -= minutes
        if not self._left[key]:
            del self._left[key]
            for each in self._needed_by[key]:
                self._open_needs[each] -= 1
                if not self._open_needs[each]:
                    self._make_ready(each)

    def _make_ready(self, key: str) -> None:
        """Queue work whose needs are done, or have it wait for its first day."""
        not_before = self._not_before(key)
        if not_before is None or not_before <= self._day:
            self._queue(key)
        else:
            heapq.heappush(self._later, (not_before, key))

    def _queue(self, key: str) -> None:
        due = self._wishes.due.get(key, date.max)
        heapq.heappush(self._ready, (due, self._place[key], key))

    def _not_before(self, key: str) -> date | None:
        work = self._work[key]
        opens = self._wishes.windows.get(work.stage)
        days = [each for each in (work.not_before, opens and opens.first) if each is not None]
        return max(days, default=None)


class _Quota:
    """How much a day takes at the source's own pace: each stage spread over its days."""

    def __init__(
        self, work: Sequence[Work], days: StudyDays, windows: Mapping[int, Window]
    ) -> None:
        self._days, self._windows = days, windows
        self._left: dict[int, int] = {}
        for each in work:
            self._left[each.stage] = self._left.get(each.stage, 0) + each.minutes
        self._whole = dict(self._left)

    def room(self, day: date, free: int, least: int) -> int:
        """Return the minutes of work that the day takes, at most those that are free."""
        if not self._windows:
            return free
        wanted = sum(self._behind(stage, left, day) for stage, left in self._left.items() if left)
        return min(free, wanted) if wanted >= least or self._is_last(day) else 0

    def count(self, work: Work, minutes: int) -> None:
        """Take note of what was laid."""
        self._left[work.stage] -= minutes

    def _behind(self, stage: int, left: int, day: date) -> int:
        """Return how much of a stage should be done this evening and is not yet."""
        window = self._windows.get(stage)
        if window is None or day >= window.last:
            return left
        if day < window.first:
            return 0
        over = self._days.between(window.first, window.last)
        gone = self._days.between(window.first, day)
        wanted = -(-self._whole[stage] * gone // max(1, over))
        return max(0, wanted - (self._whole[stage] - left))

    def _is_last(self, day: date) -> bool:
        """Return whether a stage ends with this day, so that small rests are laid too."""
        return any(
            day >= self._windows[stage].last
            for stage, left in self._left.items()
            if left and stage in self._windows
        )


def last_day(pieces: Sequence[Piece]) -> date | None:
    """Return the day of the last piece."""
    return pieces[-1].day if pieces else None
