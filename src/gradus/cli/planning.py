"""`plan`: what a learner says of their time and aim, which tracks there are, and testing out.

It must not lay a plan: the desk does, and `plan_texts` has the words for it.
"""

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from gradus.cli import plan_texts
from gradus.cli import planning_texts as texts
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import Terminal
from gradus.core.errors import UsageError
from gradus.core.learner import LearnerProfile
from gradus.desk import answers
from gradus.desk.answers import READERS, WEEKDAYS
from gradus.desk.calendars import hour_of, plan_calendar
from gradus.desk.desk import Desk, sit_down
from gradus.desk.placement import (
    Placement,
    PlacementQuestion,
    answer_placement,
    as_fact,
    begin_placement,
    placement,
)
from gradus.desk.plan_page import plan_days, plan_page
from gradus.desk.planning import current_plan, past_plan
from gradus.desk.plans import plan_as_json
from gradus.desk.profile import answer, learner_profile, profile_read, read_own_tracks
from gradus.desk.workspace import create_workspace, home

ROUNDS = 3
"""How often answers that contradict one another are asked for again."""
CONTRARY = ("hours", "start", "target", "days_off")
"""Questions whose answers can contradict one another."""


@click.command(short_help="Show the plan, or say what it is made from.")
@click.option("--setup", is_flag=True, help="Ask for everything a plan is made from.")
@click.option("--background", help="software-engineer, data-scientist, student or from-zero.")
@click.option("--hours", help="10.5 a week, 2,2,2,2,0,3,0 from Monday, or mon=2,sat=4.")
@click.option("--start", help="The first day, as 2027-03-01.")
@click.option("--target", help="The day by which you want to be done.")
@click.option("--role", help="The role that you aim at.")
@click.option("--track", help="The track that you follow.")
@click.option("--days-off", help="Such as '2026-12-24..2026-12-31 Christmas; 2027-01-06'.")
@click.option("--known", help="Skills that you say you have, with commas.")
@click.option("--tracks", is_flag=True, help="List the tracks.")
@click.option("--placement", "placing", is_flag=True, help="Test out of what you know.")
@click.option("--again", is_flag=True, help="With --placement: begin anew.")
@click.option("--answer", "reply", help="With --placement: answer one question and end.")
@click.option("--days", type=Whole(1, 366), default=14, help="How many days to show.")
@click.option("--on", "past", metavar="DAY", help="Show the plan that held on a past day.")
@click.option("--ics", metavar="FILE", help="Write the plan as a calendar; - for standard output.")
@click.option("--at", "begins", metavar="HH:MM", help="With --ics: begin each day's work then.")
@click.option("--anew", is_flag=True, help="Lay the plan from scratch.")
@click.option("--profile", "only_profile", is_flag=True, help="Show what the plan knows of you.")
@speaks
def plan(terminal: Terminal, setup: bool, tracks: bool, **said: Any) -> None:
    """Show the plan; say how much time you have, choose a track, test out of what you know.

    Each option after --setup answers one question of it, and `none` takes an answer back.
    """
    placing, again, reply = said.pop("placing"), said.pop("again"), said.pop("reply")
    days, past, only_profile = said.pop("days"), said.pop("past"), said.pop("only_profile")
    ics, begins, anew = said.pop("ics"), said.pop("begins"), said.pop("anew")
    given = {key: text for key, text in said.items() if text is not None}
    with sit_down() as desk:
        if tracks:
            _list_tracks(terminal, desk)
        elif placing or again or reply is not None:
            _place(terminal, desk, again=again, reply=reply)
        elif setup or given:
            _set_up(terminal, desk, given)
        elif only_profile:
            _show(terminal, desk, learner_profile(desk))
        elif ics is not None or begins is not None:
            _write_calendar(terminal, desk, ics, begins)
        elif past is not None:
            _show_past(terminal, desk, past)
        else:
            _show_plan(terminal, desk, days, anew)


def _show_plan(terminal: Terminal, desk: Desk, n_days: int, anew: bool) -> None:
    with terminal.waiting("Making the plan"):
        if anew:
            current_plan(desk, anew=True)
        page = plan_page(desk)
        days = plan_days(desk, current_plan(desk), n_days)
    terminal.say(plan_texts.plan_text(page, days))
    terminal.give(
        {
            "track": page.track_id,
            "made_on": page.made_on,
            "ends": page.ends,
            "forecast": page.forecast and vars_of(page.forecast),
            "optimal": page.optimal,
            "gap": page.gap,
            "hours": round(page.hours, 2),
            "days": [
                {
                    "day": day.day,
                    "capacity": day.capacity,
                    "items": [plan_texts.work_object(each) for each in day.items],
                }
                for day in days
            ],
            "left_out": [vars_of(each) for each in page.left_out],
            "change": plan_texts.change_object(page.change),
        }
    )


def _show_past(terminal: Terminal, desk: Desk, text: str) -> None:
    day = answers.day(text)
    found = past_plan(desk, day)
    terminal.say(plan_texts.past_plan_text(found))
    terminal.give(plan_as_json(found))


