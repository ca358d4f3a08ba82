"""Mastery: what the evidence says about every lab and every skill; computed, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from gradus.core.catalogue import Catalogue
from gradus.core.evidence import Evidence
from gradus.core.lab import Lab
from gradus.core.verdict import Verdict
from gradus.planner.two_parts import lacking, whole_at

REVEAL_WAIT = timedelta(days=7)
"""How long after the reference was shown a pass counts again."""


class Standing(StrEnum):
    """Where a learner stands with a lab or a skill."""

    SHOWN = "shown"
    IN_PROGRESS = "in_progress"
    IN_REACH = "in_reach"
    LOCKED = "locked"
    NO_LAB_YET = "no_lab_yet"


@dataclass(frozen=True, slots=True)
class LabState:
    """What the evidence says about one lab."""

    lab: str
    """Lab id."""
    standing: Standing
    """Never `no_lab_yet`: the lab exists."""
    stale: bool = False
    """Whether there was a pass that counted until the lab's judging changed."""
    shown_at: datetime | None = None
    """When the first pass that still counts was made."""
    attempts: int = 0
    """How many attempts were judged."""
    waits_for: tuple[str, ...] = ()
    """Ids of the labs that come first and are not shown yet."""
    counts_from: datetime | None = None
    """After a reveal and without a pass that counts: when a pass counts again."""
    lacks_claims: bool = False
    """For a lab with proofs that is not shown: whether its newest submission passed no claims."""
    lacks_proofs: tuple[str, ...] = ()
    """For such a lab: the proofs that its newest submission has not passed."""
    fading: bool = False
    """Whether it is shown, and the last claim of it that was done again did not hold."""


@dataclass(frozen=True, slots=True)
class SkillState:
    """What the evidence says about one skill."""

    skill: str
    """Skill id."""
    standing: Standing
    """`shown` if every existing lab that covers it is shown."""
    stale: bool = False
    """Whether a lab that covers it has only a pass from before its judging changed."""
    labs: tuple[str, ...] = ()
    """Ids of the existing labs that cover it."""
    shown_labs: tuple[str, ...] = ()
    """Those of them that are shown."""
    fading: bool = False
    """Whether one of them fades."""
    said: bool = False
    """Whether the learner says that they have it; that changes no standing."""
    placed: bool = False
    """Whether a placement found it known; that changes no standing either."""


def skill_states(
    catalogue: Catalogue,
    evidence: Iterable[Evidence],
    opened: Collection[str] = (),
    fading: Collection[str] = (),
    *,
    said: Collection[str] = (),
    placed: Collection[str] = (),
) -> dict[str, SkillState]:
    """Return the state of every skill, in the order of the catalogue.

    `opened` names the labs whose starter the learner has; an opened lab is in progress. `said`
    names the skills that the learner says they have, `placed` those that a placement found known.
    """
    labs = lab_states(catalogue, evidence, opened, fading)
    covering: dict[str, list[LabState]] = {skill: [] for skill in catalogue.skills}
    for lab in catalogue.labs.values():
        for skill in lab.skills:
            if skill in covering:
                covering[skill].append(labs[lab.id])
    said, placed = frozenset(said), frozenset(placed)
    return {
        skill: replace(_skill_state(skill, states), said=skill in said, placed=skill in placed)
        for skill, states in covering.items()
    }


def lab_states(
    catalogue: Catalogue,
    evidence: Iterable[Evidence],
    opened: Collection[str] = (),
    fading: Collection[str] = (),
) -> dict[str, LabState]:
    """Return the state of every existing lab, in the order of the catalogue.

    A need without an existing lab locks nothing. A need whose pass went stale does not lock
    either: nobody loses the way on because we changed a check. `fading` names labs of which a
    review did not hold: they stay shown, marked, until the next one holds.
    """
    attempts: dict[str, list[Evidence]] = {lab: [] for lab in catalogue.labs}
    for each in sorted(evidence, key=lambda each: each.at):
        if each.lab in attempts and each.verdict is not Verdict.UNJUDGED:
            attempts[each.lab].append(each)
    judged = {
        lab.id: _judged(lab, attempts[lab.id], lab.id in opened) for lab in catalogue.labs.values()
    }
    by_curriculum = {
        lab.curriculum_id: lab.id for lab in catalogue.labs.values() if lab.curriculum_id
    }
    states = {lab.id: _with_needs(lab, judged, by_curriculum) for lab in catalogue.labs.values()}
    for name in fading:
        if name in states and states[name].standing is Standing.SHOWN:
            states[name] = replace(states[name], fading=True)
    return states


def counts_as_shown(lab: Lab, attempt: Evidence, earlier: Iterable[Evidence]) -> bool:
    """Return whether an attempt still shows what the lab judges.

    It has to be a pass of this version or of one that it is compatible with. If the reference
    had been shown before, it has to come `REVEAL_WAIT` later, on a seed that none of the
    learner's earlier attempts had.
    """
    return _is_compatible(lab, attempt) and _is_own_work(attempt, earlier)


