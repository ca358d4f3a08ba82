"""`lab mutants`: whether a lab's check notices small changes of its reference.

It must not know an operator: conformance does.
"""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from gradus.cli.authors import every_folder, folder_of
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
@speaks
def mutants(
    terminal: Terminal,
    labs: Sequence[str],
    everything: bool,
    seeds: int,
    processes: int,
    as_entries: bool,
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
    terminal.give({"labs": [each.as_json() for each in seen]})
    return 1 if any(each.alive or each.excused_in_vain for each in seen) else 0


def _together(seen: Sequence[Mutation]) -> str:
    lines = ["| lab | mutants | dead | listed | kill rate |", "|---|---:|---:|---:|---:|"]
    for each in seen:
        rate = f"{100 * each.kill_rate:.1f} %"
        lines.append(
            f"| `{each.lab}` | {each.n_mutants} | {len(each.dead)} | {len(each.listed)} | {rate} |"
        )
    dead = sum(len(each.dead) for each in seen)
    alive = sum(len(each.alive) for each in seen)
    listed = sum(len(each.listed) for each in seen)
    rate = f"{100 * dead / max(dead + alive, 1):.1f} %"
    lines.append(f"| all {len(seen)} | {dead + alive + listed} | {dead} | {listed} | {rate} |")
    return "\n".join(lines) + "\n"


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
