"""TOML files that know on which line each of their values stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from gradus.core.errors import ContentError

Keys: TypeAlias = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=""")
_SYNTAX_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True)
class Document:
    """A TOML file that was read, with the line of every key in it."""

    path: Path
    """Where it lies."""
    content: Mapping[str, Any]
    """What it says."""
    text: str
    """Its text, from which the lines are found."""

    @cached_property
    def lines(self) -> Mapping[Keys, int]:
        """Line of every header and key, by the way that leads to it; found only when asked for."""
        return _find_lines(self.text)

    def line(self, keys: Keys) -> int | None:
        """Return the line of a key, or of the nearest thing around it that has a line."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.lines:
                return self.lines[keys[:length]]
        return None

    def line_of_value(self, keys: Keys, value: object) -> int | None:
        """Return the line on which a value of the list at `keys` is written."""
        start = self.line(keys)
        if start is None:
            return None
        later = [line for line in self.lines.values() if line > start]
        rows = self.text.splitlines()
        for number in range(start, min(later, default=len(rows) + 1)):
            if f'"{value}"' in rows[number - 1] or f"'{value}'" in rows[number - 1]:
                return number
        return start


def read_document(path: Path) -> Document:
    """Read a TOML file; raises `ContentError` if it is missing, not UTF-8 or not TOML."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ContentError("missing-file", f"{path.name} is missing.", path=path) from None
    except OSError as error:
        said = error.strerror or str(error)
        raise ContentError("unreadable-file", f"It cannot be read: {said}.", path=path) from error
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ContentError("not-utf-8", "This is not UTF-8 text.", path=path, line=line) from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from error
    return Document(path=path, content=content, text=text)


def _syntax_error(path: Path, text: str, said: str) -> ContentError:
    place = _SYNTAX_PLACE.search(said)
    last = text.count("\n") + (0 if text.endswith("\n") else 1)
    line = int(place[1]) if place and place[1] else max(last, 1)
    what = _SYNTAX_PLACE.sub("", said).strip()
    return ContentError("toml-syntax", f"This is not valid TOML: {what}.", path=path, line=line)


def _find_lines(text: str) -> dict[Keys, int]:
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    here: Keys = ()
    quotes = ""
    for number, row in enumerate(text.split("\n"), start=1):
        if quotes:
            quotes = "" if row.count(quotes) % 2 else quotes
            continue
        if header := _HEADER.match(row):
            here = _enter(_split(header[2]), header[1] == "[[", counts)
            lines.setdefault(here, number)
        elif key := _KEY.match(row):
            lines.setdefault(here + _split(key[1]), number)
        quotes = next((each for each in ('"""', "'''") if row.count(each) % 2), "")
    return lines


def _split(dotted: str) -> Keys:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _enter(name: Keys, is_array: bool, counts: dict[Keys, int]) -> Keys:
    """Return the way to the table that a header opens, counting `[[tables]]` from 0."""
    way: Keys = ()
    for depth, part in enumerate(name, start=1):
        way = (*way, part)
        if is_array and depth == len(name):
            counts[way] = counts.get(way, -1) + 1
        if way in counts:
            way = (*way, counts[way])
    return way
