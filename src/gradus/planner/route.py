"""The route of a track: its items with all that they need, in the order in which they are done.

A circle of needs, or an item that nobody knows, is refused with a sentence.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradus.core.basis import PlanBasis
from gradus.core.catalogue import Catalogue
from gradus.core.curriculum import CurriculumItem
from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.core.track import Stage, Track


@dataclass(frozen=True, slots=True)
class Stop:
    """One curriculum item on the route that is still to be done."""

    item: CurriculumItem
    """What it is, with the title and the minutes of its lab where there is one."""
    stage: int
    """Place of its stage on the route, from 0."""
    needs: tuple[str, ...]
    """Curriculum ids of the items on the route that come before it."""
    needed_by: str = ""
    """The item for which it was added; empty where the track itself names it."""


@dataclass(frozen=True, slots=True)
class Route:
    """Stages and stops, in the order in which they are done."""

    stages: tuple[Stage, ...]
    """Every stage, those before the fork included."""
    stops: tuple[Stop, ...]
    """What is still to be done; needs before what needs them, else in the track's order."""


def route_of(basis: PlanBasis) -> Route:
    """Return the route of a track without what the record shows.

    Needs are those of the curriculum. A skill that needs another orders items too, where the
    curriculum names them in that order and no chain of needs brings them already. An opening lab,
    a track that is open, and a stage counted in days wait for nothing. What lies behind something
    that is shown is not asked for again. Raises `UsageError` for an unknown item or a circle.
    """
    stages = basis.catalogue.route(basis.track)
    items = items_of(basis.catalogue)
    named = _named(basis.track, stages, items)
    opening = _opening(basis, named, stages)
    needs = _needs(items, named, opening)
    for item, more in _needs_of_skills(basis, items, needs, opening).items():
        needs[item] += more
    return Route(stages, _stops(items, named, needs, basis.record.finished))


def items_of(catalogue: Catalogue) -> dict[str, CurriculumItem]:
    """Return every item by its id, with what its lab declares where the lab exists."""
    items = dict(catalogue.curriculum)
    for lab in catalogue.labs.values():
        if lab.curriculum_id:
            planned = items.get(lab.curriculum_id)
            kind = planned.kind if planned else ()
            items[lab.curriculum_id] = CurriculumItem(
                lab.curriculum_id, lab.title, kind, lab.layer, lab.minutes, lab.needs, lab.skills
            )
    return items


def _named(
    track: Track, stages: Iterable[Stage], items: Mapping[str, CurriculumItem]
) -> dict[str, int]:
    """Return every item that the track names with the stage that names it first."""
    named: dict[str, int] = {}
    for place, stage in enumerate(stages):
        for item in stage.items:
            if item not in items:
                raise UsageError(
                    f"The track '{track.id}' names '{item}' in its stage '{stage.id}', and the "
                    f"curriculum has no such item.{did_you_mean(item, items)} "
                    "`gradus labs --all` lists what there is."
                )
            named.setdefault(item, place)
    return named


def _opening(basis: PlanBasis, named: Mapping[str, int], stages: Sequence[Stage]) -> frozenset[str]:
    """Return the items that wait for nothing."""
    labs = {lab.curriculum_id for lab in basis.catalogue.labs.values() if lab.opening}
    by_stage = {item for item, place in named.items() if stages[place].unit == "day"}
    return frozenset(labs | by_stage | (set(named) if basis.track.opening else set()))


