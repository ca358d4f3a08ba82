"""Traffic of valid rows, and which of its answers were right.

Only right answers count: a service that says 200 and nothing else is not fast. It must not decide
what a number of wrong answers means.
"""

import json
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.prover.bench import Bench
from gradus.prover.claims import Claim
from gradus.prover.commands import same
from gradus.prover.contract import BrokenContract
from gradus.prover.exchange import Exchange, Request
from gradus.prover.machine import Watch
from gradus.prover.service import Service, what_came
from gradus.prover.traffic import Traffic

SHOWN = 160
"""Characters of a row that a finding shows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Valid rows that were asked for, each in a request of its own."""

    traffic: Traffic
    """What happened."""
    places: NDArray[np.int64]
    """Which of the bench's rows each request held."""
    wrong: tuple[str, ...]
    """For each request what is wrong with its answer; empty where it is right."""

    def latencies(self) -> NDArray[np.float64]:
        """Return seconds from intended start to end, infinite where no right answer came."""
        pairs = zip(self.traffic.exchanges, self.wrong, strict=True)
        return np.array([math.inf if wrong else each.latency for each, wrong in pairs])


class Right:
    """Knows the right prediction of each row: the offline one, else the service's own first."""

    def __init__(self, predictions: dict[int, Any]) -> None:
        self._predictions = predictions
        self.is_offline = bool(predictions)
        """Whether the right predictions are those of the offline batch."""

    @classmethod
    async def of(cls, bench: Bench) -> "Right":
        """Return what knows the offline predictions, where a batch is declared."""
        known = await bench.expected() if bench.declaration.offline else []
        return cls(dict(enumerate(known)))

    def expected(self, place: int) -> Any:
        """Return the right prediction of a row; None where nothing is known of it."""
        return self._predictions.get(place)

    def wrong(self, service: Service, exchange: Exchange, place: int) -> str:
        """Return in a few words what is wrong with an answer, or an empty text."""
        if not exchange.good:
            return what_came(exchange)
        try:
            (prediction,) = service.predictions(exchange, 1)
        except BrokenContract as fault:
            return str(fault)
        right = self._predictions.setdefault(place, prediction)
        if not same(prediction, right):
            return f"the prediction {json.dumps(prediction)}, not {json.dumps(right)}"
        return ""


async def ask_rows(
    bench: Bench,
    service: Service,
    starts: Sequence[float] | NDArray[np.floating],
    right: Right,
    *,
    timeout: float = 10.0,
) -> Asked:
    """Ask for drawn rows at these times, one row a request, each under a fresh identifier."""
    places = bench.rng.integers(0, len(bench.rows), len(starts))

    def request(number: int) -> Request:
        return service.request([bench.rows[places[number]]], str(uuid.uuid4()))

    traffic = await service.drive(starts, request, timeout=timeout)
    wrong = [
        right.wrong(service, each, int(place))
        for each, place in zip(traffic.exchanges, places, strict=True)
    ]
    return Asked(traffic, places, tuple(wrong))


def excused(asked: Asked, bound: float, watch: Watch) -> NDArray[np.bool_]:
    """Say of each request whether something but the service explains that it is over a bound.

    That is our own lateness, or other programs on this machine. A wrong answer is never explained.
    """
    zero = asked.traffic.began_at
    found = []
    for each, wrong in zip(asked.traffic.exchanges, asked.wrong, strict=True):
        own = each.latency - (each.picked - each.intended)
        machine = watch.explains(each.latency - bound, zero + each.intended, zero + each.ended)
        found.append(not (wrong and each.good) and (own <= bound or machine))
    return np.array(found, dtype=bool)


async def warm_up(bench: Bench, service: Service, right: Right, count: int = 30) -> None:
    """Ask for a few rows before anything is measured; connections and caches are made then."""
    await ask_rows(bench, service, np.arange(count) / 30.0, right)
    bench.moment(f"{count} requests to warm up")


def find_wrong(claim: Claim, bench: Bench, asked: Asked, right: Right) -> None:
    """Record every answer that is wrong."""
    for place, wrong in zip(asked.places, asked.wrong, strict=True):
        if wrong:
            expected = right.expected(int(place))
            told = "a prediction" if expected is None else json.dumps(expected)
            claim.found(row_shown(bench, int(place)), wrong, told)


def row_shown(bench: Bench, place: int) -> str:
    """Return a row as a finding shows it."""
    text = json.dumps(dict(bench.rows[place]))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
