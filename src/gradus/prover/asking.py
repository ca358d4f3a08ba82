"""Traffic of valid rows, and which of its answers were right.

Only right answers count: a service that says 200 and nothing else is not fast. It must not decide
what a number of wrong answers means.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.prover.bench import Bench
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.commands import same
from gradus.prover.exchange import Exchange, Outcome
from gradus.prover.machine import Watch
from gradus.prover.sent import Sent, send_each
from gradus.prover.service import Service, what_came
from gradus.prover.traffic import Traffic

SHOWN = 160
"""Characters of a row that a finding shows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Valid rows that were asked for, each in a request of its own."""

    traffic: Traffic
    """What happened."""
    sent: tuple[Sent, ...]
    """Each request; its row is the place among the bench's rows."""
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

    def wrong(self, sent: Sent) -> str:
        """Return in a few words what is wrong with an answer, or an empty text."""
        if not sent.is_acknowledged:
            return what_came(sent.exchange)
        if sent.fault:
            return sent.fault
        right = self._predictions.setdefault(sent.row, sent.prediction)
        if not same(sent.prediction, right):
            return f"the prediction {json.dumps(sent.prediction)}, not {json.dumps(right)}"
        return ""


async def ask_rows(
    bench: Bench,
    service: Service,
    starts: Sequence[float] | NDArray[np.floating],
    right: Right,
    *,
    places: Sequence[int] | None = None,
    timeout: float = 10.0,
) -> Asked:
    """Ask for rows at these times, one row a request: those at some places, or drawn ones."""
    if places is None:
        places = bench.rng.integers(0, len(bench.rows), len(starts)).tolist()
    rows = [bench.rows[each] for each in places]
    traffic, sent = await send_each(bench, service, starts, rows, timeout)
    return as_asked(traffic, sent, places, right)


def as_asked(traffic: Traffic, sent: Sequence[Sent], places: Sequence[int], right: Right) -> Asked:
    """Return requests with what is wrong with each, once it is known which rows they held."""
    of_rows = [replace(one, row=place) for one, place in zip(sent, places, strict=True)]
    return Asked(traffic, tuple(of_rows), tuple(map(right.wrong, of_rows)))


def excused(asked: Asked, bound: float, watch: Watch) -> NDArray[np.bool_]:
    """Say of each request whether something but the service explains that it is over a bound.

    That is our own lateness, or other programs on this machine. A wrong answer is never explained.
    Who waits in a queue waits for what held it up before, too: the machine is looked at from when
    the service was last idle. It explains nothing where the service's own work for those in the
    queue, all requests taken to cost alike, is more than the whole machine could do in time.
    """
    zero, exchanges = asked.traffic.began_at, asked.traffic.exchanges
    work = _work_for_each(exchanges, zero, watch)
    found = []
    queues = queued(exchanges)
    for each, (since, before), wrong in zip(exchanges, queues, asked.wrong, strict=True):
        own = each.latency - (each.picked - each.intended)
        held = watch.explains(each.latency - bound, zero + since, zero + each.ended)
        in_time = since + work * (before + 1) <= each.intended + bound
        found.append(not (wrong and each.good) and (own <= bound or (held and in_time)))
    return np.array(found, dtype=bool)


def _work_for_each(exchanges: Sequence[Exchange], zero: float, watch: Watch) -> float:
    """Return seconds of the whole machine for an answer, until we gave the first request up.

    What was done for those that were given up since then cannot be told from the rest.
    """
    given_up = [each.ended for each in exchanges if each.outcome is Outcome.TIMED_OUT]
    until = min(given_up or [each.ended for each in exchanges][-1:], default=0.0)
    answered = [e for e in exchanges if e.outcome is Outcome.ANSWERED and e.ended <= until]
    return watch.worked(zero, zero + until) / max(1, len(answered))


def queued(exchanges: Sequence[Exchange]) -> list[tuple[float, int]]:
    """Return for each request since when the service was not idle, and how many came before it.

    In the order of the schedule, and in seconds after the run's start; a request that met an idle
    service has its own intended start and 0.
    """
    found: list[tuple[float, int]] = []
    idle_from = since = -math.inf
    before = 0
    for each in exchanges:
        before += 1
        if each.intended >= idle_from:
            since, before = each.intended, 0
        found.append((since, before))
        idle_from = max(idle_from, each.ended)
    return found


async def warm_up(bench: Bench, service: Service, right: Right, count: int = 30) -> None:
    """Ask for a few rows before anything is measured; connections and caches are made then."""
    await ask_rows(bench, service, np.arange(count) / 30.0, right)
    bench.moment(f"{count} requests to warm up")


def refuse_explained(exchanges: Sequence[Exchange], zero: float, watch: Watch) -> None:
    """Raise InvalidRun where half the time of one that hung was spent waiting for a processor."""
    for each in exchanges:
        hung = each.outcome is Outcome.TIMED_OUT
        if hung and watch.explains(each.latency / 2, zero + each.intended, zero + each.ended):
            raise InvalidRun("Other programs took too much of this machine to say what hangs.")


def find_wrong(claim: Claim, bench: Bench, asked: Asked, right: Right) -> None:
    """Record every answer that is wrong."""
    for each, wrong in zip(asked.sent, asked.wrong, strict=True):
        if wrong:
            expected = right.expected(each.row)
            told = "a prediction" if expected is None else json.dumps(expected)
            claim.found(row_shown(bench, each.row), wrong, told)


def row_shown(bench: Bench, place: int) -> str:
    """Return a row as a finding shows it."""
    return shown(dict(bench.rows[place]))


def shown(value: Any) -> str:
    """Return a row, or a prediction, as a finding shows it."""
    text = json.dumps(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
