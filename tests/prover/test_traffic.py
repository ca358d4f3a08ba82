"""Requests go out at their time, and whatever a service does becomes a record."""

import asyncio
import dataclasses
import math
import socket
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from gradus.prover import traffic as traffic_module
from gradus.prover.claims import InvalidRun
from gradus.prover.connection import LARGEST
from gradus.prover.exchange import Outcome, Request
from gradus.prover.process import free_port
from gradus.prover.schedule import poisson, steps
from gradus.prover.traffic import Target, Traffic, ask, drive

from .raw_services import response, serving


def send(answer, starts, **more):
    async def run():
        async with serving(answer) as target:
            return await drive(
                target, starts, lambda i: Request("POST", f"/{i}", b"row %d" % i), **more
            )

    return asyncio.run(run())


async def echo(request, writer):
    writer.write(response(request.split(b"\r\n\r\n", 1)[1]))
    return True


def test_every_request_gets_its_own_answer():
    traffic = send(echo, np.linspace(0, 0.3, 200))
    assert [e.response.body for e in traffic.exchanges] == [b"row %d" % i for i in range(200)]
    assert all(e.good for e in traffic.exchanges)
    assert np.all(traffic.latencies() >= 0)


def test_a_stall_counts_for_every_request_that_was_due_meanwhile():
    stalled = asyncio.Event()

    async def stalls_once(request, writer):
        if b"row 10" in request:
            await asyncio.sleep(0.4)
            stalled.set()
        elif not stalled.is_set() and int(request.rsplit(b" ", 1)[1]) > 10:
            await stalled.wait()
        writer.write(response(b"late"))
        return True

    traffic = send(stalls_once, np.arange(50) * 0.01)
    latencies = traffic.latencies()
    assert latencies[10] > 0.39
    # The request that was due 0.1 s after the stall began waited for the remaining 0.3 s.
    assert 0.25 < latencies[20] < latencies[11] < latencies[10] + 0.05
    assert latencies[:10].max() < latencies[20]


def test_the_schedule_does_not_wait_for_answers():
    async def slow(request, writer):
        await asyncio.sleep(0.5)
        writer.write(response(b"ok"))
        return True

    traffic = send(slow, [0.0] * 100)
    assert all(e.good for e in traffic.exchanges)
    assert max(e.sent for e in traffic.exchanges) < 0.5


def test_waiting_for_a_connection_is_the_services_time():
    async def slow(request, writer):
        await asyncio.sleep(0.1)
        writer.write(response(b"ok"))
        return True

    traffic = send(slow, [0.0] * 4, connections=1)
    assert sorted(traffic.latencies())[-1] > 0.39
    assert traffic.lateness().max() < 0.1


async def closes(request, writer):
    return False


