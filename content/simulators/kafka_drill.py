"""Runs worker.py against a real Kafka broker, kills it and takes its store away.

The broker is librdkafka's own: it speaks the protocol over loopback and forgets everything with
its process. Each life of the worker gets a new one, with the same payments and the offsets that
were committed before, as if the time had passed after which a broker gives a dead member's
partitions to others; dead letters are added up over the lives. The worker is a process of its
own, and its death is a real `kill -9`. Nothing here says what is right: it writes down what
happened.

`python drill.py` plays a small story and prints it. With a file story.json it plays that one and
writes report.json.
"""

import base64
import collections
import ctypes
import importlib.util
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import traceback
import zlib
from pathlib import Path

try:
    import confluent_kafka
except ImportError:  # the judge reads this file, and has no Kafka
    confluent_kafka = None

TOPIC, DEAD, GROUP, PARTITIONS = "payments", "payments.dead", "totals", 3
PLACE = Path(".drill")
BETWEEN_SECONDS = 0.005  # two orders in quick succession make the broker miss one for a second
GUARD_SECONDS, SETTLE_SECONDS, LONGEST_WAIT, FETCH_SECONDS = 60.0, 0.06, 0.05, 2.0
PRODUCE_REQUEST, NOT_ALLOWED = 0, 29  # numbers of Kafka's protocol
FIRST_MOMENT = 50_000.0  # on the worker's clock, which has gone for long when the story begins
MOST_VIRTUAL, MOST_IDLE, MOST_STILL, MOST_FAILURES = 7200.0, 100, 20, 4000
FORCED_ON_CONSUMERS = {
    "group.id": GROUP,
    "auto.commit.interval.ms": 20,
    "enable.partition.eof": True,
    "fetch.wait.max.ms": 20,
    "log_level": 2,
}
FORCED_ON_PRODUCERS = {"linger.ms": 60_000, "log_level": 2}
really_sleep = time.sleep


# ── The broker ──────────────────────────────────────────────────────────────────────────────────


def library():
    """The librdkafka that confluent_kafka has loaded."""
    package = Path(confluent_kafka.__file__).parent
    places = (package.with_name("confluent_kafka.libs"), package / ".dylibs")
    found = [path for place in places for path in place.glob("librdkafka*")]
    return ctypes.CDLL(str(found[0]))


def start_broker():
    """Start a broker in this process; see rdkafka_mock.h.

    Return its address, and a function that makes it refuse the next so many requests to write.
    """
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    kafka = library()
    for name, result, *arguments in (
        ("rd_kafka_conf_new", pointer),
        ("rd_kafka_conf_set", number, pointer, text, text, text, ctypes.c_size_t),
        ("rd_kafka_new", pointer, number, pointer, text, ctypes.c_size_t),
        ("rd_kafka_mock_cluster_new", pointer, pointer, number),
        ("rd_kafka_mock_cluster_bootstraps", text, pointer),
        ("rd_kafka_mock_topic_create", number, pointer, text, number, number),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, pointer, ctypes.c_int32),
        (
            "rd_kafka_mock_push_request_errors_array",
            None,
            pointer,
            ctypes.c_int16,
            ctypes.c_size_t,
            ctypes.POINTER(number),
        ),
    ):
        getattr(kafka, name).restype = result
        getattr(kafka, name).argtypes = arguments
    fault = ctypes.create_string_buffer(512)
    conf = kafka.rd_kafka_conf_new()
    kafka.rd_kafka_conf_set(conf, b"log_level", b"2", fault, len(fault))
    cluster = kafka.rd_kafka_mock_cluster_new(kafka.rd_kafka_new(0, conf, fault, len(fault)), 1)
    if not cluster:
        raise OSError("the broker may not listen on loopback here")
    for topic in (TOPIC, DEAD):
        really_sleep(BETWEEN_SECONDS)
        kafka.rd_kafka_mock_topic_create(cluster, topic.encode(), PARTITIONS, 1)
    really_sleep(BETWEEN_SECONDS)
    kafka.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)

    def refuse(times):
        errors = (number * times)(*[NOT_ALLOWED] * times)
        kafka.rd_kafka_mock_push_request_errors_array(cluster, PRODUCE_REQUEST, times, errors)

    return kafka.rd_kafka_mock_cluster_bootstraps(cluster).decode(), refuse


def connected(address):
    """A consumer that takes no part in the group, and may read and write its offsets."""
    conf = {"bootstrap.servers": address, "group.id": GROUP, "enable.auto.commit": False}
    conf |= {"enable.partition.eof": True, "fetch.wait.max.ms": 20, "log_level": 2}
    return confluent_kafka.Consumer(conf)


