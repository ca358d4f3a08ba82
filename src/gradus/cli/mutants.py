"""`lab mutants`: whether a lab's check notices small changes of its reference.

It must not know an operator: conformance does.
"""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from gradus.cli.authors import every_folder, folder_of
from gradus.cli.badge import badge as badge_of
from gradus.cli.examining import state_of
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import Status, Terminal
from gradus.conformance.mutation import Mutation, Plan, as_text, examine, summary
from gradus.core.errors import UsageError
from gradus.desk.desk import sit_down


@click.command(short_help="Change references a little and see whether the checks notice.")
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--all", "everything", is_flag=True, help="Every lab, and the kill rate of all.")
@click.option(
    "--seeds", type=Whole(1), default=5, show_default=True, help="Seeds that a survivor passes on."
)
@click.option(
    "--processes", type=Whole(0), default=0, help="How many at once; without it, one a core."
)
@click.option("--list", "as_entries", is_flag=True, help="Survivors as entries of equivalent.toml.")
@click.option("--badge", metavar="FILE", help="Write the kill rate as a small SVG picture.")
@speaks
def mutants(
    terminal: Terminal,
    labs: Sequence[str],
    *,
    everything: bool,
    seeds: int,
    processes: int,
    as_entries: bool,
    badge: str | None,
) -> int:
    """Judge every small change of a lab's reference; what passes is shown. Goes on where it
    stopped. LAB is a lab's id, or the path of its folder."""
    if not labs and not everything:
        raise UsageError("Name a lab, or take them all:\ngradus lab mutants --all")
    seen: list[Mutation] = []
    with sit_down() as desk:
        folders = every_folder(desk) if everything else [folder_of(desk, name) for name in labs]
        status = Status()
        for place, folder in enumerate(folders, 1):
            here = f"[{place}/{len(folders)}]"
            plan = Plan(seeds, processes, _state(folder), partial(status.show, here))
            one = examine(folder, desk.pool, plan)
            seen.append(one)
            status.keep(f"{here} {summary(one)}")
            if as_entries:
                terminal.say(_entries(one))
            elif one.alive or one.excused_in_vain or not everything:
                terminal.say(as_text(one))
    if everything:
        terminal.say(_together(seen))
    if badge is not None:
        _draw(_all(seen), Path(badge).expanduser())
    terminal.give({"labs": [each.as_json() for each in seen]})
    return 1 if any(each.alive or each.excused_in_vain for each in seen) else 0


def _all(seen: Sequence[Mutation]) -> Mutation:
    return Mutation(
        f"all {len(seen)}",
        [pair for each in seen for pair in each.dead],
        [pair for each in seen for pair in each.listed],
        [pair for each in seen for pair in each.alive],
        [entry for each in seen for entry in each.excused_in_vain],
    )


def _together(seen: Sequence[Mutation]) -> str:
    lines = ["| lab | mutants | dead | listed | kill rate |", "|---|---:|---:|---:|---:|"]
    lines += [_row(f"`{each.lab}`", each) for each in seen]
    whole = _all(seen)
    return "\n".join([*lines, _row(whole.lab, whole)]) + "\n"


def _row(name: str, one: Mutation) -> str:
    dead, listed = len(one.dead), len(one.listed)
    return f"| {name} | {one.n_mutants} | {dead} | {listed} | {_rate(one)} |"


def _rate(one: Mutation) -> str:
    return f"{100 * one.kill_rate:.1f} %"


def _draw(one: Mutation, path: Path) -> None:
    figure = f"{_rate(one)} of {len(one.dead) + len(one.alive):,} mutants"
    try:
        path.write_text(badge_of("kill rate", figure, good=not one.alive), encoding="utf-8")
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror}.") from fault


def _entries(one: Mutation) -> str:
    """Return the survivors as entries that still need their reason."""
    lines: list[str] = []
    for mutant, _ in one.alive:
        name = mutant.name
        lines += [
            "[[equivalent]]",
            f"file = {json.dumps(name.file)}",
            f"operator = {json.dumps(name.operator)}",
            f"line = {json.dumps(name.line, ensure_ascii=False)}",
            f"becomes = {json.dumps(name.becomes, ensure_ascii=False)}",
            *([f"occurrence = {name.occurrence}"] if name.occurrence > 1 else []),
            'reason = ""',
            "",
        ]
    return "\n".join(lines)


def _state(folder: Path) -> Path:
    return state_of(folder).with_name(f"{folder.name}.mutants.json")
