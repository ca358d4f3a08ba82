"""What a mutant is: a reference with one small change, called by what changed, not by a number."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from gradus.core.submission import Submission

AROUND = 2
"""Lines of context in a diff."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a mutant is called: it stays the same when lines above it come or go."""

    file: str
    """The file that is changed."""
    operator: str
    """The operator that changed it."""
    line: str
    """The lines that go, without their indent."""
    becomes: str
    """The lines that come instead."""
    occurrence: int = 1
    """Which one of several alike, from the top."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference with one small change."""

    name: Name
    """What it is called."""
    at: int
    """The first line that differs, counted from 1."""
    before: str
    """The file as it is."""
    after: str
    """The file with the change."""
    files: Mapping[str, bytes]
    """Everything else that is handed in."""
    case_seed: int = 0
    """The case that is solved."""

    @property
    def submission(self) -> Submission:
        """The mutant as it is judged."""
        return self.instead(self.after)

    def instead(self, text: str) -> Submission:
        """Return what is handed in, with another text of the changed file."""
        return Submission({**self.files, self.name.file: text.encode()}, self.case_seed)

    def diff(self) -> str:
        """Return the change as a diff of the lines as they stand in the file."""
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), lineterm="", n=AROUND
        )
        return "\n".join(list(lines)[2:])
