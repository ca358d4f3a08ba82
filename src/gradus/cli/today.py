"""`today`: what to do now, in the minutes at hand.

It must not plan: the desk has the plan.
"""

from typing import Any

import click

from gradus.cli import plan_texts as texts
from gradus.cli.options import speaks
from gradus.cli.terminal import Terminal
from gradus.core.errors import UsageError
from gradus.desk.desk import sit_down
from gradus.desk.plan_page import minutes_of, today_page
from gradus.desk.study import mark_done


@click.command(short_help="Say what to do now, in the minutes at hand.")
@click.option("--minutes", help="How many minutes you have; otherwise those of your profile.")
@click.option("--done", metavar="NAME", help="Say that a reading or project is done.")
@click.option("--undo", metavar="NAME", help="Say that it is not done after all.")
@speaks
def today(terminal: Terminal, minutes: str | None, done: str | None, undo: str | None) -> None:
    """Say what to do now: due reviews first, then what the plan has for today."""
    if done and undo:
        raise UsageError("Give --done or --undo, not both.")
    at_hand = minutes_of(minutes) if minutes is not None else None
    with sit_down() as desk:
        for name, is_done in ((done, True), (undo, False)):
            if name:
                title = mark_done(desk, name, is_done)
                terminal.tell(f"{'Done' if is_done else 'To be done again'}: {title}")
        with terminal.waiting("Making the plan"):
            page = today_page(desk, at_hand)
        terminal.say(texts.today_text(page))
        terminal.give(today_object(page))


def today_object(page: Any) -> dict[str, Any]:
    """Return today as the object that `--json` prints."""
    return {
        "day": page.day,
        "minutes": page.minutes,
        "left": page.left,
        "cards_due": page.cards_due,
        "labs_due": page.labs_due,
        "measured_today": page.done_today,
        "ends": page.ends,
        "items": [texts.work_object(each) for each in page.items],
        "change": texts.change_object(page.change),
    }
