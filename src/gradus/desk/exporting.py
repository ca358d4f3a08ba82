"""Handing the record out, and taking one in.

It must not change a row: what comes in is refused whole where one line is not as it was written.
"""

from pathlib import Path
from typing import TextIO

from gradus.core.errors import UsageError
from gradus.desk.desk import Desk


def export_record(desk: Desk, stream: TextIO, *, contents: bool = False) -> int:
    """Write the record as JSON Lines and return how many; the bytes handed in too on request."""
    return desk.ledger().export(stream, contents=contents)


def import_record(desk: Desk, path: Path) -> int:
    """Take in an exported record that goes on from the one that is here; return how many rows.

    Raises UsageError for a file that cannot be read, and LedgerError with the line that is wrong.
    """
    try:
        with path.open("rb") as stream:
            return desk.ledger().take_in(stream)
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror or fault}.") from fault
