"""The content that ships: the whole map, as the source roadmaps ask for it."""

import re

import pytest

from gradus.catalogue import load_catalogue, problems
from gradus.core.catalogue import Catalogue

DAY_TWO = ("D01", "pt-tensors")
"""A source puts PyTorch on day 2, before the network in NumPy."""


@pytest.fixture(scope="module")
def whole() -> Catalogue:
    return load_catalogue()


def test_the_map_has_no_problems():
    assert [str(each) for each in problems() if "labs" not in each.path.parts] == []


def test_the_map_is_complete(whole):
    ours = [skill for skill in whole.skills.values() if skill.ours]
    assert (len(whole.skills), len(ours)) == (254, 18)
    assert len(whole.tools) == 78
    assert len(whole.curriculum) == 112
    assert len(whole.layers) == 10


def test_every_skill_of_a_source_is_covered_by_a_planned_lab(whole):
    covered = {skill for item in whole.curriculum.values() for skill in item.skills}
    left = [skill.id for skill in whole.skills.values() if skill.id not in covered]
    assert left == ["llm-preference-tuning"]


def test_sources_are_written_one_way(whole):
    named = [*whole.skills.values(), *whole.tools.values()]
    for each in named:
        for source in each.sources:
            assert re.fullmatch(r"00[0-4] (L\d+(-\d+)?|step \d(-\d)?)", source), (each.id, source)


def test_every_sentence_of_the_map_is_a_sentence(whole):
    for skill in whole.skills.values():
        assert re.fullmatch(r"[A-Z][^\"“”]*\.", skill.can_do), skill.id
    for tool in whole.tools.values():
        assert re.fullmatch(r"[A-Z][^\"“”]*\.", tool.what_for), tool.id


def test_what_a_skill_needs_comes_with_its_lab_or_before_it(whole):
    """A proof picks up skills again; a skill of ours is met by one of its labs at least."""
    first = [item for item in whole.curriculum.values() if "proof" not in item.kind]
    met = {
        (item.id, name): set(whole.skills[name].needs) <= covered_by(whole, item.id)
        for item in first
        for name in item.skills
    }
    for (item, name), held in met.items():
        if whole.skills[name].ours:
            assert any(each for (_, other), each in met.items() if other == name), name
        elif (item, name) != DAY_TWO:
            assert held, (item, name)


def covered_by(whole: Catalogue, item: str) -> set[str]:
    """Every skill of an item and of all that comes before it."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [item]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            found.update(whole.curriculum[name].skills)
            waiting.extend(whole.curriculum[name].needs)
    return found
