"""One change of a text, and what it does to the text's lines.

It knows no language: operators say where, this says what the lines become.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text and what stands there instead."""

    start: int
    """The first character that goes."""
    end: int
    """The character after the last that goes."""
    text: str
    """What comes in its place."""

    def applied(self, text: str) -> str:
        """Return the text with the change made."""
        return text[: self.start] + self.text + text[self.end :]


def changed_lines(before: str, after: str) -> tuple[int, list[str], list[str]]:
    """Return the first line that differs, counted from 1, and the lines that go and that come."""
    old, new = before.splitlines(), after.splitlines()
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    return first + 1, old[first : len(old) - last], new[first : len(new) - last]
