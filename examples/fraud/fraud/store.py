"""The one database: payments, prediction log, offsets, releases, monitors and alerts.

SQLite unless `FRAUD_DATABASE` says otherwise. Whatever belongs together is written in one
transaction, so that after a crash either all of it is there or nothing.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from fraud.contract import Row
from fraud.features import MEMORY, Past

META = sa.MetaData()
AT_ONCE = 500
"""Names in one query: a database takes only so many parameters."""
text, number = sa.String, sa.Float

payments = sa.Table(
    "payments",
    META,
    sa.Column("payment_id", text, primary_key=True),
    *(sa.Column(name, text) for name in ("card", "merchant", "category", "country")),
    *(sa.Column(name, text) for name in ("card_country", "entry")),
    sa.Column("amount", number),
    sa.Column("at", number, index=True),
    sa.Index("payments_of_card", "card", "at"),
)
predictions = sa.Table(
    "predictions",
    META,
    sa.Column("request_id", text, primary_key=True),
    sa.Column("payment_id", text),
    sa.Column("payment", text),
    sa.Column("version", text),
    sa.Column("variant", text),
    sa.Column("score", number),
    sa.Column("at", number, index=True),
    sa.Column("answered_at", number),
)
reports = sa.Table(
    "reports",
    META,
    sa.Column("payment_id", text, primary_key=True),
    sa.Column("fraud", sa.Boolean),
    sa.Column("reported_at", number),
)
offsets = sa.Table(
    "offsets",
    META,
    sa.Column("topic", text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("next_offset", sa.BigInteger),
)
refusals = sa.Table(
    "refusals",
    META,
    sa.Column("topic", text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("offset", sa.BigInteger, primary_key=True),
    sa.Column("reason", text),
)
releases = sa.Table(
    "releases",
    META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("champion", text),
    sa.Column("challenger", text),
    sa.Column("share", number),
    sa.Column("at", number),
)
withdrawn = sa.Table(
    "withdrawn",
    META,
    sa.Column("version", text, primary_key=True),
    sa.Column("at", number),
)
alerts = sa.Table(
    "alerts",
    META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("monitor", text),
    sa.Column("says", text),
    sa.Column("raised_at", number),
    sa.Column("delivered_at", number),
)
counted = sa.Table(
    "counted",
    META,
    sa.Column("monitor", text, primary_key=True),
    sa.Column("payment_id", text, primary_key=True),
)
monitors = sa.Table(
    "monitors",
    META,
    sa.Column("name", text, primary_key=True),
    sa.Column("state", text),
)
points = sa.Table(
    "points",
    META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("monitor", text, index=True),
    sa.Column("n_rows", sa.Integer),
    sa.Column("value", number),
)
journal = sa.Table(
    "journal",
    META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", text),
    sa.Column("says", text),
    sa.Column("facts", text),
    sa.Column("at", number),
)
COLUMNS = tuple(column.name for column in payments.columns)


class Store:
    """A connection pool on the database; the tables are made where they are missing."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _tune)
        META.create_all(self.engine)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a transaction that is committed at the end, or rolled back by an exception."""
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def all(self, query: Any) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries."""
        with self.engine.connect() as connection:
            return [dict(each) for each in connection.execute(query).mappings()]

    def insert_new(
        self, tx: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert rows whose key is not there yet; what is there stays as it is."""
        if rows:
            tx.execute(
                _insert(self.engine.dialect.name, table).on_conflict_do_nothing(), list(rows)
            )

    def put(self, tx: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows; where the key is there, the new values take over."""
        if not rows:
            return
        insert = _insert(self.engine.dialect.name, table)
        keys = [column.name for column in table.primary_key]
        others = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        tx.execute(insert.on_conflict_do_update(index_elements=keys, set_=others), list(rows))

    def count_once(self, tx: sa.Connection, monitor: str, names: Iterable[str]) -> set[str]:
        """Return which payments a monitor has not counted yet; from now on it has."""
        new = set(names)
        for some in batched(sorted(new), AT_ONCE):
            here = sa.select(counted.c.payment_id).where(counted.c.monitor == monitor)
            new -= set(tx.execute(here.where(counted.c.payment_id.in_(some))).scalars())
        self.insert_new(tx, counted, [{"monitor": monitor, "payment_id": name} for name in new])
        return new

    def write_down(self, tx: sa.Connection, kind: str, says: str, **facts: Any) -> None:
        """Add a line to the journal of what was done and decided."""
        line = {"kind": kind, "says": says, "facts": json.dumps(facts), "at": time.time()}
        tx.execute(journal.insert(), line)

    def pasts(self, asked: Iterable[Mapping[str, Any]]) -> dict[str, Past]:
        """Return the past of every card that is asked about, as far back as it counts."""
        asked = list(asked)
        if not asked:
            return {}
        cards = {each["card"] for each in asked}
        earliest = min(each["at"] for each in asked) - MEMORY
        latest = max(each["at"] for each in asked)
        seen = payments.c
        query = (
            sa.select(seen.card, seen.at, seen.amount, seen.country, seen.merchant)
            .where(seen.card.in_(cards), seen.at >= earliest, seen.at < latest)
            .order_by(seen.at)
        )
        found: dict[str, Past] = {}
        with self.engine.connect() as connection:
            for card, at, amount, country, merchant in connection.execute(query):
                past = found.setdefault(card, Past())
                past.times.append(at)
                past.payments.append((amount, country, merchant))
        return found

    def watermark(self) -> float:
        """Return the time of the newest payment: the clock by which labels ripen."""
        with self.engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(payments.c.at))).scalar() or 0.0

    def labelled(self, since: float, until: float) -> list[Row]:
        """Return payments of a time with `fraud`: reported as such, or not reported by now."""
        fraud = sa.func.coalesce(reports.c.fraud, sa.false()).label("fraud")
        query = (
            sa.select(payments, fraud)
            .select_from(payments.outerjoin(reports, _same_payment(payments)))
            .where(payments.c.at >= since, payments.c.at < until)
            .order_by(payments.c.at, payments.c.payment_id)
        )
        return [each | {"fraud": bool(each["fraud"])} for each in self.all(query)]

    def scored(self, since: float, until: float) -> list[dict[str, Any]]:
        """Return the scores of a time with what became of the payments, in their order."""
        fraud = sa.func.coalesce(reports.c.fraud, sa.false()).label("fraud")
        log = predictions.c
        query = (
            sa.select(log.payment_id, log.version, log.score, log.at, fraud)
            .select_from(predictions.outerjoin(reports, _same_payment(predictions)))
            .where(log.at >= since, log.at < until)
            .order_by(log.at, log.answered_at)
        )
        return self.all(query)


def kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a payment that has a column."""
    return {name: row[name] for name in COLUMNS}


def batched(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield the names in groups of a size."""
    for begin in range(0, len(names), size):
        yield names[begin : begin + size]


def _same_payment(table: sa.Table) -> Any:
    return table.c.payment_id == reports.c.payment_id


def _insert(dialect: str, table: sa.Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _tune(connection: Any, _: Any) -> None:
    """Let readers and a writer work at once, wait for a lock, and reach the disk at each commit."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
