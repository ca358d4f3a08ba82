"""`check` and `watch`: hand work in and read the verdict.

It must not judge and must not record: the desk does.
"""

import contextlib
import queue
import sys
from pathlib import Path
from typing import Any

import click

from gradus.cli import faults, texts
from gradus.cli.keys import keys
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import DIM, Terminal, paint
from gradus.core.errors import GradusError, UsageError
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.changes import changed_labs
from gradus.desk.desk import Desk, sit_down, strict_asked
from gradus.desk.judging import NotKept, check_lab, get_ready, verdict_text
from gradus.desk.lab_proofs import lab_proofs, projects
from gradus.desk.pages import address
from gradus.desk.watching import Watch
from gradus.desk.workspace import lab_at

WORST_FIRST = (4, 2, 3, 1, 0)


@click.command(short_help="Judge a lab and say why.")
@click.argument("lab", required=False)
@click.option("--file", "-f", type=click.Path(path_type=Path), help="Judge this file or folder.")
@click.option("--seed", type=Whole(0, 2**63 - 1), help="Judge on the inputs of this seed.")
@click.option("--strict", is_flag=True, help="Judge behind every layer of isolation, or not.")
@speaks
def check(
    terminal: Terminal, lab: str | None, file: Path | None, seed: int | None, strict: bool
) -> int:
    """Judge a lab; without LAB, the one whose folder this is, or all that have changed.

    Exits 0 passed, 1 failed, 3 stopped, 4 unjudged, 2 for a mistake in the command.
    """
    if lab is None and file is not None:
        raise UsageError(f"Say which lab {file} belongs to:\ngradus check LAB --file {file}")
    with sit_down(strict=strict or strict_asked()) as desk:
        meant = lab or lab_at(desk.here(), Path.cwd())
        if meant is None:
            return _check_changed(terminal, desk, seed)
        status, answer = _check_one(terminal, desk, meant, file, seed)
        terminal.give(answer)
        return status


def _check_changed(terminal: Terminal, desk: Desk, seed: int | None) -> int:
    """Judge every lab that has changed; one that cannot be judged does not stop the others."""
    labs = changed_labs(desk)
    if not labs:
        terminal.say(texts.nothing_to_check_text(desk.here().opened()))
    statuses, answers = [0], []
    for lab in labs:
        try:
            status, answer = _check_one(
                terminal, desk, lab.id, None, seed, lab.title if len(labs) > 1 else ""
            )
        except GradusError as fault:
            terminal.tell(f"{lab.id}: {faults.sentence(fault)}")
            status, answer = faults.USAGE, {"lab": lab.id, **faults.as_json(fault)}
        statuses.append(status)
        answers.append(answer)
    terminal.give({"checked": answers})
    return next(status for status in WORST_FIRST if status in statuses)


@click.command(short_help="Judge on every save, in the terminal.")
@speaks
def watch(terminal: Terminal) -> int:
    """Judge on every save, here in the terminal; Enter judges now, q leaves."""
    with sit_down(strict=strict_asked()) as desk:
        events: queue.Queue[str] = queue.Queue()
        workspace = desk.here()
        with (
            keys(events) as has_keys,
            Watch(
                workspace,
                lambda lab: events.put(f"lab {lab}"),
                projects=projects(desk.catalogue),
            ) as eye,
        ):
            terminal.say(
                texts.watching_text(
                    workspace.labs,
                    len(workspace.opened()),
                    events=eye.has_events,
                    keys=has_keys,
                )
            )
            last: str | None = None
            while (event := events.get()) != "q":
                last = _answer(terminal, desk, event, last)
    return 0


def _answer(terminal: Terminal, desk: Desk, event: str, last: str | None) -> str | None:
    """Answer one key or one save; return the lab that was judged last."""
    kind, _, lab = event.partition(" ")
    names = [lab] if kind == "lab" else [last] if last else [each.id for each in changed_labs(desk)]
    if not names:
        terminal.say(texts.nothing_to_check_text(desk.here().opened()))
    for name in names:
        if name is None:
            continue
        if kind == "lab":
            desk.time().saved(name)
        saw = f"{name} was saved" if kind == "lab" else f"Judging {name}"
        terminal.say("\n" + paint(DIM, saw, colour=terminal.colour))
        with contextlib.suppress(GradusError):
            _say_faults(terminal, desk, name)
            get_ready(desk, desk.catalogue.lab(name))
        last = name
    return last


def _say_faults(terminal: Terminal, desk: Desk, name: str) -> None:
    try:
        _, answer = _check_one(terminal, desk, name, None, None)
        terminal.give(answer)
    except GradusError as fault:
        terminal.tell(faults.sentence(fault))
        terminal.give(faults.as_json(fault))
        raise


def _check_one(
    terminal: Terminal,
    desk: Desk,
    name: str,
    file: Path | None,
    seed: int | None,
    title: str = "",
) -> tuple[int, dict[str, Any]]:
    """Judge one lab and say why; return the exit status and what a program reads."""
    kept: NotKept | None = None
    try:
        with terminal.waiting(f"Judging {name}"):
            judgement = check_lab(desk, name, file=file, seed=seed)
    except NotKept as fault:
        judgement, kept = fault.judgement, fault
    answer = _say(terminal, desk, judgement, title)
    if judgement.verdict is Verdict.UNJUDGED and desk.workspace is not None:
        terminal.tell(f"What happened is in {desk.workspace.log_path}")
    if kept is not None:
        sys.stdout.flush()
        terminal.tell(f"This attempt was not recorded. {kept}")
        return faults.USAGE, {**answer, **faults.as_json(kept)}
    return faults.EXIT_OF_VERDICT[judgement.verdict], answer


def _say(terminal: Terminal, desk: Desk, judgement: Judgement, title: str) -> dict[str, Any]:
    lab = desk.catalogue.lab(judgement.lab)
    terminal.say(verdict_text(judgement, colour=terminal.colour, title=title))
    if lab.proof is None:
        return judgement.as_json()
    proofs = lab_proofs(desk, lab, judgement.submission)
    if judgement.verdict is Verdict.PASSED:
        terminal.say(texts.proofs_text(address(lab), proofs))
    return {**judgement.as_json(), "proofs_missing": list(proofs.missing)}
