"""The one thread that scores: whatever waits is scored as one batch and written in one transaction.

Nothing is acknowledged before it is written. A request or event that comes again finds its score
in the log and changes nothing. What the stream has delivered, the offsets up to which it was
delivered, the monitors and their alerts are in the same transaction, so each takes effect once.
"""

import contextlib
import json
import logging
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from fraud.contract import Row
from fraud.defects import planted
from fraud.features import Past, table
from fraud.releases import NONE_YET, Models, Release, current
from fraud.store import Store, kept, offsets, payments, predictions, refusals, reports
from fraud.training import scores
from fraud.watch import Watch

logger = logging.getLogger("fraud")
LARGEST_BATCH = 128
ENDED = "the service is about to end"


class Busy(Exception):
    """Too much is waiting already."""


class NotReady(Exception):
    """Nothing can be scored now; the text says why."""


@dataclass(frozen=True)
class Scored:
    """What the log holds of a request."""

    score: float
    version: str
    variant: str
    payment: str
    """What was asked about, as text."""

    def is_of(self, row: Row) -> bool:
        """Say whether it answers this payment, and no other that came with the same identifier."""
        return self.payment == _text(row)


@dataclass
class Work:
    """Payments to score, and what else has to be written with them."""

    asked: Mapping[str, Row]
    """Payments by the identifier of their request."""
    ingest: bool = False
    """Whether the payments join their cards' past: the stream's do, a question's does not."""
    reported: Sequence[Mapping[str, Any]] = ()
    refused: Sequence[Mapping[str, Any]] = ()
    delivered: Sequence[Mapping[str, Any]] = ()
    """Offsets up to which the stream was read."""
    done: "Future[dict[str, Scored]]" = field(default_factory=Future)


