"""The ledger on SQLite: rows bound by hash, bytes kept under their digest.

A rollback journal with `synchronous = EXTRA` makes a commit survive `kill -9` and a power cut;
an immediate transaction around reading the last row and writing the next makes two processes at
once safe. It must not change or remove a row, and it leaves a damaged file as it is.
"""

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from gradus.core.errors import LedgerError
from gradus.ledger import faults
from gradus.ledger.lines import read_lines, written_lines
from gradus.ledger.row import FIRST, Row, bound, canonical, digest_of, plain
from gradus.ledger.schema import APPLICATION_ID, FORMAT, SCHEMA

COLUMNS = "seq, at, kind, facts, blobs, previous, hash"
PAGE = 200
"""Rows read at once, so that no reader holds up a writer for long."""
WAIT_SECONDS = 15.0
"""How long a busy record is waited for."""


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


class Ledger:
    """The record of one workspace."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        writable: bool,
        clock: Callable[[], datetime],
        wait: float,
    ) -> None:
        self.path = path
        self.writable = writable
        self._connection = connection
        self._clock = clock
        self._wait = wait
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls, path: Path, *, clock: Callable[[], datetime] = now, wait: float = WAIT_SECONDS
    ) -> Self:
        """Open the record at `path`, made if it is missing; read-only where that is all there is.

        Raises LedgerError where it is damaged, of a newer format, locked, or cannot be made.
        """
        writable = not path.is_file() or (
            os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        )
        with _explained(path, wait):
            connection = _connect(path, "rwc" if writable else "ro", wait)
            try:
                if writable:
                    _prepare(connection)
                _must_be_ours(connection, path)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, writable=writable, clock=clock, wait=wait)

    def append(
        self, kind: str, facts: Mapping[str, Any], blobs: Mapping[str, bytes] | None = None
    ) -> Row:
        """Write one fact, with bytes that belong to it by name; when it returns it is on the disk.

        Raises LedgerError, and then nothing was written; TypeError for facts that JSON cannot hold.
        """
        kept = plain(facts)
        contents = {digest_of(each): bytes(each) for each in (blobs or {}).values()}
        names = {name: digest_of(each) for name, each in (blobs or {}).items()}
        with self._lock, _explained(self.path, self._wait), self._transaction():
            last = self._last()
            row = bound(
                seq=last.seq + 1 if last else 1,
                at=self._clock().astimezone(UTC).isoformat(timespec="microseconds"),
                kind=kind,
                facts=kept,
                blobs=names,
                after=last.hash if last else FIRST,
            )
            self._write(row, contents)
        return row

    def rows(
        self,
        kind: str | Sequence[str] | None = None,
        lab: str | None = None,
        *,
        after: int = 0,
    ) -> Iterator[Row]:
        """Yield the rows in their order, of some kinds and of one lab where these are given.

        `after` leaves out the rows up to that number.
        """
        kinds = (kind,) if isinstance(kind, str) else tuple(kind or ())
        wanted = {f"kind{number}": each for number, each in enumerate(kinds)}
        where = f" AND kind IN ({', '.join(f':{name}' for name in wanted)})" if kinds else ""
        if lab is not None:
            wanted["lab"] = lab
            where += " AND lab = :lab"
        seen = after
        while True:
            with self._lock, _explained(self.path, self._wait):
                page = self._connection.execute(
                    f"SELECT {COLUMNS} FROM row WHERE seq > :seen{where} ORDER BY seq LIMIT {PAGE}",
                    {**wanted, "seen": seen},
                ).fetchall()
            for each in page:
                yield self._row(each)
            if len(page) < PAGE:
                return
            seen = page[-1][0]

    def latest(self, kind: str) -> Iterator[Row]:
        """Yield the rows of one kind, the last one first."""
        before = 2**62
        while True:
            with self._lock, _explained(self.path, self._wait):
                found = self._connection.execute(
                    f"SELECT {COLUMNS} FROM row WHERE kind = :kind AND seq < :before "
                    "ORDER BY seq DESC LIMIT 1",
                    {"kind": kind, "before": before},
                ).fetchone()
            if found is None:
                return
            yield self._row(found)
            before = found[0]

    def blob(self, digest: str) -> bytes:
        """Return the bytes that are kept under a digest; raises LedgerError if there are none."""
        with self._lock, _explained(self.path, self._wait):
            found = self._connection.execute(
                "SELECT content FROM blob WHERE digest = ?", (digest,)
            ).fetchone()
        if found is None:
            raise LedgerError(f"The record {self.path} holds nothing under {digest}.")
        return bytes(found[0])

    def verify(self) -> int:
        """Compute every hash again and return how many rows there are.

        Raises LedgerError with the first row that is not as it was written.
        """
        before, count = FIRST, 0
        for row in self.rows():
            count += 1
            again = bound(
                seq=count,
                at=row.at,
                kind=row.kind,
                facts=row.facts,
                blobs=row.blobs,
                after=before,
            )
            if row.seq != count or row.previous != before or row.hash != again.hash:
                raise faults.damaged(self.path, f"row {count} is not as it was written")
            for name, digest in row.blobs.items():
                if digest_of(self.blob(digest)) != digest:
                    raise faults.damaged(self.path, f"'{name}' of row {count} was changed")
            before = row.hash
        return count

    def export(self, stream: TextIO, *, contents: bool = False) -> int:
        """Write every row as one line of JSON and return how many; bytes as base64 on request.

        A first line says what the file is, a last one how many rows it has and where they end.
        """
        count = -2
        for line in written_lines(self.rows(), self.blob, contents=contents):
            stream.write(line)
            count += 1
        return count

    def take_in(self, stream: Iterable[bytes]) -> int:
        """Append the rows of an export that are not here yet and return how many.

        What is here already has to be what the export begins with. All of it is one transaction.
        Raises LedgerError, and then nothing was written.
        """
        new = 0
        with self._lock, _explained(self.path, self._wait), self._transaction():
            last = self._last()
            known = last.seq if last else 0
            for number, row, contents in read_lines(stream):
                if row.seq <= known:
                    if self._hash_of(row.seq) != row.hash:
                        raise faults.other_record(number, row.seq)
                    continue
                self._write(row, contents)
                new += 1
        return new

    def close(self) -> None:
        """Let go of the file; every row that was appended is on the disk already."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Return the ledger itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            _must_not_be_newer(self._connection, self.path)  # another process may have updated it
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _write(self, row: Row, contents: Mapping[str, bytes]) -> None:
        """Insert a row and the bytes that it brings; the caller holds the transaction."""
        for digest, content in contents.items():
            self._connection.execute(
                "INSERT INTO blob (digest, content) VALUES (?, ?)", (digest, content)
            )
        lab = row.facts.get("lab")
        columns = (row.seq, row.at, row.kind, canonical(row.facts), canonical(row.blobs))
        self._connection.execute(
            f"INSERT INTO row ({COLUMNS}, lab) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*columns, row.previous, row.hash, lab if isinstance(lab, str) else None),
        )

    def _hash_of(self, seq: int) -> str:
        found = self._connection.execute("SELECT hash FROM row WHERE seq = ?", (seq,)).fetchone()
        return str(found[0]) if found else ""

    def _last(self) -> Row | None:
        found = self._connection.execute(
            f"SELECT {COLUMNS} FROM row ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return self._row(found) if found else None

    def _row(self, columns: tuple[Any, ...]) -> Row:
        seq, at, kind, facts, blobs, previous, digest = columns
        try:
            return Row(seq, at, kind, json.loads(facts), previous, digest, json.loads(blobs))
        except (TypeError, ValueError) as fault:
            raise faults.damaged(self.path, f"row {seq} cannot be read") from fault


def _connect(path: Path, mode: str, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in a new file, and let every commit reach the disk."""
    connection.execute("PRAGMA synchronous = EXTRA")
    if _is_empty(connection):
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):  # another process may have been first
            for statement in _statements(SCHEMA):
                connection.execute(statement)
        connection.execute("COMMIT")


def _is_empty(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return bool(tables == 0 and connection.execute("PRAGMA user_version").fetchone()[0] == 0)


def _must_be_ours(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise faults.damaged(path, "it is another program's database")
    _must_not_be_newer(connection, path)
    connection.execute(f"SELECT {COLUMNS}, lab FROM row LIMIT 1").fetchone()


def _must_not_be_newer(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise faults.too_new(path, version, FORMAT)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextlib.contextmanager
def _explained(path: Path, wait: float) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as fault:
        raise faults.explain(fault, path, wait) from fault
