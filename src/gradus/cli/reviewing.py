"""`review`: cards with the keyboard alone, and a passed lab done again.

It must not compute what is due or grade an answer: the desk does.
"""

import contextlib
import sys
import time
from dataclasses import asdict

import click

from gradus.cli import faults, review_texts
from gradus.cli.keys import one_key
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import Terminal
from gradus.core.errors import UsageError
from gradus.desk.again import begin_again, hand_in_again
from gradus.desk.desk import Desk, sit_down
from gradus.desk.judging import verdict_text
from gradus.desk.review_page import review_page
from gradus.desk.review_view import CardView, ReviewPage
from gradus.desk.reviewing import answer_card, bring_back, undo_answer

GRADE_KEYS = {"1": "again", "2": "hard", "3": "good", "4": "easy"}


class Left(Exception):
    """The learner has had enough."""


@click.command(short_help="Answer the cards that are due.")
@click.argument("lab", required=False)
@click.option("--limit", type=Whole(0, 1000), help="Ask this many cards today at most.")
@click.option("--hand-in", is_flag=True, help="With LAB: judge the claim that was asked for.")
@click.option("--bring-back", "card", metavar="CARD", help="Ask a card again that was set aside.")
@speaks
def review(
    terminal: Terminal, lab: str | None, limit: int | None, hand_in: bool, card: str | None
) -> int:
    """Answer the cards of your passed labs that are due; with LAB, do a claim of it again.

    Space shows the answer, 1 to 4 say how well you knew it, u takes the last one back, q leaves.
    """
    if hand_in and lab is None:
        raise UsageError("Say which lab you hand in:\ngradus review LAB --hand-in")
    with sit_down() as desk:
        if card is not None:
            bring_back(desk, card)
            terminal.say(f"{card} comes back.")
            terminal.give({"card": card})
            return 0
        if lab is not None:
            return _hand_in(terminal, desk, lab) if hand_in else _begin(terminal, desk, lab)
        page = review_page(desk, limit=limit)
        if terminal.as_json:
            terminal.give(asdict(page))
            return 0
        with contextlib.suppress(Left):
            _ask_all(terminal, desk, limit)
        terminal.say(review_texts.end_text(review_page(desk, limit=limit)))
    return 0


def _begin(terminal: Terminal, desk: Desk, lab: str) -> int:
    with terminal.waiting(f"Choosing from {lab}"):
        asked = begin_again(desk, lab)
    terminal.say(review_texts.asked_text(asked))
    terminal.give({"lab": asked.lab.id, "claim": asked.sentence, "folder": str(asked.folder)})
    return 0


def _hand_in(terminal: Terminal, desk: Desk, lab: str) -> int:
    with terminal.waiting(f"Judging {lab}"):
        judgement = hand_in_again(desk, lab)
    terminal.say(verdict_text(judgement, colour=terminal.colour))
    terminal.give(judgement.as_json())
    return faults.EXIT_OF_VERDICT[judgement.verdict]


def _ask_all(terminal: Terminal, desk: Desk, limit: int | None) -> None:
    page = review_page(desk, limit=limit)
    if page.card is not None:
        terminal.say(review_texts.begin_text(page))
    while page.card is not None:
        _ask(terminal, desk, page, page.card)
        page = review_page(desk, limit=limit)


def _ask(terminal: Terminal, desk: Desk, page: ReviewPage, card: CardView) -> None:
    """Ask one card until it was graded, or until an earlier answer was taken back."""
    terminal.say(review_texts.question_text(card, page.left))
    began = time.monotonic()
    given = _answer(terminal, desk, card)
    if given is None:
        return
    shown = review_page(desk, item=card.item, seed=card.seed, given=given).card
    assert shown is not None
    terminal.say(review_texts.answer_text(shown))
    seconds = time.monotonic() - began
    offered = [name for name, _, _ in shown.grades]
    while True:
        key = one_key()
        _leave_on(key)
        if key == "u":
            if _undo(terminal, desk):
                return
        elif GRADE_KEYS.get(key) in offered:
            answer_card(
                desk, card.item, GRADE_KEYS[key], seed=card.seed, given=given, seconds=seconds
            )
            terminal.say(review_texts.graded_text(shown, GRADE_KEYS[key]))
            return
        else:
            terminal.say(review_texts.grades_text(shown))


def _answer(terminal: Terminal, desk: Desk, card: CardView) -> str | None:
    """Return what was answered, empty for nothing; None where an answer was taken back instead."""
    while True:
        given = _line() if card.kind == "number" else one_key()
        _leave_on(given)
        if given == "u":
            if _undo(terminal, desk):
                return None
        elif given in ("", " ", "\n"):
            return ""
        elif card.kind == "number" or given in {each.letter for each in card.choices}:
            try:
                review_page(desk, item=card.item, seed=card.seed, given=given)
                return given
            except UsageError as fault:
                terminal.say(str(fault))
        else:
            terminal.say(review_texts.how_text(card))


def _line() -> str:
    sys.stdout.write("> ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    return line.strip() if line else "q"


def _leave_on(key: str) -> None:
    if key == "q":
        raise Left


def _undo(terminal: Terminal, desk: Desk) -> bool:
    """Take the last answer back; say so where there is none."""
    try:
        item = undo_answer(desk)
    except UsageError as fault:
        terminal.say(str(fault))
        return False
    terminal.say(f"{item} was taken back.\n")
    return True
