"""A placement at the desk: asked by the page or the terminal, kept in the record."""

import pytest

from gradus.catalogue import load_cards, load_catalogue
from gradus.catalogue.cards import expected_number
from gradus.core.card import CardKind
from gradus.core.errors import UsageError
from gradus.desk.desk import Desk
from gradus.desk.pages import standings
from gradus.desk.placement import (
    _drawn,
    answer_placement,
    begin_placement,
    placed,
    placement,
)
from gradus.desk.profile import answer
from gradus.desk.workspace import create_workspace
from gradus.judge import Pool
from gradus.planner.mastery import Standing

WHOLE = load_catalogue()


@pytest.fixture
def desk(tmp_path):
    workspace = create_workspace(tmp_path)
    with Desk(WHOLE, workspace, Pool(lambda environment, imports: None)) as desk:
        yield desk


def right_answer(desk: Desk, question) -> str:
    """Return what a person who knows would answer."""
    cards = {card.id: card for card in load_cards(desk.catalogue.lab(question.lab))}
    card = cards[question.card]
    if card.kind is CardKind.CHOICE:
        correct = next(choice.text for choice in card.choices if choice.correct)
        return str(question.choices.index(correct) + 1)
    seed = next(desk.ledger().rows("placement")).facts["seed"]
    return repr(expected_number(card, _drawn(card, seed)))


def test_looking_writes_nothing_and_asks_the_same_each_time(desk):
    assert placement(desk) == placement(desk)
    assert list(desk.ledger().rows("placement")) == []


def test_who_knows_everything_is_placed_and_has_shown_nothing(desk):
    begin_placement(desk)
    asked = 0
    while (question := placement(desk).question) is not None:
        asked += 1
        assert question.number == asked
        assert answer_placement(
            desk, question.lab, question.card, right_answer(desk, question)
        ).right
    done = placement(desk)
    assert set(done.placed) == {skill for group in done.groups for skill in group.skills}
    assert asked <= 30
    states = standings(desk).skills
    assert {name for name, state in states.items() if state.placed} == set(done.placed)
    assert not any(state.standing is Standing.SHOWN for state in states.values())
    assert done.labs


def test_who_knows_nothing_is_placed_nowhere(desk):
    while (question := placement(desk).question) is not None:
        told = answer_placement(desk, question.lab, question.card, "")
        assert not told.right
        assert told.answer
    assert placed(desk) == ()
    assert placement(desk).labs == ()


def test_the_record_keeps_the_question_and_the_answer(desk):
    question = placement(desk).question
    answer_placement(desk, question.lab, question.card, "1")
    began, answered = desk.ledger().rows("placement")
    assert began.facts["event"] == "began"
    assert answered.facts["event"] == "answered"
    assert (answered.facts["lab"], answered.facts["card"]) == (question.lab, question.card)
    assert answered.facts["answer"] == "1"
    assert desk.ledger().verify() == 2


def test_a_card_that_is_not_asked_now_is_refused(desk):
    question = placement(desk).question
    answer_placement(desk, question.lab, question.card, "")
    with pytest.raises(UsageError, match="is not asked any more"):
        answer_placement(desk, question.lab, question.card, "1")
    assert placement(desk).asked == 1


@pytest.mark.parametrize("text", ["0", "99", "x", "1.5.2", "²"])
def test_an_answer_that_is_none_is_refused_and_not_recorded(desk, text):
    kinds = set()
    while (question := placement(desk).question) is not None and len(kinds) < 2:
        if question.choices or text in ("x", "1.5.2", "²"):
            with pytest.raises(UsageError, match=r"is none of the answers|is no number"):
                answer_placement(desk, question.lab, question.card, text)
        kinds.add(bool(question.choices))
        before = placement(desk).asked
        answer_placement(desk, question.lab, question.card, "")
        assert placement(desk).asked == before + 1
    assert kinds == {True, False}


def test_a_placement_begun_anew_forgets_nothing_and_counts_from_nothing(desk):
    question = placement(desk).question
    answer_placement(desk, question.lab, question.card, "")
    assert begin_placement(desk).asked == 0
    assert len(list(desk.ledger().rows("placement"))) == 3


def test_choices_stand_in_another_order_in_another_placement(desk):
    orders = set()
    for _ in range(5):
        begin_placement(desk)
        while (question := placement(desk).question) is not None:
            if question.choices:
                orders.add(question.choices)
                break
            answer_placement(desk, question.lab, question.card, "")
    assert len(orders) > 1


def test_what_is_said_is_seen_beside_what_is_shown(desk):
    answer(desk, {"known": "py-basics"})
    state = standings(desk).skills["py-basics"]
    assert (state.said, state.placed, state.standing) == (True, False, Standing.IN_REACH)
    assert placed(desk) == ()
