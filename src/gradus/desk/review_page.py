"""What somebody who reviews sees, in the browser and in the terminal, and what is ahead.

It must not decide what is due or how well something was known.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gradus.core.errors import UsageError
from gradus.core.verdict import Judgement
from gradus.desk.again import hand_in_again, labs_to_do_again, minutes_again_ahead
from gradus.desk.desk import Desk
from gradus.desk.files import files_below, save_below
from gradus.desk.lab_page import verdict_view
from gradus.desk.pages import address
from gradus.desk.review_log import read_reviews
from gradus.desk.review_view import AgainPage, ReviewPage
from gradus.desk.reviewing import (
    card_minutes_ahead,
    cards_ahead,
    read_deck,
    set_aside_cards,
    show_card,
)
from gradus.desk.timing import local_day

DAYS_AHEAD = 7


def review_page(
    desk: Desk,
    *,
    item: str = "",
    seed: int | None = None,
    given: str | None = None,
    limit: int | None = None,
) -> ReviewPage:
    """Return the card that is asked now, or the one that is named, and all around it.

    With `given` the card's answer is shown. Raises UsageError for an unknown card.
    """
    deck = read_deck(desk, limit=limit)
    waiting = deck.queue()
    name = item or (waiting.now[0] if waiting.now else "")
    last = deck.log.last_answer()
    return ReviewPage(
        card=show_card(desk, deck, name, seed, given) if name else None,
        left=len(waiting.now),
        answered=len(deck.answered_today),
        limit=deck.today.limit,
        over_limit=waiting.over_limit,
        later=waiting.later.isoformat() if waiting.later else "",
        cards=len(deck.cards),
        can_undo=last is not None and local_day(last.at) == deck.today.day,
        set_aside=set_aside_cards(desk, deck),
        again=labs_to_do_again(desk),
        ahead=tuple((day.isoformat(), n) for day, n in cards_ahead(deck, DAYS_AHEAD).items()),
    )


def again_page(desk: Desk, name: str) -> AgainPage | None:
    """Return the claim of a lab that was asked for last; None where none was."""
    lab = desk.catalogue.lab(name)
    log = read_reviews(desk.ledger())
    row, done = log.asked.get(lab.id), log.done.get(lab.id)
    if row is None:
        return None
    folder = desk.here().review_folder(lab.id, int(row.facts["number"]))
    said = done if done is not None and done.seq > row.seq else None
    return AgainPage(
        address=address(lab),
        title=lab.title,
        sentence=str(row.facts["sentence"]),
        folder=str(folder),
        files=files_below(folder, lab.entry.path),
        verdict=verdict_view(said.facts) if said is not None else None,
    )


def save_and_hand_in(desk: Desk, name: str, path: str, text: str, base: str) -> Judgement:
    """Write a file of a lab that is done again and judge the claim; see `hand_in_again`.

    Raises UsageError where the file changed on disk since the page read it.
    """
    lab = desk.catalogue.lab(name)
    page = again_page(desk, name)
    if page is None or not path:
        return hand_in_again(desk, name)
    if save_below(lab, Path(page.folder), path, text, base).conflict:
        raise UsageError(
            f"{path} changed on disk since this page read it. Nothing was overwritten. "
            "Go back and copy what you wrote."
        )
    return hand_in_again(desk, name)


def review_minutes_ahead(
    desk: Desk, n_days: int, arriving: Mapping[int, int] | None = None
) -> dict[date, float]:
    """Return the minutes of review, cards and labs, expected today and on each day after it.

    `arriving` says how many new cards come on which day ahead, from labs that a plan passes.
    """
    cards = card_minutes_ahead(desk, n_days, arriving)
    labs = minutes_again_ahead(desk, n_days)
    return {day: minutes + labs[day] for day, minutes in cards.items()}
