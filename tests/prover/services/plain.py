"""An honest service on the standard library alone, and one switch for each defect.

python plain.py PORT [DEFECT]; with `batch ROWS PREDICTIONS` it is the offline batch.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DEFECT = sys.argv[2] if len(sys.argv) == 3 else ""


def score(row: dict[str, Any]) -> float:
    """The model."""
    return round(0.3 * row["amount"] - 0.1 * row["hour"] + (0.7 if row["abroad"] else 0.0), 6)


def checked(body: bytes) -> list[dict[str, Any]]:
    """Return the rows of a request; raises ValueError for anything else."""
    value = json.loads(body)
    if not isinstance(value, dict) or not isinstance(value.get("rows"), list):
        raise ValueError("rows")
    for row in value["rows"]:
        if not isinstance(row, dict) or set(row) != {"amount", "hour", "abroad"}:
            raise ValueError("fields")
        for name in ("amount", "hour"):
            number = row[name]
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise ValueError(name)
            if not -1e12 < number < 1e12:
                raise ValueError(name)
        if not isinstance(row["abroad"], bool):
            raise ValueError("abroad")
    rows: list[dict[str, Any]] = value["rows"]
    return rows


class Answer(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        """Say that the service is ready."""
        self.say(200 if self.path == "/health" else 404, {})

    def do_POST(self) -> None:
        """Predict."""
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        except ValueError:
            self.say(400, {"error": "length"})
            return
        if self.path != "/predict":
            self.say(404, {})
            return
        try:
            rows = checked(body)
        except (ValueError, RecursionError, UnicodeDecodeError) as fault:
            self.say(422, {"error": str(fault)})
            return
        self.say(200, {"predictions": [score(row) for row in rows]})

    def say(self, code: int, value: Any) -> None:
        """Send an answer in one piece."""
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-ID", self.headers.get("X-Request-ID", ""))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Be quiet."""


class Server(ThreadingHTTPServer):
    """Listens with room for a burst."""

    request_queue_size = 512
    daemon_threads = True


def batch(given: str, answered: str) -> None:
    """Predict offline."""
    rows = [json.loads(line) for line in Path(given).read_text().splitlines()]
    Path(answered).write_text("".join(f"{json.dumps(score(row))}\n" for row in rows))


if __name__ == "__main__":
    if sys.argv[1] == "batch":
        batch(*sys.argv[2:])
    else:
        Server(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
