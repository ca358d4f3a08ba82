"""What `gradus review` prints for each answer of the desk: nouns in, text out.

It must not ask the desk for anything and must not print.
"""

import textwrap
from datetime import datetime

from gradus.desk.again import Asked
from gradus.desk.review_view import CardView, ReviewPage

WIDTH = 88
HOW = {
    "recall": "Say the answer aloud, then: space shows it.",
    "what-if": "Say the answer aloud, then: space shows it.",
    "choice": "Its letter answers; space if you do not know.",
    "number": "Type a number and Enter; only Enter if you do not know.",
}


def begin_text(page: ReviewPage) -> str:
    """Return the first lines of a review."""
    cards = "1 card" if page.left == 1 else f"{page.left} cards"
    return f"{cards} today. u takes the last answer back, q leaves.\n"


def question_text(card: CardView, left: int) -> str:
    """Return a question with what to do about it."""
    new = ", new" if card.is_new else ""
    lines = [f"── {card.address} {card.lab_title}{new} ({left} left)", "", _wrapped(card.question)]
    if card.choices:
        lines.append("")
        lines += [_wrapped(f"{each.letter}  {each.text}", "   ") for each in card.choices]
    return "\n".join([*lines, "", how_text(card)]) + "\n"


def how_text(card: CardView) -> str:
    """Return how a card is answered."""
    return HOW[card.kind]


def answer_text(card: CardView) -> str:
    """Return the answer, with why each choice is right or wrong, and the grades."""
    lines = []
    if card.right is not None:
        lines.append("Right." if card.right else "Not right." if card.given else "The answer:")
    if card.answer:
        lines.append(_wrapped(card.answer))
    if card.explanation:
        lines.append(_wrapped(card.explanation))
    for each in card.choices:
        sign = "✓" if each.correct else "✗"
        lines.append(_wrapped(f"{sign} {each.letter}  {each.text}. {each.because}", "     "))
    return "\n".join([*lines, "", grades_text(card)])


def grades_text(card: CardView) -> str:
    """Return the keys of the grades, each with when the card would come back."""
    keys = {"again": 1, "hard": 2, "good": 3, "easy": 4}
    return "   ".join(f"{keys[name]} {label} ({when})" for name, label, when in card.grades) + "\n"


def graded_text(card: CardView, grade: str) -> str:
    """Return when a card comes back that was just graded."""
    when = next(when for name, _, when in card.grades if name == grade)
    return f"It comes back in {when}.\n"


def end_text(page: ReviewPage) -> str:
    """Return what there is when no card is asked any more: why, and what comes next."""
    lines = []
    if page.card is not None:
        lines.append(f"{page.left} left for today. What you answered is kept.")
    elif not page.cards:
        lines.append("There are no cards yet: they come with the first lab that you pass.")
    elif page.later:
        at = datetime.fromisoformat(page.later).astimezone()
        lines.append(f"Nothing to ask now; a card comes back at {at:%H:%M}.")
    else:
        lines.append(f"Done for today, {page.answered} answered.")
    if page.over_limit and page.card is None:
        lines.append(
            f"{page.over_limit} more are due and wait, because {page.limit} a day is your limit "
            "(daily_limit in gradus.toml, or --limit)."
        )
    for each in page.set_aside:
        lines.append(
            f"Set aside after {each.failures} failures: {each.item}. Its lab teaches it better: "
            f"{each.address}. To be asked again:\ngradus review --bring-back {each.item}"
        )
    for lab in page.again:
        fades = "fading, " if lab.fading else ""
        goes_on = "begun" if lab.begun else f"{fades}about {lab.minutes} min"
        lines.append(f"To do again: {lab.title} ({goes_on})\ngradus review {lab.lab}")
    return "\n".join(lines) + "\n"


def asked_text(asked: Asked) -> str:
    """Return the claim that is to be written anew."""
    return (
        f"One claim of {asked.lab.title}, from the empty file:\n\n{_wrapped(asked.sentence)}\n\n"
        f"Write it in {asked.folder}\nThen hand it in:\n"
        f"gradus review {asked.lab.id} --hand-in\n"
    )


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent)
