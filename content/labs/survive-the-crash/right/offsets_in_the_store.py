"""The store keeps the offsets as well, in the same put; a message that failed is sought again."""

import json
import random

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

TOPIC = "payments"


def publish(settings, payments):
    producer = Producer(settings["producer"])
    trouble = []
    for payment in payments:
        producer.produce(
            TOPIC,
            json.dumps(payment).encode(),
            payment["account"].encode(),
            on_delivery=lambda error, _: error and trouble.append(error),
        )
    producer.flush(60)
    if trouble:
        raise SystemExit(str(trouble))


def whole(value, least):
    return isinstance(value, int) and value is not True and value is not False and value >= least


def text(value, _):
    return isinstance(value, str) and len(value) > 0


WANTED = {"payment_id": (text, 0), "account": (text, 0), "cents": (whole, 1), "at": (whole, 0)}


def problems(raw):
    """Return the payment and the list of what is wrong with it."""
    try:
        row = json.loads(raw)
    except (ValueError, TypeError) as error:
        return None, [f"cannot be read: {error}"]
    if not isinstance(row, dict):
        return None, [f"a {type(row).__name__}, not an object"]
    return row, [n for n, (is_right, least) in WANTED.items() if not is_right(row.get(n), least)]


def where_to_begin(consumer, store):
    partitions = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
    places = consumer.committed([TopicPartition(TOPIC, number) for number in partitions])
    for place in places:
        kept = store.get(f"offset:{place.partition}")
        known = [offset for offset in (kept, place.offset) if offset is not None and offset >= 0]
        place.offset = max(known, default=OFFSET_BEGINNING)
    return places


def bury(dead, message, headers):
    """Send it again where the broker refuses it, five times at the most."""
    refused = [message]
    for _ in range(5):
        refused.clear()
        dead.produce(
            "payments.dead",
            message.value(),
            message.key(),
            headers=headers,
            on_delivery=lambda error, _: error and refused.append(error),
        )
        dead.flush()
        if not refused:
            return
    raise KafkaException(*refused)


def run(settings, store, clock, stop):
    dead = Producer(settings["producer"])
    with Consumer({**settings["consumer"], "enable.auto.commit": False}) as consumer:
        consumer.assign(where_to_begin(consumer, store))
        follow(consumer, dead, store, clock, stop)


def follow(consumer, dead, store, clock, stop):
    n_failed, since = 0, None
    while not stop():
        message = consumer.poll(1)
        if message is None or message.error():
            continue
        after = TopicPartition(TOPIC, message.partition(), message.offset() + 1)
        changes = {f"offset:{message.partition()}": message.offset() + 1}
        payment, wrong = problems(message.value())
        try:
            if wrong:
                headers = {"reason": "; ".join(wrong), "topic": TOPIC,
                           "partition": str(message.partition()), "offset": str(message.offset())}  # fmt: skip
                bury(dead, message, headers)
                changes = {}
            elif store.get(payment["payment_id"]) is None:
                key = f"total:{payment['account']}:{payment['at'] // 3600}"
                total = store.get(key) or {"payments": 0, "cents": 0}
                total["payments"] += 1
                total["cents"] += payment["cents"]
                changes |= {key: total, payment["payment_id"]: True}
            if changes:
                store.put(changes)
        except ConnectionError:
            since = clock.now() if since is None else since
            if clock.now() > since + 1300:
                raise
            consumer.seek(TopicPartition(TOPIC, message.partition(), message.offset()))
            clock.sleep(min(30, 0.6 * 2**n_failed) * random.uniform(0.7, 1.3))
            n_failed += 1
            continue
        n_failed, since = 0, None
        consumer.commit(offsets=[after], asynchronous=True)
