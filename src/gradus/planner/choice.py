"""What to keep when the time does not hold everything: the worthiest set, proved to be so.

A set is closed when it holds what its members need. Among the closed sets that fit, one of the
largest worth is found by integer programming with HiGHS (Huangfu and Hall, Parallelizing the dual
revised simplex method, 2018). One thread, a fixed seed and a bound on the nodes of the search
instead of on seconds: the same machine or another, the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gradus.planner.amount import Work
from gradus.planner.days import StudyDays
from gradus.planner.program import Program


@dataclass(frozen=True, slots=True)
class Group:
    """Work that is kept or left together, such as a lesson and its lab."""

    name: str
    """The id that all of it shares."""
    works: tuple[Work, ...]
    """Its pieces, in order."""
    needs: tuple[str, ...]
    """Names of the groups that it needs."""
    not_before: date | None
    """The first day on which it can be finished, for itself or for what it needs."""

    @property
    def minutes(self) -> int:
        """What all of it takes."""
        return sum(work.minutes for work in self.works)

    @property
    def worth(self) -> int:
        """What all of it is worth."""
        return sum(work.worth for work in self.works)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is kept, and how sure it is that nothing is worth more."""

    kept: tuple[Work, ...]
    """In the order of the given work."""
    left_out: tuple[Group, ...] = ()
    """The worthiest first."""
    gap: float = 0.0
    """How far the kept worth can be below the most possible, as a share of it; 0 if proved."""


@dataclass(frozen=True, slots=True)
class Room:
    """The time that there is."""

    days: StudyDays
    """The days of study."""
    until: date | None = None
    """The last of them that counts; None for no end."""
    budget: int | None = None
    """Minutes in all; None for no bound."""


def choose(work: Sequence[Work], room: Room, before: frozenset[str] = frozenset()) -> Choice:
    """Return the closed set of the largest worth that the room holds.

    It fits if for every day that some work has to wait for, the work that waits at least that
    long fits between that day and the end: then laying without idle minutes ends in time. Where
    `before`, the names kept earlier, still fits and nothing is worth more, it is kept again.
    """
    groups = groups_of(work)
    limits = _limits(groups, room)
    if all(sum(weights.values()) <= bound for weights, bound in limits):
        return Choice(tuple(work))
    kept, gap = _worthiest(groups, limits, before)
    out = [group for group in groups if group.name not in kept]
    return Choice(
        tuple(each for each in work if _name(each) in kept),
        tuple(sorted(out, key=lambda group: -group.worth)),
        gap,
    )


def groups_of(work: Sequence[Work]) -> tuple[Group, ...]:
    """Return the work in groups, what a group needs before it."""
    names = {each.key: _name(each) for each in work}
    members: dict[str, list[Work]] = {}
    for each in work:
        members.setdefault(names[each.key], []).append(each)
    groups: dict[str, Group] = {}
    for name, works in members.items():
        needs = dict.fromkeys(names[need] for each in works for need in each.needs if need in names)
        needs.pop(name, None)
        waits = [each.not_before for each in works] + [groups[need].not_before for need in needs]
        groups[name] = Group(
            name,
            tuple(works),
            tuple(needs),
            max((day for day in waits if day is not None), default=None),
        )
    return tuple(groups.values())


def _name(work: Work) -> str:
    return work.ref


def _limits(groups: Sequence[Group], room: Room) -> list[tuple[dict[str, int], int]]:
    """Return what has to fit: minutes by group, and the minutes that there are."""
    limits: list[tuple[dict[str, int], int]] = []
    if room.budget is not None:
        limits.append(({group.name: group.minutes for group in groups}, room.budget))
    if room.until is not None:
        waits = {group.not_before for group in groups if group.not_before is not None}
        for first in sorted({room.days.first, *waits}):
            late = {
                group.name: group.minutes
                for group in groups
                if first <= room.days.first
                or (group.not_before is not None and group.not_before >= first)
            }
            limits.append((late, room.days.between(max(first, room.days.first), room.until)))
    return limits


def _worthiest(
    groups: Sequence[Group],
    limits: Sequence[tuple[Mapping[str, int], int]],
    before: frozenset[str],
) -> tuple[set[str], float]:
    """Return the names of the worthiest closed set that fits, and the gap.

    One worth counts as more than having kept everything before: that only decides among equals.
    """
    step = 2 * (len(groups) + 1)
    program = Program(
        {group.name: step * group.worth + (group.name in before) for group in groups}, step
    )
    for weights, bound in limits:
        program.at_most(weights, bound)
    for group in groups:
        for need in group.needs:
            program.at_most({group.name: 1, need: -1}, 0)
    earlier = frozenset(group.name for group in groups if group.name in before)
    start = earlier if before and program.holds(earlier) else _in_order(groups, limits)
    found = program.solve(start)
    return set(found.chosen), found.gap


def _in_order(
    groups: Sequence[Group], limits: Sequence[tuple[Mapping[str, int], int]]
) -> frozenset[str]:
    """Return a closed set that fits: whatever still has room, in order."""
    rooms = [bound for _, bound in limits]
    kept: set[str] = set()
    for group in groups:
        takes = [weights.get(group.name, 0) for weights, _ in limits]
        fits = all(room >= each for room, each in zip(rooms, takes, strict=True))
        if fits and kept.issuperset(group.needs):
            kept.add(group.name)
            rooms = [room - each for room, each in zip(rooms, takes, strict=True)]
    return frozenset(kept)
