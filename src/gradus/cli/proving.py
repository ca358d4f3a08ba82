"""`prove`: meet a service from outside and say which claims hold.

It must not start or judge anything: the desk does.
"""

import shlex
from pathlib import Path

import click

from gradus.cli import proving_texts
from gradus.cli.options import speaks
from gradus.cli.terminal import Status, Terminal
from gradus.core.errors import UsageError
from gradus.core.proof import ProofVerdict
from gradus.desk.proving import facts_of, prove_project
from gradus.web.proof_page import proof_page

EXIT_OF_VERDICT = {ProofVerdict.PASSED: 0, ProofVerdict.FAILED: 1, ProofVerdict.INVALID: 3}


@click.command(short_help="Prove a running service from outside.")
@click.argument("place", metavar="[PROJECT|URL]", default=".")
@click.option("--only", "only", multiple=True, metavar="NAME", help="Only this proof; repeatable.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw everything from this seed.")
@click.option("--quick", is_flag=True, help="Shorter runs; their bounds are wider.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report as one HTML page.",
)
@speaks
def prove(
    terminal: Terminal,
    place: str,
    only: tuple[str, ...],
    seed: int | None,
    quick: bool,
    report: Path | None,
) -> int:
    """Prove the service that the gradus.toml of PROJECT declares, or a deployed one at URL.

    Exits 0 passed, 1 failed, 3 where a run says nothing, 2 for a mistake in the command.
    """
    if report is not None and not report.absolute().parent.is_dir():
        raise UsageError(f"The folder of {report} does not exist.")
    status = Status()
    proved = prove_project(place, only, seed, quick, lambda name: status.show("proving", name))
    status.clear()
    again = command_of(place, only, proved.seed, quick)
    terminal.say(proving_texts.report_text(proved, again, colour=terminal.colour))
    terminal.give({**facts_of(proved.report, quick=quick), "logs": str(proved.logs)})
    if report is not None:
        names = [each.proof for each in proved.report.outcomes]
        commands = {each: command_of(place, (each,), proved.seed, quick) for each in names}
        _write_page(terminal, report, proof_page(proved.report, commands, again))
    return EXIT_OF_VERDICT[proved.report.verdict]


def command_of(place: str, only: tuple[str, ...], seed: int, quick: bool) -> str:
    """Return the command that runs the same proofs on the same draws."""
    words = ["gradus", "prove", *([place] if place != "." else [])]
    for name in only:
        words += ["--only", name]
    return shlex.join([*words, "--seed", str(seed), *(["--quick"] if quick else [])])


def _write_page(terminal: Terminal, path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    terminal.tell(f"The report is in {path}")
