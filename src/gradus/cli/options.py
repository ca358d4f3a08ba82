"""Options that several commands share.

It must not do what a command does.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from gradus.cli.terminal import Terminal


class Whole(click.IntRange):
    """A whole number within bounds, named as a person names it."""

    name = "whole number"


class Number(click.FloatRange):
    """A number within bounds, named as a person names it."""

    name = "number"


def speaks(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json` and, as its first argument, the terminal that it speaks to."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
    @wraps(command)
    def with_terminal(*args: Any, as_json: bool, **kwargs: Any) -> Any:
        return command(Terminal(as_json), *args, **kwargs)

    return with_terminal
