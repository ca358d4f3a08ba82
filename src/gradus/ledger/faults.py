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


UNTOUCHED = "Nothing was taken in; your record is as it was."


def broken(line: int, what: str) -> LedgerError:
    """Return the error for a line of an export that breaks the chain."""
    return LedgerError(f"Line {line} {what}. {UNTOUCHED}")


def cut_off(line: int) -> LedgerError:
    """Return the error for an export that ends before its closing line."""
    return LedgerError(
        f"The file ends at line {line}, before the line that closes it: a part is missing. "
        f"{UNTOUCHED}"
    )


def other_record(line: int, row: int) -> LedgerError:
    """Return the error for an export that does not go on from the record that is there."""
    return LedgerError(
        f"Line {line} is not what row {row} of your record says: the file does not go on from it. "
        f"{UNTOUCHED} To keep both, import into another workspace:\n"
        "GRADUS_WORKSPACE=/another/folder gradus import FILE"
    )


def file_too_new(version: int, known: int) -> LedgerError:
    """Return the error for an export that a later Gradus wrote."""
    return LedgerError(
        f"The file was written by a newer Gradus (format {version}; this one reads up to {known}). "
        f"{UNTOUCHED} Update Gradus:\npip install --upgrade gradus-ml"
    )


def without_contents() -> LedgerError:
    """Return the error for an export that has the rows and not the bytes."""
    return LedgerError(
        "The file was exported without what you handed in, so it is not the whole record. "
        f"{UNTOUCHED} Export it again, whole:\ngradus export --contents --output FILE"
    )
