"""How far what a check observed stayed from its bound, for those who measure checks.

Nothing here decides anything, and nothing is kept unless somebody asks for it with `margins`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Margin:
    """One comparison of an observed number with a bound."""

    claim: str
    """The claim's sentence."""
    label: str
    """What was observed, in the check's words."""
    room: float
    """Distance to the bound, below 0 where the number lies beyond it."""


@dataclass(slots=True)
class Noted:
    """What was noted so far."""

    claim: str = ""
    """The claim that is being run."""
    margins: list[Margin] = field(default_factory=list)
    """Every comparison, in its order."""


_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def margins() -> Iterator[list[Margin]]:
    """Note every comparison of an observed number with a bound while the block runs."""
    noted = Noted()
    token = _noted.set(noted)
    try:
        yield noted.margins
    finally:
        _noted.reset(token)


def begin(claim: str) -> None:
    """Say which claim is being run from now on."""
    noted = _noted.get()
    if noted is not None:
        noted.claim = claim


def note(label: str, value: object, low: float | None, high: float | None) -> None:
    """Note how far a number is inside its bounds, if anybody asked; whole numbers are counts."""
    noted = _noted.get()
    if noted is None or not isinstance(value, float):
        return
    rooms = [value - low] if low is not None else []
    rooms += [high - value] if high is not None else []
    noted.margins.append(Margin(noted.claim, label, min(rooms)))


def is_noting() -> bool:
    """Return whether anybody asked."""
    return _noted.get() is not None
