"""`export` and `import`: the record leaves this machine and comes back.

It must not read or write a row: the desk does.
"""

import sys
from pathlib import Path

import click

from gradus.cli.options import speaks
from gradus.cli.terminal import Terminal
from gradus.core.counting import counted
from gradus.desk.desk import sit_down
from gradus.desk.exporting import export_record, export_to_file, import_record
from gradus.desk.workspace import create_workspace, home


@click.command(short_help="Write your record as JSON Lines.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to this file.")
@click.option("--contents", is_flag=True, help="With every byte that was handed in, as base64.")
@speaks
def export(terminal: Terminal, output: Path | None, contents: bool) -> None:
    """Write your record as JSON Lines, each line bound by hash to the one before it."""
    with sit_down() as desk, terminal.waiting("Reading the record"):
        if output is None:
            export_record(desk, sys.stdout, contents=contents)
            return
        count = export_to_file(desk, output, contents=contents)
    rows = counted(count, "row")
    terminal.say(f"The record is in {output}, {rows}.")
    terminal.give({"rows": count, "file": str(output)})


@click.command("import", short_help="Take in a record that was exported.")
@click.argument("file", type=click.Path(path_type=Path))
@speaks
def import_command(terminal: Terminal, file: Path) -> None:
    """Take in a whole record that `gradus export --contents` wrote, here or on another machine.

    Your record has to be empty, or be what the file begins with.
    """
    with sit_down() as desk, terminal.waiting("Reading the file"):
        if desk.workspace is None:
            desk.workspace = create_workspace(home())
            terminal.tell(f"Made your workspace in {desk.workspace.root}")
        count = import_record(desk, file)
        where = desk.workspace.ledger_path
    rows = counted(count, "row")
    said = f"{rows} came to your record {where}." if count else f"{where} holds all of it already."
    terminal.say(said)
    terminal.give({"rows": count, "record": str(where)})
