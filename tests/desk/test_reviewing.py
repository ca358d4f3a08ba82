"""Cards are asked, answered and taken back, and the record keeps every answer as it was."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.card import CardKind
from gradus.core.errors import UsageError
from gradus.core.review import Grade
from gradus.core.verdict import Verdict
from gradus.desk.learning import reveal
from gradus.desk.review_log import read_reviews, reviews_in
from gradus.desk.review_settings import daily_limit
from gradus.desk.reviewing import (
    answer_card,
    bring_back,
    card_minutes_ahead,
    cards_ahead,
    number,
    read_deck,
    set_aside_cards,
    show_card,
    undo_answer,
)
from gradus.ledger import Ledger
from gradus.planner.reviewing import MOST_FAILURES, schedule

CHOICE, NUMBER = "attention/mask-before-softmax", "attention/attention-products"
RECALL = "attention/why-root-d"


@pytest.fixture
def passed(attempted):
    attempted("attention")


def letters(card, *, right: bool) -> str:
    """Return the letter of a right or a wrong answer, from the card shown with its reasons."""
    return next(each.letter for each in card.choices if each.correct is right)


def answer_well(desk, item: str, grade: str = "good") -> None:
    """Answer a card rightly, whichever kind it is."""
    card = show_card(desk, read_deck(desk), item, 1, given="")
    given = letters(card, right=True) if card.choices else card.answer
    answer_card(desk, item, grade, seed=1, given=given)


def test_cards_come_with_a_pass_or_a_reveal_and_not_before(desk, attempted):
    assert not read_deck(desk).cards
    attempted("attention", Verdict.FAILED)
    assert not read_deck(desk).cards
    reveal(desk, "matmul")
    attempted("attention")
    labs = list(dict.fromkeys(card.lab for card in read_deck(desk).cards.values()))
    assert labs == ["matmul", "attention"], "in the order in which that happened"


def test_a_number_card_asks_for_other_numbers_and_a_seed_asks_for_the_same(desk, passed):
    deck = read_deck(desk)
    asked = {show_card(desk, deck, NUMBER, seed).question for seed in range(30)}
    assert len(asked) > 8
    card = show_card(desk, deck, NUMBER, 5)
    assert show_card(desk, deck, NUMBER, 5) == card
    assert "{n}" not in card.question
    assert card.answer == ""
    shown = show_card(desk, deck, NUMBER, 5, given=show_card(desk, deck, NUMBER, 5, "0").answer)
    assert shown.right
    assert shown.explanation
    assert [key for key, _, _ in shown.grades] == ["again", "hard", "good", "easy"]


def test_a_choice_card_is_shuffled_and_explains_each_answer_after_it_was_given(desk, passed):
    deck = read_deck(desk)
    orders = {
        tuple(each.text for each in show_card(desk, deck, CHOICE, seed).choices)
        for seed in range(60)
    }
    assert len(orders) == 6
    before = show_card(desk, deck, CHOICE, 3)
    assert not any(each.because or each.correct for each in before.choices)
    after = show_card(desk, deck, CHOICE, 3, given="a")
    assert all(each.because for each in after.choices)
    assert [each.chosen for each in after.choices] == [True, False, False]
    assert after.right == after.choices[0].correct


def test_a_card_that_is_said_aloud_is_graded_by_the_learner(desk, passed):
    shown = show_card(desk, read_deck(desk), RECALL, 3, given="")
    assert shown.right is None
    assert shown.answer.startswith("A score is a sum")
    assert shown.grades[0] == ("again", "Again", "10 min")


def test_a_wrong_answer_comes_back_whatever_grade_is_asked_for(desk, passed):
    deck = read_deck(desk)
    wrong = letters(show_card(desk, deck, CHOICE, 3, given="a"), right=False)
    assert [key for key, _, _ in show_card(desk, deck, CHOICE, 3, given=wrong).grades] == ["again"]
    with pytest.raises(UsageError, match="its grade is again"):
        answer_card(desk, CHOICE, "good", seed=3, given=wrong)
    answer_card(desk, CHOICE, "again", seed=3, given=wrong)
    (row,) = desk.ledger().rows("review")
    assert (row.facts["right"], row.facts["given"], row.facts["seed"]) == (False, wrong, 3)
    assert row.facts["scheduler"].startswith("fsrs 6.")


def test_an_answer_moves_the_card_away_and_undo_brings_it_back(desk, passed):
    first = read_deck(desk).queue().now[0]
    answer_card(desk, first, "good", seed=1, seconds=12)
    assert first not in read_deck(desk).queue().now
    assert undo_answer(desk) == first
    assert read_deck(desk).queue().now[0] == first
    assert [row.facts["act"] for row in desk.ledger().rows("review")] == ["answer", "undo"]
    with pytest.raises(UsageError, match="no answer of today"):
        undo_answer(desk)


def test_undo_takes_back_one_answer_after_the_other(desk, passed):
    items = read_deck(desk).queue().now[:3]
    for item in items:
        answer_well(desk, item, "easy")
    assert [undo_answer(desk) for _ in items] == list(reversed(items))
    assert read_deck(desk).memories == {}


def test_an_answer_that_comes_twice_is_kept_once_until_it_is_taken_back(desk, passed):
    pressed = [
        threading.Thread(target=answer_card, args=(desk, RECALL, "good"), kwargs={"seed": 7})
        for _ in range(8)
    ]
    for each in pressed:
        each.start()
    for each in pressed:
        each.join()
    answer_card(desk, RECALL, "good", seed=7)
    assert read_deck(desk).memories[RECALL].answers == 1
    with pytest.raises(UsageError, match=r"answered already, with good\. Take that answer back"):
        answer_card(desk, RECALL, "easy", seed=7)
    undo_answer(desk)
    answer_card(desk, RECALL, "easy", seed=7)
    answer_card(desk, RECALL, "good", seed=8)
    assert read_deck(desk).memories[RECALL].answers == 2


def test_an_answer_of_another_day_is_not_taken_back(desk, passed):
    desk.ledger()._clock = lambda: datetime.now(UTC) - timedelta(days=1)
    answer_card(desk, RECALL, "good", seed=1)
    with pytest.raises(UsageError, match="no answer of today"):
        undo_answer(desk)


def test_time_on_a_card_is_not_counted_over_a_pause_nor_below_zero(desk, passed):
    for seed, seconds in enumerate((4000, -3, 12.34)):
        answer_card(desk, RECALL, "hard", seed=seed, seconds=seconds)
    assert read_reviews(desk.ledger()).seconds == [12.3]


def test_a_card_that_always_fails_is_set_aside_with_its_lab_and_can_be_brought_back(desk, passed):
    for seed in range(MOST_FAILURES):
        answer_card(desk, RECALL, "again", seed=seed)
    deck = read_deck(desk)
    (aside,) = set_aside_cards(desk, deck)
    assert (aside.item, aside.failures) == (RECALL, MOST_FAILURES)
    assert aside.address == desk.catalogue.lab("attention").curriculum_id
    assert RECALL not in deck.queue().now
    bring_back(desk, RECALL)
    assert RECALL in read_deck(desk).queue().now
    with pytest.raises(UsageError, match="not set aside"):
        bring_back(desk, RECALL)


def test_the_daily_limit_is_read_from_the_workspace(desk, passed):
    assert daily_limit(desk.here()) == 40
    write(desk, "[review]\ndaily_limit = 2\n")
    for item in read_deck(desk).queue().now:
        answer_well(desk, item)
    deck = read_deck(desk)
    assert (deck.queue().now, deck.queue().over_limit) == ((), 3)
    tomorrow = read_deck(desk, now=datetime.now(UTC) + timedelta(days=1))
    assert len(tomorrow.queue().now) == 2


def write(desk, text: str) -> None:
    path = desk.here().root / "gradus.toml"
    path.write_text(f"format = 1\n\n{text}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[review]\ndaily_limit = -1\n", "daily_limit in [review]"),
        ("[review]\ndaily_limit = 1.5\n", "is 1.5; it has to be a whole number"),
        ("[review]\ndaily_limit = true\n", "from 0 to 1000"),
        ('[review]\ndaily_limit = "many"\n', "is 'many'"),
        ("[review]\ndaily_limits = 9\n", "Did you mean 'daily_limit'?"),
        ("review = 9\n", "has to be a section"),
        ("[review\n", "Mend that line"),
    ],
)
def test_a_daily_limit_that_is_none_is_answered_with_a_sentence(desk, passed, text, said):
    write(desk, text)
    with pytest.raises(UsageError) as refused:
        read_deck(desk)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "1,200", "nan", "inf", "ten", "1 2"])
def test_what_is_no_number_is_said_to_be_none(text):
    with pytest.raises(UsageError, match="not a number"):
        number(text)


def test_an_unknown_card_grade_or_letter_is_answered_with_a_sentence(desk, passed):
    with pytest.raises(UsageError, match=r"no card .* Did you mean 'attention/why-root-d'\?"):
        answer_card(desk, "attention/why-rood-d", "good", seed=1)
    with pytest.raises(UsageError, match=r"no grade\. Did you mean 'good'\?"):
        answer_card(desk, RECALL, "goood", seed=1)
    with pytest.raises(UsageError, match="none of the answers a, b, c"):
        answer_card(desk, CHOICE, "good", seed=1, given="d")
    assert not list(desk.ledger().rows("review"))


def test_every_card_of_the_content_can_be_asked_and_answered(desk, attempted):
    for name in desk.catalogue.labs:
        attempted(name)
    deck = read_deck(desk)
    assert len(deck.cards) >= 5 * len(desk.catalogue.labs)
    for item, card in deck.cards.items():
        shown = show_card(desk, deck, item, 11, given="")
        assert shown.question
        if card.kind is CardKind.NUMBER:
            assert show_card(desk, deck, item, 11, given=shown.answer).right, item
        if card.kind is CardKind.CHOICE:
            assert show_card(desk, deck, item, 11, given=letters(shown, right=True)).right


def test_the_minutes_ahead_are_what_the_planner_leaves_room_for(desk, passed):
    minutes = card_minutes_ahead(desk, 14, arriving={2: 4})
    assert len(minutes) == 14
    today, second, third, *_ = minutes.values()
    assert (today, second, third) == (2.5, 0, 4.5), "five cards, and on the third day four more"
    answer_card(desk, RECALL, "good", seed=1)
    write(desk, "[review]\ndaily_limit = 3\n")
    assert next(iter(cards_ahead(read_deck(desk), 7).values())) == 2


ACTS = st.lists(st.tuples(st.sampled_from(Grade), st.booleans(), st.floats(-9, 9)), max_size=12)


@given(acts=ACTS)
@settings(max_examples=25, deadline=None)
def test_the_whole_schedule_can_be_computed_again_from_an_exported_log(tmp_path_factory, acts):
    folder = tmp_path_factory.mktemp("log")
    with Ledger.open(folder / "one.db") as one, Ledger.open(folder / "two.db") as two:
        now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        one._clock = lambda: now
        for grade, undone, days in acts:
            now += timedelta(days=days)
            facts = {"act": "answer", "lab": "a", "card": "x", "grade": grade, "seconds": 1.0}
            row = one.append("review", facts)
            if undone:
                one.append("review", {"act": "undo", "lab": "a", "card": "x", "undoes": row.seq})
        with (folder / "record.jsonl").open("w") as stream:
            one.export(stream, contents=True)
        with (folder / "record.jsonl").open("rb") as stream:
            two.take_in(stream)
        schedules = [schedule(reviews_in(each.rows()).standing) for each in (one, two)]
        assert schedules[0] == schedules[1]
        kept = sum(not undone for _, undone, _ in acts)
        assert sum(memory.answers for memory in schedules[0].values()) == kept
