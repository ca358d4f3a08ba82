"""A file of answers in TOML: each value with the place of its text."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradus.conformance.mutation.edit import Edit

_LINE = re.compile(r"^(?P<key>[ \t]*[\w.\"'-]+[ \t]*=[ \t]*)(?P<value>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the file."""

    value: Any
    """What it is."""
    start: int
    """Where its text begins."""
    end: int
    """Where it ends."""
    line: int
    """Where its line begins, with the key."""


class AnswerSource:
    """A TOML text and its values; tables and values over several lines are looked at by line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values = list(self._values())

    def _values(self) -> Iterator[Value]:
        for found in _LINE.finditer(self.text):
            try:
                value = tomllib.loads(f"x = {found['value']}")["x"]
            except tomllib.TOMLDecodeError:
                continue
            written = found["value"].rstrip()
            yield Value(
                value, found.start("value"), found.start("value") + len(written), found.start()
            )

    def replaced(self, place: Value, value: Any) -> Edit:
        """Return the edit that gives another value."""
        return Edit(place.start, place.end, written(value))


def written(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, list):
        return "[" + ", ".join(written(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + " }"
    if isinstance(value, bool | int | float | str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
