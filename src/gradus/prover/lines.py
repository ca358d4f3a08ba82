"""JSON Lines: rows, labels and raw logs as text, one JSON object a line.

It must not know what stands in a line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any


def as_lines(records: Iterable[Mapping[str, Any]], *, or_text: bool = False) -> Iterator[str]:
    """Yield a line for each record; `or_text` writes what JSON does not know as its text."""
    for each in records:
        yield json.dumps(dict(each), default=str if or_text else None) + "\n"


def write_lines(path: Path, records: Iterable[Mapping[str, Any]], *, or_text: bool = False) -> Path:
    """Write a file of records and return its path."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(as_lines(records, or_text=or_text))
    return path
