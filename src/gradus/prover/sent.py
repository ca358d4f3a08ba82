"""Requests of one row each, and what became of every one of them.

It must not judge what a service answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.prover.bench import Bench
from gradus.prover.contract import BrokenContract, Row, named_in
from gradus.prover.exchange import Exchange, Request
from gradus.prover.invented import fresh_identifier
from gradus.prover.service import Service
from gradus.prover.traffic import Traffic, drive

IN_TURN = 200
"""Requests that are prepared at once where one follows the other."""
LONGEST = 2.0
"""Seconds that each of those may take on an average."""
KEPT = 1000
"""Bytes of a body that are kept once it was understood: a proof keeps thousands."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of one row."""

    identifier: str
    """Its identifier; a fresh one."""
    row: int
    """The place of its row among those that were sent or drawn from."""
    exchange: Exchange
    """What became of it."""
    prediction: Any = None
    """What was answered; None where nothing was."""
    fault: str = ""
    """What is wrong with the answer, where it is no answer by the contract."""
    echoed: Any = None
    """What the answer has in the place where it is to repeat the identifier."""

    @property
    def is_acknowledged(self) -> bool:
        """Say whether the service said that it has done it."""
        return self.exchange.good


async def send_rows(
    bench: Bench,
    service: Service,
    starts: Sequence[float] | NDArray[np.floating],
    rows: Sequence[Row] | None = None,
    *,
    timeout: float = 10.0,
) -> list[Sent]:
    """Send one row, drawn at random, at each time, and return what became of all requests."""
    given = bench.rows if rows is None else rows
    places = bench.rng.integers(0, len(given), size=len(starts))
    _, sent = await send_each(bench, service, starts, [given[each] for each in places], timeout)
    return [replace(each, row=int(place)) for each, place in zip(sent, places, strict=True)]


async def send_each(
    bench: Bench,
    service: Service,
    starts: Sequence[float] | NDArray[np.floating],
    rows: Sequence[Row],
    timeout: float = 10.0,
) -> tuple[Traffic, list[Sent]]:
    """Send each row at its time, alone and under a fresh identifier; return what happened."""
    names = [fresh_identifier(bench.rng) for _ in starts]
    traffic = await service.drive(
        starts, lambda n: service.request([rows[n]], names[n]), timeout=timeout
    )
    sent = [understood(service, Sent(names[e.number], e.number, e)) for e in traffic.exchanges]
    return replace(traffic, exchanges=tuple(each.exchange for each in sent)), sent


async def in_turn(
    service: Service, requests: Sequence[Request], connections: int = 1
) -> list[Exchange]:
    """Send requests one after another, each when one before it was answered.

    With more than one connection so many are under way at once.
    """
    found: list[Exchange] = []
    for begin in range(0, len(requests), IN_TURN):
        part = requests[begin : begin + IN_TURN]
        traffic = await drive(
            service.target,
            [0.0] * len(part),
            part.__getitem__,
            timeout=LONGEST * len(part),
            connections=connections,
        )
        found += traffic.exchanges
    return found


def understood(service: Service, sent: Sent) -> Sent:
    """Return it with its prediction, or with what is wrong with the answer; its body is cut."""
    exchange = sent.exchange
    response = exchange.response
    short = replace(exchange, response=replace(response, body=response.body[:KEPT]))
    if not exchange.good:
        return replace(sent, exchange=short)
    echo = service.declaration.contract.echo
    echoed = named_in(response, echo) if echo else None
    try:
        (prediction,) = service.predictions(exchange, 1)
    except BrokenContract as fault:
        return replace(sent, exchange=short, echoed=echoed, fault=str(fault))
    return replace(sent, exchange=short, echoed=echoed, prediction=prediction)


def kept(requests: Sequence[Sent]) -> Iterator[dict[str, Any]]:
    """Yield what is kept of each request, so that a proof can be computed again."""
    for each in requests:
        e = each.exchange
        yield {
            "identifier": each.identifier,
            "row": each.row,
            "intended": round(e.intended, 6),
            "ended": round(e.ended, 6),
            "outcome": str(e.outcome),
            "code": e.response.code,
            "prediction": each.prediction,
        }
