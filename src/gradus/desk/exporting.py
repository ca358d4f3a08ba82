"""Handing the record out, and taking one in.

It must not change a row: what comes in is refused whole where one line is not as it was written.
"""

import io
from pathlib import Path
from typing import TextIO

from gradus.core.errors import UsageError
from gradus.desk.desk import Desk
from gradus.desk.workspace import replacing


def export_record(desk: Desk, stream: TextIO, *, contents: bool = False) -> int:
    """Write the record as JSON Lines and return how many; the bytes handed in too on request."""
    return desk.ledger().export(stream, contents=contents)


def export_to_file(desk: Desk, path: Path, *, contents: bool = False) -> int:
    """Write the record to a file and return how many rows; what is there stays until all is read.

    Raises UsageError where the file cannot be written.
    """
    place = path.resolve()  # behind a link, so that it stays one
    can_wait = place.is_file() or not (place.exists() or path.is_symlink())
    try:
        with replacing(place) if can_wait else path.open("wb") as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
            try:
                return export_record(desk, lines, contents=contents)
            finally:
                lines.detach()  # writes what is left, and leaves the stream open
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror or fault}.") from fault


def import_record(desk: Desk, path: Path) -> int:
    """Take in an exported record that goes on from the one that is here; return how many rows.

    Raises UsageError for a file that cannot be read, and LedgerError with the line that is wrong.
    """
    try:
        with path.open("rb") as stream:
            return desk.ledger().take_in(stream)
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror or fault}.") from fault
