"""`cards.toml` becomes cards; numbers are asked and answered with drawn parameters."""

import itertools
import re
from collections.abc import Iterator, Mapping

from gradus.catalogue.arithmetic import ArithmeticFault, evaluate, names_used
from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.core.card import Card, CardKind, Choice
from gradus.core.errors import ContentError
from gradus.core.lab import Lab

MOST_CORNERS = 64
_NAME = re.compile(r"[A-Za-z]\w*")


def load_cards(lab: Lab) -> tuple[Card, ...]:
    """Read a lab's cards; raises the first `ContentError` in them, with path and line."""
    cards, faults = read_cards(lab)
    if faults:
        raise faults[0]
    return cards


def read_cards(lab: Lab) -> tuple[tuple[Card, ...], list[ContentError]]:
    """Read a lab's cards and note every fault in them."""
    faults: list[ContentError] = []
    try:
        section = Section(read_document(lab.folder / "cards.toml"), faults)
    except ContentError as error:
        return (), [error]
    cards: dict[str, Card] = {}
    for each in section.tables("cards"):
        card = _card(lab, each)
        if card.id in cards:
            each.fault("double", f"The card '{card.id}' stands here twice.", "id")
        cards.setdefault(card.id, card)
    section.nothing_else()
    return tuple(cards.values()), faults


def question(card: Card, values: Mapping[str, int]) -> str:
    """Return the question with the drawn numbers in it."""
    return fill(card.question, values)


def expected_number(card: Card, values: Mapping[str, int]) -> float:
    """Return the right answer of a number card for drawn parameters."""
    return evaluate(card.answer, values)


def is_right(card: Card, values: Mapping[str, int], answer: float) -> bool:
    """Return whether a number is within the card's tolerance; rounding in the last place is."""
    right = expected_number(card, values)
    return abs(answer - right) <= max(card.tolerance, 1e-9) * max(abs(right), 1e-9)


def fill(text: str, values: Mapping[str, int]) -> str:
    """Put numbers in the place of `{name}`; other braces, as of mathematics, stay."""
    if not values:
        return text
    names = "|".join(re.escape(name) for name in values)
    return re.sub(rf"\{{({names})\}}", lambda found: str(values[found[1]]), text)


def _card(lab: Lab, section: Section) -> Card:
    kind = CardKind(section.one_of("kind", list(CardKind)) or CardKind.RECALL)
    has_choices, has_number = kind is CardKind.CHOICE, kind is CardKind.NUMBER
    card = Card(
        id=section.text("id"),
        lab=lab.id,
        kind=kind,
        question=section.text("question"),
        answer="" if has_choices else section.text("answer"),
        choices=_choices(section) if has_choices else (),
        parameters=_parameters(section) if has_number else {},
        tolerance=section.number("tolerance", 0.0, above=-1e-300) if has_number else 0.0,
        explanation=section.text("explanation") if has_number else "",
    )
    section.nothing_else()
    if has_number and card.answer:
        _check_number(section, card)
    return card


def _choices(section: Section) -> tuple[Choice, ...]:
    choices = []
    for each in section.tables("choices"):
        choice = Choice(each.text("text"), each.text("because"), each.flag("correct", False))
        each.nothing_else()
        choices.append(choice)
    if len(choices) < 2:
        section.fault("few-choices", "A choice offers at least two answers.", "choices")
    elif sum(choice.correct for choice in choices) != 1:
        section.fault("correct-choices", "Exactly one choice has to be correct.", "choices")
    return tuple(choices)


def _parameters(section: Section) -> dict[str, tuple[int, int]]:
    parameters = {}
    for name, ends in section.mapping("parameters").items():
        match ends:
            case [int() as low, int() as high] if low <= high and _NAME.fullmatch(name):
                parameters[name] = (low, high)
            case _:
                said = f"'{name}' has to be a name with the least and the greatest whole number."
                section.fault("bad-parameter", said, "parameters")
    return parameters


def _check_number(section: Section, card: Card) -> None:
    try:
        used = names_used(card.answer)
        for name in sorted(set(card.parameters) - used):
            said = f"The answer does not depend on the parameter '{name}'."
            section.fault("unused-parameter", said, "parameters")
        for name in sorted(used & set(card.parameters)):
            if f"{{{name}}}" not in card.question:
                said = f"The question does not say '{{{name}}}', on which its answer depends."
                section.fault("unsaid-parameter", said, "question")
        for corner in itertools.islice(_corners(card), MOST_CORNERS):
            expected_number(card, corner)
    except ArithmeticFault as fault:
        section.fault("bad-arithmetic", str(fault), "answer")


def _corners(card: Card) -> Iterator[dict[str, int]]:
    """Yield the parameters at the ends of their ranges, in every combination."""
    names = list(card.parameters)
    for ends in itertools.product(*(card.parameters[name] for name in names)):
        yield dict(zip(names, ends, strict=True))
