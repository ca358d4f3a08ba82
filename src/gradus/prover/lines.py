"""JSON Lines: rows, labels and raw logs as text, one JSON object a line.

It must not know what stands in a line.
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

LARGEST = 256 * 2**20
"""Bytes of a file that somebody else wrote and that is read whole."""


def read_file(path: Path) -> bytes:
    """Return what stands in a file that somebody else wrote.

    Raises OSError for what is no file, such as a pipe that nobody writes to, and for a huge one.
    """
    at_once = getattr(os, "O_NONBLOCK", 0)
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | at_once)) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{path.name} is no file")
        if found.st_size > LARGEST:
            raise OSError(f"{path.name} has {found.st_size:,} bytes; {LARGEST:,} are read")
        return file.read(LARGEST)


def as_lines(records: Iterable[Mapping[str, Any]], *, or_text: bool = False) -> Iterator[str]:
    """Yield a line for each record; `or_text` writes what JSON does not know as its text."""
    for each in records:
        yield json.dumps(dict(each), default=str if or_text else None) + "\n"


def write_lines(path: Path, records: Iterable[Mapping[str, Any]], *, or_text: bool = False) -> Path:
    """Write a file of records and return its path."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(as_lines(records, or_text=or_text))
    return path