def _write_calendar(terminal: Terminal, desk: Desk, place: str | None, begins: str | None) -> None:
    if place is None:
        raise UsageError("--at belongs to --ics: gradus plan --ics FILE --at 19:00")
    content = plan_calendar(desk, begins=hour_of(begins) if begins else None)
    if place == "-":
        sys.stdout.buffer.write(content)
        return
    path = Path(place).expanduser()
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror}.") from fault
    n_events = content.count(b"BEGIN:VEVENT")
    terminal.say(f"Wrote {n_events} events to {path}. Importing a later one moves them.")
    terminal.give({"file": str(path), "events": n_events})


def vars_of(noun: Any) -> dict[str, Any]:
    """Return the fields of a noun."""
    return {each.name: getattr(noun, each.name) for each in fields(noun)}


def _list_tracks(terminal: Terminal, desk: Desk) -> None:
    catalogue = read_own_tracks(desk)
    chosen = profile_read(desk).profile.track if desk.workspace is not None else ""
    terminal.say(texts.tracks_text(catalogue, chosen))
    terminal.give({"tracks": texts.tracks_object(catalogue), "chosen": chosen})


def _set_up(terminal: Terminal, desk: Desk, given: dict[str, str]) -> None:
    if not given and (terminal.as_json or not sys.stdin.isatty()):
        raise UsageError(
            "There is nobody to ask here. Give the answers as options, such as:\n"
            "gradus plan --setup --background student --hours 10.5"
        )
    _need_workspace(terminal, desk)
    _show(terminal, desk, answer(desk, given) if given else _asked(terminal, desk))


def _show(terminal: Terminal, desk: Desk, profile: LearnerProfile) -> None:
    for note in profile_read(desk).notes:
        terminal.tell(note)
    terminal.say(texts.profile_text(desk.catalogue, profile))
    terminal.give(profile_object(profile))


def _asked(terminal: Terminal, desk: Desk) -> LearnerProfile:
    """Ask every question, and those that contradict one another again."""
    before = profile_read(desk)
    terminal.say(texts.SETUP)
    given: dict[str, str] = {}
    for key in READERS:
        for wrong, sentence in before.wrong:
            if wrong == key:
                terminal.tell(sentence)
        given[key] = _ask(terminal, desk, key, texts.kept(key, before.profile))
    for _ in range(ROUNDS):
        try:
            return answer(desk, given)
        except UsageError as fault:
            terminal.tell(str(fault))
        for key in CONTRARY:
            kept = given[key] or texts.kept(key, before.profile)
            given[key] = _ask(terminal, desk, key, kept) or given[key]
    return answer(desk, given)


def _ask(terminal: Terminal, desk: Desk, key: str, kept: str) -> str:
    """Ask until the answer can be understood; Enter skips."""
    question, hint = texts.QUESTIONS[key]
    offered = hint or ", ".join(desk.catalogue.roles if key == "role" else desk.catalogue.tracks)
    while True:
        terminal.say(f"\n{question} ({offered})")
        said: str = click.prompt(f"[{kept or 'not said'}]", default="", show_default=False)
        if not said.strip() or said.strip().casefold() == "none":
            return said.strip()
        try:
            READERS[key](said, desk.catalogue)
        except UsageError as fault:
            terminal.tell(str(fault))
        else:
            return said


def _place(terminal: Terminal, desk: Desk, *, again: bool, reply: str | None) -> None:
    _need_workspace(terminal, desk)
    standing = begin_placement(desk) if again else placement(desk)
    if reply is not None:
        if standing.question is None:
            raise UsageError(
                "Nothing is asked any more. To begin anew:\ngradus plan --placement --again"
            )
        standing = _answered(terminal, desk, standing.question, reply)
    elif not terminal.as_json and sys.stdin.isatty():
        standing = _dialogue(terminal, desk, standing)
    terminal.say(texts.placement_text(desk.catalogue, standing))
    if standing.question is not None:
        terminal.say(texts.go_on_text(standing.question))
    terminal.give(as_fact(standing))


def _dialogue(terminal: Terminal, desk: Desk, standing: Placement) -> Placement:
    """Ask one card after another until it is clear, or until the person leaves with q."""
    if standing.question is not None:
        terminal.say(texts.PLACEMENT)
    while standing.question is not None:
        terminal.say(texts.question_text(standing.question))
        said: str = click.prompt("Answer", default="", show_default=False)
        if said.strip().casefold() == "q":
            break
        try:
            standing = _answered(terminal, desk, standing.question, said)
        except UsageError as fault:
            terminal.tell(str(fault))
    return standing


def _answered(terminal: Terminal, desk: Desk, asked: PlacementQuestion, said: str) -> Placement:
    told = answer_placement(desk, asked.lab, asked.card, said)
    terminal.say(texts.answered_text(told))
    return placement(desk)


def _need_workspace(terminal: Terminal, desk: Desk) -> None:
    if desk.workspace is None:
        desk.workspace = create_workspace(home())
        terminal.tell(f"Made your workspace in {desk.workspace.root}")


def profile_object(profile: LearnerProfile) -> dict[str, Any]:
    """Return a profile as the object that `--json` prints."""
    return {
        "background": profile.background,
        "hours": {
            name: round(minutes / 60, 4)
            for name, minutes in zip(WEEKDAYS, profile.minutes, strict=True)
        },
        "start": profile.start,
        "target": profile.target,
        "role": profile.role or None,
        "track": profile.track or None,
        "days_off": [
            {"first": each.first, "last": each.last, "name": each.name} for each in profile.days_off
        ],
        "known": profile.said,
    }
