"""A placement asks what settles most, stops when it is sure, and never believes a tick alone."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.card import Card, CardKind, Choice
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Entry, EntryKind, Lab, Limits, Profile
from gradus.core.skill import Layer, Skill
from gradus.planner.groups import (
    LEAST_SKILLS,
    MOST_SKILLS,
    Group,
    shares_needed,
    skill_groups,
)
from gradus.planner.placement import (
    BUDGET,
    MOST_CARDS,
    PLACED_FROM,
    SAID_PRIOR,
    CardAnswer,
    Outcome,
    group_states,
    labs_to_pass,
    next_card,
    placed_skills,
)


def choice(lab: str, name: str, n: int = 4) -> Card:
    choices = tuple(Choice(str(k), "", correct=k == 0) for k in range(n))
    return Card(name, lab, CardKind.CHOICE, "?", choices=choices)


def number(lab: str, name: str) -> Card:
    return Card(name, lab, CardKind.NUMBER, "?", answer="1")


def recall(lab: str, name: str) -> Card:
    return Card(name, lab, CardKind.RECALL, "?", answer="1")


def lab(name: str, skills: tuple[str, ...], minutes: int = 30) -> Lab:
    return Lab(
        id=name,
        title=name,
        curriculum_id=name.upper(),
        layer="low",
        entry=Entry(EntryKind.FUNCTION, "work.py", ("f",)),
        skills=skills,
        needs=(),
        minutes=minutes,
        environment="base",
        imports=(),
        profile=Profile.COMPUTE,
        limits=Limits(),
        folder=Path(name),
        version="v",
    )


def catalogue(needs: dict[str, tuple[str, ...]], *labs: Lab, high: tuple[str, ...] = ()):
    """Return a catalogue of two layers; skills are in the low one but for those in `high`."""
    skills = {
        name: Skill(name, name, "high" if name in high else "low", below, ("000 L1",))
        for name, below in needs.items()
    }
    layers = (Layer("low", "Low", 1), Layer("high", "High", 2))
    return Catalogue(layers, skills, {}, {each.id: each for each in labs}, {}, {})


LADDER = {f"s{n}": (f"s{n - 4}",) if n >= 4 else () for n in range(12)}
"""Three steps of four skills, each of which needs one of the step below."""
LABS = [lab(f"lab{k}", tuple(f"s{n}" for n in range(4 * k, 4 * k + 4))) for k in range(3)]
CARDS = {
    f"lab{k}": [choice(f"lab{k}", "a"), number(f"lab{k}", "b"), choice(f"lab{k}", "c", 3)]
    for k in range(3)
}


@pytest.fixture
def ladder():
    whole = catalogue(LADDER, *LABS)
    groups = skill_groups(whole, CARDS)
    return groups, shares_needed(whole, groups)


def answers(group: Group, *right: bool) -> list[CardAnswer]:
    return [
        CardAnswer(card.lab, card.id, each) for card, each in zip(group.cards, right, strict=False)
    ]


class TestGroups:
    def test_depths_become_groups_from_the_ground(self, ladder):
        groups, shares = ladder
        assert [group.id for group in groups] == ["low-1", "low-2", "low-3"]
        assert groups[1].skills == ("s4", "s5", "s6", "s7")
        assert [group.lab for group in groups] == ["lab0", "lab1", "lab2"]
        assert shares == {("low-1", "low-2"): 1, ("low-1", "low-3"): 1, ("low-2", "low-3"): 1}

    def test_small_depths_are_taken_together_and_wide_ones_cut(self):
        needs = {"a": (), "b": ("a",), "c": ("b",), "d": ("c",), "e": ("d",)}
        wide = {f"w{n}": () for n in range(20)}
        groups = skill_groups(catalogue({**needs, **wide}, high=tuple(wide)))
        assert [group.skills for group in groups[:1]] == [("a", "b", "c", "d", "e")]
        assert [len(group.skills) for group in groups[1:]] == [7, 6, 7]

    def test_only_cards_that_gradus_judges_can_place(self):
        whole = catalogue({"a": ()}, lab("x", ("a",)))
        (group,) = skill_groups(whole, {"x": [recall("x", "r"), choice("x", "c")]})
        assert [card.id for card in group.cards] == ["c"]

    def test_a_group_is_spoken_for_as_far_as_its_labs_reach(self):
        whole = catalogue(dict.fromkeys("abcd", ()), lab("x", ("a", "b")), lab("y", ("c",)))
        (group,) = skill_groups(whole, {"x": [choice("x", "c")], "y": [recall("y", "r")]})
        assert group.spoken_for == ("a", "b")

    def test_the_shorter_of_two_labs_that_cover_as_much_is_taken(self):
        whole = catalogue({"a": ()}, lab("long", ("a",), 90), lab("short", ("a",), 20))
        assert skill_groups(whole)[0].lab == "short"

    @given(st.data())
    @settings(max_examples=40, deadline=None)
    def test_every_skill_is_in_one_group_of_its_layer(self, data):
        names = [f"s{n}" for n in range(data.draw(st.integers(1, 40)))]
        needs = {
            name: tuple(data.draw(st.lists(st.sampled_from(names[:place]), max_size=3)))
            if place
            else ()
            for place, name in enumerate(names)
        }
        high = tuple(data.draw(st.lists(st.sampled_from(names), unique=True)))
        whole = catalogue(needs, high=high)
        groups = skill_groups(whole)
        assert sorted(s for group in groups for s in group.skills) == sorted(names)
        for group in groups:
            assert {whole.skills[skill].layer for skill in group.skills} == {group.layer}
            assert len(group.skills) <= MOST_SKILLS
            alone = sum(each.layer == group.layer for each in whole.skills.values())
            assert len(group.skills) >= min(LEAST_SKILLS, alone)


class TestAsking:
    def test_right_answers_place_and_wrong_ones_do_not(self, ladder):
        groups, shares = ladder
        known = group_states(groups, shares, answers(groups[0], True, True))
        assert known["low-1"].outcome is Outcome.PLACED
        unknown = group_states(groups, shares, answers(groups[0], False, False))
        assert unknown["low-1"].outcome is Outcome.NOT_YET

    def test_who_lacks_the_ground_hardly_has_what_stands_on_it(self, ladder):
        groups, shares = ladder
        states = group_states(groups, shares, answers(groups[0], False, False, False))
        assert states["low-3"].chance < 0.2

    def test_who_has_the_top_hardly_lacks_the_ground_but_is_asked_there_too(self, ladder):
        groups, shares = ladder
        given = answers(groups[2], True, True, True)
        states = group_states(groups, shares, given)
        assert states["low-1"].chance > 0.6
        assert states["low-1"].outcome is Outcome.OPEN
        assert next_card(groups, shares, given) is not None

    def test_a_tick_alone_places_nothing(self, ladder):
        groups, shares = ladder
        states = group_states(groups, shares, [], said=list(LADDER))
        assert {each.chance for each in states.values()} == {SAID_PRIOR}
        assert SAID_PRIOR < PLACED_FROM
        assert placed_skills(groups, states) == ()

    def test_a_passed_lab_speaks_for_its_group(self, ladder):
        groups, shares = ladder
        states = group_states(groups, shares, [], passed=["lab1"])
        assert states["low-2"].outcome is Outcome.PLACED
        assert placed_skills(groups, states) == groups[1].skills

    def test_placed_groups_name_the_lab_that_would_show_them(self, ladder):
        groups, shares = ladder
        given = answers(groups[0], True, True)
        states = group_states(groups, shares, given)
        assert labs_to_pass(groups, states, ()) == ("lab0",)
        assert labs_to_pass(groups, states, ("lab0",)) == ()

    def test_no_card_is_asked_twice_and_the_budget_holds(self, ladder):
        groups, shares = ladder
        for right in (True, False):
            given: list[CardAnswer] = []
            while (asked := next_card(groups, shares, given)) is not None:
                given.append(CardAnswer(asked[1].lab, asked[1].id, right))
            assert len({(each.lab, each.card) for each in given}) == len(given)
            assert len(given) <= min(BUDGET, MOST_CARDS * len(groups))

    def test_asking_ends_when_the_budget_is_spent(self):
        needs = {f"s{n}": () for n in range(9 * 40)}
        labs = [lab(f"lab{k}", tuple(f"s{n}" for n in range(9 * k, 9 * k + 9))) for k in range(40)]
        whole = catalogue(needs, *labs)
        groups = skill_groups(whole, {each.id: [choice(each.id, "a")] for each in labs})
        given = [CardAnswer(group.lab, "a", False) for group in groups[:BUDGET]]
        assert next_card(groups, {}, given[:-1]) is not None
        assert next_card(groups, {}, given) is None

    def test_a_number_is_asked_before_a_choice_that_can_be_guessed(self, ladder):
        groups, shares = ladder
        asked = next_card(groups, shares, [])
        assert asked is not None
        assert asked[1].kind is CardKind.NUMBER

    def test_the_same_answers_lead_to_the_same_question(self, ladder):
        groups, shares = ladder
        given = answers(groups[0], True)
        assert next_card(groups, shares, given) == next_card(groups, shares, given)

    def test_an_answer_to_a_card_that_is_gone_counts_nothing(self, ladder):
        groups, shares = ladder
        with_ghost = group_states(groups, shares, [CardAnswer("gone", "x", True)])
        assert with_ghost == group_states(groups, shares, [])

    @given(st.lists(st.booleans(), max_size=9), st.integers(0, 8))
    def test_one_more_right_answer_never_lowers_the_chance_of_its_group(self, given, place):
        whole = catalogue(LADDER, *LABS)
        groups = skill_groups(whole, CARDS)
        shares = shares_needed(whole, groups)
        every = [(group, card) for group in groups for card in group.cards]
        said = [
            CardAnswer(card.lab, card.id, right)
            for (_, card), right in zip(every, given, strict=False)
            if (card.lab, card.id) != (every[place][1].lab, every[place][1].id)
        ]
        group, card = every[place]
        before = group_states(groups, shares, said)[group.id].chance
        after = group_states(groups, shares, [*said, CardAnswer(card.lab, card.id, True)])
        assert after[group.id].chance > before


def test_those_who_are_placed_know_in_nearly_all_cases(ladder):
    """Learners drawn by the rules that the asking assumes: slips and guesses included."""
    groups, shares = ladder
    seen: Counter[tuple[bool, Outcome]] = Counter()
    for seed in range(150):
        rng = Random(seed)
        reach = rng.randrange(4)
        knows = {group.id: place < reach for place, group in enumerate(groups)}
        given: list[CardAnswer] = []
        while (asked := next_card(groups, shares, given)) is not None:
            group, card = asked
            guess = 1 / len(card.choices) if card.choices else 0.05
            right = rng.random() < (0.9 if knows[group.id] else guess)
            given.append(CardAnswer(card.lab, card.id, right))
        for name, state in group_states(groups, shares, given).items():
            seen[knows[name], state.outcome] += 1
    placed = seen[True, Outcome.PLACED] + seen[False, Outcome.PLACED]
    refused = seen[True, Outcome.NOT_YET] + seen[False, Outcome.NOT_YET]
    assert placed > 100
    assert seen[False, Outcome.PLACED] / placed < 1 - PLACED_FROM + 0.02
    assert seen[True, Outcome.NOT_YET] / refused < 0.12
