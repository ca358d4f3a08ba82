"""What the monitors are given, each payment once, and how their alerts are posted."""

import json
import tempfile
import threading
import unittest
from contextlib import nullcontext
from http.client import BadStatusLine
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy.exc import OperationalError

from fraud.drift import reference
from fraud.events import World
from fraud.releases import Release
from fraud.store import Store, alerts, kept, monitors, payments, predictions
from fraud.watch import Post, Watch

CALM = [each.payment for each in World(200, 5).days(0, 9)]
KNOWN = reference(CALM)


class NoModels:
    """Knows what the training data look like, and holds no model."""

    def load(self, version: str) -> tuple[Any, dict[str, Any]]:
        return None, KNOWN


class EachOnce(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.store = Store(f"sqlite:///{Path(place.name) / 'fraud.db'}")
        self.addCleanup(self.store.close)

    def watch(self) -> Watch:
        return Watch(self.store, NoModels(), 3.0)  # type: ignore[arg-type]

    def n_counted(self, monitor: str) -> int:
        found = {row["name"]: json.loads(row["state"]) for row in self.store.all(monitors.select())}
        return found[monitor]["n_rows"] if monitor in found else 0

    def see(self, watch: Watch, rows: list[dict[str, Any]]) -> None:
        with self.store.writing() as tx:
            watch.inputs(tx, rows, Release("1"))

    def test_a_payment_from_api_and_stream_is_one_input(self) -> None:
        watch = self.watch()
        self.see(watch, CALM[:40])  # asked about
        self.see(watch, CALM[20:60])  # and brought by the stream
        self.see(watch, [*CALM[60:70], *CALM[60:70]])  # both within one batch
        self.see(self.watch(), CALM[:80])  # and again after a restart
        self.assertEqual(self.n_counted("drift"), 80)

    def test_a_batch_that_was_not_written_was_not_counted(self) -> None:
        watch = self.watch()
        with self.assertRaises(ZeroDivisionError), self.store.writing() as tx:
            watch.inputs(tx, CALM[:40], Release("1"))
            raise ZeroDivisionError
        watch.recall_all()
        self.see(watch, CALM[:40])
        self.assertEqual(self.n_counted("drift"), 40)

    def test_payments_without_a_name_are_each_their_own(self) -> None:
        nameless = [row | {"payment_id": None} for row in CALM[:30]]
        self.see(self.watch(), nameless + nameless)
        self.assertEqual(self.n_counted("drift"), 60)

    def test_a_payment_that_was_scored_twice_is_one_outcome(self) -> None:
        def line(name: str, row: dict[str, Any], **changed: Any) -> dict[str, Any]:
            said = {"version": "1", "variant": "a", "score": 0.01, "payment": "", "answered_at": 0}
            same = {"request_id": name, "payment_id": row["payment_id"], "at": row["at"]}
            return said | same | changed

        early = [row for row in CALM if row["at"] < CALM[-1]["at"] - 4 * 86_400]
        lines = [line(f"api-{n}", row) for n, row in enumerate(early)]
        lines += [line(f"stream-{n}", row) for n, row in enumerate(early)]
        lines += [line(f"nameless-{n}", row, payment_id=None) for n, row in enumerate(early)]
        lines += [line("later", early[0], at=CALM[-1]["at"] - 3.5 * 86_400)]  # told otherwise
        with self.store.writing() as tx:
            self.store.insert_new(tx, payments, [kept(row) for row in CALM])
            self.store.insert_new(tx, predictions, lines)
        with self.store.writing() as tx:
            self.watch().outcomes(tx, Release("1"))
        self.assertEqual(self.n_counted("quality"), len(early))


class Posting(unittest.TestCase):
    def test_an_alert_is_posted_whatever_went_wrong_before(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        store = Store(f"sqlite:///{Path(place.name) / 'fraud.db'}")
        self.addCleanup(store.close)
        watch = Watch(store, NoModels(), 3.0)  # type: ignore[arg-type]
        with store.writing() as tx:
            tx.execute(alerts.insert(), {"monitor": "drift", "says": "", "raised_at": 1.0})
        read, of_database = store.all, iter([OperationalError("", {}, Exception("locked"))])
        of_hook = iter([BadStatusLine("no HTTP at all"), ConnectionResetError()])
        received = threading.Event()

        def all_of(query: Any) -> list[dict[str, Any]]:
            for fault in of_database:
                raise fault
            return read(query)

        def urlopen(*_: Any, **__: Any) -> Any:
            for fault in of_hook:
                raise fault
            received.set()
            return nullcontext()

        post = Post(store, watch, "http://127.0.0.1:9/")
        with (
            patch.object(store, "all", all_of),
            patch("fraud.watch.urllib.request.urlopen", urlopen),
            self.assertLogs("fraud", "WARNING") as said,
        ):
            watch.raised.set()
            post.start()
            self.assertTrue(received.wait(20))
            post.stop()
        self.assertIsNotNone(store.all(alerts.select())[0]["delivered_at"])
        self.assertIn("no HTTP at all", said.output[1])
