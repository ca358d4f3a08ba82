"""The whole story in two minutes: calm, drift, alert, a bad model refused, a good one promoted.

Everything is real but the clock and the cards: a broker, the service in a process of its own, the
registry, the gate. Days are shortened to seconds. Nothing is left behind, whatever ends it.
"""

import contextlib
import heapq
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from fraud import commands
from fraud.commands import System
from fraud.events import CALM, FIRST_DAY, SALES, Event, Season, World, written
from fraud.settings import DAY, settings
from fraud.store import journal, predictions
from fraud.stream import MockBroker, Writer

PAST, CALM_DAYS, SALES_DAYS, CANARY_DAYS, AFTER_DAYS = 24, 3, 10, 1, 3
NEWEST_DAYS = 10
"""Days of the newest labels that the new model is trained on."""
N_CARDS, N_CARDS_FAST = 600, 350
INTERRUPTED = 130
PATIENCE = 60.0
"""Seconds for which the service may take no payment before the story gives up."""


class Broken(Exception):
    """The story cannot go on; the text says why."""


def tell(folder: Path | None, port: int, seconds: float | None, stay: float) -> int:
    """Tell the story on a port, and return the exit status.

    `folder` is an empty one to work in, which goes at the end; `seconds` what the traffic takes,
    None as fast as it goes; `stay` how many seconds the page stays when the story is over.
    """
    signal.signal(signal.SIGTERM, _end)
    folder = folder or Path(tempfile.mkdtemp(prefix="gradus-demo-"))
    pool, status = ThreadPoolExecutor(1), INTERRUPTED
    try:
        with _stage(folder, port) as stage:
            _tell(stage, seconds, pool)
            time.sleep(stay)
        status = 0
    except Broken as fault:
        print(f"fraud: {fault}", file=sys.stderr, flush=True)
        status = 1
    except Exception:
        traceback.print_exc()
        status = 1
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        _undisturbed()
        pool.shutdown(wait=status == 0, cancel_futures=True)
        shutil.rmtree(folder, ignore_errors=True)
    if status:
        os._exit(status)  # a training under way is not waited for
    return status


def _tell(stage: "Stage", seconds: float | None, pool: ThreadPoolExecutor) -> None:
    world = World(N_CARDS if seconds else N_CARDS_FAST)
    system = stage.system
    stage.say("model", "A fraud model is trained on three weeks of payments, and registered.")
    version = pool.submit(commands.init, system, world, PAST).result()
    days = CALM_DAYS + SALES_DAYS + CANARY_DAYS + AFTER_DAYS
    rate = None if seconds is None else days * len(world.day(PAST)) / seconds
    traffic = Traffic(stage, world, rate)
    stage.say("calm", f"Version {version} answers. Payments stream in; nothing is wrong.")
    traffic.play(CALM_DAYS, CALM)
    if stage.hook.heard:
        raise Broken("an alert came while nothing had changed")
    sent = traffic.n_sent
    says = "The sales begin: dearer, more online, and a new kind of fraud."
    stage.say("drift", says, n_sent=sent)
    traffic.play(1, SALES, until=lambda: bool(stage.hook.heard))
    if not stage.hook.wait(20):
        raise Broken("the drift was not noticed within a day")
    rows = stage.first_alert() - sent
    stage.say("alert", f"The drift monitor woke somebody {rows:,} payments after the sales began.")
    traffic.play(SALES_DAYS - 1, SALES)
    stage.say("retrain", "Somebody retrains, with the labels in the wrong order.")
    labels = _mixed_up(stage)
    bad = traffic.play_while(pool.submit(commands.retrain, system, labels, "mixed-up labels"))
    decision = pool.submit(commands.promote, system, bad).result()
    if decision.promote:
        raise Broken("the gate let a model in that was trained on mixed-up labels")
    stage.say("gate", f"The gate refuses version {bad}: {decision.reason}.")
    stage.say("retrain", "Retraining again, on the newest labels as they are.")
    work = pool.submit(commands.retrain, system, None, "drift", days=NEWEST_DAYS)
    good = traffic.play_while(work)
    decision = pool.submit(commands.promote, system, good, 0.1).result()
    if not decision.promote:
        raise Broken(f"the gate refused the good model: {decision.reason}")
    stage.say("canary", f"Version {good} passes the gate: {decision.reason}. A tenth of the cards.")
    traffic.play(CANARY_DAYS, SALES)
    pool.submit(commands.promote, system, good).result()
    says = f"Version {good} answers every card."
    stage.say("promote", says, version=good, n_sent=traffic.n_sent)
    heard = len(stage.hook.heard)
    traffic.play(AFTER_DAYS, SALES)
    if len(stage.hook.heard) > heard:
        raise Broken("the new model is as strange to its inputs as the old one was")
    stage.say("end", "It is calm again: what was drift is what the new model knows.")


