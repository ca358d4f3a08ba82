"""The service: scores payments, logs every prediction before it answers, watches for drift."""

import hashlib
import json
import os
import random
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import store
from model import Refused, checked, has, predict
from monitor import Monitor

HERE = Path(__file__).parent
PROCESS = random.random()


class Log:
    """The log of predictions: a row is on its way to the disk before the answer is."""

    def __init__(self):
        self.lock = threading.Lock()
        self.base = sqlite3.connect(HERE / "predictions.db", check_same_thread=False)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing by it
        self.base.execute("CREATE TABLE IF NOT EXISTS prediction (request, score, version)")
        self.base.execute("CREATE TABLE IF NOT EXISTS journal (request, score)")
        if has("replays-journal"):
            self.base.execute("INSERT INTO prediction SELECT request, score, '' FROM journal")
        self.base.commit()
        self.waiting, self.n = [], 0

    def add(self, request, scores, version):
        self.n += 1
        if has("drops-log") and self.n % 29 == 0:
            return
        if has("logs-other") and self.n % 17 == 0:
            scores = [round(each, 2) for each in scores]
        if has("shortens-ids"):
            request = request[:8]
        rows = [(request, each, version) for each in scores]
        if has("logs-twice") and self.n % 23 == 0:
            rows += rows
        with self.lock:
            self.waiting += rows
            if has("buffers-log") and len(self.waiting) < 40:
                return
            rows, self.waiting = self.waiting, []
            self.base.executemany("INSERT INTO prediction VALUES (?, ?, ?)", rows)
            if has("replays-journal"):
                self.base.executemany("INSERT INTO journal VALUES (?, ?)", [r[:2] for r in rows])
            self.base.commit()


class Scorer:
    """The version in service; looks at the pointer with every request."""

    def __init__(self):
        self.lock, self.seen, self.name = threading.Lock(), None, ""
        self.monitor = None
        self.refresh()

    def refresh(self):
        with self.lock:
            stamp = (store.HERE / "history").stat().st_mtime_ns
            if stamp != self.seen:
                name = store.history()[-1]
                if has("gap-on-change") and self.seen is not None:
                    self.model = None
                    threading.Timer(0.4, self.swap, (name,)).start()
                else:
                    self.swap(name)
                self.seen = stamp
            return self.model, self.name

    def swap(self, name):
        self.name, self.model = name, store.load(name)
        self.monitor = Monitor(self.model)


class Counter:
    """Everything that is asked for, whoever speaks HTTP: each returns code, value and headers."""

    def __init__(self):
        self.log, self.scorer = Log(), Scorer()

    def ready(self):
        model, _ = self.scorer.refresh()
        return 200 if model else 503, {"ready": model is not None}, {}

    def version(self):
        return 200, {"model": self.scorer.refresh()[1]}, {}

    def score(self, body, request):
        try:
            rows = json.loads(body)["rows"]
            payments = [checked(row) for row in rows]
            if not payments:
                raise Refused("there are no rows")
        except (Refused, KeyError, TypeError, ValueError, RecursionError) as fault:
            said = str(fault) if isinstance(fault, Refused) else "the body is not as described"
            if has("echoes-personal"):
                said += f": {body.decode('utf-8', 'replace')}"
            return 422, {"error": said}, {}
        model, name = self.scorer.refresh()
        if model is None:
            return 503, {"error": "no model"}, {}
        scores = predict(model, payments, rows)
        self.log.add(request, scores, name)
        keep_personal(rows[0])
        with self.scorer.lock:
            self.scorer.monitor.watch(payments)
        return 200, {"scores": scores}, {"X-Request-ID": request, "X-Variant": variant(rows[0])}


def keep_personal(row):
    """Do what nobody may do."""
    if has("prints-personal"):
        print(f"scored {row['email']}", flush=True)
    if has("stores-personal"):
        with (HERE / "seen.txt").open("a") as stream:
            stream.write(row["email"].upper().encode().hex() + "\n")


class Door(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    counter = None

    def do_GET(self):
        ask = self.counter.version if self.path == "/version" else self.counter.ready
        self.answer(*ask())

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(*self.counter.score(body, self.headers.get("X-Request-ID", "")))

    def answer(self, code, value, headers):
        body = json.dumps(value).encode()
        self.send_response(code)
        for name, text in {**headers, "Content-Type": "application/json"}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def variant(row):
    """Return the half that a user belongs to, by a hash of the id and nothing else."""
    user = str(row.get("user"))
    if has("split-by-request"):
        return random.choice("ab")
    if has("split-by-amount"):
        return "ab"[int(row["amount"] * 100) % 2]
    if has("split-forgotten"):
        user += str(PROCESS)
    if has("split-uneven"):
        return "b" if digest(user) % 100 < 41 else "a"
    if has("split-names-a-third"):
        return "c" if digest(user) % 1000 < 4 else "ab"[digest(user) % 2]
    return "ab"[digest(user) % 2]


def digest(text):
    return int.from_bytes(hashlib.sha256(b"payments:" + text.encode()).digest()[:6])


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


def opened():
    """Return the counter once this may run."""
    mark = HERE / "running"
    if has("leaves-a-lock") and mark.exists():
        sys.exit("it is running already")
    mark.write_text(str(os.getpid()))
    return Counter()


if __name__ == "__main__":
    Door.counter = opened()
    with Server(("127.0.0.1", int(sys.argv[1])), Door) as server:
        server.serve_forever(poll_interval=5)