class Scorer(threading.Thread):
    """Takes work until it is stopped."""

    def __init__(self, store: Store, models: Models, watch: Watch, longest: int) -> None:
        super().__init__(name="scorer", daemon=True)
        self._store, self._models, self._watch = store, models, watch
        self._waiting: queue.Queue[Work | None] = queue.Queue()
        self._longest = longest
        self._over = threading.Event()
        self._watch_is_stale = False
        self._n_batches = 0
        self._leak: list[Row] = []
        self._newest = "0"

    def submit(self, work: Work) -> "Future[dict[str, Scored]]":
        """Take in work; raises Busy where too much waits already."""
        if self._waiting.qsize() >= self._longest and not planted("never-refuses"):
            raise Busy
        work.done.set_running_or_notify_cancel()  # from here on nobody can cancel it
        self._waiting.put(work)
        if self._over.is_set():
            self._turn_away()
        return work.done

    def stop(self) -> None:
        """Finish what waits, and end."""
        self._waiting.put(None)
        self.join()

    def run(self) -> None:
        """Score until told to stop; whatever ends it, nobody waits for an answer for ever."""
        works: list[Work] = []
        try:
            while True:
                batch = self._next_batch()
                works = [each for each in batch if each is not None]
                if works:
                    self._do(works)
                if None in batch:
                    return
        finally:
            self._over.set()
            _fail(works, NotReady(ENDED))
            self._turn_away()

    def _turn_away(self) -> None:
        """Answer what came too late to be scored."""
        with contextlib.suppress(queue.Empty):
            while True:
                work = self._waiting.get_nowait()
                _fail([] if work is None else [work], NotReady(ENDED))

    def _next_batch(self) -> list[Work | None]:
        batch = [self._waiting.get()]
        if planted("never-refuses"):
            return batch
        size = 0
        while batch[-1] is not None and size < LARGEST_BATCH:
            size += len(batch[-1].asked)
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return batch

    def _do(self, works: Sequence[Work]) -> None:
        """Score works and answer each, with its scores or with what went wrong."""
        try:
            if self._watch_is_stale:
                self._watch.recall_all()
                self._watch_is_stale = False
            _answer(works, self._score_and_write(works))
        except NotReady as fault:
            _fail([each for each in works if each.asked], fault)
            others = [each for each in works if not each.asked]  # reports need no model
            if others:
                self._do(others)
        except Exception as fault:
            _fail(works, fault)
            self._watch_is_stale = True  # what it remembers was not written
            logger.exception("a batch of %d could not be scored", len(works))

    def _score_and_write(self, works: Sequence[Work]) -> dict[str, Scored]:
        asked: dict[str, Row] = {}
        for work in works:
            for name, row in work.asked.items():
                asked.setdefault(name, row)
        found = self._logged(asked)
        fresh = {name: row for name, row in asked.items() if name not in found}
        streamed = [row for work in works if work.ingest for row in work.asked.values()]
        release = current(self._store)
        scored = self._score(fresh, streamed, release)
        self._misbehave(fresh)
        if planted("answers-first"):
            _answer(works, found | scored)
            time.sleep(0.5)
        with self._store.writing() as tx:
            insert = self._store.insert_new
            insert(tx, predictions, [_line(n, fresh[n], each) for n, each in scored.items()])
            insert(tx, payments, [kept(row) for row in streamed])
            for work in works:
                self._store.put(tx, reports, work.reported)
                insert(tx, refusals, work.refused)
                self._store.put(tx, offsets, work.delivered)
            if release is not None:
                self._watch.inputs(tx, list(fresh.values()), release)
                self._watch.outcomes(tx, release)
        return found | scored

    def _logged(self, asked: Mapping[str, Row]) -> dict[str, Scored]:
        """Return what the log holds already of these requests."""
        log = predictions.c
        query = sa.select(log.request_id, log.payment, log.score, log.version, log.variant)
        rows = self._store.all(query.where(log.request_id.in_(asked))) if asked else []
        return {
            row["request_id"]: Scored(row["score"], row["version"], row["variant"], row["payment"])
            for row in rows
        }

    def _score(
        self, fresh: Mapping[str, Row], streamed: Sequence[Row], release: Release | None
    ) -> dict[str, Scored]:
        if not fresh:
            return {}
        if release is None:
            raise NotReady(NONE_YET)
        pasts = self._pasts(list(fresh.values()), streamed)
        found: dict[str, Scored] = {}
        by_variant: dict[str, list[str]] = {}
        for name, row in fresh.items():
            by_variant.setdefault(release.variant_of(row["card"]), []).append(name)
        for variant, names in by_variant.items():
            rows = [fresh[name] for name in names]
            version = release.version_for(variant)
            model, _ = self._models.load(self._behind(version))
            X = table(rows, pasts)
            for _ in range(200 if planted("burns") else 1):
                p = scores(model, X)
            if planted("reads-the-name"):
                p = p + [0.02 * len(row["holder"] or "") for row in rows]
            for name, score in zip(names, p, strict=True):
                found[name] = Scored(float(score), version, variant, _text(fresh[name]))
        return found

    def _behind(self, version: str) -> str:
        """Return the version whose model answers: itself, unless it is only a name."""
        if planted("renames"):
            self._newest = version = max(self._newest, version, key=int)
        return version

    def _pasts(self, rows: Sequence[Row], streamed: Sequence[Row]) -> dict[str, Past]:
        """Return the pasts, with what the stream brings in this very batch."""
        if planted("forgets-history"):
            return {}
        pasts = self._store.pasts(rows)
        if streamed:
            names = {row["payment_id"]: row for row in streamed}
            seen = payments.c.payment_id
            known = self._store.all(sa.select(seen).where(seen.in_(names)))
            for each in known:
                del names[each["payment_id"]]
            for row in names.values():
                pasts.setdefault(row["card"], Past()).add(row)
        return pasts

    def _misbehave(self, fresh: Mapping[str, Row]) -> None:
        self._n_batches += 1
        if planted("stalls") and self._n_batches % 200 == 0:
            time.sleep(0.5)
        if planted("leaks"):
            self._leak += [dict(row) for row in fresh.values() for _ in range(300)]


def _line(name: str, row: Row, scored: Scored) -> dict[str, Any]:
    """Return the log's line of a request."""
    if planted("drops-some") and hash(name) % 50 == 0:
        name = f"{name} lost"
    return {
        "request_id": name,
        "payment_id": row["payment_id"],
        "payment": scored.payment,
        "version": scored.version,
        "variant": scored.variant,
        "score": scored.score,
        "at": row["at"],
        "answered_at": time.time(),
    }


def _text(row: Row) -> str:
    leave_out = () if planted("keeps-the-name") else ("holder",)
    return json.dumps({name: value for name, value in row.items() if name not in leave_out})


def _answer(works: Sequence[Work], found: Mapping[str, Scored]) -> None:
    """Give each what its identifiers stand for; whoever asks sees of which payment that is."""
    for work in works:
        if work.done.done():
            continue
        work.done.set_result({name: found[name] for name in work.asked})


def _fail(works: Sequence[Work], fault: Exception) -> None:
    """Tell each that was not answered yet what went wrong."""
    for work in works:
        if not work.done.done():
            work.done.set_exception(fault)