async def half(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    return False


async def no_http(request, writer):
    writer.write(b"\x16\x03\x01 what is this\r\n\r\n")
    return True


async def for_ever(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
        await writer.drain()


async def never(request, writer):
    await asyncio.sleep(30)
    return False


async def without_length(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nX: y\r\n\r\nwhole")
    return False


async def without_fields(request, writer):
    writer.write(b"HTTP/1.0 200 OK\r\n\r\nwhole")
    return False


async def half_a_head(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nX: y\r\nZ: z\r\n")
    return False


async def another_protocol(request, writer):
    fields = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\n" + fields + b"\r\n\x81\x01x")
    return True


async def reset_in_its_body(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()
    return False


async def a_chunk_that_lies(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nlong\r\n0\r\n\r\n")
    return True


async def slow_drip(request, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(600):
        writer.write(b"y")
        await writer.drain()
        await asyncio.sleep(0.05)
    return False


def without_end(before, piece):
    """Return what answers with its beginning and then with the same piece for ever."""

    async def answer(request, writer):
        writer.write(before)
        while True:
            writer.write(piece)
            await writer.drain()

    return answer


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
WITHOUT_END = {
    "interim responses": without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
    "a reason": without_end(b"HTTP/1.1 200 ", b"y" * 65_536),
    "a field": without_end(HEAD + b"X: ", b"y" * 65_536),
    "fields": without_end(HEAD, (b"X: " + b"y" * 5000 + b"\r\n") * 10),
    "small fields": without_end(HEAD, b"a:\r\n" * 10_000),
    "small chunks": without_end(CHUNKED, b"2\r\nxy\r\n" * 10_000),
    "an extension of a chunk": without_end(CHUNKED + b"1;", b"y" * 65_536),
    "trailers": without_end(CHUNKED + b"0\r\n", (b"X: " + b"y" * 5000 + b"\r\n") * 10),
}


async def interim(request, writer):
    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" + response(b"after", 201))
    return True


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (closes, Outcome.CLOSED),
        (half, Outcome.CLOSED),
        (no_http, Outcome.MALFORMED),
        (for_ever, Outcome.TOO_LARGE),
        (never, Outcome.TIMED_OUT),
        (slow_drip, Outcome.TIMED_OUT),
        (half_a_head, Outcome.CLOSED),
        (reset_in_its_body, Outcome.CLOSED),
        (another_protocol, Outcome.MALFORMED),
        (a_chunk_that_lies, Outcome.MALFORMED),
        *((each, Outcome.TOO_LARGE) for each in WITHOUT_END.values()),
    ],
)
def test_what_is_no_answer_is_a_record_of_its_own(answer, outcome):
    traffic = send(answer, [0.0, 0.01], timeout=0.6 if outcome is Outcome.TIMED_OUT else 20.0)
    assert [e.outcome for e in traffic.exchanges] == [outcome] * 2
    assert np.all(np.isinf(traffic.latencies()))


@pytest.mark.parametrize(
    ("answer", "code", "body"),
    [
        (without_length, 200, b"whole"),
        (without_fields, 200, b"whole"),
        (interim, 201, b"after"),
    ],
)
def test_unusual_http_is_still_http(answer, code, body):
    for exchange in send(answer, [0.0, 0.05]).exchanges:
        assert (exchange.outcome, exchange.response.code) == (Outcome.ANSWERED, code)
        assert exchange.response.body == body


@pytest.mark.parametrize("answer", WITHOUT_END.values(), ids=WITHOUT_END)
def test_what_has_no_end_takes_little_memory(answer):
    tracemalloc.start()
    try:
        send(answer, [0.0], timeout=20.0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * LARGEST


@pytest.mark.parametrize(
    "behind",
    [response(b"again", 201), HEAD + b"X: y\r\nContent-Length: 90\r\n\r\nhalf", b"no HTTP"],
    ids=["a whole response", "half a response", "something else"],
)
def test_what_comes_behind_a_response_belongs_to_no_request(behind):
    seen = []

    async def surplus(request, writer):
        seen.append(writer)
        writer.write(response(request.split(b"\r\n\r\n", 1)[1]) + behind)
        return True

    traffic = send(surplus, [0.0] * 4, connections=1)
    assert [e.response.body for e in traffic.exchanges] == [b"row %d" % i for i in range(4)]
    assert all(dict(e.response.headers) == {"content-length": "5"} for e in traffic.exchanges)
    assert len(set(seen)) == 4  # none of these connections can be trusted with another request


def test_a_response_that_comes_before_its_request_is_not_waited_for():
    async def sends_ahead(request, writer):
        writer.write(response(b"now"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(response(b"ahead"))
        return True

    traffic = send(sends_ahead, [0.0, 0.3, 0.6], connections=1)
    assert [e.response.body for e in traffic.exchanges] == [b"now"] * 3


def test_a_run_with_too_much_to_keep_says_nothing(monkeypatch):
    monkeypatch.setattr(traffic_module, "MOST_HELD", 2500)

    async def large(request, writer):
        writer.write(response(b"x" * 1000))
        return True

    assert len(send(large, [0.0, 0.1]).exchanges) == 2
    with pytest.raises(InvalidRun, match="too much to keep"):
        send(large, np.arange(40) * 0.5)


def test_a_service_that_closes_after_each_answer_is_answered_on_new_connections():
    async def one_each(request, writer):
        writer.write(response(b"ok", extra=b"Connection: close\r\n"))
        return False

    assert all(e.good for e in send(one_each, [0.001 * i for i in range(60)]).exchanges)


def test_nobody_listening_is_refused():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        target = Target("127.0.0.1", held.getsockname()[1])
        exchange = asyncio.run(ask(target, Request("GET", "/")))
    assert exchange.outcome is Outcome.REFUSED
    assert exchange.latency >= 0


def test_no_requests_are_no_traffic():
    traffic = send(echo, [])
    assert traffic.exchanges == ()
    assert traffic.kept_its_schedule()


def test_traffic_that_started_late_says_so():
    traffic = send(echo, [0.0] * 50)
    late = [dataclasses.replace(e, intended=e.intended - 1.0) for e in traffic.exchanges]
    assert not Traffic(tuple(late), 0.0, 0.0, 1.0).kept_its_schedule()


def test_poisson_arrivals_have_the_rate_and_spread_of_their_process():
    times = poisson(200.0, 50.0, np.random.default_rng(3))
    gaps = np.diff(times)
    assert len(times) == pytest.approx(10_000, abs=400)
    assert np.all(gaps >= 0)
    assert gaps.std() / gaps.mean() == pytest.approx(1.0, abs=0.05)
    assert math.isclose(np.exp(-1), np.mean(gaps > gaps.mean()), abs_tol=0.02)


def test_a_step_changes_the_rate_at_its_time():
    times = steps(((100.0, 10.0), (400.0, 5.0)), np.random.default_rng(1))
    assert np.sum(times < 10.0) == pytest.approx(1000, abs=120)
    assert np.sum(times >= 10.0) == pytest.approx(2000, abs=180)
    assert np.all(np.diff(times) >= 0)


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan])
def test_a_rate_without_arrivals_is_refused(rate):
    with pytest.raises(ValueError, match="no arrivals"):
        poisson(rate, 1.0, np.random.default_rng(0))


def test_the_benchmark_waits_for_no_server_that_has_ended(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    from benchmarks.prover import begins

    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as server:
        assert not begins(server, free_port())
    assert server.returncode == 3
