"""The content that ships: the whole map, as the source roadmaps ask for it."""

import json
import re
import runpy

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


TRACKS = [
    "month-by-month",
    "forty-eight-weeks",
    "capability-layers",
    "five-steps",
    "four-phases",
    "job-a",
    "job-b",
    "first-week",
]
PARTED_WITH = {"job-a": "D12 D15 LM02 LM03", "job-b": "S06 O06 O07 O08 G02"}
"""What each side of the fork leaves out."""


def asked_for(whole: Catalogue, source: str) -> set[str]:
    """Every item, proofs apart, that carries a skill which a source asks for."""
    return {
        item.id
        for item in whole.curriculum.values()
        if "proof" not in item.kind or item.id == "D15"
        if any(
            place.startswith(f"{source} ")
            for skill in item.skills
            for place in whole.skills[skill].sources
        )
    }


def test_there_is_a_track_for_each_source_the_fork_and_the_first_week(whole):
    assert list(whole.tracks) == TRACKS
    assert [whole.tracks[name].source for name in TRACKS[:5]] == ["000", "001", "002", "003", "004"]


@pytest.mark.parametrize("name", TRACKS[:5])
def test_a_track_holds_everything_that_its_source_asks_for(whole, name):
    track = whole.tracks[name]
    assert asked_for(whole, track.source) - set(track.items()) == set()


@pytest.mark.parametrize("name", TRACKS)
def test_a_track_holds_what_its_items_need_and_in_that_order(whole, name):
    track = whole.tracks[name]
    met: set[str] = set()
    for stage in whole.route(track):
        for item in stage.items:
            assert track.opening or set(whole.curriculum[item].needs) <= met, item
            met.add(item)


@pytest.mark.parametrize("name", PARTED_WITH)
def test_a_side_of_the_fork_begins_by_month_six_and_leaves_out_what_it_is_light_on(whole, name):
    track = whole.tracks[name]
    route = whole.route(track)
    before = [stage for stage in route if stage not in track.stages]
    assert before[-1].last == 6
    assert track.stages[0].first == 6
    items = {item for stage in route for item in stage.items}
    left = set(PARTED_WITH[name].split())
    assert items & left == set()
    assert asked_for(whole, "000") - left <= items
    assert "X01" in items


def test_the_first_week_is_that_of_the_labs_which_are_open_to_everybody(whole):
    open_labs = {lab.curriculum_id for lab in whole.labs.values() if lab.opening}
    assert set(whole.tracks["first-week"].items()) >= open_labs
    assert [stage.items for stage in whole.tracks["first-week"].stages] == [
        (item,) for item in ("M01", "D01", "F08", "C01", "C14", "J01", "J02")
    ]


def test_the_weeks_of_a_source_lie_one_after_another(whole):
    stages = whole.tracks["forty-eight-weeks"].stages
    assert (stages[0].first, stages[-1].last) == (1, 48)
    assert [after.first for after in stages[1:]] == [4.0, *(each.last + 1 for each in stages[1:-1])]


def test_a_track_names_every_matter_on_which_its_source_has_a_view(whole):
    assert len(whole.disagreements) == 24
    for name in TRACKS[:5]:
        track = whole.tracks[name]
        with_view = {m.id for m in whole.disagreements.values() if m.view_of(track.source)}
        assert set(track.disagreements) == with_view, name


def test_every_place_in_a_source_is_written_one_way(whole):
    one = r"00[0-4] L\d+(-\d+)?(, L\d+(-\d+)?)*"
    tracks = whole.tracks.values()
    stages = [stage for track in tracks for stage in track.stages]
    said = [stage.source for stage in stages]
    said += [span.source for track in tracks for span in track.spans]
    said += [each.source for s in stages for each in (*s.readings, *s.projects)]
    said += [place for each in whole.disagreements.values() for place, _ in each.views]
    said += [role.source for role in whole.roles.values()]
    for place in said:
        assert re.fullmatch(rf"{one}(; {one})*", place), place


def test_every_sentence_of_a_track_is_a_sentence(whole):
    for track in whole.tracks.values():
        assert re.fullmatch(r"[A-Z][^\"“”]*\.", track.about), track.id
    for each in whole.disagreements.values():
        assert re.fullmatch(r"[A-Z][^\"“”]*\?", each.matter), each.id
        for text in (each.ours, *(view for _, view in each.views)):
            assert re.fullmatch(r"[0-9A-Z][^\"“”]*\.", text), text


def test_every_role_leans_on_layers_of_the_map(whole):
    assert list(whole.roles) == [
        "ml-engineer",
        "ml-infrastructure-engineer",
        "ml-research-engineer",
        "ai-engineer",
        "data-scientist",
    ]
    assert {role.track for role in whole.roles.values()} == {"", "job-a", "job-b"}


def test_the_pumps_of_the_check_are_those_that_are_handed_out():
    lab = load_catalogue().lab("break-it-on-purpose")
    [traffic] = lab.simulators
    handed_out = json.loads((lab.folder / "starter" / "model.json").read_text(encoding="utf-8"))
    assert runpy.run_path(str(traffic))["FROM_STARTER"] == handed_out
