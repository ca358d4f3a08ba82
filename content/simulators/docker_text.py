"""The words of a Dockerfile's instructions: flags, exec form and shell form, names and values."""

import json
import re
import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, as the reader found it."""

    line: int
    name: str
    value: str
    documents: tuple[tuple[str, str], ...] = ()
    """Name and text of each here-document."""

    @property
    def short(self) -> str:
        """How a person recognises it."""
        text = f"{self.name} {' '.join(self.value.split())}"
        return f"line {self.line}, {text if len(text) <= 90 else text[:88] + ' …'}"


def flags_of(value: str) -> tuple[list[tuple[str, str]], str]:
    """Return the `--name=value` words in front of an instruction, and the rest."""
    flags = []
    while found := re.match(r"\s*--([a-z-]+)(?:=(\S*))?(?:\s+|$)", value):
        flags.append((found[1], (found[2] or "").strip("\"'")))
        value = value[found.end() :]
    return flags, value.strip()


def exec_form(value: str) -> tuple[str, ...] | None:
    """Return the words of an instruction in exec form, or None where it is in shell form."""
    try:
        words = json.loads(value)
    except (ValueError, RecursionError):
        return None
    is_list = isinstance(words, list) and all(isinstance(word, str) for word in words)
    return tuple(words) if is_list else None


def words_of(value: str) -> list[str]:
    """Split a value at its spaces, quotes taken off."""
    try:
        return shlex.split(value)
    except ValueError:
        return value.split()


def pairs(value: str) -> list[tuple[str, str]]:
    """Return names and values of an ENV or ARG."""
    words = words_of(value)
    if words and "=" not in words[0] and len(words) > 1:
        return [(words[0], " ".join(words[1:]))]
    return [word.partition("=")[::2] for word in words]
