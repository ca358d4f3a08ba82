"""What the pages read: the map, the labs, what comes next.

It computes no state: the planner does. It puts nouns and states into the types of `view`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab
from gradus.core.skill import Skill
from gradus.desk.desk import Desk
from gradus.desk.labels import skill_label
from gradus.desk.placement import placed
from gradus.desk.profile import said_skills
from gradus.desk.record import ATTEMPT, OPENED, PROOF, evidence
from gradus.desk.review_log import read_reviews
from gradus.desk.view import Counts, LabRef, LayerView, Roadmap, SkillView, ToolRef
from gradus.planner.mastery import (
    LabState,
    SkillState,
    Standing,
    lab_states,
    skill_states,
)
from gradus.planner.reviewing import fading_labs

FIRST_WEEK = ("M01", "D01", "F08", "C01", "C14", "J01", "J02")
"""The labs of the first seven days, in their order."""


@dataclass(frozen=True, slots=True)
class Standings:
    """What the evidence says, together with what it is about."""

    catalogue: Catalogue
    labs: Mapping[str, LabState]
    skills: Mapping[str, SkillState]


def standings(desk: Desk) -> Standings:
    """Return the state of every lab and skill as the record stands now."""
    if desk.workspace is None:
        return standings_of(desk.catalogue)
    known = (desk.catalogue, evidence(desk.ledger()), desk.workspace.opened(), fading(desk))
    return Standings(
        desk.catalogue,
        lab_states(*known),
        skill_states(*known, said=said_skills(desk), placed=placed(desk)),
    )


def fading(desk: Desk) -> frozenset[str]:
    """Return the labs of which the last claim that was done again did not hold."""
    return fading_labs(read_reviews(desk.ledger()).again)


def standings_of(catalogue: Catalogue) -> Standings:
    """Return the state of every lab and skill for someone who has done nothing yet."""
    return Standings(catalogue, lab_states(catalogue, ()), skill_states(catalogue, ()))


def roadmap(desk: Desk) -> Roadmap:
    """Return the whole map."""
    known = standings(desk)
    labs = lab_refs(known)
    skills = skill_views(known, labs)
    layers = tuple(
        LayerView(
            layer.id,
            layer.title,
            layer.order,
            tuple(skill for skill in skills.values() if skill.layer == layer.id),
            _counts(skill for skill in skills.values() if skill.layer == layer.id),
        )
        for layer in known.catalogue.layers
    )
    return Roadmap(
        layers, _counts(skills.values()), tuple(labs.values()), next_lab(labs, _last_lab(desk))
    )


def lab_refs(known: Standings) -> dict[str, LabRef]:
    """Return every lab and planned lab by its address, in the curriculum's order."""
    by_item = {lab.curriculum_id: lab for lab in known.catalogue.labs.values()}
    refs = {
        item.id: lab_ref(known, by_item[item.id])
        if item.id in by_item
        else LabRef(
            item.id,
            item.title,
            item.minutes,
            item.kind,
            item.layer,
            Standing.NO_LAB_YET,
            skills=len(item.skills),
        )
        for item in known.catalogue.curriculum.values()
    }
    for lab in known.catalogue.labs.values():
        refs.setdefault(address(lab), lab_ref(known, lab))
    return refs


def lab_ref(known: Standings, lab: Lab) -> LabRef:
    """Return one lab as other pages name it."""
    item = known.catalogue.curriculum.get(lab.curriculum_id)
    state = known.labs[lab.id]
    return LabRef(
        address(lab),
        lab.title,
        lab.minutes,
        item.kind if item else (str(lab.entry.kind),),
        lab.layer,
        state.standing,
        stale=state.stale,
        fading=state.fading,
        skills=len(lab.skills),
        waits_for=tuple(address(known.catalogue.labs[each]) for each in state.waits_for),
        lacks=_lacks(state),
    )