def fill(address, messages, committed):
    """Put payments on the topic, and give the group the offsets that it had committed."""
    producer = confluent_kafka.Producer({"bootstrap.servers": address, "log_level": 2})
    for message in messages:
        value = None if message["value"] is None else base64.b64decode(message["value"])
        producer.produce(TOPIC, value, message["key"], message["partition"])
    producer.flush(20)
    places = [confluent_kafka.TopicPartition(TOPIC, int(p), o) for p, o in committed.items()]
    if places:
        consumer = connected(address)
        consumer.commit(offsets=places, asynchronous=False)
        consumer.close()


def messages_of(consumer, topic):
    """Every message of a topic, in the order of each partition."""
    consumer.assign([confluent_kafka.TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
    found, n_ended, deadline = [], 0, time.monotonic() + GUARD_SECONDS
    while n_ended < PARTITIONS and time.monotonic() < deadline:
        message = consumer.poll(0.1)
        if message is not None and message.error():
            n_ended += 1
        elif message is not None:
            raw = message.value()
            found.append(
                {
                    "partition": message.partition(),
                    "key": text_of(message.key()),
                    "value": None if raw is None else base64.b64encode(raw).decode(),
                    "headers": {name: text_of(word) for name, word in message.headers() or []},
                }
            )
    return found


def text_of(raw):
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw


def committed_of(consumer):
    """The offset that the group has committed, for each partition that has one."""
    places = [confluent_kafka.TopicPartition(TOPIC, p) for p in range(PARTITIONS)]
    found = consumer.committed(places, timeout=10)
    return {str(each.partition): each.offset for each in found if each.offset >= 0}


class NoBroker(Exception):
    """The machine gives no broker, whatever the worker does."""


class Broker:
    """A process that holds a broker for one life of the worker."""

    def __init__(self, messages, committed, refusals=0):
        ask, asked = os.pipe()
        answer, answered = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(asked)
            os.close(answer)
            serve(messages, committed, refusals, ask, answered)
        os.close(ask)
        os.close(answered)
        self.asked, self.answers = os.fdopen(asked, "w"), os.fdopen(answer)
        self.address = self._answer()

    def _answer(self):
        line = self.answers.readline()
        if not line:
            ended = os.waitpid(self.pid, 0)[1]
            if os.WTERMSIG(ended) in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
                raise RuntimeError("the broker was killed")
            raise NoBroker("the broker ended")
        answer = json.loads(line)
        if isinstance(answer, dict) and "broken" in answer:
            raise NoBroker(answer["broken"])
        return answer

    def let_go(self):
        """In another process: give up the line to the broker, which is the drill's alone."""
        os.close(self.asked.fileno())
        os.close(self.answers.fileno())

    def close(self, topic):
        """Return what a topic holds and what was committed, and end the broker."""
        print(topic, file=self.asked, flush=True)
        found = self._answer()
        self.asked.close()
        self.answers.close()
        os.waitpid(self.pid, 0)
        return found


def serve(messages, committed, refusals, ask, answered):
    """Be a broker until asked what it holds."""

    def say(value):
        os.write(answered, json.dumps(value).encode() + b"\n")

    try:
        address, refuse = start_broker()
        fill(address, messages, committed)
        refuse(refusals)
        say(address)
        with os.fdopen(ask) as questions:
            topic = questions.readline().strip()
        if topic:
            consumer = connected(address)
            answer = {"committed": committed_of(consumer), "messages": messages_of(consumer, topic)}
            raw = json.dumps(answer).encode() + b"\n"
            while raw:
                raw = raw[os.write(answered, raw) :]
    except BaseException as fault:
        say({"broken": repr(fault)})
    finally:
        os._exit(0)


# ── One life of the worker ──────────────────────────────────────────────────────────────────────


class Watch:
    """What happens in one life, written down at once so that no kill loses it."""

    def __init__(self, log, kill, away, stop):
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.kill, self.away, self.stop = kill, away or (), stop
        self.passed = collections.Counter()
        self.now = self.away_until = self.last_poll = self.seen_at = FIRST_MOMENT
        self.longest_gap = -1.0
        self.n_failures = self.n_idle = self.n_still = 0
        self.was_away, self.had_nothing, self.buried = False, True, False
        self.ended, self.paused = set(), set()
        self.commits_by_itself = False

    def note(self, *event):
        os.write(self.log, json.dumps(event).encode() + b"\n")

    def point(self, name):
        """Pass a place at which the story may say that the process dies."""
        self.passed[name] += 1
        if self.kill == [name, self.passed[name]]:
            self.note("killed")
            really_sleep(SETTLE_SECONDS * (5 if self.commits_by_itself else 1))
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self, why):
        """Give up on a worker that would go on for ever."""
        self.note("endless", why)
        os._exit(9)

    def pass_time(self, seconds):
        self.now += seconds
        if self.now - FIRST_MOMENT > MOST_VIRTUAL:
            self.end("two hours passed on its clock")

    def is_away(self):
        return self.now < self.away_until

    def may_leave(self):
        """Take the store away: at a put, or after one, so that the next call meets it."""
        if self.away and self.passed["reach"] == self.away[0]:
            self.away_until = self.now + self.away[1]
            self.last_poll = self.now

    def reach_the_store(self, writes):
        """Raise ConnectionError while the store is away."""
        if writes:
            self.passed["reach"] += 1
            if len(self.away) == 2:
                self.may_leave()
        if self.is_away():
            self.was_away = True
            self.note("failed", self.now)
            self.n_failures += 1
            if self.n_failures > MOST_FAILURES:
                self.end("it called a store that was away again and again")
            raise ConnectionError("the store does not answer")
        if self.was_away:
            self.was_away = False
            self.note("back", self.now)

    def is_over(self):
        """Say whether the worker is to return: it has read everything, or as much as it shall."""
        if self.stop and self.passed["read"] >= self.stop:
            return True
        return len(self.ended) == PARTITIONS

    def polled(self):
        """See how long the broker heard nothing, where the store is away."""
        gap, self.last_poll = self.now - self.last_poll, self.now
        if self.was_away and gap > self.longest_gap:
            self.longest_gap = gap
            self.note("gap", gap)

    def found_nothing(self, timeout):
        """Let the time of the poll pass; one that does not wait takes none, unless it is alone.

        Who polls between two waits waits no longer for it; who does nothing but poll does not
        stand still for ever.
        """
        self.had_nothing = True
        seconds = 1.0 if timeout is None or timeout < 0 else timeout
        if seconds == 0:
            self.n_still = self.n_still + 1 if self.now == self.seen_at else 0
            seconds = 0.01 if self.n_still > MOST_STILL else 0
        self.pass_time(seconds if self.is_away() else min(seconds, 1.0))
        self.seen_at = self.now
        self.last_poll = self.now
        if (self.is_over() or self.paused) and not self.was_away:
            self.n_idle += 1
            if self.n_idle > MOST_IDLE and self.is_over():
                self.end("stop() was true and it did not return")
            if self.n_idle > MOST_IDLE:
                self.end("it polls, and its partitions are still paused")


class Clock:
    """The time of the drill: sleeping takes none of yours."""

    def __init__(self, watch):
        self._watch = watch

    def now(self):
        return self._watch.now

    def sleep(self, seconds):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self._watch.pass_time(float(seconds))
        if not self._watch.was_away and not self._watch.had_nothing:
            self._watch.note("slept", float(seconds))


class Store:
    """A store of values by key, which outlives the worker."""

    def __init__(self, path, watch):
        self._watch = watch
        self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA synchronous = off")
        self._rows.execute("PRAGMA journal_mode = memory")
        self._rows.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT)")

    def get(self, key):
        """Return the value of a key, or None."""
        self._watch.reach_the_store(writes=False)
        row = self._rows.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, changes):
        """Write all these values, or none of them."""
        rows = [(key, json.dumps(value)) for key, value in dict(changes).items()]
        if not all(isinstance(key, str) for key, _ in rows):
            raise TypeError("keys of the store are texts")
        self._watch.point("before put")
        self._watch.reach_the_store(writes=True)
        self._rows.execute("BEGIN")
        self._rows.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
        self._rows.execute("COMMIT")
        self._watch.note("put", len(rows))
        if len(self._watch.away) == 3:
            self._watch.may_leave()
        self._watch.point("after put")


