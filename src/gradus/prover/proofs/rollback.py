"""The proof `rollback`."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

from gradus.prover.bench import Bench
from gradus.prover.claims import BrokenService, InvalidRun
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import labelled_of
from gradus.prover.proof import proof
from gradus.prover.sent import Sent, kept
from gradus.prover.service import Service
from gradus.prover.versions import (
    answers,
    only_these_answers,
    probes,
    put_into_service,
    train,
    watched,
)

ROUNDS = 5
"""How often it is rolled back; the slowest one counts."""
AFTERWARDS = 1.0
"""Seconds for which the old version is watched once it is back."""


@proof(place=130, needs=("start", "labels", "version", "retrain", "promote", "rollback"))
async def rollback(bench: Bench) -> None:
    """The old version is back in time, no request fails meanwhile, its answers are the same."""
    labelled = labelled_of(bench)
    bench = await on_a_copy(bench)
    rows = probes(bench)
    seconds: list[float] = []
    meanwhile: list[Sent] = []
    afterwards: list[Sent] = []
    async with bench.service() as service:
        version = await service.version()
        old = await answers(service, rows)
        trained = await train(bench, "newer", labelled.halves(bench.rng)[0])
        new: list[Any] = []
        for _ in range(1 if bench.quick else ROUNDS):
            await put_into_service(bench, service, trained)
            new = await answers(service, rows)
            if new == old:
                raise InvalidRun("Both versions answer alike, so nothing shows which one answers.")
            async with watched(bench, service, rows) as watch:
                await asyncio.sleep(0.2)
                seconds.append(await _roll_back(bench, service, version))
                back = time.monotonic()
                await asyncio.sleep(AFTERWARDS)
            meanwhile += watch.all
            afterwards += watch.after(back)
            if seconds[-1] > bench.declaration.promises.rollback_seconds:
                break
        again = await answers(service, rows)
    bench.keep("meanwhile", kept(meanwhile))
    limit = bench.declaration.promises.rollback_seconds
    with bench.claim(f"The old version is back within {limit:g} s.") as claim:
        claim.at_most(f"the slowest of {len(seconds)}", max(seconds), "s", limit)
    with bench.claim(
        "Meanwhile every request is answered, by the old version or the new."
    ) as claim:
        only_these_answers(claim, meanwhile, rows, old, new)
    with bench.claim("Once it is back, the old answers come again, bit for bit.") as claim:
        only_these_answers(claim, afterwards, rows, old)
        for row, one, other in _differing(rows, again, old):
            claim.found(json.dumps(dict(row)), repr(one), f"{other!r}, bit for bit")


async def _roll_back(bench: Bench, service: Service, version: str) -> float:
    """Run the declared command and return seconds until the service names the old version."""
    limit = bench.declaration.promises.rollback_seconds
    bench.moment("it is rolled back")
    began = time.monotonic()
    ran = await bench.run(bench.declaration.rollback)
    if not ran.went_well:
        raise BrokenService("It can be rolled back.", ran.as_finding())
    while await service.version() != version:
        if time.monotonic() - began > limit:
            bench.moment("the old version is not back", ours=False)
            return float("inf")
        await asyncio.sleep(0.05)
    bench.moment("the old version is back", ours=False)
    return time.monotonic() - began


def _differing(
    rows: Sequence[Any], some: Sequence[Any], others: Sequence[Any]
) -> list[tuple[Any, Any, Any]]:
    triples = zip(rows, some, others, strict=True)
    return [(row, one, other) for row, one, other in triples if one != other]
