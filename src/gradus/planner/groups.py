"""Skill groups: stretches of a layer that are placed together, derived from what skills need.

A skill's depth is the longest chain of needs below it in its own layer. Depths are taken together
from the ground until a group is large enough to be worth a few questions; a wide depth is cut into
groups of neighbours, since a layer lists its skills by topic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradus.core.card import Card, CardKind
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab

LEAST_SKILLS = 4
"""A group has at least this many skills where its layer has them."""
MOST_SKILLS = 9
"""A group has at most this many, so that a few questions can speak for it."""
JUDGED_BY_GRADUS = (CardKind.CHOICE, CardKind.NUMBER)
"""Kinds of card whose answer is right or wrong without the learner's own word for it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Skills of one layer and of about the same depth."""

    id: str
    """Layer and number, such as `mlops-2`; holds for one version of the catalogue."""
    layer: str
    """Id of the layer."""
    number: int
    """Its place in the layer, from 1."""
    of: int
    """How many groups the layer has."""
    skills: tuple[str, ...]
    """Ids of its skills, in the catalogue's order."""
    cards: tuple[Card, ...] = ()
    """Cards that can place it, in the order of their labs."""
    lab: str = ""
    """Id of the lab that shows most of it; empty where no lab exists yet."""
    spoken_for: tuple[str, ...] = ()
    """Those of its skills that the labs of its cards cover: what the cards can place."""


def skill_groups(
    catalogue: Catalogue, cards: Mapping[str, Sequence[Card]] | None = None
) -> tuple[Group, ...]:
    """Return every skill in one group, layer by layer and from the ground.

    `cards` are those of each lab, by lab id. A lab belongs to the group that has most of its
    skills, the deeper one where two have as many.
    """
    drafts = [
        (layer.id, skills) for layer in catalogue.layers for skills in _layer(catalogue, layer.id)
    ]
    home = {skill: place for place, (_, skills) in enumerate(drafts) for skill in skills}
    labs: dict[int, list[Lab]] = {}
    for lab in catalogue.labs.values():
        places = [home[skill] for skill in lab.skills if skill in home]
        if places:
            labs.setdefault(max(places, key=lambda p: (places.count(p), p)), []).append(lab)
    groups = []
    for place, (layer, skills) in enumerate(drafts):
        number = sum(other == layer for other, _ in drafts[: place + 1])
        mine = labs.get(place, [])
        usable = _usable(mine, cards or {})
        asking = {card.lab for card in usable}
        covered = {skill for lab in mine if lab.id in asking for skill in lab.skills}
        groups.append(
            Group(
                id=f"{layer}-{number}",
                layer=layer,
                number=number,
                of=sum(other == layer for other, _ in drafts),
                skills=skills,
                cards=usable,
                lab=_lab_of(catalogue, skills),
                spoken_for=tuple(skill for skill in skills if skill in covered),
            )
        )
    return tuple(groups)


def shares_needed(catalogue: Catalogue, groups: Sequence[Group]) -> dict[tuple[str, str], float]:
    """Return for each two groups which share of the first one's skills the second one needs.

    Only pairs with a share above 0 stand in it; who has the second group has that share of the
    first.
    """
    below = _all_needs(catalogue)
    needed = {
        group.id: {need for skill in group.skills for need in below[skill]} for group in groups
    }
    shares = {}
    for lower in groups:
        for upper in groups:
            share = len(needed[upper.id] & set(lower.skills)) / len(lower.skills)
            if lower.id != upper.id and share:
                shares[lower.id, upper.id] = share
    return shares


def _layer(catalogue: Catalogue, layer: str) -> list[tuple[str, ...]]:
    """Return the skills of a layer in groups, from the ground."""
    depth: dict[str, int] = {}

    def depth_of(skill: str) -> int:
        if skill not in depth:
            needs = [n for n in catalogue.skills[skill].needs if catalogue.skills[n].layer == layer]
            depth[skill] = 1 + max(map(depth_of, needs), default=0)
        return depth[skill]

    mine = [skill.id for skill in catalogue.skills.values() if skill.layer == layer]
    by_depth: dict[int, list[str]] = {}
    for skill in mine:
        by_depth.setdefault(depth_of(skill), []).append(skill)
    groups: list[list[str]] = []
    for level in sorted(by_depth):
        if groups and len(groups[-1]) < LEAST_SKILLS:
            groups[-1] += by_depth[level]
        else:
            groups.append(by_depth[level])
    if len(groups) > 1 and len(groups[-1]) < LEAST_SKILLS:
        last = groups.pop()
        groups[-1] += last
    whole = [sorted(group, key=mine.index) for group in groups]
    return [part for group in whole for part in _cut(group)]


def _cut(skills: Sequence[str]) -> list[tuple[str, ...]]:
    """Return skills in parts of about the same size, none above the most."""
    parts = -(-len(skills) // MOST_SKILLS)
    ends = [round(number * len(skills) / parts) for number in range(parts + 1)]
    return [tuple(skills[a:b]) for a, b in pairwise(ends)]


def _usable(labs: Sequence[Lab], cards: Mapping[str, Sequence[Card]]) -> tuple[Card, ...]:
    return tuple(
        card for lab in labs for card in cards.get(lab.id, ()) if card.kind in JUDGED_BY_GRADUS
    )


def _lab_of(catalogue: Catalogue, skills: Sequence[str]) -> str:
    """Return the lab that covers most of some skills, the shorter one of two."""
    best = max(
        catalogue.labs.values(),
        key=lambda lab: (len(set(lab.skills) & set(skills)), -lab.minutes),
        default=None,
    )
    return best.id if best is not None and set(best.skills) & set(skills) else ""


def _all_needs(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Return everything below each skill, itself not included."""
    found: dict[str, frozenset[str]] = {}

    def below(skill: str) -> frozenset[str]:
        if skill not in found:
            needs = catalogue.skills[skill].needs
            found[skill] = frozenset(needs).union(*map(below, needs))
        return found[skill]

    for skill in catalogue.skills:
        below(skill)
    return found
