"""The proof `prediction-log`."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradus.prover.bench import Bench
from gradus.prover.bounds import share_at_most
from gradus.prover.claims import Claim
from gradus.prover.commands import same
from gradus.prover.copies import on_a_copy
from gradus.prover.exchange import SHEDS
from gradus.prover.proof import proof
from gradus.prover.records import Records, read_records, settled
from gradus.prover.schedule import poisson
from gradus.prover.sent import Sent, kept, send_rows
from gradus.prover.service import what_came

BURST = 32
"""Requests that are sent at once, so that those that are written together meet."""
TOLERANCE = 1e-9
"""How far a logged number may be from the answered one: a decimal text keeps no more."""


@proof(place=60, needs=("log",))
async def prediction_log(bench: Bench) -> None:
    """Every request stands in the declared log exactly once, with the prediction that was given."""
    bench = await on_a_copy(bench)
    async with bench.service() as service:
        before = {each.identifier for each in read_records(bench.declaration).all}
        n_bursts, seconds = (3, 1.5) if bench.quick else (10, 20.0)
        steady = poisson(bench.declaration.promises.rate, seconds, bench.rng)
        bursts = np.repeat(bench.rng.uniform(0, seconds, n_bursts), BURST)
        bench.moment("requests are sent, some of them at once")
        sent = await send_rows(bench, service, np.sort(np.concatenate([steady, bursts])))
        bench.keep("sent", kept(sent))
        awaited = {each.identifier for each in sent if each.is_acknowledged}
        records = await settled(bench.declaration, awaited)
        bench.keep("log", ({"id": r.identifier, "said": r.prediction} for r in records.all))
        bench.moment("the log is read")
    with bench.claim("Every valid request is answered, or refused with 429 or 503.") as claim:
        _answered(claim, sent)
    with bench.claim("Every answered request stands in the log exactly once.") as claim:
        _exactly_once(claim, sent, records)
    if bench.declaration.log is not None and bench.declaration.log.prediction:
        with bench.claim("What is logged is what was answered.") as claim:
            _as_answered(claim, sent, records)
    with bench.claim("Nothing else was logged meanwhile.") as claim:
        ours = {each.identifier for each in sent} | before
        others = [each for each in records.all if each.identifier not in ours]
        if bench.declaration.url:
            others = []  # a deployed service may have other clients
        for each in others:
            claim.found(f"log of {each.identifier}", "a record", "no request had this identifier")
        for line in records.torn:
            claim.found("a line of the log", line, "an object with the declared fields")


def _answered(claim: Claim, sent: Sequence[Sent]) -> None:
    for each in sent:
        if not each.is_acknowledged and each.exchange.response.code not in SHEDS:
            claim.found(f"request {each.identifier}", what_came(each.exchange), "2xx")
        elif each.fault:
            claim.found(f"request {each.identifier}", each.fault, "one prediction")


def _exactly_once(claim: Claim, sent: Sequence[Sent], records: Records) -> None:
    logged = records.by_identifier()
    answered = [each for each in sent if each.is_acknowledged]
    n_wrong = 0
    for each in answered:
        count = len(logged.get(each.identifier, ()))
        if count != 1:
            n_wrong += 1
            told = "not in the log" if not count else f"in the log {count} times"
            claim.found(f"request {each.identifier}", told, "once")
    if answered:
        bound = share_at_most(n_wrong, len(answered))
        claim.figure("requests not logged once", bound, "share", confidence=0.99)
    else:
        claim.found(f"{len(sent)} requests", "none was answered", "an answer to each")


def _as_answered(claim: Claim, sent: Sequence[Sent], records: Records) -> None:
    logged = records.by_identifier()
    for each in sent:
        for record in logged.get(each.identifier, ()) if each.is_acknowledged else ():
            if not agrees(record.prediction, each.prediction):
                told = f"the log says {record.prediction!r}"
                claim.found(f"request {each.identifier}", told, f"{each.prediction!r}, as answered")


def agrees(logged: Any, answered: Any) -> bool:
    """Say whether a logged prediction is the answered one, alone or as a list of one."""
    return same(logged, answered, TOLERANCE) or same(logged, [answered], TOLERANCE)
