"""The reader of the stream: it meets every fault with a pause, and says when nothing is read."""

import json
import tempfile
import threading
import time
import unittest
import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from confluent_kafka import KafkaError, KafkaException, Producer

from fraud.events import World, written
from fraud.scoring import Work
from fraud.service import create_app
from fraud.settings import Settings
from fraud.store import Store
from fraud.stream import PAYMENTS, REPORTS, Reader, work_of

with warnings.catch_warnings():  # it would rather have a later httpx than the environment has
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PAYMENT = written(World(50, 3).day(0)[0].payment)
UNKNOWN = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART)
AWAY = KafkaException(KafkaError(KafkaError._TRANSPORT, "nobody answers"))


class Said:
    """A message, or a fault that comes in place of one."""

    def __init__(self, offset: int, fault: KafkaError | None = None, **changed: Any) -> None:
        self._offset, self._fault = offset, fault
        self._text = json.dumps(PAYMENT | {"payment_id": f"p{offset}"} | changed)

    def topic(self) -> str:
        return PAYMENTS

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self._offset

    def value(self) -> bytes:
        return self._text.encode()

    def error(self) -> KafkaError | None:
        return self._fault


def topic(fault: KafkaError | None = None, n_partitions: int = 1) -> Any:
    return SimpleNamespace(error=fault, partitions=dict.fromkeys(range(n_partitions)))


class Brokers:
    """Makes consumers that meet what is written in a play, one thing after the other."""

    def __init__(self, topics: list[Any], play: list[Any]) -> None:
        self._topics: Iterator[Any] = iter(topics)
        self._play: Iterator[Any] = iter(play)
        self.n_open = self.n_opened = 0
        self.is_over = threading.Event()

    def __call__(self, settings: dict[str, Any]) -> "Brokers":
        self.n_open += 1
        self.n_opened += 1
        return self

    def list_topics(self, name: str, timeout: float) -> Any:
        found = next(self._topics, topic())
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(topics={name: found})

    def assign(self, places: Any) -> None:
        pass

    def consume(self, most: int, seconds: float) -> list[Said]:
        found = next(self._play, None)
        if found is None:
            self.is_over.set()
            time.sleep(0.01)
            return []
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        self.n_open -= 1


class Waits(threading.Event):
    """Counts the pauses and makes none."""

    def __init__(self) -> None:
        super().__init__()
        self.n_waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.n_waits += 1
        return super().wait(0.001)


class Takes:
    """A scorer that takes everything."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def submit(self, work: Work) -> "Future[dict[str, Any]]":
        self.taken += work.asked
        work.done.set_result({})
        return work.done


class Reading(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        self.store = Store(f"sqlite:///{self.folder / 'fraud.db'}")
        self.addCleanup(self.store.close)

    def play(self, brokers: Brokers) -> tuple[Takes, Reader, int]:
        scorer, pauses = Takes(), Waits()
        reader = Reader("nowhere:1", self.store, scorer)  # type: ignore[arg-type]
        reader._over = pauses
        with patch("fraud.stream.Consumer", brokers):
            reader.start()
            came = brokers.is_over.wait(20)
            said = reader.says
            reader.stop()
        self.assertTrue(came, "it did not come so far")
        self.assertEqual(said, "read")
        self.assertEqual(brokers.n_open, 0)
        return scorer, reader, pauses.n_waits

    def test_brokers_and_topics_that_are_not_there_are_awaited(self) -> None:
        topics = [AWAY, topic(UNKNOWN, 0), topic(), topic(None, 0)]
        with self.assertLogs("fraud", "WARNING") as said:
            scorer, _, n_pauses = self.play(Brokers(topics, [[Said(0)]]))
        self.assertEqual(scorer.taken, ["stream-p0"])
        self.assertEqual(n_pauses, 3)
        for told, why in zip(said.output, ("nobody answers", PAYMENTS, REPORTS), strict=True):
            self.assertIn(why, told)

    def test_faults_while_reading_are_survived_and_nothing_behind_them_is_skipped(self) -> None:
        bad = [Said(0), Said(1, UNKNOWN), Said(2)]
        play = [AWAY, bad, [Said(1), Said(2)]]
        with self.assertLogs("fraud", "WARNING"):
            brokers = Brokers([], play)
            scorer, _, n_pauses = self.play(brokers)
        self.assertEqual(scorer.taken, ["stream-p0", "stream-p1", "stream-p2"])
        self.assertEqual((n_pauses, brokers.n_opened), (2, 3))

    def test_a_payment_without_a_name_is_set_aside(self) -> None:
        work = work_of([Said(0, payment_id=None), Said(1)])  # type: ignore[list-item]
        self.assertEqual(list(work.asked), ["stream-p1"])
        self.assertIn("payment_id", work.refused[0]["reason"])

    def test_health_tells_that_the_stream_is_not_read(self) -> None:
        empty = Producer({"test.mock.num.brokers": 1, "log_level": 3})
        found = empty.list_topics(timeout=10).brokers.values()
        settings = Settings(
            state=self.folder,
            database=f"sqlite:///{self.folder / 'fraud.db'}",
            tracking="",
            models=self.folder,
            brokers=",".join(f"{each.host}:{each.port}" for each in found),
            webhook="",
            label_days=3.0,
            queue=8,
        )
        with (
            self.assertLogs("fraud", "WARNING"),
            TestClient(create_app(settings)) as client,
        ):

            def says(wanted: str) -> bool:
                end = time.monotonic() + 60
                while time.monotonic() < end:
                    if client.get("/health").json()["stream"].startswith(wanted):
                        return True
                    time.sleep(0.05)
                return False

            self.assertTrue(says(f"not read: {PAYMENTS}"))
            for name in (PAYMENTS, REPORTS):
                empty.list_topics(name, timeout=10)  # this broker makes what is asked for
            self.assertTrue(says("read"))
