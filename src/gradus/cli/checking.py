"""`check` and `watch`: hand work in and read the verdict.

It must not judge and must not record: the desk does.
"""

import contextlib
import queue
import sys
from pathlib import Path

import click

from gradus.cli import faults, texts
from gradus.cli.keys import keys
from gradus.cli.options import speaks
from gradus.cli.terminal import DIM, Terminal, paint
from gradus.core.errors import GradusError, UsageError
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.changes import changed_labs
from gradus.desk.desk import Desk, sit_down, strict_asked
from gradus.desk.judging import NotKept, check_lab, verdict_text
from gradus.desk.lab_proofs import lab_proofs, projects
from gradus.desk.pages import address
from gradus.desk.watching import Watch
from gradus.desk.workspace import lab_at

WORST_FIRST = (4, 2, 3, 1, 0)


@click.command(short_help="Judge a lab and say why.")
@click.argument("lab", required=False)
@click.option("--file", "-f", type=click.Path(path_type=Path), help="Judge this file or folder.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Judge on the inputs of this seed.")
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
        names = [lab] if lab is not None else _meant(desk)
        if not names:
            terminal.say(texts.nothing_to_check_text(desk.here().opened()))
            terminal.give({"checked": []})
            return 0
        statuses = [_check_one(terminal, desk, name, file, seed, len(names) > 1) for name in names]
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
        last = name
    return last


def _say_faults(terminal: Terminal, desk: Desk, name: str) -> None:
    try:
        _check_one(terminal, desk, name, None, None, False)
    except GradusError as fault:
        terminal.tell(faults.sentence(fault))
        terminal.give(faults.as_json(fault))
        raise


def _meant(desk: Desk) -> list[str]:
    """Return the lab whose folder this is, else every lab that has changed."""
    here = lab_at(desk.here(), Path.cwd())
    return [here] if here is not None else [lab.id for lab in changed_labs(desk)]


def _check_one(
    terminal: Terminal,
    desk: Desk,
    name: str,
    file: Path | None,
    seed: int | None,
    titled: bool,
) -> int:
    kept: NotKept | None = None
    try:
        with terminal.waiting(f"Judging {name}"):
            judgement = check_lab(desk, name, file=file, seed=seed)
    except NotKept as fault:
        judgement, kept = fault.judgement, fault
    _give(terminal, desk, judgement, titled)
    if judgement.verdict is Verdict.UNJUDGED and desk.workspace is not None:
        terminal.tell(f"What happened is in {desk.workspace.log_path}")
    if kept is not None:
        sys.stdout.flush()
        terminal.tell(f"This attempt was not recorded. {kept}")
        return faults.USAGE
    return faults.EXIT_OF_VERDICT[judgement.verdict]


def _give(terminal: Terminal, desk: Desk, judgement: Judgement, titled: bool) -> None:
    lab = desk.catalogue.lab(judgement.lab)
    title = lab.title if titled else ""
    terminal.say(verdict_text(judgement, colour=terminal.colour, title=title))
    if lab.proof is None:
        terminal.give(judgement.as_json())
        return
    proofs = lab_proofs(desk, lab, judgement.submission)
    if judgement.verdict is Verdict.PASSED:
        terminal.say(texts.proofs_text(address(lab), proofs))
    terminal.give({**judgement.as_json(), "proofs_missing": list(proofs.missing)})
