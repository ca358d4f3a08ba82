"""What a rewrite is: a change of style that leaves the behaviour as it was, or a refusal.

Nothing here runs what it rewrites.
"""

import ast
import random
from collections.abc import Callable
from dataclasses import dataclass

from gradus.core.lab import EntryKind

CODE = (EntryKind.FUNCTION, EntryKind.MODULE, EntryKind.SERVICE, EntryKind.COMMAND)
"""Kinds of entry that are one Python file."""
CALLED = (EntryKind.FUNCTION, EntryKind.MODULE)
"""Kinds of entry whose functions are called by the check and by nothing else."""


@dataclass
class Page:
    """A Python file that is being rewritten; a rewrite changes `tree` in place."""

    tree: ast.Module
    """Its syntax tree."""
    rng: random.Random
    """Chooses where there is a choice."""
    public: frozenset[str] = frozenset()
    """Names that the entry has to define."""
    collected: bool = False
    """Whether the names of all its functions matter, as those of a test file do."""

    def is_public(self, name: str) -> bool:
        """Return whether somebody outside the file may ask for a name of it."""
        return self.collected or name in self.public or name.startswith("__")


Change = Callable[[Page], bool]
TextChange = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One harmless change of style."""

    name: str
    """Its function's name, such as `loops_to_comprehensions`."""
    says: str
    """What it does, in one sentence."""
    kinds: tuple[EntryKind, ...]
    """Kinds of entry that it is meant for."""
    asks: bool
    """Whether a lab has to allow it, since not every lesson does."""
    change: Change | None = None
    """Changes a tree in place; false where it finds nothing that it is sure of."""
    change_text: TextChange | None = None
    """Changes a text; None where it finds nothing that it is sure of."""


def rewrite(
    *, kinds: tuple[EntryKind, ...] = CODE, asks: bool = False
) -> Callable[[Change], Rewrite]:
    """Declare the decorated function as a rewrite of syntax trees."""

    def declare(change: Change) -> Rewrite:
        return Rewrite(change.__name__, _first_line(change), kinds, asks, change=change)

    return declare


def text_rewrite(
    *, kinds: tuple[EntryKind, ...] = CODE, asks: bool = False
) -> Callable[[TextChange], Rewrite]:
    """Declare the decorated function as a rewrite of texts."""

    def declare(change: TextChange) -> Rewrite:
        return Rewrite(change.__name__, _first_line(change), kinds, asks, change_text=change)

    return declare


def _first_line(change: Callable[..., object]) -> str:
    return (change.__doc__ or "").strip().splitlines()[0]
