"""The command `gradus`: its groups, and what happens when a command ends badly.

It must not do what a command does.
"""

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

import gradus
from gradus.cli import faults
from gradus.cli.terminal import RED, Terminal, has_colour, paint, write
from gradus.core.names import did_you_mean

COMMANDS = {
    "start": "machine:start",
    "labs": "learning:labs",
    "open": "learning:open_command",
    "check": "checking:check",
    "watch": "checking:watch",
    "hint": "learning:hint",
    "reveal": "learning:reveal",
    "plan": "planning:plan",
    "today": "today:today",
    "review": "reviewing:review",
    "progress": "learning:progress",
    "prove": "proving:prove",
    "demo": "main:demo",
    "install": "machine:install",
    "doctor": "machine:doctor",
    "export": "keeping:export",
    "import": "keeping:import_command",
    "lab": "main:lab",
}
"""Every command and where it is, in the order of a learner's day."""
AUTHORS_COMMANDS = {
    "new": "authors:new",
    "check": "authors:check",
    "mutants": "mutants:mutants",
    "styles": "measuring:styles",
    "naming": "measuring:naming",
    "flakes": "measuring:flakes",
}
DEMO_COMMANDS = {"production": "demos:production"}


class Commands(click.Group):
    """A group that imports a command only when it is asked for, and knows near names.

    `gradus check` stands behind every save, so it must not wait for the web's imports.
    """

    def __init__(self, *args: Any, where: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.where = where

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now; None for an unknown name."""
        if cmd_name not in self.where:
            return None
        module, _, name = self.where[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"gradus.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command; an unknown one is answered with the nearest."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.where:
            raise click.UsageError(
                f"There is no command '{name}'.{did_you_mean(name, self.where)}", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, where=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(gradus.__version__, prog_name="gradus")
def cli() -> None:
    """The machine-learning-engineer roadmap that you prove, not read.

    `gradus start` is all you need: it makes your workspace and opens the map in the browser.
    """


@click.group(cls=Commands, where=AUTHORS_COMMANDS)
def lab() -> None:
    """For authors: make a lab and check it."""


@click.group(cls=Commands, where=DEMO_COMMANDS)
def demo() -> None:
    """Watch a whole system at work."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; nothing that goes wrong leaves a traceback."""
    try:
        words = list(arguments) or ["--help"]
        answer = cli.main(args=words, prog_name="gradus", standalone_mode=False)
        sys.stdout.flush()
        return answer if isinstance(answer, int) else 0
    except BrokenPipeError:
        _nobody_reads()
        return faults.NOBODY_READS
    except (KeyboardInterrupt, click.Abort):  # click has ended the line with ^C already
        write(sys.stderr, "Stopped.\n")
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