def _lacks(state: LabState) -> tuple[str, ...]:
    if state.standing is not Standing.IN_PROGRESS:
        return ()
    return (*(("claims",) if state.lacks_claims else ()), *state.lacks_proofs)


def address(lab: Lab) -> str:
    """Return the name of a lab's page."""
    return lab.curriculum_id or lab.id


def skill_views(known: Standings, labs: Mapping[str, LabRef]) -> dict[str, SkillView]:
    """Return every skill with all that the map says of it."""
    opens: dict[str, list[str]] = {}
    for skill in known.catalogue.skills.values():
        for need in skill.needs:
            opens.setdefault(need, []).append(skill.id)
    covering: dict[str, list[str]] = {}
    for item in known.catalogue.curriculum.values():
        for name in item.skills:
            covering.setdefault(name, []).append(item.id)
    for lab in known.catalogue.labs.values():
        for name in lab.skills:
            if address(lab) not in covering.setdefault(name, []):
                covering[name].append(address(lab))
    return {
        skill.id: _skill_view(
            skill,
            known.skills[skill.id],
            tuple(opens.get(skill.id, ())),
            tuple(labs[each] for each in covering.get(skill.id, ()) if each in labs),
            _tools(known.catalogue, covering.get(skill.id, ())),
        )
        for skill in known.catalogue.skills.values()
    }


def next_lab(labs: Mapping[str, LabRef], last: str = "") -> LabRef | None:
    """Return what to do next: the lab touched last if it is not done, or the first in reach."""
    if last in labs and labs[last].standing is Standing.IN_PROGRESS:
        return labs[last]
    order = [*(each for each in FIRST_WEEK if each in labs), *labs]
    for wanted in (Standing.IN_REACH, Standing.IN_PROGRESS):
        for name in order:
            if labs[name].standing is wanted:
                return labs[name]
    return None


def lab_tools(catalogue: Catalogue, lab: Lab) -> tuple[ToolRef, ...]:
    """Return what a lab is practised with."""
    found = (catalogue.tools.get(name) for name in lab.tools)
    return tuple(ToolRef(tool.name, tool.what_for) for tool in found if tool is not None)


def _skill_view(
    skill: Skill,
    state: SkillState,
    opens: tuple[str, ...],
    labs: tuple[LabRef, ...],
    tools: tuple[ToolRef, ...],
) -> SkillView:
    return SkillView(
        id=skill.id,
        label=skill_label(skill.id),
        can_do=skill.can_do,
        layer=skill.layer,
        standing=state.standing,
        stale=state.stale,
        ours=skill.ours,
        needs=skill.needs,
        opens=opens,
        sources=skill.sources,
        labs=labs,
        tools=tools,
    )


def _tools(catalogue: Catalogue, items: Iterable[str]) -> tuple[ToolRef, ...]:
    wanted = set(items)
    return tuple(
        ToolRef(tool.name, tool.what_for)
        for tool in catalogue.tools.values()
        if wanted & set(tool.labs)
    )


def _counts(skills: Iterable[SkillView]) -> Counts:
    number = dict.fromkeys(Standing, 0)
    total = stale = 0
    for skill in skills:
        total += 1
        number[skill.standing] += 1
        stale += skill.stale
    return Counts(
        total=total,
        shown=number[Standing.SHOWN],
        in_progress=number[Standing.IN_PROGRESS],
        in_reach=number[Standing.IN_REACH],
        locked=number[Standing.LOCKED],
        no_lab_yet=number[Standing.NO_LAB_YET],
        stale=stale,
    )


def _last_lab(desk: Desk) -> str:
    """Return the address of the lab that the record names last."""
    if desk.workspace is None:
        return ""
    last = ""
    for row in desk.ledger().rows((ATTEMPT, OPENED, PROOF)):
        if row.facts.get("lab") in desk.catalogue.labs:
            last = str(row.facts["lab"])
    return address(desk.catalogue.labs[last]) if last else ""
