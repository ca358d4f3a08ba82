"""Payments and fraud reports over the Kafka protocol, each taking effect exactly once.

Kafka delivers at least once. Offsets are therefore not left with the broker: they are written with
the results, in one transaction, and after a start reading goes on from there. What is delivered
twice all the same is known by its identifier.
"""

import json
import logging
import threading
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from pydantic import ValidationError

from fraud.contract import Payment, Report, row_of, said
from fraud.scoring import Busy, NotReady, Scorer, Work
from fraud.store import Store, offsets

logger = logging.getLogger("fraud")
PAYMENTS, REPORTS = "payments", "fraud-reports"
AT_ONCE = 100
PAUSE = 1.0
"""Seconds after which reading is tried again."""


class Reader(threading.Thread):
    """Reads both topics and hands what it reads to the scorer."""

    def __init__(self, brokers: str, store: Store, scorer: Scorer) -> None:
        super().__init__(name="reader", daemon=True)
        self._brokers, self._store, self._scorer = brokers, store, scorer
        self._over = threading.Event()
        self.fault = "it was not reached yet"
        """Why the stream is not read; empty while it is."""

    def run(self) -> None:
        """Read until told to stop; brokers, topics and the database may be away for a while."""
        while not self._over.is_set():
            try:
                self._read()
            except Exception as fault:
                self._tell(said_of(fault))
                self._over.wait(PAUSE)

    def _read(self) -> None:
        """Read from where the results end; raises what stands in the way."""
        faults: list[KafkaError] = []
        consumer = Consumer(
            {
                "bootstrap.servers": self._brokers,
                "group.id": "fraud-scorer",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "log_level": 3,
                "error_cb": lambda fault: faults.append(fault) if _ends_it(fault) else None,
            }
        )
        try:
            consumer.assign(self._places(consumer))
            self._tell("")
            while not self._over.is_set():
                messages = consumer.consume(AT_ONCE, 0.1)
                good = list(takewhile(lambda each: each.error() is None, messages))
                if good:
                    self._hand_over(work_of(good))
                faults += [each.error() for each in messages[len(good) : len(good) + 1]]
                if faults:
                    raise KafkaException(faults[0])
        finally:
            consumer.close()

    @property
    def says(self) -> str:
        """Return whether the stream is read, and if not, why."""
        return f"not read: {self.fault}" if self.fault else "read"

    def stop(self) -> None:
        """End after the batch under way."""
        self._over.set()
        self.join()

    def _tell(self, fault: str) -> None:
        """Keep why the stream is not read, and log it when it changes."""
        if fault and fault != self.fault:
            logger.warning("the stream is not read, and tried again: %s", fault)
        elif self.fault and not fault:
            logger.info("the stream is read")
        self.fault = fault

    def _places(self, consumer: Consumer) -> list[TopicPartition]:
        """Return every partition, each from where the results end."""
        known = {
            (r["topic"], r["partition"]): r["next_offset"]
            for r in self._store.all(offsets.select())
        }
        places: list[TopicPartition] = []
        for topic in (PAYMENTS, REPORTS):
            found = consumer.list_topics(topic, timeout=5).topics[topic]
            if found.error is not None or not found.partitions:
                why = "no partitions" if found.error is None else found.error.str()
                raise KafkaException(
                    KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART, f"{topic}: {why}")
                )
            places += [TopicPartition(topic, p, known.get((topic, p), 0)) for p in found.partitions]
        return places

    def _hand_over(self, work: Work) -> None:
        """Wait until it is written; nothing more is read meanwhile."""
        while not self._over.is_set():
            try:
                self._scorer.submit(work).result()
            except (Busy, NotReady):
                self._over.wait(0.2)
            except Exception as fault:
                self._tell(said_of(fault))
                self._over.wait(PAUSE)
            else:
                self._tell("")
                return
            work = Work(work.asked, True, work.reported, work.refused, work.delivered)


def said_of(fault: Exception) -> str:
    """Return what went wrong, as a sentence's end."""
    first = fault.args[0] if fault.args else None
    said = first.str() if isinstance(first, KafkaError) else str(fault)
    return said or type(fault).__name__


def _ends_it(fault: KafkaError) -> bool:
    """Say whether it is no use to go on reading: of several brokers one may be away."""
    return bool(fault.fatal()) or fault.code() == KafkaError._ALL_BROKERS_DOWN


def work_of(batch: Sequence[Message]) -> Work:
    """Return what messages ask for; what breaks the contract is set aside with the reason."""
    asked: dict[str, Any] = {}
    reported: dict[str, Any] = {}
    refused = []
    upto: dict[tuple[str, int], int] = {}
    for message in batch:
        topic, partition, offset = message.topic(), message.partition(), message.offset()
        place = {"topic": topic, "partition": partition, "offset": offset}
        upto[topic, partition] = offset + 1
        try:
            if topic == PAYMENTS:
                payment = Payment.model_validate_json(message.value() or b"")
                asked[f"stream-{payment.payment_id}"] = row_of(payment)
            else:
                report = Report.model_validate_json(message.value() or b"")
                row = report.model_dump() | {"reported_at": report.reported_at.timestamp()}
                reported[report.payment_id] = row
        except ValidationError as fault:
            refused.append(place | {"reason": json.dumps(said(fault)[0])})
    delivered = [
        {"topic": topic, "partition": partition, "next_offset": after}
        for (topic, partition), after in upto.items()
    ]
    return Work(asked, True, list(reported.values()), refused, delivered)


class Writer:
    """Writes to both topics, as the shops' side does."""

    def __init__(self, brokers: str) -> None:
        self._producer = Producer(
            {"bootstrap.servers": brokers, "enable.idempotence": True, "log_level": 3}
        )

    def payment(self, payment: dict[str, Any]) -> None:
        """Send a payment; those of one card keep their order."""
        self._send(PAYMENTS, payment["card"], payment)

    def report(self, report: dict[str, Any]) -> None:
        """Send what became of a payment."""
        self._send(REPORTS, report["payment_id"], report)

    def flush(self) -> None:
        """Wait until the brokers have everything."""
        left = self._producer.flush(30)
        if left:
            raise TimeoutError(f"{left} messages were not taken by the brokers")

    def _send(self, topic: str, key: str, value: dict[str, Any]) -> None:
        while True:
            try:
                self._producer.produce(topic, json.dumps(value).encode(), key)
            except BufferError:
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return


class MockBroker:
    """A broker inside this process that speaks the protocol over TCP; it keeps nothing on disk."""

    def __init__(self) -> None:
        self._keeps_it_alive = Producer({"test.mock.num.brokers": 1, "log_level": 3})
        found = self._keeps_it_alive.list_topics(timeout=10).brokers
        self.address = ",".join(f"{each.host}:{each.port}" for each in found.values())
        for topic in (PAYMENTS, REPORTS):
            self._keeps_it_alive.list_topics(topic, timeout=10)
