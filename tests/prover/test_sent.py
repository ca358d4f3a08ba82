"""Requests of one row are followed one by one, in their order, whatever becomes of them."""

import asyncio
import json
import re
from collections import Counter

import numpy as np

from gradus.prover.bench import Bench
from gradus.prover.contract import find_contract
from gradus.prover.invented import fresh_identifier
from gradus.prover.sent import in_turn, kept, send_rows
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
