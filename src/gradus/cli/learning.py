"""`labs`, `open`, `hint`, `reveal`, `progress`: a learner's way through the labs.

It must not decide what a learner may see: the desk does.
"""

import sys
from typing import Any

import click

from gradus.cli import texts
from gradus.cli.options import speaks
from gradus.cli.terminal import Terminal
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.desk.desk import Desk, sit_down
from gradus.desk.environments import missing_environment
from gradus.desk.learning import has_passed, open_lab, take_hint
from gradus.desk.learning import reveal as reveal_reference
from gradus.desk.pages import roadmap
from gradus.desk.record import attempts
from gradus.desk.view import LabRef, Standing
from gradus.desk.workspace import create_workspace, home


@click.command(short_help="List the labs and where you stand with each.")
@click.option("--all", "everything", is_flag=True, help="List planned labs too.")
@speaks
def labs(terminal: Terminal, everything: bool) -> None:
    """List the labs and where you stand with each."""
    with sit_down() as desk:
        whole = roadmap(desk)
        ids = {lab.curriculum_id or lab.id: lab.id for lab in desk.catalogue.labs.values()}
        terminal.say(
            texts.labs_text(desk.catalogue, whole, everything=everything, colour=terminal.colour)
        )
        terminal.give(
            {"labs": [_lab_object(ref, ids) for ref in whole.labs if ref.exists or everything]}
        )


@click.command("open", short_help="Copy a lab's starter into your workspace.")
@click.argument("lab")
@speaks
def open_command(terminal: Terminal, lab: str) -> None:
    """Copy a lab's starter into your workspace; your own files are never overwritten."""
    with sit_down() as desk:
        found = desk.catalogue.lab(lab)
        if desk.workspace is None:
            desk.workspace = create_workspace(home())
            terminal.tell(f"Made your workspace in {desk.workspace.root}")
        opened = open_lab(desk, found.id)
        missing = missing_environment(desk.catalogue, found)
        terminal.say(texts.opened_text(found, opened, missing))
        terminal.give(
            {
                "lab": found.id,
                "folder": str(opened.folder),
                "written": opened.written,
                "kept": opened.kept,
                "install": missing,
            }
        )


@click.command(short_help="Show the next of three hints.")
@click.argument("lab")
@speaks
def hint(terminal: Terminal, lab: str) -> None:
    """Show the next of a lab's three hints."""
    with sit_down() as desk:
        taken = take_hint(desk, lab)
        terminal.say(texts.hint_text(taken))
        terminal.give({"rung": taken.rung, "of": taken.of, "text": taken.text})


@click.command(short_help="Show the reference.")
@click.argument("lab")
@click.option("--yes", is_flag=True, help="Do not ask, although the lab is not passed yet.")
@speaks
def reveal(terminal: Terminal, lab: str, yes: bool) -> None:
    """Show a lab's reference: after a pass, or on request, which the record keeps."""
    with sit_down() as desk:
        found = desk.catalogue.lab(lab)
        if not yes and not has_passed(desk, found):
            _ask_before_revealing(found, desk)
        reference = reveal_reference(desk, found.id)
        terminal.say(texts.reference_text(found, reference))
        files = {
            path: content.decode("utf-8", "replace") for path, content in reference.files.items()
        }
        terminal.give({"lab": found.id, "after_pass": reference.after_pass, "files": files})


@click.command(short_help="Show what you have shown so far.")
@speaks
def progress(terminal: Terminal) -> None:
    """Show what you have shown so far."""
    with sit_down() as desk:
        whole = roadmap(desk)
        tried = list(attempts(desk.ledger())) if desk.workspace is not None else []
        terminal.say(texts.progress_text(desk.catalogue, whole, tried, colour=terminal.colour))
        terminal.give(
            {
                "skills": {name: getattr(whole.counts, name) for name in COUNTED},
                "labs": [each.address for each in whole.labs if each.standing is Standing.SHOWN],
                "lacks": {each.address: list(each.lacks) for each in whole.labs if each.lacks},
                "attempts": len(tried),
            }
        )


COUNTED = ("total", "shown", "in_progress", "in_reach", "locked", "no_lab_yet", "stale")


def _ask_before_revealing(lab: Lab, desk: Desk) -> None:
    cost = (
        f"You have not passed {lab.id} yet. The record will keep that you saw the reference, and a "
        "pass counts only seven days later."
    )
    if not sys.stdin.isatty():
        raise UsageError(f"{cost} To see it all the same:\ngradus reveal {lab.id} --yes")
    click.confirm(f"{cost} Show it?", abort=True, err=True)


def _lab_object(ref: LabRef, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "lab": ids.get(ref.address),
        "curriculum": ref.address,
        "title": ref.title,
        "minutes": ref.minutes,
        "layer": ref.layer,
        "standing": str(ref.standing),
        "stale": ref.stale,
        "lacks": list(ref.lacks),
    }
