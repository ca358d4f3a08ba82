"""A placement: cards asked one after another until it is clear what a learner has already.

Every answer goes into the record; what is found is computed from the answers again each time. It
must not make a skill shown: only a lab does.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from gradus.catalogue import load_cards
from gradus.catalogue.cards import expected_number, fill, is_right, question
from gradus.core.card import Card, CardKind
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError, UsageError
from gradus.desk.desk import Desk
from gradus.desk.labels import skill_label
from gradus.desk.profile import said_skills
from gradus.desk.record import evidence
from gradus.ledger import Row
from gradus.planner.groups import Group, shares_needed, skill_groups
from gradus.planner.mastery import Standing, lab_states
from gradus.planner.placement import (
    BUDGET,
    CardAnswer,
    GroupState,
    group_states,
    labs_to_pass,
    next_card,
    placed_skills,
)
from gradus.planner.placement import Outcome as Outcome

PLACEMENT = "placement"
BEGAN, ANSWERED = "began", "answered"


@dataclass(frozen=True, slots=True)
class PlacementQuestion:
    """One card of a placement as a person meets it; what is right is not in it."""

    lab: str
    """Id of the lab that the card belongs to."""
    card: str
    """Id of the card in its lab."""
    number: int
    """Which question of this placement it is, from 1."""
    at_most: int
    """How many there can be."""
    about: str
    """What it is about, as short names of skills."""
    text: str
    """The question, as Markdown."""
    choices: tuple[str, ...] = ()
    """What is offered, in the order of this placement; nothing where a number is asked for."""


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """What a placement says of one group of skills."""

    id: str
    """Layer and number."""
    layer: str
    """Title of its layer."""
    skills: tuple[str, ...]
    """Ids of the skills that the cards speak for."""
    state: GroupState
    """How sure it is, and beyond which bound."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a placement stands."""

    question: PlacementQuestion | None
    """What is asked next; None when asking is over."""
    asked: int
    """How many cards were answered."""
    groups: tuple[PlacedGroup, ...]
    """The groups that cards can place, from the ground."""
    placed: tuple[str, ...]
    """Ids of the skills that were found known."""
    labs: tuple[str, ...]
    """Ids of the labs whose pass would turn that into skills shown."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person is told of their answer."""

    right: bool
    """Whether it was right."""
    answer: str
    """The right answer."""
    because: str
    """Why, or why what was chosen is not right."""


def placement(desk: Desk) -> Placement:
    """Return where the placement stands and what is asked next; writes nothing."""
    ground = _Ground.of(desk)
    run = _last_run(desk)
    states = ground.states(run)
    asking = _next(ground, run)
    titles = {layer.id: layer.title for layer in desk.catalogue.layers}
    return Placement(
        question=None if asking is None else _as_met(*asking, run),
        asked=len(run.answers),
        groups=tuple(
            PlacedGroup(group.id, titles[group.layer], group.spoken_for, states[group.id])
            for group in ground.groups
            if group.cards
        ),
        placed=placed_skills(ground.groups, states),
        labs=labs_to_pass(ground.groups, states, ground.passed),
    )


def begin_placement(desk: Desk) -> Placement:
    """Begin a placement anew; earlier answers stay in the record and count no more."""
    desk.ledger().append(PLACEMENT, {"event": BEGAN, "seed": _fresh_seed()})
    return placement(desk)


def answer_placement(desk: Desk, lab: str, card: str, text: str) -> Answered:
    """Record an answer to the card that is asked now; an empty one means not knowing.

    A choice is answered with its number, from 1. Raises UsageError for another card than the one
    that is asked, and for an answer that is none; then nothing is recorded.
    """
    run = _last_run(desk)
    asking = _next(_Ground.of(desk), run)
    if asking is None or (asking[1].lab, asking[1].id) != (lab, card):
        raise UsageError("That question is not asked any more. Go on with the one that is.")
    if not run.begun:
        desk.ledger().append(PLACEMENT, {"event": BEGAN, "seed": run.seed})
    found = asking[1]
    told, values = _judged(found, text.strip(), run.seed)
    desk.ledger().append(
        PLACEMENT,
        {
            "event": ANSWERED,
            "lab": lab,
            "card": card,
            "values": values,
            "answer": text.strip(),
            "right": told.right,
        },
    )
    return told


def placed(desk: Desk) -> tuple[str, ...]:
    """Return the ids of the skills that the last placement found known."""
    if desk.workspace is None or not (run := _last_run(desk)).answers:
        return ()
    ground = _Ground.of(desk)
    return placed_skills(ground.groups, ground.states(run))


