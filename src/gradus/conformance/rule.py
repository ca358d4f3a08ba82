"""What a rule is: one function that looks at a lab, with a code, a reason and a remedy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from gradus.conformance.bench import Bench


class Depth(IntEnum):
    """How far a lab is examined."""

    QUICK = 1
    THOROUGH = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that a rule saw and does not allow."""

    message: str
    """What it is, in one sentence."""
    path: Path | None = None
    """Where it is; the lab folder if nothing nearer is known."""
    line: int | None = None
    """On which line."""


Look = Callable[[Bench], Iterable[Sighting]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that has to be true of every lab."""

    code: str
    """Stable name, such as `variant-fails`."""
    reason: str
    """Why it has to be so."""
    remedy: str
    """What an author does about it."""
    look: Look
    """The function that looks."""
    after: tuple[str, ...] = ()
    """Rules that have to hold before this one can be looked at."""
    judges: bool = False
    """Whether it runs code in a sandbox."""
    depth: Depth = Depth.QUICK
    """The depth from which on it is looked at."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that does not hold for a lab."""

    code: str
    """The rule's code."""
    lab: str
    """Lab id."""
    message: str
    """What was seen."""
    path: Path
    """Where."""
    line: int | None
    """On which line, where that is known."""
    reason: str
    """Why it has to be so."""
    remedy: str
    """What an author does about it."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.code}: {self.message}"


RULES: dict[str, Rule] = {}
"""Every rule by its code, in the order in which they are looked at."""


def rule(
    code: str,
    *,
    reason: str,
    remedy: str,
    after: tuple[str, ...] = (),
    judges: bool = False,
    depth: Depth = Depth.QUICK,
) -> Callable[[Look], Look]:
    """Declare the decorated function as the rule of that code."""

    def declare(look: Look) -> Look:
        if code in RULES:
            raise ValueError(f"the rule {code} is declared twice")
        unknown = [each for each in after if each not in RULES]
        if unknown:
            raise ValueError(f"the rule {code} comes after {unknown}, which is not declared yet")
        RULES[code] = Rule(code, reason, remedy, look, after, judges, depth)
        return look

    return declare