def watched_clients(watch):
    """Consumer and Producer of confluent_kafka, whose calls are seen."""

    def forced(args, kwargs, more):
        conf = {**(args[0] if args else {}), **kwargs}
        logger = {"logger": conf.pop("logger")} if "logger" in conf else {}
        conf.pop("queue.buffering.max.ms", None)
        return {**conf, **more}, logger

    class Consumer(confluent_kafka.Consumer):
        def __init__(self, *args, **kwargs):
            conf, logger = forced(args, kwargs, FORCED_ON_CONSUMERS)
            by_itself = str(conf.get("enable.auto.commit", True)).lower() == "true"
            stores = str(conf.get("enable.auto.offset.store", True)).lower() == "true"
            watch.note("consumer", by_itself, stores)
            watch.commits_by_itself |= by_itself
            super().__init__(conf, **logger)

        def _seconds(self, timeout):
            """How long to wait in truth: for messages that are there until they come."""
            if watch.is_away() and not watch.paused and not watch.is_over() and timeout != 0:
                return FETCH_SECONDS
            longest = 0.005 if watch.is_away() else LONGEST_WAIT
            if timeout is None or timeout < 0:
                return longest
            return min(longest, max(timeout, 0 if watch.is_away() else 0.005))

        def _seen(self, message):
            """Note a message; say whether the worker gets it."""
            place = message.partition()
            if message.error():
                if message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                    if place in watch.paused:
                        return False
                    watch.ended.add(place)
                watch.had_nothing = True
                return True
            watch.ended.discard(place)
            watch.had_nothing = False
            watch.note("read", place, message.offset())
            watch.passed["read"] += 1
            if watch.passed["read"] > 4000:
                watch.end("it read the same messages again and again")
            return True

        def poll(self, timeout=None):
            watch.polled()
            message = super().poll(self._seconds(timeout))
            if message is None or not self._seen(message):
                watch.found_nothing(timeout)
                return None
            if not message.error():
                watch.point("poll")
            return message

        def consume(self, num_messages=1, timeout=None):
            watch.polled()
            found = super().consume(num_messages, self._seconds(timeout))
            found = [message for message in found if self._seen(message)]
            if not found:
                watch.found_nothing(timeout)
            for message in found:
                if not message.error():
                    watch.point("poll")
            return found

        def assign(self, partitions):
            watch.ended.clear()
            return super().assign(partitions)

        def seek(self, partition):
            watch.ended.discard(partition.partition)
            return super().seek(partition)

        def pause(self, partitions):
            watch.paused.update(each.partition for each in partitions)
            return super().pause(partitions)

        def resume(self, partitions):
            watch.paused.difference_update(each.partition for each in partitions)
            return super().resume(partitions)

        def close(self):
            watch.note("closed")
            return super().close()

        def __exit__(self, *_):
            self.close()

        def commit(self, *args, **kwargs):
            watch.point("before commit")
            answer = super().commit(*args, **kwargs)
            watch.note("commit")
            watch.point("after commit")
            if watch.buried:
                watch.point("after commit of a dead letter")
            watch.buried = False
            return answer

    class Producer(confluent_kafka.Producer):
        def __init__(self, *args, **kwargs):
            conf, logger = forced(args, kwargs, FORCED_ON_PRODUCERS)
            watch.note("producer", acks_of(conf))
            super().__init__(conf, **logger)

        def produce(self, *args, **kwargs):
            answer = super().produce(*args, **kwargs)
            watch.note("sent")
            watch.buried = True
            watch.point("after produce")
            return answer

        def poll(self, timeout=None):
            # Who waits, waits for longer than a producer gathers by default, which is 5 ms.
            if timeout is None or timeout != 0:
                super().flush(1.0 if timeout is None or timeout < 0 else timeout)
            return super().poll(0)

        def flush(self, *args, **kwargs):
            answer = super().flush(*args, **kwargs)
            watch.point("after flush")
            return answer

    return Consumer, Producer


