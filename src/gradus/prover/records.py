"""The log of predictions that a service keeps, read as declared.

It must not write to it, and must not judge what stands in it.
"""

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradus.core.service import ServiceDeclaration
from gradus.core.verdict import Finding
from gradus.prover import patience
from gradus.prover.claims import BrokenService
from gradus.prover.contract import BrokenContract, plain
from gradus.prover.lines import read_file

MOST = 2_000_000
"""Records of a table that are read."""
LONGEST = 30.0
"""Seconds after which a table, which may be a view, is taken to have no end."""
STEPS = 100_000
"""Instructions of SQLite between two looks at the clock."""
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Record:
    """One prediction as it was logged."""

    identifier: str
    """The identifier of its request."""
    prediction: Any
    """What was predicted; None where that is not declared."""


@dataclass(frozen=True, slots=True)
class Records:
    """Everything in a log."""

    all: tuple[Record, ...] = ()
    """In the log's order."""
    torn: tuple[str, ...] = field(default=())
    """Lines that are no JSON object with the declared fields."""

    def by_identifier(self) -> dict[str, list[Record]]:
        """Return the records of each identifier."""
        found: dict[str, list[Record]] = {}
        for each in self.all:
            found.setdefault(each.identifier, []).append(each)
        return found


def read_records(declaration: ServiceDeclaration) -> Records:
    """Read the declared log; a file that is not there yet has no records.

    Raises BrokenService where it cannot be read as declared.
    """
    assert declaration.log is not None, "the proof needs `log`"
    path = declaration.folder / declaration.log.path
    if not path.is_file():
        return Records()
    try:
        with path.open("rb") as stream:
            is_base = stream.read(len(_SQLITE)) == _SQLITE
        return _of_base(path, declaration) if is_base else _of_lines(path, declaration)
    except (OSError, sqlite3.Error) as fault:
        raise _unreadable(declaration, str(fault)) from None


async def settled(declaration: ServiceDeclaration, awaited: Collection[str]) -> Records:
    """Read the log until all awaited identifiers are in it, or the time to write them is over."""
    end = time.monotonic() + patience.LOGGED_WITHIN
    while True:
        records = await asyncio.to_thread(read_records, declaration)
        there = {each.identifier for each in records.all}
        if there.issuperset(awaited) or time.monotonic() > end:
            return records
        await asyncio.sleep(0.25)


def _of_lines(path: Path, declaration: ServiceDeclaration) -> Records:
    log = declaration.log
    assert log is not None
    found, torn = [], []
    for line in read_file(path).decode("utf-8", "backslashreplace").split("\n"):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            prediction = plain(entry[log.prediction]) if log.prediction else None
            found.append(Record(str(entry[log.identifier]), prediction))
        except (ValueError, KeyError, TypeError, RecursionError, BrokenContract):
            torn.append(line[:120])
    return Records(tuple(found), tuple(torn))


def _of_base(path: Path, declaration: ServiceDeclaration) -> Records:
    log = declaration.log
    assert log is not None
    columns = [log.identifier, *([log.prediction] if log.prediction else [])]
    asked = ", ".join(_quoted(each) for each in columns)
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=5.0)) as base:
        end = time.monotonic() + LONGEST
        base.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        known = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
        if log.table not in known:
            if not known:
                return Records()
            raise _unreadable(declaration, f"there is no table '{log.table}'")
        # A quoted name of no column would be taken for a text: a mistake of SQLite's own past.
        there = {row[1] for row in base.execute(f"PRAGMA table_info({_quoted(log.table)})")}
        for each in columns:
            if each not in there:
                raise _unreadable(declaration, f"there is no column '{each}'")
        rows = base.execute(f"SELECT {asked} FROM {_quoted(log.table)}").fetchmany(MOST + 1)
    if len(rows) > MOST:
        raise _unreadable(declaration, f"there are more than {MOST:,} records")
    return Records(tuple(Record(str(row[0]), _value(row[1:])) for row in rows))


def _value(given: tuple[Any, ...]) -> Any:
    """Return a column's value; a text that is JSON is what it says."""
    if not given:
        return None
    if isinstance(given[0], str | bytes):
        with contextlib.suppress(ValueError, RecursionError, BrokenContract):
            return plain(json.loads(given[0]))
    return given[0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unreadable(declaration: ServiceDeclaration, why: str) -> BrokenService:
    assert declaration.log is not None
    finding = Finding(declaration.log.path, why, "a log as it is declared in [prove.log]")
    return BrokenService("The declared log can be read.", finding)
