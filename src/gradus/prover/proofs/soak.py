"""The proof `soak`."""

import math
from dataclasses import dataclass, field

import numpy as np

from gradus.core.proof import Line, Plot
from gradus.prover.asking import Asked, Right, ask_rows, find_wrong, warm_up
from gradus.prover.bench import Bench
from gradus.prover.bounds import slope_at_most
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.machine import Watch
from gradus.prover.proof import proof

PARTS = 30
"""Pieces of the run, each with one look at the memory and one 90th percentile of latency."""
LEAK_MB = 2.0
"""MiB a thousand requests that are allowed: about 2 KiB a request, as logs in memory take."""
CONFIDENCE = 0.99


@proof(place=165, needs=("start",))
async def soak(bench: Bench) -> None:
    """Under a steady load neither its memory nor its latency goes on growing.

    A slope is bounded from both sides (Theil-Sen): a growth that the run is too short to tell from
    none makes the run invalid and not a failure.
    """
    promises = bench.declaration.promises
    seconds = (8.0 if bench.quick else 150.0) / PARTS
    count = max(10, math.ceil(promises.rate * seconds))
    right = await Right.of(bench)
    asked: list[Asked] = []
    seen = Seen()
    async with bench.service() as service:
        await warm_up(bench, service, right)
        await ask_rows(bench, service, np.arange(count * 5) / promises.rate, right)
        bench.moment(f"steady load, {promises.rate:g} requests a second")
        for part in range(PARTS):
            starts = np.cumsum(bench.rng.exponential(1 / promises.rate, count))
            async with service.watch() as watch:
                asked.append(await ask_rows(bench, service, starts, right))
            seen.add((part + 1) * count / 1000, service.process.usage().memory_mb, asked[-1], watch)
    bench.keep("soak", seen.records())
    bench.plots.append(_plot(seen))
    with bench.claim("Every request of the run is answered right.") as claim:
        for each in asked:
            find_wrong(claim, bench, each, right)
    with bench.claim(f"Memory grows by at most {LEAK_MB:g} MiB in a thousand requests.") as claim:
        what = ("growth of memory", "MiB/1000", LEAK_MB)
        _judge(claim, what, seen.requests, seen.memory, seen.memory)
    grown = promises.p99_ms / 2 / seen.requests[-1]
    with bench.claim("Latency does not grow.") as claim:
        what = ("growth of the 90th percentile", "ms/1000", grown)
        _judge(claim, what, seen.requests, seen.late, seen.surely_late)


@dataclass
class Seen:
    """What was seen after each piece of the run."""

    requests: list[float] = field(default_factory=list)
    """Thousands of requests so far."""
    memory: list[float] = field(default_factory=list)
    """MiB."""
    late: list[float] = field(default_factory=list)
    """The 90th percentile of latency, in ms."""
    surely_late: list[float] = field(default_factory=list)
    """The same less what the service, or we, waited for a processor that others had."""

    def add(self, requests: float, memory: float, asked: Asked, watch: Watch) -> None:
        """Take in one piece."""
        zero = asked.traffic.began_at
        latencies, less = [], []
        for each in asked.traffic.exchanges:
            own = each.picked - each.intended
            waited = watch.waited(zero + each.intended, zero + each.ended)
            latencies.append(each.latency)
            less.append(max(0.0, each.latency - own - waited))
        self.requests.append(requests)
        self.memory.append(memory)
        self.late.append(float(np.quantile(latencies, 0.9)) * 1000)
        self.surely_late.append(float(np.quantile(less, 0.9)) * 1000)

    def records(self) -> list[dict[str, float]]:
        """Return what is kept."""
        names = ("thousands", "memory_mb", "p90_ms", "p90_less_waiting_ms")
        columns = (self.requests, self.memory, self.late, self.surely_late)
        return [dict(zip(names, each, strict=True)) for each in zip(*columns, strict=True)]


def _judge(
    claim: Claim,
    what: tuple[str, str, float],
    x: list[float],
    y: list[float],
    surely: list[float],
) -> None:
    """Bound a slope from both sides; `what` is its name, its unit and its limit."""
    name, unit, limit = what
    highest = slope_at_most(x, y, confidence=CONFIDENCE)
    lowest = -slope_at_most(x, [-each for each in surely], confidence=CONFIDENCE)
    claim.figure(name, highest, unit, limit=limit, confidence=CONFIDENCE)
    if highest <= limit:
        return
    if lowest <= limit:
        raise InvalidRun(
            f"The {name} is between {lowest:.3g} and {highest:.3g} {unit}, and {limit:.3g} is "
            "allowed: the run was too short, or this machine too busy, to say more."
        )
    claim.found(name, f"at least {lowest:.3g} {unit}", f"at most {limit:.3g} {unit}")


def _plot(seen: Seen) -> Plot:
    return Plot(
        "Memory and latency over the run",
        "thousands of requests",
        "MiB, ms",
        (
            Line("memory, MiB", _points(seen.requests, seen.memory)),
            Line("90th percentile of latency, ms", _points(seen.requests, seen.late)),
        ),
    )


def _points(x: list[float], y: list[float]) -> tuple[tuple[float, float], ...]:
    return tuple((round(a, 3), round(b, 2)) for a, b in zip(x, y, strict=True))
