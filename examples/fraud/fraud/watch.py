"""What the scorer notices: monitors over inputs and outcomes, their alerts, and the post.

Monitors are moved within the scorer's transaction, so that a row counts once and an alert that was
raised is never lost. A thread of its own posts alerts until they are received.
"""

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

import sqlalchemy as sa

from fraud import drift, quality
from fraud.contract import Row
from fraud.defects import planted
from fraud.drift import Alarm, Drift, Reading
from fraud.quality import Quality
from fraud.releases import Models, Release
from fraud.settings import DAY
from fraud.store import Store, alerts, monitors, points

logger = logging.getLogger("fraud")
BOUNDS = {
    "drift": (drift.BOUND, drift.OVER),
    "quality": (quality.BOUND, quality.OVER),
}
"""Where each monitor raises an alarm, and where the alarm is over."""
KEPT_EVERY = 20
"""Rows between two points that are kept for the picture."""
OUTCOMES_EVERY = 0.5
"""Seconds between two looks for labels that are ripe."""


class Watch:
    """Both monitors, with what they remember in the database."""

    def __init__(self, store: Store, models: Models, label_days: float) -> None:
        self._store, self._models = store, models
        self._label_days = label_days
        self._looked = 0.0
        self._amounts: deque[float] = deque(maxlen=50)
        self._tests: dict[str, Drift] = {}
        self.raised = threading.Event()
        self.recall_all()

    def recall_all(self) -> None:
        """Go on from what the database holds, at a start and after a transaction that failed."""
        rows = self._store.all(monitors.select())
        self._memory = {row["name"]: json.loads(row["state"]) for row in rows}

    def inputs(self, tx: sa.Connection, rows: Sequence[Row], release: Release) -> None:
        """Move the drift monitor by payments that were just scored."""
        rows = [] if planted("deaf") else self._uncounted(tx, "drift", rows)
        if not rows:
            return
        memory = self._recall("drift", release.champion)
        monitor = self._test(release.champion)
        monitor.resume(memory["r"])
        for row in rows:
            reading = self._nervous(row) or monitor.take(row)
            says = f"The inputs have changed: {reading.leading.replace('_', ' ')} first of all."
            self._note(tx, "drift", memory, reading, says)
        self._remember(tx, "drift", memory, monitor.r.tolist())

    def outcomes(self, tx: sa.Connection, release: Release) -> None:
        """Move the performance monitor by the labels that became ripe."""
        if time.monotonic() - self._looked < OUTCOMES_EVERY:
            return
        self._looked = time.monotonic()
        memory = self._recall("quality", release.champion)
        until = self._store.watermark() - self._label_days * DAY
        if until <= memory.get("until", 0.0):
            return
        monitor = Quality(memory["r"])
        says = "There are more frauds than the scores say."
        ripe = self._store.scored(memory.get("until", 0.0), until)
        ours = [each for each in ripe if each["payment_id"] and each["version"] == release.champion]
        for row in self._uncounted(tx, "quality", ours):
            reading = monitor.take(row["score"], row["fraud"])
            self._note(tx, "quality", memory, reading, says)
        memory["until"] = until
        self._remember(tx, "quality", memory, monitor.r.tolist())

    def _uncounted(
        self, tx: sa.Connection, monitor: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """Return the rows of payments that a monitor has not counted, each once.

        A payment that is asked about, asked about again and brought by the stream is one payment:
        counted three times, it would make false alarms more likely than is stated.
        """
        names = {row["payment_id"] for row in rows} - {None}
        new: set[str | None] = {*self._store.count_once(tx, monitor, names)}
        kept = []
        for row in rows:
            if row["payment_id"] in new or row["payment_id"] is None:
                kept.append(row)
                new.discard(row["payment_id"])
        return kept

    def _test(self, version: str) -> Drift:
        if version not in self._tests:
            self._tests = {version: Drift(self._models.load(version)[1])}
        return self._tests[version]

    def _recall(self, name: str, version: str) -> dict[str, Any]:
        """Return what a monitor remembers; another version begins anew."""
        memory = self._memory.get(name, {"n_rows": 0})
        if memory.get("version") != version:
            memory = memory | {"version": version, "r": [], "on": False}
        self._memory[name] = memory
        return memory

    def _remember(
        self, tx: sa.Connection, name: str, memory: dict[str, Any], r: list[float]
    ) -> None:
        memory["r"] = r
        self._store.put(tx, monitors, [{"name": name, "state": json.dumps(memory)}])

    def _note(
        self, tx: sa.Connection, name: str, memory: dict[str, Any], reading: Reading, says: str
    ) -> None:
        bound, over = BOUNDS[name]
        alarm = Alarm(bound, over, memory["on"])
        is_raised = alarm.take(reading.value)
        memory["on"], memory["n_rows"] = alarm.on, memory["n_rows"] + 1
        n_rows = memory["n_rows"]
        if is_raised or n_rows % KEPT_EVERY == 0:
            point = {"monitor": name, "n_rows": n_rows, "value": reading.value}
            tx.execute(points.insert(), point)
        if is_raised:
            alert = {"monitor": name, "says": says, "raised_at": time.time()}
            tx.execute(alerts.insert(), alert)
            facts = {"monitor": name, "value": reading.value, "bound": bound, "n_rows": n_rows}
            self._store.write_down(tx, "alert", says, **facts)
            self.raised.set()

    def _nervous(self, row: Mapping[str, Any]) -> Reading | None:
        if not planted("nervous"):
            return None
        self._amounts.append(row["amount"])
        mean = sum(self._amounts) / len(self._amounts)
        is_high = len(self._amounts) == 50 and mean > 90
        return Reading(drift.BOUND if is_high else 0.0, "amount")


class Post(threading.Thread):
    """Posts alerts to the webhook, in their order, until each was received."""

    def __init__(self, store: Store, watch: Watch, address: str) -> None:
        super().__init__(name="post", daemon=True)
        self._store, self._watch, self._address = store, watch, address
        self._over = threading.Event()

    def run(self) -> None:
        """Post until told to stop."""
        pause = 0.2
        while not self._over.is_set():
            self._watch.raised.wait(1.0)
            self._watch.raised.clear()
            try:
                all_received = self._post_all()
            except Exception:  # the database may be away; alerts wait in it
                logger.exception("alerts could not be posted; it is tried again")
                all_received = False
            pause = 0.2 if all_received else min(pause * 2, 30.0)
            self._over.wait(pause if pause > 0.2 else 0.0)

    def stop(self) -> None:
        """End; what was not received is posted after the next start."""
        self._over.set()
        self._watch.raised.set()
        self.join()

    def _post_all(self) -> bool:
        query = alerts.select().where(alerts.c.delivered_at.is_(None)).order_by(alerts.c.id)
        for alert in self._store.all(query):
            body = {name: alert[name] for name in ("id", "monitor", "says", "raised_at")}
            if not _post(self._address, body):
                return False
            with self._store.writing() as tx:
                received = alerts.update().where(alerts.c.id == alert["id"])
                tx.execute(received.values(delivered_at=time.time()))
        return True


def _post(address: str, body: dict[str, Any]) -> bool:
    head = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), head)
    try:
        with urllib.request.urlopen(request, timeout=5):
            return True
    except (OSError, ValueError, HTTPException) as fault:
        logger.warning("the alert could not be posted: %s", fault or type(fault).__name__)
        return False
