"""The running system: what it acknowledges is kept, once; what it serves can be taken back."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from fraud import commands, page
from fraud.commands import Impossible, System
from fraud.events import CALM, SALES, Event, Season, World, written
from fraud.releases import Release, current, put_in_service
from fraud.service import create_app
from fraud.settings import Settings
from fraud.store import COLUMNS
from fraud.stream import MockBroker, Writer

with warnings.catch_warnings():  # it would rather have a later httpx than the environment has
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

DAYS = 16


class Risky(World):
    """A small world with frauds enough for a gate to judge by."""

    def day(self, day: int, season: Season = CALM) -> list[Event]:
        return super().day(day, Season(gift_cards=0.02) if season == CALM else season)


WORLD = Risky(n_cards=300, seed=11)
LATER = list(WORLD.days(DAYS, DAYS + 2))


class NoRegistry:
    """Gives versions and remembers what it is told: MLflow takes seconds, and has its own tests."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.n_versions = 0
        self.is_away = False

    def register(self, trained: Any, why: str) -> str:
        self.n_versions += 1
        return str(self.n_versions)

    def tell(self, version: str, alias: str, **tags: Any) -> None:
        if self.is_away:
            raise ConnectionError("nobody answers")
        self.told.append((version, alias))


def settings_in(folder: Path, **changed: Any) -> Settings:
    usual = {
        "state": folder,
        "database": f"sqlite:///{folder / 'fraud.db'}",
        "tracking": f"sqlite:///{folder / 'mlflow.db'}",
        "models": folder / "models",
        "brokers": "",
        "webhook": "",
        "label_days": 3.0,
        "queue": 64,
    }
    return Settings(**usual | changed)


def setUpModule() -> None:
    global PLACE, FOLDER, SYSTEM
    PLACE = tempfile.TemporaryDirectory()
    FOLDER = Path(PLACE.name)
    SYSTEM = System(settings_in(FOLDER))
    SYSTEM._registry = NoRegistry()  # type: ignore[assignment]
    commands.init(SYSTEM, WORLD, DAYS)
    second = commands.retrain(SYSTEM, why="another one", days=12)
    assert second == "2"


def tearDownModule() -> None:
    SYSTEM.close()
    PLACE.cleanup()