def acks_of(conf):
    """How many copies a producer waits for; there is only one here, so its conf has to say."""
    given = conf.get("acks", conf.get("request.required.acks", "all"))
    return "all" if str(given) == "-1" else str(given)


def load(watch):
    """Import worker.py, which gets the watched clients."""
    clients = watched_clients(watch)
    for module in (confluent_kafka, confluent_kafka.cimpl):
        module.Consumer, module.Producer = clients
    time.sleep = Clock(watch).sleep
    sys.path.insert(0, "")
    spec = importlib.util.spec_from_file_location("worker", "worker.py")
    module = sys.modules["worker"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def live(address, watch, store, payments):
    """Be the worker until it returns, raises or is killed."""
    settings = {
        "producer": {"bootstrap.servers": address},
        "consumer": {"bootstrap.servers": address, "group.id": GROUP},
    }
    try:
        worker = load(watch)
        if payments is not None:
            worker.publish(settings, payments)
        else:
            worker.run(settings, Store(store, watch), Clock(watch), watch.is_over)
        watch.note("stopped")
    except BaseException as fault:
        lines = [each.lineno for each in traceback.extract_tb(fault.__traceback__)
                 if each.filename.endswith("worker.py")]  # fmt: skip
        line = f"worker.py, line {lines[-1]}: " if lines else ""
        watch.note("raised", f"{line}{type(fault).__name__}: {fault}"[:300], watch.now)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)


# ── The story ───────────────────────────────────────────────────────────────────────────────────


