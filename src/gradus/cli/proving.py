"""`prove`: meet a service from outside and say which claims hold.

It must not start or judge anything: the desk does.
"""

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from gradus.cli import proving_texts
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import Status, Terminal
from gradus.core.errors import UsageError
from gradus.core.proof import ProofVerdict
from gradus.desk.desk import sit_down
from gradus.desk.lab_proving import LabAsked, asks_for_proofs, prove_lab
from gradus.desk.proving import Proved, Say, core_names, facts_of, lab_object, prove_project
from gradus.web.proof_page import proof_page

EXIT_OF_VERDICT = {ProofVerdict.PASSED: 0, ProofVerdict.FAILED: 1, ProofVerdict.INVALID: 3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words of the command ask for."""

    place: str
    """A folder, an address, or a lab."""
    only: tuple[str, ...] = ()
    """Proofs by name."""
    core: bool = False
    """Whether only the short ones are meant."""
    folder: Path | None = None
    """For a lab: the project's folder."""
    seed: int | None = None
    """What everything is drawn from."""
    quick: bool = False
    """Whether shorter runs are asked for."""


@click.command(short_help="Prove a running service from outside.")
@click.argument("place", metavar="[PROJECT|URL|LAB]", default=".")
@click.option("--only", "only", multiple=True, metavar="NAME", help="Only this proof; repeatable.")
@click.option(
    "--core",
    is_flag=True,
    help="Of a lab its short proofs, of a project what every service has to pass.",
)
@click.option(
    "--file",
    "-f",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="For LAB: prove the project in this folder.",
)
@click.option("--seed", type=Whole(0, 2**31 - 1), help="Draw everything from this seed.")
@click.option("--quick", is_flag=True, help="Shorter runs; their bounds are wider.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report as one HTML page.",
)
@speaks
def prove(terminal: Terminal, report: Path | None, **words: Any) -> int:
    """Prove the service that the gradus.toml of PROJECT declares, or a deployed one at URL.

    For LAB, one that asks for proofs, prove your project of it with rows that the lab draws.
    Exits 0 passed, 1 failed, 3 where a run says nothing, 2 for a mistake in the command.
    """
    if report is not None and not report.absolute().parent.is_dir():
        raise UsageError(f"The folder of {report} does not exist.")
    wanted = Wanted(**words)
    status = Status()
    proved = _proved(wanted, lambda name: status.show("proving", name), status.keep)
    status.clear()
    again = command_of(replace(wanted, seed=proved.seed))
    terminal.say(proving_texts.report_text(proved, again, colour=terminal.colour))
    terminal.give(_object(proved, wanted.quick))
    if report is not None:
        names = [each.proof for each in proved.report.outcomes]
        one = replace(wanted, seed=proved.seed, core=False)
        commands = {each: command_of(replace(one, only=(each,))) for each in names}
        _write_page(terminal, report, proof_page(proved.report, commands, again))
    return EXIT_OF_VERDICT[proved.report.verdict]


def _proved(wanted: Wanted, say: Say, tell: Say) -> Proved:
    """Prove a lab where one is named, else a project."""
    if _may_name_a_lab(wanted.place):
        with sit_down() as desk:
            if asks_for_proofs(desk, wanted.place):
                asked = LabAsked(wanted.only, wanted.core, wanted.seed, wanted.quick, wanted.folder)
                return prove_lab(desk, wanted.place, asked, say, tell)
    if wanted.folder is not None:
        raise UsageError(f"'{wanted.place}' is no lab that asks for proofs, so --file has no use.")
    names = wanted.only or (core_names() if wanted.core else ())
    return prove_project(wanted.place, names, wanted.seed, wanted.quick, say)


def _may_name_a_lab(place: str) -> bool:
    """Say whether a place is one word, as a lab's name is; `./word` is a folder."""
    return place not in (".", "..") and not any(mark in place for mark in ("/", "\\", ":"))


def _object(proved: Proved, quick: bool) -> dict[str, Any]:
    """Return what `--json` prints."""
    told = {**facts_of(proved.report, quick=quick), "logs": str(proved.logs)}
    if proved.lab is not None:
        told["lab"] = lab_object(proved.lab)
    return told


def command_of(wanted: Wanted) -> str:
    """Return the command that runs the same proofs on the same draws."""
    words = ["gradus", "prove", *([wanted.place] if wanted.place != "." else [])]
    for name in wanted.only:
        words += ["--only", name]
    words += ["--core"] if wanted.core and not wanted.only else []
    words += ["--file", str(wanted.folder)] if wanted.folder else []
    words += ["--seed", str(wanted.seed)] if wanted.seed is not None else []
    return shlex.join([*words, *(["--quick"] if wanted.quick else [])])


def _write_page(terminal: Terminal, path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    terminal.tell(f"The report is in {path}")