def counting_parts(lab: Lab, evidence: Iterable[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Return the passes of a lab's claims that count, and those of its proofs, the earliest first.

    Both still have to be of the same submission.
    """
    own = sorted((each for each in evidence if each.lab == lab.id), key=lambda each: each.at)
    passes, proved = _own_parts(own)
    return (
        [each for each in passes if _is_compatible(lab, each)],
        [each for each in proved if _is_compatible(lab, each)],
    )


def tally(states: Mapping[str, SkillState] | Mapping[str, LabState]) -> dict[Standing, int]:
    """Return how many there are of each standing; every standing is named."""
    counts = dict.fromkeys(Standing, 0)
    for state in states.values():
        counts[state.standing] += 1
    return counts


def _is_compatible(lab: Lab, attempt: Evidence) -> bool:
    return attempt.lab_version == lab.version or attempt.lab_version in lab.compatible


def _is_own_work(attempt: Evidence, earlier: Iterable[Evidence]) -> bool:
    """Return whether a pass was made by the learner, not copied from the reference."""
    if attempt.verdict is not Verdict.PASSED:
        return False
    if attempt.revealed_at is None:
        return True
    is_fresh = all(each.seed != attempt.seed for each in earlier if each.lab == attempt.lab)
    return is_fresh and attempt.at >= attempt.revealed_at + REVEAL_WAIT


def _judged(lab: Lab, evidence: Sequence[Evidence], is_opened: bool) -> LabState:
    """Return the state of a lab from its own evidence alone."""
    attempts = [each for each in evidence if not each.proof]
    state = _from_attempts(lab, attempts, is_opened or bool(evidence))
    if lab.proof is None:
        return state
    names = lab.proof.names
    ours = counting_parts(lab, evidence)
    shown_at = whole_at(names, *ours)
    if shown_at is not None:
        return replace(state, standing=Standing.SHOWN, stale=False, shown_at=shown_at)
    is_begun = is_opened or bool(evidence)
    lacks = lacking(names, evidence[-1].submission if evidence else "", *ours)
    return replace(
        state,
        standing=Standing.IN_PROGRESS if is_begun else Standing.IN_REACH,
        stale=whole_at(names, *_own_parts(evidence)) is not None,
        shown_at=None,
        lacks_claims=lacks.claims,
        lacks_proofs=lacks.proofs,
    )


def _own_parts(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Return the passes of the claims and the passed proofs that are the learner's own work."""
    attempts = [each for each in evidence if not each.proof]
    passes = [each for place, each in enumerate(attempts) if _is_own_work(each, attempts[:place])]
    return passes, [each for each in evidence if each.proof and _is_own_work(each, ())]


def _from_attempts(lab: Lab, attempts: Sequence[Evidence], is_opened: bool) -> LabState:
    """Return the state of a lab from what was judged alone."""
    own_work = [each for place, each in enumerate(attempts) if _is_own_work(each, attempts[:place])]
    counting = [each for each in own_work if _is_compatible(lab, each)]
    if counting:
        return LabState(lab.id, Standing.SHOWN, shown_at=counting[0].at, attempts=len(attempts))
    reveals = [each.revealed_at for each in attempts if each.revealed_at is not None]
    return LabState(
        lab.id,
        Standing.IN_PROGRESS if attempts or is_opened else Standing.IN_REACH,
        stale=bool(own_work),
        attempts=len(attempts),
        counts_from=max(reveals) + REVEAL_WAIT if reveals else None,
    )


def _with_needs(
    lab: Lab, judged: Mapping[str, LabState], by_curriculum: Mapping[str, str]
) -> LabState:
    """Return the state of a lab with what it waits for."""
    state = judged[lab.id]
    if lab.opening or state.standing is Standing.SHOWN:
        return state
    waits_for = tuple(
        need
        for need in (by_curriculum.get(each) for each in lab.needs)
        if need is not None and judged[need].standing is not Standing.SHOWN
        if not judged[need].stale
    )
    is_locked = bool(waits_for) and state.standing is Standing.IN_REACH
    standing = Standing.LOCKED if is_locked else state.standing
    return replace(state, standing=standing, waits_for=waits_for)


def _skill_state(skill: str, labs: Sequence[LabState]) -> SkillState:
    shown = tuple(each.lab for each in labs if each.standing is Standing.SHOWN)
    return SkillState(
        skill,
        _skill_standing(labs),
        stale=any(each.stale for each in labs),
        labs=tuple(each.lab for each in labs),
        shown_labs=shown,
        fading=any(each.fading for each in labs),
    )


def _skill_standing(labs: Sequence[LabState]) -> Standing:
    standings = {each.standing for each in labs}
    if not standings:
        return Standing.NO_LAB_YET
    if standings == {Standing.SHOWN}:
        return Standing.SHOWN
    for standing in (Standing.SHOWN, Standing.IN_PROGRESS):
        if standing in standings:
            return Standing.IN_PROGRESS
    return Standing.IN_REACH if Standing.IN_REACH in standings else Standing.LOCKED
