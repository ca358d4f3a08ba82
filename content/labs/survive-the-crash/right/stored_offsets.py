"""Auto-commit, but of the offsets that the worker stores after its write."""

import json
import random
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, Producer


@dataclass
class Payment:
    payment_id: str
    account: str
    cents: int
    at: int

    def __post_init__(self):
        for name in ("payment_id", "account"):
            if type(getattr(self, name)) is not str or not getattr(self, name):
                raise ValueError(f"{name}: a text was expected")
        for name, least in (("cents", 1), ("at", 0)):
            if type(getattr(self, name)) is not int or getattr(self, name) < least:
                raise ValueError(f"{name}: a whole number of at least {least} was expected")

    @classmethod
    def read(cls, raw):
        row = json.loads(raw)
        names = cls.__dataclass_fields__
        return cls(**{name: row[name] for name in names})


def publish(settings, payments):
    def told(error, message):
        if error is not None:  # once more; what is refused for good is refused until we give up
            left.append(message)

    producer = Producer(settings["producer"] | {"acks": "all"})
    for each in payments:
        producer.produce(
            key=each["account"].encode(),
            value=json.dumps(each),
            topic="payments",
            on_delivery=told,
        )
    for _ in range(5):
        left = []
        while len(producer):
            producer.poll(0.1)
        for each in left:
            producer.produce(key=each.key(), value=each.value(), topic="payments", on_delivery=told)
    if left:
        raise SystemExit("the broker does not take everything")


class Worker:
    def __init__(self, settings, store, clock):
        self.consumer = Consumer(
            {
                **settings["consumer"],
                "enable.auto.commit": True,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
            }
        )
        self.dead = Producer(settings["producer"])
        self.store, self.clock = store, clock
        self.spread = random.SystemRandom()

    def __enter__(self):
        self.consumer.subscribe(["payments"])
        return self

    def __exit__(self, *_):
        self.consumer.close()

    def messages(self, stop):
        while True:
            if stop():
                return
            message = self.consumer.poll(timeout=0.2)
            if message is not None and not message.error():
                yield message
            elif message is not None and not message.error().name() == "_PARTITION_EOF":
                raise KafkaException(message.error())

    def waits(self):
        """Jitter that never falls back, which decorrelated jitter does; 25 minutes in all."""
        began, wait = self.clock.now(), 0.4
        while self.clock.now() - began < 1500:
            wait = min(45.0, self.spread.uniform(wait, wait * 3))
            yield min(wait, 1.0) if self.clock.now() == began else wait

    def insist(self, function, *args):
        try:
            return function(*args)
        except ConnectionError:
            pass
        everything = self.consumer.assignment()
        self.consumer.pause(everything)
        for wait in self.waits():
            self.clock.sleep(wait)
            self.consumer.poll(0)
            try:
                answer = function(*args)
            except ConnectionError:
                continue
            self.consumer.resume(everything)
            return answer
        raise SystemExit("the store does not come back")

    def handle(self, message):
        try:
            payment = Payment.read(message.value())
        except KeyError as fault:
            self.bury(message, f"{fault} is missing")
        except (ValueError, TypeError) as fault:
            self.bury(message, str(fault) or "unreadable")
        else:
            mark = f"id-{payment.payment_id}"
            if self.insist(self.store.get, mark):
                return
            key = f"total:{payment.account}:{payment.at // 3600}"
            n, cents = (self.insist(self.store.get, key) or {"payments": 0, "cents": 0}).values()
            total = {"payments": n + 1, "cents": cents + payment.cents}
            self.insist(self.store.put, {mark: 1, key: total})

    def bury(self, message, reason):
        place = (message.topic(), str(message.partition()), str(message.offset()))
        headers = dict(zip(("topic", "partition", "offset"), place, strict=True), reason=reason)
        arrived = []
        self.dead.produce(
            "payments.dead",
            message.value(),
            key=message.key(),
            headers=headers,
            on_delivery=lambda fault, _: arrived.append(fault),
        )
        self.dead.flush()
        if arrived != [None]:
            raise KafkaException(*arrived)


def run(settings, store, clock, stop):
    with Worker(settings, store, clock) as worker:
        for message in worker.messages(stop):
            worker.handle(message)
            worker.consumer.store_offsets(message=message)