def _needs(
    items: Mapping[str, CurriculumItem], named: Iterable[str], opening: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Return the named items and all that they need, each with its own needs.

    A need that the curriculum does not know locks nothing, as in `mastery`.
    """
    needs: dict[str, tuple[str, ...]] = {}
    waiting = list(named)
    while waiting:
        item = waiting.pop()
        if item not in needs:
            own = () if item in opening else items[item].needs
            needs[item] = tuple(dict.fromkeys(each for each in own if each in items))
            waiting.extend(needs[item])
    _refuse_a_circle(needs)
    return needs


def _refuse_a_circle(needs: Mapping[str, Sequence[str]]) -> None:
    """Raise `UsageError` if no order holds; whatever waits in vain leads into a circle."""
    in_order = set(_one_order(needs, list(needs)))
    way = [item for item in needs if item not in in_order][:1]
    while way and len(set(way)) == len(way):
        way.append(next(each for each in needs[way[-1]] if each not in in_order))
    if way:
        raise UsageError(
            f"These items need each other in a circle: {' → '.join(way[way.index(way[-1]) :])}. "
            "Take one of these needs out; no order can hold all of them."
        )


def _needs_of_skills(
    basis: PlanBasis,
    items: Mapping[str, CurriculumItem],
    needs: Mapping[str, tuple[str, ...]],
    opening: frozenset[str],
) -> dict[str, tuple[str, ...]]:
    """Return the needs that only skills declare, towards items that the curriculum names earlier.

    Every new need leads back in one fixed order of the items, so it closes no circle.
    """
    order = _one_order(needs, list(items))
    covering: dict[str, list[str]] = {}
    for item in order:
        for skill in items[item].skills:
            covering.setdefault(skill, []).append(item)
    bit = {item: 1 << place for place, item in enumerate(order)}
    behind: dict[str, int] = {}
    more: dict[str, tuple[str, ...]] = {}
    for item in order:
        behind[item] = bit[item]
        for need in needs[item]:
            behind[item] |= behind[need]
        if item in opening:
            continue
        for skill in _needed_skills(basis, items[item]):
            covers = covering.get(skill, [])
            is_met = any(
                each in basis.record.finished or behind[item] & bit[each] for each in covers
            )
            if covers and not is_met and covers[0] in behind:
                more[item] = (*more.get(item, ()), covers[0])
                behind[item] |= behind[covers[0]]
    return more


def _needed_skills(basis: PlanBasis, item: CurriculumItem) -> list[str]:
    """Return the skills that an item's skills need, without those that it teaches itself."""
    known = [basis.catalogue.skills[each] for each in item.skills if each in basis.catalogue.skills]
    needed = dict.fromkeys(need for skill in known for need in skill.needs)
    return [each for each in needed if each not in item.skills]


def _one_order(needs: Mapping[str, Sequence[str]], curriculum: Sequence[str]) -> list[str]:
    """Return an order in which needs come first, nearest to that of the curriculum."""
    place = {item: number for number, item in enumerate(curriculum)}
    open_needs = {item: len(own) for item, own in needs.items()}
    needed_by: dict[str, list[str]] = {item: [] for item in needs}
    for item, own in needs.items():
        for need in own:
            needed_by[need].append(item)
    free = [place[item] for item, count in open_needs.items() if not count]
    heapq.heapify(free)
    order = []
    while free:
        item = curriculum[heapq.heappop(free)]
        order.append(item)
        for each in needed_by[item]:
            open_needs[each] -= 1
            if not open_needs[each]:
                heapq.heappush(free, place[each])
    return order


def _stops(
    items: Mapping[str, CurriculumItem],
    named: Mapping[str, int],
    needs: Mapping[str, tuple[str, ...]],
    finished: frozenset[str],
) -> tuple[Stop, ...]:
    """Return what is to be done in the track's order, each need right before what needs it.

    A walk in depth with a stack of its own: chains of needs may be longer than Python's.
    """
    stops: dict[str, Stop] = {}
    for name, stage in named.items():
        stack = [(name, "")]
        while stack:
            item, asked_by = stack[-1]
            missing = [need for need in needs[item] if need not in stops and need not in finished]
            if item in stops or item in finished:
                stack.pop()
            elif missing:
                stack.extend((need, item) for need in reversed(missing))
            else:
                stack.pop()
                own = tuple(need for need in needs[item] if need not in finished)
                stops[item] = Stop(items[item], stage, own, "" if item in named else asked_by)
    return tuple(stops.values())
