"""Totals of payments by account and hour, from a stream, through every crash."""

import json
import random

from confluent_kafka import Consumer, Producer

FIRST_WAIT, LONGEST_WAIT, PATIENCE = 0.5, 40.0, 1200.0
FIELDS = (("payment_id", str), ("account", str), ("cents", int), ("at", int))


def deliver(producer, failed):
    """Wait until the broker has everything; what it refused is an error, not a loss."""
    producer.flush()
    if failed:
        raise RuntimeError(f"the broker did not take everything: {failed}")


def publish(settings, payments):
    """Put payments on the topic, keyed by account."""
    producer, failed = Producer(settings["producer"]), []

    def told(error, message):
        if error:
            failed.append(str(error))

    for payment in payments:
        raw = json.dumps(payment).encode()
        producer.produce("payments", raw, payment["account"], on_delivery=told)
    deliver(producer, failed)


def payment_of(raw):
    """Read a message's value; ValueError says what is wrong with it."""
    try:
        payment = json.loads(raw or b"")
    except ValueError as fault:
        raise ValueError(f"not JSON: {fault}") from None
    if not isinstance(payment, dict):
        raise ValueError("not an object")
    for name, kind in FIELDS:
        value = payment.get(name)
        if type(value) is not kind or value == "":
            raise ValueError(f"{name} is {value!r}")
    if payment["cents"] < 1 or payment["at"] < 0:
        raise ValueError("cents or at is too small")
    return payment


def bury(producer, message, reason):
    """Send a message that is no payment to the dead letters, and wait until it is there."""
    failed = []
    producer.produce(
        "payments.dead",
        message.value(),
        message.key(),
        headers={
            "reason": reason,
            "topic": message.topic(),
            "partition": str(message.partition()),
            "offset": str(message.offset()),
        },
        on_delivery=lambda error, _: failed.append(str(error)) if error else None,
    )
    deliver(producer, failed)


def add(store, payment):
    """Count a payment once: what says so is written together with the total."""
    seen = f"seen:{payment['payment_id']}"
    if store.get(seen):
        return
    key = f"total:{payment['account']}:{payment['at'] // 3600}"
    total = store.get(key) or {"payments": 0, "cents": 0}
    total = {"payments": total["payments"] + 1, "cents": total["cents"] + payment["cents"]}
    store.put({key: total, seen: True})


def patiently(action, consumer, clock):
    """Try until the store is back. The group hears of us meanwhile, and gives us nothing new."""
    started, longest = clock.now(), FIRST_WAIT
    try:
        while True:
            try:
                return action()
            except ConnectionError:
                if clock.now() - started > PATIENCE:
                    raise
            consumer.pause(consumer.assignment())
            clock.sleep(random.uniform(longest / 2, longest))
            longest = min(2 * longest, LONGEST_WAIT)
            consumer.poll(0)
    finally:
        consumer.resume(consumer.assignment())


def run(settings, store, clock, stop):
    """Read payments until told to stop: first write, then commit."""
    consumer = Consumer(
        {
            **settings["consumer"],
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    producer = Producer(settings["producer"])
    consumer.subscribe(["payments"])
    try:
        while not stop():
            message = consumer.poll(1.0)
            # An error tells of the end of a partition, or of what librdkafka mends by itself.
            if message is None or message.error():
                continue
            try:
                payment = payment_of(message.value())
            except ValueError as fault:
                bury(producer, message, str(fault))
            else:
                patiently(lambda payment=payment: add(store, payment), consumer, clock)
            consumer.commit(message=message, asynchronous=False)
    finally:
        consumer.close()
