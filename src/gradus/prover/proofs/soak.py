"""The proof `soak`."""

import math

import numpy as np

from gradus.core.proof import Line, Plot
from gradus.prover.asking import Asked, Right, ask_rows, warm_up
from gradus.prover.bench import Bench
from gradus.prover.bounds import slope_at_most
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.machine import BUSY, Watch
from gradus.prover.proof import proof

PARTS = 30
"""Pieces of the run, each with one look at the memory and one 90th percentile of latency."""
LEAK_MB = 2.0
"""MiB a thousand requests that are allowed: about 2 KiB a request, as logs in memory take."""
CONFIDENCE = 0.99


@proof(place=60, needs=("start",))
async def soak(bench: Bench) -> None:
    """Under a steady load neither its memory nor its latency goes on growing.

    A slope is bounded from both sides (Theil-Sen): a growth that the run is too short to tell from
    none makes the run invalid and not a failure.
    """
    promises = bench.declaration.promises
    seconds = (12.0 if bench.quick else 150.0) / PARTS
    count = max(10, math.ceil(promises.rate * seconds))
    right = await Right.of(bench)
    asked: list[Asked] = []
    memory, requests, late = [], [], []
    async with bench.service() as service, Watch(service.process) as watch:
        await warm_up(bench, service, right)
        await ask_rows(bench, service, np.arange(count * 5) / promises.rate, right)
        bench.moment(f"steady load, {promises.rate:g} requests a second")
        for part in range(PARTS):
            starts = np.cumsum(bench.rng.exponential(1 / promises.rate, count))
            asked.append(await ask_rows(bench, service, starts, right))
            memory.append(service.process.usage().memory_mb)
            requests.append((part + 1) * count / 1000)
            late.append(float(np.quantile(asked[-1].latencies(), 0.9)) * 1000)
    records = zip(requests, memory, late, strict=True)
    bench.keep("soak", ({"thousands": r, "memory_mb": m, "p90_ms": p} for r, m, p in records))
    bench.plots.append(_plot(requests, memory, late))
    with bench.claim("Every request of the run is answered right.") as claim:
        wrong = [each for part in asked for each in part.wrong if each]
        for each in wrong:
            claim.found("a valid row", each, "its prediction")
    with bench.claim(f"Memory grows by at most {LEAK_MB:g} MiB in a thousand requests.") as claim:
        _judge(claim, ("growth of memory", "MiB/1000", LEAK_MB), requests, memory)
    grown = promises.p99_ms / 2
    with bench.claim("Latency does not grow.") as claim:
        seen = ("growth of p90", "ms/1000", grown / requests[-1])
        why = _MACHINE if watch.others_share() > BUSY else ""
        _judge(claim, seen, requests, late, why)


_SHORT = "the run is too short"
_MACHINE = "other programs took too much of this machine"


def _judge(
    claim: Claim, what: tuple[str, str, float], x: list[float], y: list[float], excuse: str = ""
) -> None:
    """Bound a slope from both sides; `what` is its name, its unit and its limit."""
    name, unit, limit = what
    highest = slope_at_most(x, y, confidence=CONFIDENCE)
    lowest = -slope_at_most(x, [-each for each in y], confidence=CONFIDENCE)
    claim.figure(name, highest, unit, limit=limit, confidence=CONFIDENCE)
    if highest <= limit:
        return
    if lowest <= limit or excuse:
        raise InvalidRun(
            f"The {name} is between {lowest:.3g} and {highest:.3g} {unit}, {limit:.3g} is "
            f"allowed, and {excuse or _SHORT} to say more."
        )
    claim.found(name, f"at least {lowest:.3g} {unit}", f"at most {limit:.3g} {unit}")


def _plot(requests: list[float], memory: list[float], late: list[float]) -> Plot:
    return Plot(
        "Memory and latency over the run",
        "thousands of requests",
        "MiB, ms",
        (
            Line("memory, MiB", _points(requests, memory)),
            Line("90th percentile of latency, ms", _points(requests, late)),
        ),
    )


def _points(x: list[float], y: list[float]) -> tuple[tuple[float, float], ...]:
    pairs = zip(x, y, strict=True)
    return tuple((round(a, 3), round(b, 2)) for a, b in pairs if math.isfinite(b))
