"""Turns what SQLite says went wrong into a sentence for a person.

It must not try to mend anything: a damaged record is left as it is.
"""

import sqlite3
from pathlib import Path

from gradus.core.errors import LedgerError

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
NO_PLACE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


def explain(fault: sqlite3.Error, path: Path, waited: float) -> LedgerError:
    """Return the error that says what is wrong with the record and what to do."""
    code = (getattr(fault, "sqlite_errorcode", None) or 0) & 0xFF
    if code in BUSY:
        return LedgerError(
            f"The record {path} is in use by another program and did not become free within "
            f"{waited:g} seconds. Nothing was lost; close the other program and try again."
        )
    if code in DAMAGED:
        return damaged(path, str(fault))
    if code == sqlite3.SQLITE_FULL:
        return LedgerError(
            f"There is no room left on the disk for the record {path}. What was recorded before is "
            "kept, this was not; make room and try again."
        )
    if code in NO_PLACE:
        return LedgerError(
            f"The record {path} cannot be written: its folder is missing or read-only. "
            "Make the folder writable, or use a workspace in another place."
        )
    return LedgerError(
        f"The record {path} could not be used: {fault}. What was recorded before is kept."
    )


def damaged(path: Path, detail: str) -> LedgerError:
    """Return the error for a file that is not, or not any more, a record of ours."""
    return LedgerError(
        f"The record {path} is damaged ({detail}). It was left as it is; to begin a new one, move "
        f"it away first:\nmv {path} {path}.damaged"
    )


def too_new(path: Path, version: int, known: int) -> LedgerError:
    """Return the error for a record that a later Gradus wrote."""
    return LedgerError(
        f"The record {path} was written by a newer Gradus (format {version}; this one reads up to "
        f"{known}). Nothing was changed; update Gradus:\npip install --upgrade gradus-ml"
    )
