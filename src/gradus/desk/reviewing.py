"""Reviewing cards: what is asked, what an answer does, and taking it back.

It must not compute a schedule or draw a number: the planner does. What is answered is kept as it
was; undoing adds a row and removes none.
"""

import math
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gradus.catalogue import cards as card_files
from gradus.core.card import Card, CardKind
from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.core.review import Grade, Review
from gradus.core.verdict import Verdict
from gradus.core.work import PAUSE
from gradus.desk.desk import Desk
from gradus.desk.pages import address
from gradus.desk.record import ATTEMPT, REVEALED
from gradus.desk.review_log import ANSWER, BACK, REVIEW, UNDO, ReviewLog, item_of, read_reviews
from gradus.desk.review_settings import daily_limit
from gradus.desk.review_view import CardView, ChoiceView, SetAside
from gradus.desk.timing import local_day
from gradus.ledger.store import now as this_moment
from gradus.planner.drawing import drawn_numbers, order_of_choices
from gradus.planner.reviewing import (
    SCHEDULER,
    Memory,
    Queue,
    Today,
    due_counts,
    expected_review_minutes,
    queue,
    reviewed,
    schedule,
    seconds_for_a_card,
)

NAMES = {Grade.AGAIN: "Again", Grade.HARD: "Hard", Grade.GOOD: "Good", Grade.EASY: "Easy"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LARGEST_SEED = 2**31
ANSWERING = threading.Lock()
"""Held from looking whether a card was answered until its answer is kept."""


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards that may be asked, and all that is known about them."""

    cards: Mapping[str, Card]
    """Cards of labs that were passed or revealed, in the order in which that happened."""
    log: ReviewLog
    """Every review."""
    memories: Mapping[str, Memory]
    """What the reviews say."""
    today: Today
    """This moment and the day's limit."""

    @property
    def answered_today(self) -> frozenset[str]:
        """Cards that were answered today, once or more."""
        day = self.today.day
        return frozenset(
            each.item for each in self.log.standing if each.grade and local_day(each.at) == day
        )

    def queue(self) -> Queue:
        """Return what is asked now."""
        return queue(list(self.cards), self.memories, self.answered_today, self.today)


def read_deck(desk: Desk, now: datetime | None = None, limit: int | None = None) -> Deck:
    """Return the learner's cards; raises UsageError for a daily limit that is none."""
    log = read_reviews(desk.ledger())
    most = daily_limit(desk.here()) if limit is None else limit
    return Deck(
        _available(desk), log, schedule(log.standing), Today(now or this_moment(), most, local_day)
    )


def show_card(
    desk: Desk, deck: Deck, item: str, seed: int | None = None, given: str | None = None
) -> CardView:
    """Return a card as it is asked with a seed, fresh without one; with an answer, what it is.

    `given` is what was typed or the letter that was chosen; empty where somebody does not know or
    says the answer aloud. Raises UsageError for a card that is not the learner's.
    """
    card = _card(deck, item)
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    values = drawn_numbers(card, seed)
    right = None if given is None else _is_right(card, seed, given)
    lab = desk.catalogue.labs[card.lab]
    shown = given is not None
    return CardView(
        item=item,
        address=address(lab),
        lab_title=lab.title,
        kind=str(card.kind),
        question=card_files.question(card, values),
        seed=seed,
        is_new=item not in deck.memories,
        shown=shown,
        given=given or "",
        right=right,
        answer=_answer(card, values) if shown else "",
        explanation=card_files.fill(card.explanation, values) if shown else "",
        choices=_choices(card, seed, given),
        grades=_grades(deck, item, right) if shown else (),
    )


def answer_card(
    desk: Desk, item: str, grade: str, *, seed: int, given: str = "", seconds: float = 0.0
) -> None:
    """Record how a card was remembered, with all that makes it the same card again.

    A card is asked with a fresh seed each time, so an answer that comes twice is kept once. Raises
    UsageError for a grade that is none, for more than `again` after a wrong answer, and for another
    grade than the one that was given.
    """
    card = _card(read_deck(desk), item)
    if grade not in set(Grade):
        hint = did_you_mean(grade, [str(each) for each in Grade])
        raise UsageError(f"'{grade}' is no grade.{hint} There are again, hard, good and easy.")
    right = _is_right(card, seed, given)
    if right is False and grade != Grade.AGAIN:
        raise UsageError("That answer was wrong, so the card comes back: its grade is again.")
    facts = {
        "act": ANSWER,
        "lab": card.lab,
        "card": card.id,
        "card_kind": card.kind,
        "grade": grade,
        "seed": seed,
        "given": given,
        "right": right,
        "seconds": round(seconds, 1) if 0 < seconds <= PAUSE.total_seconds() else 0.0,
        "scheduler": SCHEDULER,
    }
    with ANSWERING:
        before = read_reviews(desk.ledger()).answer_to(item, seed)
        if before is None:
            desk.ledger().append(REVIEW, facts)
        elif before.grade != grade:
            raise UsageError(
                f"This card was answered already, with {before.grade}. "
                "Take that answer back first; then the card is asked again."
            )


def undo_answer(desk: Desk) -> str:
    """Take back the last answer of today and return its card; raises UsageError without one."""
    log = read_reviews(desk.ledger())
    last = log.last_answer()
    if last is None or local_day(last.at) != local_day(this_moment()):
        raise UsageError("There is no answer of today to take back.")
    lab, _, card = last.item.partition("/")
    desk.ledger().append(REVIEW, {"act": UNDO, "lab": lab, "card": card, "undoes": last.seq})
    return last.item


def bring_back(desk: Desk, item: str) -> None:
    """Ask a card again that was set aside; raises UsageError for one that was not."""
    deck = read_deck(desk)
    card = _card(deck, item)
    memory = deck.memories.get(item)
    if memory is None or not memory.is_set_aside:
        raise UsageError(f"The card {item} is not set aside.")
    desk.ledger().append(REVIEW, {"act": BACK, "lab": card.lab, "card": card.id})


def set_aside_cards(desk: Desk, deck: Deck) -> tuple[SetAside, ...]:
    """Return the cards that failed too often, with the lab to go back to."""
    found = []
    for item in deck.queue().set_aside:
        card, lab = deck.cards[item], desk.catalogue.labs[deck.cards[item].lab]
        asks = card_files.question(card, drawn_numbers(card, 0))
        failures = deck.memories[item].failures
        found.append(SetAside(item, address(lab), lab.title, asks, failures))
    return tuple(found)


def cards_ahead(
    deck: Deck, n_days: int, arriving: Mapping[int, int] | None = None
) -> dict[date, int]:
    """Return how many cards come today and on each day after it, answered well each time."""
    left = deck.today.limit - len(deck.answered_today)
    counts = due_counts(list(deck.cards), deck.memories, deck.today, n_days, arriving=arriving)
    days = [deck.today.day + timedelta(days=ahead) for ahead in range(n_days)]
    found = dict(zip(days, counts, strict=True))
    if days:
        found[days[0]] = min(found[days[0]], max(0, left))
    return found


def card_minutes_ahead(
    desk: Desk, n_days: int, arriving: Mapping[int, int] | None = None
) -> dict[date, float]:
    """Return the minutes of cards that are expected today and on each day after it.

    `arriving` says how many new cards come on which day ahead, from labs that a plan passes.
    """
    deck = read_deck(desk)
    seconds = seconds_for_a_card(deck.log.seconds)
    ahead = cards_ahead(deck, n_days, arriving)
    minutes = expected_review_minutes(tuple(ahead.values()), seconds)
    return dict(zip(ahead, minutes, strict=True))


def _available(desk: Desk) -> dict[str, Card]:
    """Return the cards of labs that were passed or revealed; what cannot be read is left out."""
    found: dict[str, Card] = {}
    seen: set[str] = set()
    for row in desk.ledger().rows((ATTEMPT, REVEALED)):
        passed = row.kind == ATTEMPT and row.facts["verdict"] == Verdict.PASSED
        name = str(row.facts.get("lab", ""))
        if not (passed or row.kind == REVEALED) or name in seen:
            continue
        seen.add(name)
        lab = desk.catalogue.labs.get(name)
        if lab is not None:
            cards, _ = card_files.read_cards(lab)
            found.update({item_of(name, card.id): card for card in cards})
    return found


def _card(deck: Deck, item: str) -> Card:
    if item not in deck.cards:
        raise UsageError(
            f"There is no card '{item}' among those of your passed labs."
            f"{did_you_mean(item, deck.cards)}"
        )
    return deck.cards[item]


def _answer(card: Card, values: Mapping[str, int]) -> str:
    if card.kind is CardKind.CHOICE:
        return ""
    if card.kind is CardKind.NUMBER:
        return f"{card_files.expected_number(card, values):.10g}"
    return card.answer


def _is_right(card: Card, seed: int, given: str) -> bool | None:
    """Say whether an answer is right; None where only the learner can tell."""
    if card.kind is CardKind.CHOICE:
        order = order_of_choices(card, seed)
        letters = LETTERS[: len(order)]
        if given and (len(given) != 1 or given not in letters):
            raise UsageError(f"'{given}' is none of the answers {', '.join(letters)}.")
        return bool(given) and card.choices[order[letters.index(given)]].correct
    if card.kind is CardKind.NUMBER:
        return bool(given) and card_files.is_right(card, drawn_numbers(card, seed), number(given))
    return None


def number(given: str) -> float:
    """Return a number as a person types it; raises UsageError for what is none."""
    try:
        found = float(given.strip())
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise UsageError(f"'{given}' is not a number; write it like 0.25, 1200 or 3e4.")
    return found


def _choices(card: Card, seed: int, given: str | None) -> tuple[ChoiceView, ...]:
    shown = given is not None
    return tuple(
        ChoiceView(
            letter,
            card.choices[place].text,
            card.choices[place].because if shown else "",
            shown and card.choices[place].correct,
            letter == given,
        )
        for letter, place in zip(LETTERS, order_of_choices(card, seed), strict=False)
    )


def _grades(deck: Deck, item: str, right: bool | None) -> tuple[tuple[str, str, str], ...]:
    possible = [Grade.AGAIN] if right is False else list(Grade)
    now = deck.today.now
    found = []
    for grade in possible:
        after = reviewed(deck.memories.get(item), Review(0, item, now, grade))
        assert after is not None
        found.append((str(grade), NAMES[grade], _until(after.due - now.astimezone(UTC))))
    return tuple(found)


def _until(wait: timedelta) -> str:
    if wait < timedelta(days=1):
        return f"{round(wait.total_seconds() / 60)} min"
    return "1 day" if wait.days == 1 else f"{wait.days} days"
