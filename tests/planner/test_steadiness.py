"""What keeps its day in another plan: as many pieces as can, against every choice there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.learner import LearnerProfile
from gradus.core.plan import ItemKind, PlanItem
from gradus.planner.amount import Work
from gradus.planner.days import StudyDays
from gradus.planner.laying import Piece, lay
from gradus.planner.steadiness import steady_wishes

MONDAY = date(2028, 2, 21)


@dataclass
class World:
    """Work that is left, and where an earlier plan had it."""

    work: list[Work]
    days: StudyDays
    before: list[PlanItem] = field(default_factory=list)


@st.composite
def worlds(draw) -> World:
    count, n_days = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    work: list[Work] = []
    for number in range(count):
        needs = draw(st.sets(st.sampled_from([each.key for each in work]))) if work else set()
        late = draw(st.sampled_from([None, None, None, MONDAY + timedelta(1)]))
        minutes = draw(st.sampled_from((10, 20, 30)))
        ref = f"I{number}"
        work.append(Work(ItemKind.LAB, ref, ref, minutes, 0, tuple(sorted(needs)), 1, "", late))
    hours = tuple(draw(st.sampled_from((0, 20, 30, 40))) for _ in range(6))
    world = World(work, StudyDays(LearnerProfile(minutes=(*hours, 20)), MONDAY, 0))
    for each in work:
        for number in sorted(draw(st.sets(st.integers(0, n_days - 1), max_size=2))):
            day = MONDAY + timedelta(number)
            minutes = draw(st.sampled_from((10, 20)))
            world.before.append(PlanItem(day, ItemKind.LAB, each.ref, each.ref, minutes, ""))
    world.before.sort(key=lambda item: item.day)
    return world


def pieces_of(world: World) -> list[Piece]:
    """Return what could stay of each day: no more than is left, no more than the day has."""
    left = {each.key: each.minutes for each in world.work}
    found = []
    for item in world.before:
        minutes = min(item.minutes, left[item.work], world.days.work(item.day))
        if minutes > 0:
            left[item.work] -= minutes
            found.append(Piece(item.day, item.work, minutes))
    return found


def can_stay(world: World, stays: Sequence[Piece]) -> bool:
    """Live through the days: what waits soonest is done first; say whether every piece stands."""
    work = {each.key: each for each in world.work}
    due: dict[str, date] = {}
    for pin in stays:
        waiting = list(work[pin.key].needs)
        while waiting:
            key = waiting.pop()
            due[key] = min(due.get(key, pin.day), pin.day)
            waiting += work[key].needs
    if any(too_early(work, pin) for pin in stays):
        return False
    left = {key: work[key].minutes for key in due}
    for pin in stays:
        if pin.day > due.get(pin.key, pin.day):
            return False
        if pin.key in left:
            left[pin.key] -= pin.minutes
    day = MONDAY
    while stays and day <= max(pin.day for pin in stays):
        free = world.days.work(day) - sum(pin.minutes for pin in stays if pin.day == day)
        if free < 0:
            return False
        for key in sorted(due, key=due.__getitem__):
            if too_early(work, Piece(day, key, 0)) or needs_later(work, stays, key, day):
                continue
            spent = min(free, left[key])
            left[key], free = left[key] - spent, free - spent
        if any(left[key] for key in due if due[key] == day):
            return False
        day += timedelta(1)
    return True


def too_early(work: Mapping[str, Work], pin: Piece) -> bool:
    """Say whether a piece or something that it needs cannot begin by its day."""
    waiting = [pin.key]
    while waiting:
        each = work[waiting.pop()]
        if each.not_before is not None and each.not_before > pin.day:
            return True
        waiting += each.needs
    return False


def needs_later(work: Mapping[str, Work], stays: Sequence[Piece], key: str, day: date) -> bool:
    """Say whether something that work needs has a piece that stays on a later day."""
    later = {pin.key for pin in stays if pin.day > day}
    return any(need in later or needs_later(work, stays, need, day) for need in work[key].needs)


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_no_choice_keeps_more_pieces_on_their_day(world):
    wishes = steady_wishes(world.work, world.days, world.before, 14)
    pieces = pieces_of(world)
    most = next(
        count
        for count in range(len(pieces), -1, -1)
        if any(can_stay(world, stays) for stays in combinations(pieces, count))
    )
    assert can_stay(world, wishes.pins)
    assert len(wishes.pins) == most


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_what_is_chosen_to_stay_stays_when_it_is_laid(world):
    if not any(world.days.work(MONDAY + timedelta(number)) for number in range(7)):
        return
    wishes = steady_wishes(world.work, world.days, world.before, 14)
    wishes = replace(wishes, least_piece=1)
    laid = {(piece.key, piece.day) for piece in lay(world.work, world.days, wishes)}
    assert {(pin.key, pin.day) for pin in wishes.pins} <= laid
