"""An honest service on the standard library alone, and a switch for each defect.

python plain.py PORT [DEFECT]
"""

import contextlib
import gc
import json
import os
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from model import DOCUMENT, checked, score

DEFECT = sys.argv[2] if len(sys.argv) > 2 else ""
ROOM = threading.Semaphore(64)
"""How many requests are served at the same time; one more is refused."""
LOCK = threading.Lock()
BURST = 70
"""Requests in a second from which on some defects show."""
COUNT = 0
RECENT: deque[float] = deque()
KEPT: list[Any] = []
BROKEN = threading.Event()


class Answer(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    wbufsize = -1  # head and body in one piece, or each answer waits 40 ms for an acknowledgement

    def do_GET(self) -> None:
        """Say that the service is ready, whose it is, or what it takes."""
        if self.path == "/openapi.json":
            self.say(200, DOCUMENT)
            return
        token = Path(os.environ.get("TOKEN_FILE", "none"))
        if self.path == "/.well-known/gradus-proof.txt" and token.is_file():
            self.send_response(200)
            self.send_header("Content-Length", str(token.stat().st_size))
            self.end_headers()
            self.wfile.write(token.read_bytes())
            return
        healthy = self.path == "/health" and DEFECT != "never-ready"
        self.say(200 if healthy else 404, {})

    def do_POST(self) -> None:
        """Predict."""
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        except ValueError:
            self.close_connection = True
            self.say(400, {"error": "length"})
            return
        if self.path != "/predict":
            self.say(404, {})
        elif not ROOM.acquire(blocking=False):
            self.say(503, {"error": "busy"})
        else:
            try:
                self.predict(body)
            finally:
                ROOM.release()

    def predict(self, body: bytes) -> None:
        """Answer a request, with the defect that was asked for."""
        if DEFECT in BEFORE and not BEFORE[DEFECT](self, body):
            return
        try:
            rows = checked(body)
        except ValueError as fault:
            if DEFECT not in AFTER_FAULT or AFTER_FAULT[DEFECT](self, body):
                self.say(422, {"error": str(fault)})
            return
        predictions = [score(row) for row in rows]
        if DEFECT in CHANGES:
            predictions = CHANGES[DEFECT](rows, predictions)
        if BROKEN.is_set():
            predictions = [each + 1 for each in predictions]
        self.say(200, {"predictions": predictions})

    def say(self, code: int, value: Any) -> None:
        """Send an answer."""
        body = json.dumps(value).encode()
        kind = "application/json"
        if DEFECT == "html" and code == 200:
            body, kind = b"<html><body>0.7</body></html>", "text/html"
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if DEFECT != "no-echo":
            self.send_header("X-Request-ID", self.headers.get("X-Request-ID", ""))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Be quiet."""


# Before the answer: false where there is none any more.


def counted() -> int:
    """Count this request."""
    global COUNT
    with LOCK:
        COUNT += 1
        return COUNT


def is_burst() -> bool:
    """Say whether more requests than BURST came in the last second."""
    now = time.monotonic()
    with LOCK:
        RECENT.append(now)
        while RECENT[0] < now - 1:
            RECENT.popleft()
        return len(RECENT) > BURST


def stall(answer: Answer, body: bytes) -> bool:
    """Every 90th request everything stands still, as for a full garbage collection."""
    with LOCK:
        pass
    if counted() % 90 == 0:
        with LOCK:
            time.sleep(2.0)
    return True


def hiccup(answer: Answer, body: bytes) -> bool:
    """One request in twenty is very late, the others never are."""
    if counted() % 20 == 0:
        time.sleep(2.0)
    return True


def slow(answer: Answer, body: bytes) -> bool:
    """Every answer takes too long."""
    time.sleep(1.2)
    return True


def empty(answer: Answer, body: bytes) -> bool:
    """Fast, and nothing in it."""
    answer.say(200, {"predictions": []})
    return False


def streams(answer: Answer, body: bytes) -> bool:
    """Some answers never end."""
    if b'"hour":7' not in body:
        return True
    answer.send_response(200)
    answer.send_header("Transfer-Encoding", "chunked")
    answer.end_headers()
    answer.close_connection = True
    with contextlib.suppress(OSError):
        while True:
            answer.wfile.write(b"100000\r\n" + bytes(0x100000) + b"\r\n")
    return False


def hangs_up(answer: Answer, body: bytes) -> bool:
    """Some connections end before the answer."""
    if b'"hour":7' not in body:
        return True
    answer.close_connection = True
    return False


def one_at_a_time(answer: Answer, body: bytes) -> bool:
    """Sixteen a second and no more."""
    with LOCK:
        time.sleep(0.06)
    return True


def hangs_when_busy(answer: Answer, body: bytes) -> bool:
    """What is too much is never answered."""
    if is_burst():
        ROOM.release()
        time.sleep(60)
        ROOM.acquire()
    return True


def breaks_when_busy(answer: Answer, body: bytes) -> bool:
    """What is too much is a fault of its own."""
    if is_burst():
        answer.say(500, {"error": "pool"})
        return False
    return True


def never_recovers(answer: Answer, body: bytes) -> bool:
    """After a burst it stays slow."""
    if is_burst():
        KEPT.append("burst")
    if KEPT:
        time.sleep(1.5)
    return True


def wrong_when_busy(answer: Answer, body: bytes) -> bool:
    """What is too much is answered by a guess."""
    if is_burst():
        rows = len(json.loads(body)["rows"])
        answer.say(200, {"predictions": [0.0] * rows})
        return False
    return True


def leak(answer: Answer, body: bytes) -> bool:
    """Keeps something of every request."""
    KEPT.append(os.urandom(1024) * 60)
    return True


def leak_in_pages(answer: Answer, body: bytes) -> bool:
    """Keeps a lot of every tenth request."""
    if counted() % 10 == 0:
        KEPT.append(os.urandom(1024) * 600)
    return True


def slower(answer: Answer, body: bytes) -> bool:
    """Each answer takes a little longer than the one before."""
    time.sleep(counted() * 0.0015)
    return True


def tires(answer: Answer, body: bytes) -> bool:
    """After some hundred answers the next are wrong."""
    if counted() > 400:
        BROKEN.set()
    return True


def burns(answer: Answer, body: bytes) -> bool:
    """Takes the processor for nothing."""
    end = time.thread_time() + 0.02
    while time.thread_time() < end:
        pass
    return True


def burns_in_a_child(answer: Answer, body: bytes) -> bool:
    """Lets a child take the processor for nothing."""
    if counted() % 5 == 0:
        code = "import time\nwhile time.process_time() < 0.1: pass"
        os.waitpid(os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-Sc", code]), 0)
    return True


def hoards(answer: Answer, body: bytes) -> bool:
    """Holds more memory than it needs."""
    if not KEPT:
        KEPT.append(os.urandom(1024) * 200 * 1024)
    return True


def of_question(body: bytes, name: str) -> Any:
    """Return a field that no valid row of the tests has; `...` where there is none."""
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(body)
        return value.get(name, ...) if isinstance(value, dict) else ...
    return ...


def trips_over_null(answer: Answer, body: bytes) -> bool:
    """The note may be null by the document, but is taken for a text."""
    if of_question(body, "note") is None:
        answer.say(500, {"error": "'NoneType' object has no attribute 'strip'"})
        return False
    return True


def waits_for_a_note(answer: Answer, body: bytes) -> bool:
    """An empty note is waited on for ever."""
    if of_question(body, "note") == "":
        time.sleep(60)
    return True


def ends_at_zero(answer: Answer, body: bytes) -> bool:
    """The rows in no pieces at all end the process."""
    if of_question(body, "pieces") == 0:
        os._exit(1)
    return True


def remembers_pieces(answer: Answer, body: bytes) -> bool:
    """What one caller asks for spoils what the next ones get."""
    if isinstance(of_question(body, "pieces"), int):
        BROKEN.set()
    return True


BEFORE = {
    "stall": stall,
    "hiccup": hiccup,
    "slow": slow,
    "empty": empty,
    "streams": streams,
    "hangs-up": hangs_up,
    "one-at-a-time": one_at_a_time,
    "hangs-when-busy": hangs_when_busy,
    "breaks-when-busy": breaks_when_busy,
    "never-recovers": never_recovers,
    "wrong-when-busy": wrong_when_busy,
    "leak": leak,
    "leak-in-pages": leak_in_pages,
    "slower": slower,
    "tires": tires,
    "burns": burns,
    "burns-in-a-child": burns_in_a_child,
    "hoards": hoards,
    "trips-over-null": trips_over_null,
    "waits-for-a-note": waits_for_a_note,
    "ends-at-zero": ends_at_zero,
    "remembers-pieces": remembers_pieces,
}


# After a request that is none: false where the answer was given already.


def own_fault(answer: Answer, body: bytes) -> bool:
    """A request that is none is a fault of ours."""
    answer.say(500, {"error": "Traceback (most recent call last)"})
    return False


def hangs(answer: Answer, body: bytes) -> bool:
    """A request that is none is waited on."""
    time.sleep(60)
    return True


def dies(answer: Answer, body: bytes) -> bool:
    """A request that is none ends the service."""
    os._exit(1)


def poisoned(answer: Answer, body: bytes) -> bool:
    """A request that is none changes what later ones get."""
    BROKEN.set()
    return True


def accepts(answer: Answer, body: bytes) -> bool:
    """A request that is none is predicted too."""
    answer.say(200, {"predictions": [0.0]})
    return False


def closes(answer: Answer, body: bytes) -> bool:
    """A request that is none gets no answer."""
    answer.close_connection = True
    answer.connection.close()
    return False


AFTER_FAULT = {
    "own-fault": own_fault,
    "hangs": hangs,
    "dies": dies,
    "poisoned": poisoned,
    "accepts": accepts,
    "closes": closes,
}


# Instead of the predictions.


def stale(rows: list[dict[str, Any]], predictions: list[float]) -> list[float]:
    """Answers what it answered a moment ago."""
    KEPT.append(predictions)
    return list(KEPT[-2]) if len(KEPT) > 1 and len(KEPT[-2]) == len(predictions) else predictions


CHANGES = {
    "reversed": lambda rows, predictions: predictions[::-1],
    "skewed": lambda rows, predictions: [
        each * 1.01 if row["abroad"] else each
        for row, each in zip(rows, predictions, strict=True)
    ],
    "nan": lambda rows, predictions: [
        float("nan") if row["hour"] == 7 else each
        for row, each in zip(rows, predictions, strict=True)
    ],
    "one-short": lambda rows, predictions: predictions[:8],
    "centred": lambda rows, predictions: [each - sum(predictions) for each in predictions]
    if len(predictions) > 1
    else predictions,
    "stale": stale,
}  # fmt: skip


class Server(ThreadingHTTPServer):
    """Listens with room for a burst."""

    request_queue_size = 512
    daemon_threads = True


if __name__ == "__main__":
    if DEFECT == "ends-at-once":
        sys.exit("no such model: fraud/7")
    if DEFECT == "slow-start":
        time.sleep(60)
    if DEFECT == "late-start":
        time.sleep(3)
    gc.freeze()
    port = 0 if DEFECT == "another-port" else int(sys.argv[1])
    Server(("127.0.0.1", port), Answer).serve_forever()
