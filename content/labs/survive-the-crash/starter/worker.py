"""Totals of payments by account and hour, from a Kafka topic."""

import json

from confluent_kafka import Consumer, Producer


def publish(settings, payments):
    """Put payments (a list of dicts) on the topic `payments`."""
    producer = Producer(settings["producer"])
    for payment in payments:
        producer.produce("payments", json.dumps(payment).encode())


def run(settings, store, clock, stop):
    """Read payments and keep totals in the store, until `stop()` is true."""
    consumer = Consumer(settings["consumer"])
    consumer.subscribe(["payments"])
    totals = {}
    while not stop():
        message = consumer.poll(1.0)
        if message is None or message.error():
            continue
        payment = json.loads(message.value())
        key = f"total:{payment['account']}:{payment['at'] // 3600}"
        total = totals.setdefault(key, {"payments": 0, "cents": 0})
        total["payments"] += 1
        total["cents"] += payment["cents"]
        store.put({key: total})
