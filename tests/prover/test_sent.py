"""Requests of one row are followed one by one, in their order, whatever becomes of them."""

import asyncio
import json
import re
from collections import Counter

import numpy as np
import pytest

from gradus.prover.bench import Bench
from gradus.prover.contract import find_contract
from gradus.prover.invented import fresh_identifier
from gradus.prover.sent import KEPT, in_turn, kept, send_each, send_rows
from gradus.prover.service import Service

from .raw_services import response, serving


def meet(declared, tmp_path, answer, ask):
    """Run `ask(bench, service)` against a service that answers as told."""
    contract = find_contract("plain-json")
    rows = [{"n": n} for n in range(5)]
    bench = Bench(declared(), contract, rows, np.random.default_rng(3), tmp_path, tmp_path)

    async def run():
        async with serving(answer) as target:
            service = Service(bench.declaration, contract, target, {}, tmp_path / "log", bench.rng)
            return await ask(bench, service)

    return asyncio.run(run())


def test_identifiers_look_like_any_clients_and_never_come_twice():
    rng = np.random.default_rng(0)
    made = {fresh_identifier(rng) for _ in range(2000)}
    assert len(made) == 2000
    shape = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}")
    assert all(shape.fullmatch(each) for each in made)


def test_what_cannot_be_compared_is_no_prediction(declared, tmp_path):
    answers = [
        (b"1e999", "a prediction is not finite"),
        (b"1" + b"0" * 400, "a prediction is not finite"),
        (b'{"p": [0.5, -1e999]}', "a prediction is not finite"),
        (b"[" * 33 + b"]" * 33, "a prediction has more than 32 levels"),
        (b"[" * 32 + b"]" * 32, ""),
    ]

    async def by_row(request, writer):
        number = json.loads(request.split(b"\r\n\r\n", 1)[1])["rows"][0]["n"]
        writer.write(response(b'{"predictions": [%s]}' % answers[number][0]))
        return True

    async def ask(bench, service):
        return await send_rows(bench, service, np.arange(60) * 0.002)

    for each in meet(declared, tmp_path, by_row, ask):
        assert each.fault == answers[each.row][1]


@pytest.mark.parametrize("levels", range(300, 1100, 20))
def test_an_answer_of_any_depth_is_told(declared, tmp_path, levels):
    async def deep(request, writer):
        writer.write(response(b'{"predictions": %s}' % (b'{"a":' * levels + b"1" + b"}" * levels)))
        return True

    async def ask(bench, service):
        return await send_rows(bench, service, [0.0])

    (sent,) = meet(declared, tmp_path, deep, ask)
    assert re.search("predictions are no list|too many levels|recursion", sent.fault)


def test_of_a_long_answer_little_is_kept_once_it_was_understood(declared, tmp_path):
    async def long(request, writer):
        writer.write(response(b'{"predictions": [0.5], "X-Request-ID": "i"}' + b" " * 100_000))
        return True

    async def ask(bench, service):
        return await send_each(bench, service, [0.0], [{"n": 1}])

    traffic, (sent,) = meet(declared, tmp_path, long, ask)
    assert (sent.prediction, sent.echoed, sent.fault) == (0.5, "i", "")
    assert traffic.exchanges == (sent.exchange,)
    assert len(sent.exchange.response.body) == KEPT


def test_one_follows_the_other_on_one_connection(declared, tmp_path):
    open_now, most, seen, writers = 0, 0, [], set()

    async def one_at_a_time(request, writer):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        writers.add(id(writer))
        seen.append(json.loads(request.split(b"\r\n\r\n", 1)[1])["rows"][0]["n"])
        await asyncio.sleep(0.001)
        open_now -= 1
        writer.write(response(b"{}"))
        return True

    async def ask(bench, service):
        return await in_turn(service, [service.request([{"n": n}]) for n in range(50)])

    exchanges = meet(declared, tmp_path, one_at_a_time, ask)
    assert (most, len(writers), seen) == (1, 1, list(range(50)))
    assert all(each.good for each in exchanges)


def test_each_request_gets_its_own_answer_or_what_is_wrong_with_it(declared, tmp_path):
    async def by_row(request, writer):
        number = json.loads(request.split(b"\r\n\r\n", 1)[1])["rows"][0]["n"]
        if number == 4:
            writer.write(response(b"no", 503))
        elif number == 3:
            writer.write(response(b'{"predictions": []}'))
        else:
            writer.write(response(json.dumps({"predictions": [number / 2]}).encode()))
        return True

    async def ask(bench, service):
        return await send_rows(bench, service, np.arange(60) * 0.002)

    sent = meet(declared, tmp_path, by_row, ask)
    assert Counter(each.row for each in sent).keys() == set(range(5))
    for each in sent:
        assert each.is_acknowledged == (each.row != 4)
        assert each.fault == ("0 predictions for 1 rows" if each.row == 3 else "")
        assert each.prediction == (each.row / 2 if each.row < 3 else None)
    lines = list(kept(sent))
    assert [line["identifier"] for line in lines] == [each.identifier for each in sent]
    assert {line["code"] for line in lines if line["row"] == 4} == {503}