def rows_of(table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(FOLDER / "fraud.db") as base:
        base.row_factory = sqlite3.Row
        found = [dict(row) for row in base.execute(f"SELECT * FROM {table}")]
    base.close()
    return found


class Api(unittest.TestCase):
    def setUp(self) -> None:
        put_in_service(SYSTEM.store, Release("1"), "promoted", "for a test")
        self.client = TestClient(create_app(settings_in(FOLDER)))
        self.client.__enter__()
        self.addCleanup(self.client.__exit__, None, None, None)

    def ask(self, payment: dict[str, Any], name: str = "") -> Any:
        head = {"X-Request-ID": name} if name else {}
        return self.client.post("/predict", json=written(payment), headers=head)

    def test_an_answer_is_in_the_log_and_equal_to_the_batch(self) -> None:
        payments = [each.payment for each in LATER[:8]]
        answers = [self.ask(p, f"log-{n}") for n, p in enumerate(payments)]
        logged = {row["request_id"]: row for row in rows_of("predictions")}
        rows, out = FOLDER / "rows.jsonl", FOLDER / "out.jsonl"
        rows.write_text("".join(json.dumps(written(p)) + "\n" for p in payments))
        self.assertEqual(commands.batch(SYSTEM, rows, out), len(payments))
        offline = [json.loads(line) for line in out.read_text().splitlines()]
        for n, answer in enumerate(answers):
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["X-Request-ID"], f"log-{n}")
            self.assertEqual(answer.json()["score"], offline[n])
            self.assertEqual(logged[f"log-{n}"]["score"], offline[n])
            self.assertNotIn(payments[n]["holder"], json.dumps(logged[f"log-{n}"]))

    def test_the_same_request_is_answered_from_the_log_and_another_is_refused(self) -> None:
        one, other = LATER[0].payment, LATER[1].payment
        first = self.ask(one, "again")
        put_in_service(SYSTEM.store, Release("2"), "promoted", "for a test")
        self.assertEqual(self.ask(one, "again").json(), first.json())
        self.assertEqual(self.ask(other, "again").status_code, 409)
        self.assertNotEqual(self.ask(one, "anew").json()["version"], first.json()["version"])
        self.assertEqual(sum(r["request_id"] == "again" for r in rows_of("predictions")), 1)

    def test_garbage_is_refused_without_repeating_it(self) -> None:
        good = json.dumps(written(LATER[0].payment))
        deep = "[" * 6000
        for body in (
            "",
            "[",
            "nul",
            deep,
            "[1, 2]",
            "{}",
            '{"amount": NaN}',
            '{"amount": 1e999}',
            '{"amount": ' + "9" * 5000 + "}",
            good.replace('"card"', '"kard"'),
            good.replace('"amount": ', '"amount": -'),
            '{"holder": "Hidden Name"}',
            '"\\ud800"',
        ):
            with self.subTest(body[:30]):
                head = {"Content-Type": "application/json"}
                answer = self.client.post("/predict", content=body, headers=head)
                self.assertIn(answer.status_code, (400, 422))
                self.assertNotIn("Hidden", answer.text)
        raw = self.client.post("/predict", content=b"\xff\xfe{}")
        self.assertIn(raw.status_code, (400, 422))
        self.assertEqual(self.client.post("/predict", content=b"x" * 20_000).status_code, 413)
        self.assertEqual(self.ask(LATER[0].payment, "not one word").status_code, 400)
        self.assertEqual(self.client.get("/predict").status_code, 405)
        self.assertEqual(self.ask(LATER[0].payment).status_code, 200)

    def test_a_card_keeps_its_variant_and_only_b_meets_the_challenger(self) -> None:
        payments = {each.payment["card"]: each.payment for each in LATER}
        seen: list[dict[str, Any]] = []
        for release in (Release("1"), Release("1", "2", 0.3), Release("1", "2", 0.3)):
            put_in_service(SYSTEM.store, release, "canary", "for a test")
            met = {}
            for card, payment in list(payments.items())[:40]:
                answer = self.ask(payment)
                met[card] = answer.headers["X-Variant"], answer.json()["version"]
            if release.challenger:
                self.assertEqual(set(met.values()), {("a", "1"), ("b", "2")})
                seen.append(met)
            else:
                self.assertEqual({version for _, version in met.values()}, {"1"})
        self.assertEqual(*seen)

    def test_the_share_of_cards_is_the_one_that_was_asked_for(self) -> None:
        release = Release("1", "2", 0.1)
        n_b = sum(release.variant_of(f"card-{n}") == "b" for n in range(20_000))
        self.assertAlmostEqual(n_b / 20_000, 0.1, delta=0.01)

    def test_the_page_is_whole_without_scripts(self) -> None:
        answer = self.client.get("/")
        self.assertEqual(answer.status_code, 200)
        for told in ("Version in service", "Are the inputs", "The gate", "<noscript>"):
            self.assertIn(told, answer.text)
        self.assertNotIn("http://", answer.text.replace("http://www.w3.org", ""))
        self.assertIn("default-src 'self'", answer.headers["Content-Security-Policy"])
        hostile = "<script>alert(1)</script>"
        with SYSTEM.store.writing() as tx:
            SYSTEM.store.write_down(tx, "trained", hostile, version=hostile)
        self.assertNotIn(hostile, page.whole(page.picture(SYSTEM.store)))


class Operating(unittest.TestCase):
    def setUp(self) -> None:
        put_in_service(SYSTEM.store, Release("1"), "promoted", "for a test")

    def test_what_the_gate_refuses_is_not_served(self) -> None:
        bad = FOLDER / "mixed-up.jsonl"
        rows = [e.payment | {"fraud": n % 20 == 0} for n, e in enumerate(LATER)]
        bad.write_text("".join(json.dumps(written(row)) + "\n" for row in rows))
        version = commands.retrain(SYSTEM, bad, "mixed up")
        decision = commands.promote(SYSTEM, version)
        self.assertFalse(decision.promote)
        self.assertEqual(current(SYSTEM.store), Release("1"))
        self.assertIn((version, "refused"), SYSTEM.registry.told)

    def test_a_version_goes_in_as_a_canary_then_whole_and_back_bit_for_bit(self) -> None:
        rows, out = FOLDER / "some.jsonl", FOLDER / "some-out.jsonl"
        rows.write_text("".join(json.dumps(written(e.payment)) + "\n" for e in LATER[:50]))

        def answers() -> str:
            commands.batch(SYSTEM, rows, out)
            return out.read_text()

        first = answers()
        decision = commands.promote(SYSTEM, "2", 0.2)
        self.assertTrue(decision.promote, decision)
        self.assertEqual(current(SYSTEM.store), Release("1", "2", 0.2))
        self.assertTrue(commands.promote(SYSTEM, "2").promote)
        self.assertNotEqual(answers(), first)
        self.assertEqual(commands.rollback(SYSTEM), "1")
        self.assertEqual(answers(), first)

    def test_it_is_rolled_back_while_the_registry_is_away(self) -> None:
        put_in_service(SYSTEM.store, Release("2"), "promoted", "for a test")
        registry: Any = SYSTEM.registry
        registry.is_away = True
        self.addCleanup(setattr, registry, "is_away", False)
        with self.assertLogs("fraud", "WARNING") as said:
            self.assertEqual(commands.rollback(SYSTEM), "1")
        self.assertIn("nobody answers", said.output[0])
        self.assertEqual(current(SYSTEM.store), Release("1"))

    def test_what_cannot_be_done_is_said(self) -> None:
        with self.assertRaisesRegex(Impossible, "no version 99; there are 1, 2"):
            commands.promote(SYSTEM, "99")
        with self.assertRaisesRegex(Impossible, "in service already"):
            commands.promote(SYSTEM, "1")


