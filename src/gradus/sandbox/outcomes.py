"""What the sandbox is told and what it answers: the types of this room's public face."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Reason = Literal[
    "time", "memory", "output", "processes", "file-size", "exit", "signal", "malformed"
]


@dataclass(frozen=True, slots=True)
class Runtime:
    """An environment's interpreter and what is warmed in it."""

    python: Path
    """The interpreter."""
    imports: tuple[str, ...]
    """Libraries that the warm parent imports before it forks."""
    name: str
    """The environment's name, for messages."""
    readable: tuple[Path, ...] = ()
    """Further places that children may read."""
    hidden: tuple[Path, ...] = ()
    """Places that children may not read, wherever they lie; Gradus's own folder is always one."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in arguments for an object that stayed in the child."""

    ref: int
    """The child's number for it."""


@dataclass(frozen=True, slots=True)
class Stub:
    """Stands in arguments for a function that is answered on this side."""

    id: int
    """Its key in the `stubs` of the request."""
    name: str
    """What it is called in the child."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The child did what was asked."""

    ref: int
    """The child's number for the result, 0 where there is none."""
    value: Any
    """The plain value, or a `Handle` for what stays in the child."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What was asked ended in an exception."""

    types: tuple[str, ...]
    """Names of the exception's class and of its bases, nearest first."""
    message: str
    """Its text."""
    frames: tuple[str, ...]
    """The learner's own frames, outermost first, each `file, line N, in f` and the line."""


Reply = Returned | Raised


class ChildEnded(Exception):
    """The child is gone, by its own doing or because it went beyond a limit."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        self.detail = detail
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a child took so far, as the kernel counts it."""

    cpu_seconds: float
    """Processor seconds of the child and what it started."""
    peak_mb: float
    """Most memory held at once, in MiB above what its warm parent held."""
