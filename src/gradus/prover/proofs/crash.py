"""The proof `crash`."""

import asyncio
from collections.abc import Sequence

import numpy as np

from gradus.prover.bench import Bench
from gradus.prover.bounds import share_at_most
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.copies import on_a_copy
from gradus.prover.proof import proof
from gradus.prover.proofs.prediction_log import agrees
from gradus.prover.records import Records, read_records, settled
from gradus.prover.schedule import poisson
from gradus.prover.sent import Sent, kept, send_rows
from gradus.prover.service import Service

CRASHES = 20
SECONDS = 1.0
"""How long requests are sent around one crash."""
LEAST_RATE = 40.0
"""Requests a second around a crash, where less was promised."""
CLOSE = 12
"""Requests sent at once just before a crash, so that some are under way."""


@proof(place=110, needs=("start", "log"))
async def crash(bench: Bench) -> None:
    """Killed under load again and again, it loses nothing that it acknowledged and comes back."""
    bench = await on_a_copy(bench)
    n_crashes = 3 if bench.quick else CRASHES
    sent: list[Sent] = []
    service = bench.unstarted()
    slowest = 0.0
    try:
        await service.begin()
        before = {each.identifier for each in read_records(bench.declaration).all}
        for number in range(n_crashes):
            sent += await _crash(bench, service)
            bench.moment(f"crash {number + 1}: all of its processes are killed")
            await service.begin()
            bench.moment("it is ready again", ours=False)
            # What it waited for a processor that others had is no slowness of its own.
            slowest = max(slowest, service.ready_after - service.ready_waited)
        awaited = {each.identifier for each in sent if each.is_acknowledged}
        records = await settled(bench.declaration, awaited)
    finally:
        await service.end()
    bench.keep("sent", kept(sent))
    bench.keep("log", ({"id": r.identifier, "said": r.prediction} for r in records.all))
    if not awaited:
        raise InvalidRun("No request was answered before a crash, so nothing could be lost.")
    bound = bench.declaration.promises.ready_seconds
    with bench.claim(f"It is ready again after each of {n_crashes} crashes.") as claim:
        claim.at_most("time to ready after a crash", slowest, "s", bound)
    with bench.claim("Nothing that was acknowledged is lost.") as claim:
        _nothing_lost(claim, awaited, records)
    with bench.claim("Nothing unexpected appears in the log.") as claim:
        _nothing_unexpected(claim, sent, records, before)


async def _crash(bench: Bench, service: Service) -> list[Sent]:
    """Send requests and kill the service among them."""
    rate = max(bench.declaration.promises.rate, LEAST_RATE)
    moment = float(bench.rng.uniform(0.3, 0.9)) * SECONDS
    close = np.full(CLOSE, max(moment - 0.004, 0.0))
    starts = np.sort(np.concatenate([poisson(rate, SECONDS, bench.rng), close]))
    sending = asyncio.create_task(send_rows(bench, service, starts, timeout=5.0))
    try:
        await asyncio.sleep(moment)
        await service.crash()
        return await sending
    finally:
        sending.cancel()


def _nothing_lost(claim: Claim, awaited: set[str], records: Records) -> None:
    there = {each.identifier for each in records.all}
    lost = sorted(awaited - there)
    for each in lost:
        claim.found(f"request {each}", "answered, and not in the log", "in the log")
    bound = share_at_most(len(lost), len(awaited))
    claim.figure("acknowledged requests lost", bound, "share", confidence=0.99)


def _nothing_unexpected(
    claim: Claim, sent: Sequence[Sent], records: Records, before: set[str]
) -> None:
    """Each record belongs to one request of ours, stands alone, and says what its row gives."""
    by_identifier = {each.identifier: each for each in sent}
    of_row = {each.row: each.prediction for each in sent if each.is_acknowledged}
    for identifier, found in records.by_identifier().items():
        request = by_identifier.get(identifier)
        if request is None:
            if identifier not in before:
                claim.found(f"log of {identifier}", "a record", "no request had this identifier")
            continue
        if len(found) > 1:
            claim.found(f"request {identifier}", f"in the log {len(found)} times", "at most once")
        expected = of_row.get(request.row)
        said = found[0].prediction
        if said is not None and expected is not None and not agrees(said, expected):
            claim.found(f"request {identifier}", f"the log says {said!r}", f"{expected!r}")
    for line in records.torn:
        claim.found("a line of the log", line, "an object with the declared fields")
