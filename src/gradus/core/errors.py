"""The error tree: whose fault it is decides the class and the voice.

A fault in a learner's code is never an exception of ours: it is a `Finding`.
"""

from collections.abc import Sequence
from pathlib import Path


class GradusError(Exception):
    """Anything that Gradus says no to; `str()` is one complete sentence for a person."""


class ContentError(GradusError):
    """A lab, skill or track on disk is malformed: the author's to mend."""

    def __init__(
        self, code: str, message: str, *, path: Path, line: int | None = None, remedy: str = ""
    ) -> None:
        self.code = code
        self.message = message
        self.path = path
        self.line = line
        self.remedy = remedy
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {code}: {message}" + (f" {remedy}" if remedy else ""))


class ContentErrors(GradusError):
    """Several malformed things at once, in the order of their places."""

    def __init__(self, errors: Sequence[ContentError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class PrerequisiteError(GradusError):
    """The machine lacks something; `command` is what the person runs to mend it."""

    def __init__(self, message: str, command: str) -> None:
        self.message = message
        self.command = command
        super().__init__(f"{message}\n{command}")


class UsageError(GradusError):
    """A person asked for something that does not exist or cannot be: exit status 2, HTTP 4xx."""


class LedgerError(GradusError):
    """The record cannot be read or written; nothing that was in it is lost."""


class SandboxError(GradusError):
    """The sandbox failed, not the code inside it: becomes `UNJUDGED`, never evidence."""