def one_life(number, scenario, life, committed):
    """Start broker and worker, wait until the worker is dead, and read what is left."""
    name = scenario["name"]
    log, store = PLACE / f"{name}-{number}.log", PLACE / f"{name}.db"
    messages = scenario.get("messages", [])[: life.get("messages")]
    broker = Broker(messages, committed, life.get("refusals", 0))
    pid = os.fork()
    if pid == 0:
        broker.let_go()
        watch = Watch(log, life.get("kill"), life.get("away"), life.get("stop"))
        live(broker.address, watch, store, scenario.get("payments"))
    deadline = time.monotonic() + GUARD_SECONDS
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            break
        really_sleep(0.01)
    found = broker.close(TOPIC if "payments" in scenario else DEAD)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    return {**found, "events": events, "totals": totals_of(store)}


def totals_of(store):
    """What the store holds under the keys that begin with `total:`."""
    if not store.exists():
        return {}
    rows = sqlite3.connect(store)
    try:
        found = rows.execute("SELECT key, value FROM kept WHERE key LIKE 'total:%'").fetchall()
    except sqlite3.OperationalError:
        found = []
    rows.close()
    return {key: json.loads(value) for key, value in found}


def play_one(scenario, tell=lambda *_: None):
    """Play one scenario; return what each life of its worker left behind."""
    committed, dead, lives = {}, [], []
    for number, life in enumerate(scenario["lives"]):
        left = one_life(number, scenario, life, committed)
        committed = left["committed"]
        dead = left["messages"] = dead + left["messages"]
        lives.append(left)
        tell(scenario, life, left)
    return lives


def play(story):
    """Play every scenario, all at the same time, each in a process of its own."""
    pids = []
    for scenario in story:
        pids.append(os.fork())
        if pids[-1] == 0:
            try:
                told = play_one(scenario)
            except NoBroker as fault:
                told = {"broken": str(fault)}
            except BaseException as fault:
                told = {"spoilt": repr(fault)}
            (PLACE / f"{scenario['name']}.json").write_text(json.dumps(told))
            os._exit(0)
    for pid in pids:
        os.waitpid(pid, 0)
    told = {}
    for scenario in story:
        told[scenario["name"]] = json.loads((PLACE / f"{scenario['name']}.json").read_text())
        if "broken" in told[scenario["name"]]:
            return told[scenario["name"]]
    return told


def example():
    """A small story: thirty payments, one of them twice, two that are none, and five deaths."""
    chance = random.Random()
    payments = [
        {"payment_id": f"p{n}", "account": f"a{n % 5}", "cents": chance.randint(100, 9000),
         "at": 1_790_000_000 + 200 * n}
        for n in range(30)
    ]  # fmt: skip
    rows = [(each["account"], json.dumps(each).encode()) for each in [*payments, payments[3]]]
    rows[9:9] = [("a4", b'{"payment_id": "p9'), ("a1", b'{"payment_id": "q", "account": "a1"}')]
    messages = [
        {"key": key, "value": base64.b64encode(value).decode(),
         "partition": zlib.crc32(key.encode()) % PARTITIONS}
        for key, value in rows
    ]  # fmt: skip
    kills = [["poll", 4], ["before put", 3], ["after put", 2], ["after produce", 1],
             ["before commit", 1], None]  # fmt: skip
    return [
        {"name": "publish", "payments": payments, "lives": [{}]},
        {"name": "crashes", "messages": messages, "lives": [{"kill": kill} for kill in kills]},
        {"name": "store away", "messages": messages, "lives": [{"away": [2, 600.0]}]},
    ]


def tell(scenario, life, left):
    """Print what one life left behind."""
    kinds = collections.Counter(event[0] for event in left["events"])
    print(f"\n{scenario['name']}: kill at {life.get('kill')}, store away {life.get('away')}")
    last = [event for event in left["events"] if event[0] in ("stopped", "raised", "endless")]
    print("  ended:", *(last[-1] if last else ["killed"]))
    print(f"  read {kinds['read']}, puts {kinds['put']}, store failed {kinds['failed']} times")
    print(f"  committed {left['committed']}, on the topic now {len(left['messages'])} messages")
    print(f"  totals: {sum(row['payments'] for row in left['totals'].values())} payments")


def main():
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    story = Path("story.json")
    if story.exists():
        scenarios = json.loads(story.read_text())
        story.unlink()
        Path("report.json").write_text(json.dumps(play(scenarios)))
    else:
        for scenario in example():
            play_one(scenario, tell)
    shutil.rmtree(PLACE, ignore_errors=True)


if __name__ == "__main__":
    main()
