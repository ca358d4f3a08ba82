"""The command `gradus`: its groups, and what happens when a command ends badly.

It must not do what a command does.
"""

import contextlib
import os
import sys
from collections.abc import Sequence

import click

import gradus
from gradus.cli import authors, checking, faults, learning, machine
from gradus.cli.terminal import RED, Terminal, has_colour, paint, write
from gradus.core.names import did_you_mean


class Commands(click.Group):
    """A group that keeps the order in which commands were added and knows near names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a learner's day."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command; an unknown one is answered with the nearest."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            raise click.UsageError(
                f"There is no command '{name}'.{did_you_mean(name, self.commands)}", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(gradus.__version__, prog_name="gradus")
def cli() -> None:
    """The machine-learning-engineer roadmap that you prove, not read.

    `gradus start` is all you need: it makes your workspace and opens the map in the browser.
    """


@click.group(cls=Commands)
def lab() -> None:
    """For authors: make a lab and check it."""


for command in (
    machine.start,
    learning.labs,
    learning.open_command,
    checking.check,
    checking.watch,
    learning.hint,
    learning.reveal,
    learning.progress,
    machine.install,
    machine.doctor,
    learning.export,
):
    cli.add_command(command)
for command in (authors.new, authors.check):
    lab.add_command(command)
cli.add_command(lab)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; nothing that goes wrong leaves a traceback."""
    try:
        answer = cli.main(args=list(arguments), prog_name="gradus", standalone_mode=False)
        sys.stdout.flush()
        return answer if isinstance(answer, int) else 0
    except BrokenPipeError:
        _nobody_reads()
        return faults.NOBODY_READS
    except (KeyboardInterrupt, click.Abort):
        write(sys.stderr, "\nStopped.\n")
        return faults.INTERRUPTED
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except Exception as fault:
        Terminal("--json" in arguments).give(faults.as_json(fault))
        text = faults.sentence(fault)
        first, *rest = text.splitlines()
        first = paint(RED, first, colour=has_colour(sys.stderr))
        write(sys.stderr, "\n".join([first, *rest]) + "\n")
        return faults.status_of(fault)


def _nobody_reads() -> None:
    """Let the interpreter end quietly when the reader of our output has gone."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run(sys.argv[1:]))