class Stream(unittest.TestCase):
    def test_a_killed_reader_goes_on_where_its_results_end(self) -> None:
        before = len(rows_of("predictions"))
        payments = len(rows_of("payments"))
        broker = MockBroker()
        writer = Writer(broker.address)
        sent = [each.payment for each in LATER[:400]]
        for payment in [*sent, *sent[:40]]:  # some are delivered twice
            writer.payment(written(payment))
        writer.payment({"card": "no payment"})
        writer.flush()
        for kill in (True, False):
            service = serve(broker.address)
            goal = before + (120 if kill else len(sent))
            wait_until(lambda goal=goal: len(rows_of("predictions")) >= goal, service)
            if not kill:
                wait_until(lambda: len(rows_of("refusals")) == 1, service)
            service.kill() if kill else service.terminate()
            service.wait(10)
        streamed = [r for r in rows_of("predictions") if r["request_id"].startswith("stream-")]
        self.assertEqual(
            sorted(row["payment_id"] for row in streamed), sorted(p["payment_id"] for p in sent)
        )
        self.assertEqual(len(rows_of("payments")), payments + len(sent))
        self.assertEqual(sum(r["next_offset"] for r in rows_of("offsets")), 441)
        self.assertIn("Field required", rows_of("refusals")[0]["reason"])

        # An uninterrupted reading gives the same scores.
        known = [{k: p[k] for k in COLUMNS} for p in sent]
        pasts = SYSTEM.store.pasts(known)
        scored = {row["payment_id"]: row["score"] for row in streamed}
        model = SYSTEM.models.load(streamed[0]["version"])[0]
        again = commands.scores(model, commands.table(known, pasts))
        for row, score in zip(known, again, strict=True):
            self.assertEqual(scored[row["payment_id"]], score)


class Alerts(unittest.TestCase):
    def test_a_drift_is_posted_once_even_if_nobody_hears_it_at_first(self) -> None:
        put_in_service(SYSTEM.store, Release("1"), "promoted", "for a test")
        heard: list[dict[str, Any]] = []

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                heard.append(body)
                self.send_response(503 if len(heard) == 1 else 204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Hook)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        try:
            with TestClient(create_app(settings_in(FOLDER, webhook=address))) as client:
                for event in WORLD.days(DAYS + 2, DAYS + 3, SALES):
                    client.post("/predict", json=written(event.payment))
                    if heard:
                        break
                wait_until(lambda: len(heard) >= 2)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        self.assertEqual([each["monitor"] for each in heard], ["drift", "drift"])
        self.assertEqual(heard[0]["id"], heard[1]["id"])
        self.assertTrue(all(row["delivered_at"] for row in rows_of("alerts")))


def serve(brokers: str) -> "subprocess.Popen[bytes]":
    program = (
        "import sys, uvicorn; from pathlib import Path;"
        "from tests.test_service import settings_in; from fraud.service import create_app;"
        "uvicorn.run(create_app(settings_in(Path(sys.argv[1]), brokers=sys.argv[2])),"
        "port=0, log_level='critical')"
    )
    words = [sys.executable, "-c", program, str(FOLDER), brokers]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until(holds: Any, service: Any = None, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if service is not None and service.poll() is not None:
            raise AssertionError(f"the service ended with {service.returncode}")
        if time.monotonic() > end:
            raise AssertionError("it never came")
        time.sleep(0.02)
