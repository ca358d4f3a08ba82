"""Plans over made-up catalogues, profiles and evidence keep what every plan promises."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.basis import Pace, PlanBasis, StudyRecord
from gradus.core.catalogue import Catalogue
from gradus.core.curriculum import CurriculumItem
from gradus.core.errors import UsageError
from gradus.core.learner import DaysOff, LearnerProfile
from gradus.core.plan import ItemKind, Plan
from gradus.core.skill import Skill
from gradus.core.track import Project, Reading, Stage, Track
from gradus.planner import make_plan, replan

TODAY = date(2028, 2, 21)
"""A leap day lies a week ahead."""
WORK = (ItemKind.LESSON, ItemKind.LAB, ItemKind.READING, ItemKind.PROJECT)


def item(name: str, needs: tuple[str, ...] = (), minutes: int = 60, skills: tuple = ()):
    return CurriculumItem(name, f"Lab {name}", (), "ground", minutes, needs, skills)


def catalogue(*items: CurriculumItem, skills: tuple[Skill, ...] = ()) -> Catalogue:
    named = {skill for each in items for skill in each.skills}
    plain = {name: Skill(name, name, "ground", (), ()) for name in sorted(named)}
    return Catalogue(
        layers=(),
        skills=plain | {skill.id: skill for skill in skills},
        tools={},
        labs={},
        curriculum={each.id: each for each in items},
        environments={},
    )


def track(*stages: Stage, name: str = "own") -> Track:
    return Track(name, "Own", "", "", stages)


def stage(*items: str, **more) -> Stage:
    return Stage(more.pop("id", "first"), "First", items, **more)


@st.composite
def catalogues(draw) -> Catalogue:
    count = draw(st.integers(1, 9))
    items = []
    for number in range(count):
        earlier = [f"I{each}" for each in range(number)]
        needs = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        skills = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=2))
        minutes = draw(st.integers(5, 300))
        items.append(item(f"I{number}", tuple(needs), minutes, tuple(skills)))
    needing = draw(
        st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef"), max_size=3)
    )
    skills = tuple(Skill(each, each, "ground", (need,), ()) for each, need in needing.items())
    return catalogue(*items, skills=skills)


@st.composite
def tracks(draw, names: list[str]) -> Track:
    order = draw(st.permutations(names))
    named = order[: draw(st.integers(1, len(order)))]
    cut = draw(st.integers(0, len(named)))
    readings = tuple(
        Reading(f"r{number}", "A book", draw(st.integers(5, 200)), skills=tuple(skills))
        for number, skills in enumerate(draw(st.lists(st.sets(st.sampled_from("abc")), max_size=2)))
    )
    projects = tuple(
        Project(f"p{number}", "A project", draw(st.integers(5, 300)), skills=tuple(skills))
        for number, skills in enumerate(draw(st.lists(st.sets(st.sampled_from("abc")), max_size=2)))
    )
    months = {"first": 1, "last": 1, "unit": draw(st.sampled_from(["week", "month"]))}
    return track(
        stage(*named[:cut], id="first", readings=readings, **months),
        stage(*named[cut:], id="second", projects=projects, **months | {"first": 2, "last": 3}),
    )


@st.composite
def profiles(draw) -> LearnerProfile:
    minutes = draw(st.tuples(*[st.sampled_from([0, 0, 7, 45, 90, 240])] * 7).filter(any))
    off = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=2))
    return LearnerProfile(
        minutes=minutes,
        start=draw(st.sampled_from([None, TODAY, TODAY + timedelta(3), TODAY - timedelta(9)])),
        target=draw(st.none() | st.integers(3, 40).map(lambda days: TODAY + timedelta(days))),
        days_off=tuple(
            DaysOff(TODAY + timedelta(first), TODAY + timedelta(first + length), "Away")
            for first, length in off
        ),
        budget_hours=draw(st.sampled_from([None, None, 2.5, 20.0])),
    )


@st.composite
def bases(draw) -> PlanBasis:
    known = draw(catalogues())
    names = list(known.curriculum)
    some = st.lists(st.sampled_from([*names, "r0", "p0"]), unique=True, max_size=3)
    record = StudyRecord(
        finished=frozenset(draw(some)),
        begun=frozenset(draw(some)),
        minutes=dict.fromkeys(draw(some), draw(st.floats(1, 400))),
        counts_from=dict.fromkeys(draw(some), TODAY + timedelta(draw(st.integers(-2, 9)))),
    )
    return PlanBasis(
        known,
        draw(tracks(names)),
        draw(profiles()),
        TODAY,
        record,
        draw(st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1), max_size=4)),
        draw(st.sampled_from([0, 10, 60])),
        draw(st.sampled_from(list(Pace))),
    )


def minutes_by_day(plan: Plan) -> dict[date, int]:
    found: dict[date, int] = {}
    for each in plan.items:
        found[each.day] = found.get(each.day, 0) + each.minutes
    return found


def assert_keeps_its_promises(plan: Plan, basis: PlanBasis) -> None:
    """No day over its minutes, needs first, parts in order, nothing twice, nothing lost."""
    for day, minutes in minutes_by_day(plan).items():
        assert minutes <= basis.profile.capacity(day)
        assert day >= max(basis.today, basis.profile.start or basis.today)
        assert basis.profile.target is None or day <= basis.profile.target
    at = {each.id: number for number, each in enumerate(plan.items) if each.is_work}
    last = {each.work: number for number, each in enumerate(plan.items) if each.is_work}
    first = {each.work: at[f"{each.work}:1"] for each in plan.items if each.is_work}
    assert len(at) == sum(each.is_work for each in plan.items)
    for each in plan.items:
        if each.kind is ItemKind.LAB:
            assert each.ref not in basis.record.finished
            assert last.get(f"lesson:{each.ref}", -1) < first[f"lab:{each.ref}"]
            for need in basis.catalogue.curriculum[each.ref].needs:
                if need not in basis.record.finished:
                    begins = first.get(f"lesson:{each.ref}", first[f"lab:{each.ref}"])
                    assert last[f"lab:{need}"] < begins
    held = {each.ref for each in plan.items if each.is_work}
    out = {each.ref for each in plan.left_out}
    assert not held & out
    assert {*basis.track.items()} <= held | out | basis.record.finished


@settings(max_examples=150, deadline=None)
@given(bases())
def test_every_plan_keeps_needs_and_capacity_and_loses_nothing(basis):
    assert_keeps_its_promises(make_plan(basis), basis)


@settings(max_examples=40, deadline=None)
@given(bases())
def test_the_same_basis_gives_the_same_plan(basis):
    assert make_plan(basis) == make_plan(basis)


def test_a_target_that_lies_behind_is_refused():
    basis = PlanBasis(
        catalogue(item("A")), track(stage("A")), LearnerProfile(target=date(2028, 2, 20)), TODAY
    )
    with pytest.raises(UsageError, match="2028-02-20 lies behind"):
        make_plan(basis)


def test_another_plan_on_the_same_basis_changes_nothing():
    basis = PlanBasis(
        catalogue(item("A"), item("B", ("A",))), track(stage("B")), LearnerProfile(), TODAY
    )
    plan = make_plan(basis)
    again, change = replan(plan, basis)
    assert again == plan
    assert change.is_none
    assert change.cost == "You finish on the day for which you set out."


_ = (os, subprocess, sys, WORK)
