"""Batches: up to 25 messages become one put and one commit for each partition that moved."""

import collections
import json
import random
import time

import confluent_kafka as kafka

DEAD = "payments.dead"


class Outbox:
    """A producer that knows what the broker refused."""

    def __init__(self, conf):
        self.producer = kafka.Producer({**conf, "enable.idempotence": True})
        self.refused = []

    def send(self, topic, value, key, headers=()):
        self.producer.produce(
            topic, value=value, key=key, headers=list(headers), callback=self._told
        )

    def _told(self, error, message):
        if error is not None:
            self.refused.append((message.key(), error.str()))

    def empty(self):
        left = self.producer.flush()
        assert not left, left
        if self.refused:
            raise OSError(self.refused)


def publish(settings, payments):
    outbox = Outbox(settings["producer"])
    for payment in payments:
        outbox.send("payments", json.dumps(payment, ensure_ascii=False), payment["account"])
    outbox.empty()


def fault_of(value):
    """The payment and None, or None and what is wrong."""
    if value is None:
        return None, "empty value"
    try:
        row = json.loads(value.decode("utf-8"))
        assert type(row) is dict, "no object"
        for name in ("payment_id", "account"):
            assert isinstance(row.get(name), str) and row[name], f"{name} must be a text"
        for name, least in {"cents": 1, "at": 0}.items():
            number = row.get(name)
            assert isinstance(number, int) and not isinstance(number, bool), f"bad {name}"
            assert number >= least, f"{name} below {least}"
    except (AssertionError, ValueError) as fault:
        return None, f"{type(fault).__name__}: {fault}"
    return row, None


def changes_of(payments, store):
    """Everything that these payments change, as one dict."""
    changed = {}

    def look(key):
        return changed[key] if key in changed else store.get(key)

    for payment in payments:
        mark = "counted/" + payment["payment_id"]
        if look(mark) is not None:
            continue
        key = "total:{}:{}".format(payment["account"], payment["at"] // 3600)
        old = look(key) or {}
        changed[key] = {
            "payments": old.get("payments", 0) + 1,
            "cents": old.get("cents", 0) + payment["cents"],
        }
        changed[mark] = payment["at"]
    return changed


def write(payments, store, consumer, clock):
    """Write all of them; full jitter, and the wait is a poll of paused partitions."""
    n_failed, began = 0, clock.now()
    while True:
        try:
            changed = changes_of(payments, store)
            if changed:
                store.put(changed)
            break
        except ConnectionError as fault:
            if clock.now() - began > 1500:
                raise TimeoutError("the store has been away for too long") from fault
        if n_failed == 0:
            consumer.pause(consumer.assignment())
        until = clock.now() + random.random() * min(50.0, 2.0**n_failed)
        n_failed += 1
        while (left := until - clock.now()) > 0:
            assert consumer.poll(left) is None
    if n_failed:
        consumer.resume(consumer.assignment())


def run(settings, store, clock, stop):
    conf = dict(settings["consumer"])
    conf["enable.auto.commit"] = "false"
    conf["auto.offset.reset"] = "smallest"
    consumer = kafka.Consumer(conf)
    consumer.subscribe(["payments"], on_revoke=lambda *_: None)
    outbox = Outbox(settings["producer"])
    while not stop():
        messages = [m for m in consumer.consume(25, timeout=0.5) if m.error() is None]
        payments, ends = [], collections.defaultdict(int)
        for message in messages:
            payment, fault = fault_of(message.value())
            if fault is None:
                payments.append(payment)
            else:
                place = {
                    "reason": fault,
                    "topic": message.topic(),
                    "partition": message.partition(),
                    "offset": message.offset(),
                    "buried_at": time.strftime("%Y-%m-%d"),
                }
                headers = [(name, str(value).encode()) for name, value in place.items()]
                outbox.send(DEAD, message.value(), message.key(), headers)
            ends[message.partition()] = max(ends[message.partition()], message.offset() + 1)
        outbox.empty()
        write(payments, store, consumer, clock)
        if ends:
            consumer.commit(
                offsets=[kafka.TopicPartition("payments", p, o) for p, o in ends.items()],
                asynchronous=False,
            )
    consumer.close()