class Stage:
    """What the story is played on: broker, webhook, service, database."""

    def __init__(self, system: System, broker: MockBroker, hook: "Hook", address: str) -> None:
        self.system, self.broker, self.hook, self.address = system, broker, hook, address
        self._began = time.monotonic()
        self.service: subprocess.Popen[bytes] | None = None

    def say(self, step: str, says: str, **facts: Any) -> None:
        """Tell a step on standard output, and on the live page."""
        with self.system.store.writing() as tx:
            self.system.store.write_down(tx, "story", says, step=step, **facts)
        seconds = round(time.monotonic() - self._began, 1)
        line = {"seconds": seconds, "step": step, "says": says, "address": self.address}
        print(json.dumps(line), flush=True)

    def n_scored(self) -> int:
        """Return how many payments of the stream were scored; raises Broken without a service."""
        assert self.service is not None
        if self.service.poll() is not None:
            raise Broken(f"the service ended with exit code {self.service.returncode}")
        query = sa.select(sa.func.count()).select_from(predictions)
        return int(self.system.store.all(query)[0]["count_1"])

    def first_alert(self) -> int:
        """Return after how many payments the first alert was raised."""
        query = journal.select().where(journal.c.kind == "alert").order_by(journal.c.id)
        return int(json.loads(self.system.store.all(query)[0]["facts"])["n_rows"])


@contextlib.contextmanager
def _stage(folder: Path, port: int) -> Iterator[Stage]:
    with contextlib.ExitStack() as after:  # the last that was begun is the first to be ended
        hook = Hook()
        after.callback(hook.close)
        broker = MockBroker()
        os.environ |= {
            "FRAUD_STATE": str(folder),
            "FRAUD_BROKERS": broker.address,
            "FRAUD_WEBHOOK": hook.address,
        }
        system = System(settings())
        after.callback(system.close)
        stage = Stage(system, broker, hook, f"http://127.0.0.1:{port}/")
        words = [sys.executable, "-m", "fraud", "serve", "--empty", "--port", str(port)]
        stage.service = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        after.callback(_stop, stage.service)
        after.callback(_undisturbed)
        _until_it_answers(stage)
        yield stage


def _stop(service: "subprocess.Popen[bytes]") -> None:
    service.terminate()
    try:
        service.wait(1)  # nothing that it still has to write will be read
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()


def _undisturbed() -> None:
    """Clean up to the end, also when Ctrl-C is pressed again."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)


def _until_it_answers(stage: Stage) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert stage.service is not None
        if stage.service.poll() is not None:
            raise Broken("the service could not be started; is the port in use?")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{stage.address}version", timeout=2).close()
            return
        time.sleep(0.1)
    raise Broken("the service did not answer")


class Traffic:
    """Payments and reports, day after day, at a pace."""

    def __init__(self, stage: Stage, world: World, rate: float | None) -> None:
        self._stage, self._world, self._rate = stage, world, rate
        self._writer = Writer(stage.broker.address)
        self._reports: list[tuple[float, str]] = _open_reports(world)
        self._day = PAST
        self.n_sent = 0

    def play(self, days: int, season: Season, until: Any = lambda: False) -> None:
        """Send the next days and wait until they are scored; `until` ends only the pace."""
        for _ in range(days):
            self._send(self._world.day(self._day, season), until)
            self._day += 1
            self._until_scored()

    def play_while(self, work: "Future[str]") -> str:
        """Send days of sales until work is done, and return what came of it."""
        while not work.done() and self._rate is not None:
            self._send(self._world.day(self._day, SALES), work.done)
            self._day += 1
            self._until_scored()
        return work.result()

    def _send(self, events: Iterable[Event], until: Any) -> None:
        began, place = time.monotonic(), 0
        for place, event in enumerate(events):
            self._tell_reports(event.payment["at"])
            self._writer.payment(written(event.payment))
            self.n_sent += 1
            if event.fraud:
                heapq.heappush(self._reports, (event.reported_at, event.payment["payment_id"]))
            if self._rate and place % 10 == 0 and not until():
                time.sleep(max(0.0, began + place / self._rate - time.monotonic()))
        self._writer.flush()

    def _tell_reports(self, now: float) -> None:
        while self._reports and self._reports[0][0] <= now:
            at, name = heapq.heappop(self._reports)
            moment = datetime.fromtimestamp(at, UTC).isoformat()
            self._writer.report({"payment_id": name, "fraud": True, "reported_at": moment})

    def _until_scored(self) -> None:
        last, since = -1, time.monotonic()
        while (now := self._stage.n_scored()) < self.n_sent:
            if now > last:
                last, since = now, time.monotonic()
            if time.monotonic() - since > PATIENCE:
                raise Broken("the service takes no payment any more")
            time.sleep(0.05)


def _open_reports(world: World) -> list[tuple[float, str]]:
    """Return the reports of past frauds that are still to come."""
    end = FIRST_DAY + PAST * DAY
    past = world.days(PAST - 3, PAST)
    open_ones = [e for e in past if e.fraud and e.reported_at >= end]
    return sorted((e.reported_at, e.payment["payment_id"]) for e in open_ones)


def _mixed_up(stage: Stage) -> Path:
    """Write the newest labelled payments with the labels of other payments."""
    store = stage.system.store
    until = store.watermark() - stage.system.settings.label_days * DAY
    rows = store.labelled(until - NEWEST_DAYS * DAY, until)
    frauds = np.random.default_rng(0).permutation([row["fraud"] for row in rows])
    path = stage.system.settings.state / "mixed-up.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for row, fraud in zip(rows, frauds, strict=True):
            lines.write(json.dumps(written(row) | {"fraud": int(fraud)}) + "\n")
    return path


class Hook:
    """Hears the alerts, as an operator's telephone does."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self._rang = threading.Event()
        hook = self

        class Call(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                hook.heard.append(json.loads(self.rfile.read(size)))
                hook._rang.set()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Call)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.1,), name="hook", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the first alert."""
        return self._rang.wait(seconds)

    def close(self) -> None:
        """Hang up."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _end(*_: Any) -> None:
    raise SystemExit(INTERRUPTED)
