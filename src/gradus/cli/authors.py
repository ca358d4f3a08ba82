"""`lab new` and `lab check`: for those who write labs.

It must not know a rule: conformance does.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gradus.cli.examining import Asked, examine_apart, examine_here
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import Status, Terminal
from gradus.conformance import as_json, as_text, check_map, new_lab
from gradus.core.errors import UsageError
from gradus.desk.content import content_labs, content_place, new_labs_place
from gradus.desk.desk import Desk, sit_down


@click.command(short_help="Lay a new lab.")
@click.argument("name")
@click.option("--curriculum", help="Its id in the curriculum, such as M05.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to make it in; without it, a checkout's own labs, or this folder.",
)
@speaks
def new(terminal: Terminal, name: str, curriculum: str | None, into: Path | None) -> None:
    """Lay a new lab that is complete but for its content, and say what is still to write."""
    with sit_down() as desk:
        folder = into if into is not None else new_labs_place()
        to_write = new_lab(name, folder, curriculum, desk.catalogue)
    terminal.say(f"Made {folder / name}. Still to write:\n")
    terminal.say(as_text(to_write, base=folder / name))
    terminal.say(f"gradus lab check {name if folder == content_labs() else folder / name}")
    terminal.give({"folder": str(folder / name), "to_write": as_json(to_write)})


@click.command("check", short_help="Look whether labs keep every rule.")
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--all", "everything", is_flag=True, help="Check every lab and the map.")
@click.option("--thorough", is_flag=True, help="Judge on many seeds; goes on where it stopped.")
@click.option(
    "--seeds", type=Whole(1), default=20, show_default=True, help="How many seeds, with --thorough."
)
@click.option(
    "--jobs",
    type=Whole(1),
    default=1,
    show_default=True,
    help="How many labs at a time.",
)
@click.option("--write-feedback", is_flag=True, help="Write feedback/*.txt before checking.")
@click.option("--write-figures", is_flag=True, help="Write figures/*.svg before checking.")
@speaks
def check(terminal: Terminal, labs: Sequence[str], everything: bool, jobs: int, **how: Any) -> int:
    """Look whether labs keep every rule. LAB is a lab's id, or the path of its folder."""
    if not labs and not everything:
        raise UsageError("Name a lab, or check them all:\ngradus lab check --all")
    asked, status, place = Asked(**how), Status(), 0
    written: list[str] = []
    with sit_down() as desk:
        folders = every_folder(desk) if everything else [folder_of(desk, name) for name in labs]
        failures = check_map() if everything else []
        if jobs > 1 and len(folders) > 1:
            status.show(f"[0/{len(folders)}]", f"{jobs} labs at a time")
            looked = examine_apart(folders, jobs, asked)
        else:
            looked = examine_here(
                desk,
                folders,
                asked,
                lambda text: status.show(f"[{place + 1}/{len(folders)}]", text),
            )
        for place, each in enumerate(looked, 1):
            for path in each.written:
                terminal.tell(f"  wrote {path}")
                written.append(str(path))
            verdict = f"{len(each.failures)} to mend" if each.failures else "every rule holds"
            name = each.folder.name
            status.keep(f"[{place}/{len(folders)}] {name}: {verdict} ({each.seconds:.1f} s)")
            failures += each.failures
    terminal.say(as_text(failures, len(folders), base=content_place().parent))
    names = [folder.name for folder in folders]
    terminal.give({"labs": names, "failures": as_json(failures), "written": written})
    return 1 if failures else 0


def every_folder(desk: Desk) -> list[Path]:
    """Return the folder of every lab, malformed ones too."""
    labs = {lab.folder for lab in desk.catalogue.labs.values()}
    return sorted(labs | {fault.path.parent for fault in desk.catalogue.malformed.values()})


def folder_of(desk: Desk, name: str) -> Path:
    """Return a lab's folder from its path or its name."""
    path = Path(name)
    if (path / "lab.toml").is_file():
        return path.absolute()
    if name in desk.catalogue.malformed:
        return content_labs() / name
    return desk.catalogue.lab(name).folder