@dataclass(frozen=True, slots=True)
class _Run:
    """One placement, as the record has it."""

    seed: int
    """What the numbers of its cards and the order of its choices are drawn from."""
    answers: tuple[CardAnswer, ...] = ()
    begun: bool = True


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a placement is computed from, apart from its answers."""

    groups: tuple[Group, ...]
    shares: Mapping[tuple[str, str], float]
    passed: frozenset[str]
    said: tuple[str, ...]

    @classmethod
    def of(cls, desk: Desk) -> "_Ground":
        states = lab_states(desk.catalogue, evidence(desk.ledger()))
        passed = (name for name, state in states.items() if state.standing is Standing.SHOWN)
        groups, shares = _groups(_Identity(desk.catalogue))
        return cls(groups, shares, frozenset(passed), said_skills(desk))

    def states(self, run: _Run) -> dict[str, GroupState]:
        """Return what the answers of a run say of every group."""
        return group_states(self.groups, self.shares, run.answers, self.passed, self.said)


class _Identity:
    """A catalogue that is equal to itself alone, so that what is derived from it is kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.catalogue.labs is other.catalogue.labs

    def __hash__(self) -> int:
        return id(self.catalogue.labs)


@lru_cache(maxsize=2)
def _groups(of: _Identity) -> tuple[tuple[Group, ...], Mapping[tuple[str, str], float]]:
    """Return the groups with their cards; they change only with the catalogue."""
    groups = skill_groups(of.catalogue, dict(_cards(of.catalogue)))
    return groups, shares_needed(of.catalogue, groups)


def _cards(catalogue: Catalogue) -> Iterator[tuple[str, tuple[Card, ...]]]:
    for lab in catalogue.labs.values():
        try:
            yield lab.id, load_cards(lab)
        except ContentError:  # its author is told by `gradus lab check`; a placement does without
            continue


def _next(ground: _Ground, run: _Run) -> tuple[Group, Card] | None:
    return next_card(ground.groups, ground.shares, run.answers, ground.passed, ground.said)


def _last_run(desk: Desk) -> _Run:
    """Return the placement that was begun last, or one that begins with the first answer.

    The seed of one that is not in the record yet comes from how long the record is, so that a
    page that is loaded twice asks the same.
    """
    rows = list(desk.ledger().rows(PLACEMENT))
    began = [place for place, row in enumerate(rows) if row.facts.get("event") == BEGAN]
    if not began:
        return _Run(_first_seed(desk), begun=False)
    answers = tuple(map(_answer, rows[began[-1] + 1 :]))
    return _Run(int(rows[began[-1]].facts["seed"]), answers)


def _answer(row: Row) -> CardAnswer:
    return CardAnswer(str(row.facts["lab"]), str(row.facts["card"]), bool(row.facts["right"]))


def _first_seed(desk: Desk) -> int:
    first = next(desk.ledger().rows(), None)
    return int(first.hash.removeprefix("sha256:")[:8], 16) if first else 1


def _fresh_seed() -> int:
    return secrets.randbelow(2**31)


def _as_met(group: Group, card: Card, run: _Run) -> PlacementQuestion:
    values = _drawn(card, run.seed)
    return PlacementQuestion(
        lab=card.lab,
        card=card.id,
        number=len(run.answers) + 1,
        at_most=BUDGET,
        about=", ".join(skill_label(skill) for skill in group.spoken_for),
        text=question(card, values),
        choices=tuple(card.choices[place].text for place in _order(card, run.seed)),
    )


def _judged(card: Card, text: str, seed: int) -> tuple[Answered, dict[str, int]]:
    """Return what a person is told of an answer, and the numbers that were drawn."""
    values = _drawn(card, seed)
    if card.kind is CardKind.NUMBER:
        right = f"{expected_number(card, values):.6g}"
        held = bool(text) and is_right(card, values, _number(text))
        return Answered(held, right, fill(card.explanation, values)), values
    order = _order(card, seed)
    correct = next(choice for choice in card.choices if choice.correct)
    if not text:
        return Answered(False, correct.text, correct.because), values
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= len(order)):
        raise UsageError(
            f"'{text}' is none of the answers. They have the numbers 1 to {len(order)}."
        )
    chosen = card.choices[order[int(text) - 1]]
    return Answered(chosen.correct, correct.text, chosen.because), values


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        raise UsageError(f"'{text}' is no number, such as 0.25.") from None


def _drawn(card: Card, seed: int) -> dict[str, int]:
    rng = Random(f"{seed} {card.lab} {card.id}")
    return {name: rng.randint(low, high) for name, (low, high) in sorted(card.parameters.items())}


def _order(card: Card, seed: int) -> list[int]:
    places = list(range(len(card.choices)))
    Random(f"{seed} {card.lab} {card.id} order").shuffle(places)
    return places


def as_fact(standing: Placement) -> dict[str, Any]:
    """Return where a placement stands, as the object that `--json` prints."""
    asked = standing.question
    return {
        "question": None
        if asked is None
        else {
            "lab": asked.lab,
            "card": asked.card,
            "number": asked.number,
            "at_most": asked.at_most,
            "about": asked.about,
            "text": asked.text,
            "choices": asked.choices,
        },
        "asked": standing.asked,
        "groups": [
            {
                "group": each.id,
                "skills": each.skills,
                "chance": round(each.state.chance, 4),
                "asked": each.state.asked,
                "outcome": each.state.outcome,
            }
            for each in standing.groups
        ],
        "placed": standing.placed,
        "labs": standing.labs,
    }
