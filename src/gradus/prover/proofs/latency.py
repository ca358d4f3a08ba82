"""The proof `latency`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradus.core.proof import Line, Plot
from gradus.prover.asking import Asked, Right, ask_rows, excused, warm_up
from gradus.prover.bench import Bench
from gradus.prover.bounds import binomial_cdf, quantile_at_most, sample_for_quantile, share_at_least
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.proof import proof
from gradus.prover.service import Service
from gradus.prover.traffic import LATEST_START

SHARE, CONFIDENCE = 0.99, 0.99
LOOKS = (1, 2, 4, 8)
"""How often the run is looked at, in multiples of the smallest sample; each look has its share of
the error, so that looking often does not make a pass easier."""
LEAST_SECONDS = 20.0
"""Length of the shortest run, unless a quick one is asked for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Latencies so far."""

    seconds: NDArray[np.float64]
    """From intended start to the right answer."""
    lateness: NDArray[np.float64]
    """Of our own generator, in the same seconds."""
    excused: NDArray[np.bool_]
    """Where other programs on this machine, or our own lateness, explain what is over the bound."""

    def n_over(self, bound: float) -> tuple[int, int]:
        """Return how many took longer than a bound: all, and those that nothing else explains."""
        over = self.seconds > bound
        return int(over.sum()), int((over & ~self.excused).sum())


@proof(place=40, core=True)
async def latency(bench: Bench) -> None:
    """At the declared rate, 99 of 100 requests are answered right within the declared time.

    Requests go out at random times that depend on nothing, and time counts from when each was to
    go out. The run stops early by the rule of MLPerf's LoadGen: as soon as so few of so many were
    late that the 99th percentile is below its bound at 99 % confidence.
    """
    promises = bench.declaration.promises
    bound = promises.p99_ms / 1000
    confidence = 1 - (1 - CONFIDENCE) / len(LOOKS)
    smallest = sample_for_quantile(0, SHARE, confidence)
    if not bench.quick:
        smallest = max(smallest, math.ceil(promises.rate * LEAST_SECONDS))
    right = await Right.of(bench)
    parts: list[Asked] = []
    seen = Seen(np.empty(0), np.empty(0), np.empty(0, dtype=bool))
    async with bench.service() as service:
        await warm_up(bench, service, right)
        for look in LOOKS:
            more = smallest * look - len(seen.seconds)
            bench.moment(f"{more} requests at {promises.rate:g} a second")
            asked, spared = await _part(bench, service, right, more)
            parts.append(asked)
            seen = _joined(seen, asked, spared)
            if decided(seen, bound, confidence) is not None:
                break
            if says_nothing(seen, bound, confidence, smallest * LOOKS[-1]):
                break
    bench.keep(
        "latency",
        (
            {"seconds": each, "late": late, "excused": bool(spared)}
            for each, late, spared in zip(seen.seconds, seen.lateness, seen.excused, strict=True)
        ),
    )
    bench.plots.append(_histogram(seen.seconds, bound))
    with bench.claim(
        f"At {promises.rate:g} requests a second, 99 of 100 are answered right within "
        f"{promises.p99_ms:g} ms."
    ) as claim:
        judge(claim, seen, bound, confidence, parts)


def decided(seen: Seen, bound: float, confidence: float) -> bool | None:
    """Return whether the claim holds; None where more has to be seen."""
    over, surely = seen.n_over(bound)
    n = len(seen.seconds)
    if binomial_cdf(over, n, 1 - SHARE) <= 1 - confidence:
        return True
    if surely and share_at_least(surely, n, confidence) > 1 - SHARE:
        return False
    return None


def says_nothing(seen: Seen, bound: float, confidence: float, most: int) -> bool:
    """Say whether no run of at most so many requests can pass, by other programs' fault alone."""
    over, surely = seen.n_over(bound)
    n = len(seen.seconds)
    can_pass = binomial_cdf(over, most, 1 - SHARE) <= 1 - confidence
    return not can_pass and binomial_cdf(surely, n, 1 - SHARE) <= 1 - confidence


def judge(
    claim: Claim, seen: Seen, bound: float, confidence: float, parts: Sequence[Asked] = ()
) -> None:
    """Say what the latencies allow to be said; raises InvalidRun where that is nothing."""
    p99 = quantile_at_most(seen.seconds, SHARE, confidence)
    over, surely = seen.n_over(bound)
    n = len(seen.seconds)
    answer = decided(seen, bound, confidence)
    late = float(np.quantile(seen.lateness, 0.99))
    allowed = max(LATEST_START, bound / 20)
    claim.figure("p99 latency", p99 * 1000, "ms", limit=bound * 1000, confidence=CONFIDENCE)
    claim.figure("median latency", float(np.median(seen.seconds)) * 1000, "ms")
    claim.figure("requests", n, "")
    claim.figure("lateness of our generator", late * 1000, "ms", limit=allowed * 1000)
    if answer is True:
        if late > allowed:
            raise InvalidRun(
                f"Our own requests went out up to {late * 1000:.0f} ms late; "
                f"{allowed * 1000:g} ms are allowed. This machine is too busy to judge."
            )
        return
    if answer is None and binomial_cdf(surely, n, 1 - SHARE) <= 1 - confidence:
        raise InvalidRun(
            f"{over} of {n} requests were late, and other programs on this "
            f"machine explain {over - surely} of them."
        )
    wrong = [text for part in parts for text in part.wrong if text]
    claim.found(
        f"{n} requests",
        f"{surely} were answered later than {bound * 1000:g} ms, or not right",
        "so few that fewer than one in a hundred is late, at 99 % confidence",
        note=f"One of them: {wrong[0]}." if wrong else "",
    )


async def _part(
    bench: Bench, service: Service, right: Right, count: int
) -> tuple[Asked, NDArray[np.bool_]]:
    starts = np.cumsum(bench.rng.exponential(1 / bench.declaration.promises.rate, count))
    bound = bench.declaration.promises.p99_ms / 1000
    async with service.watch() as watch:
        asked = await ask_rows(bench, service, starts, right, timeout=max(10.0, 10 * bound))
    return asked, excused(asked, bound, watch)


def _joined(seen: Seen, asked: Asked, spared: NDArray[np.bool_]) -> Seen:
    return Seen(
        np.concatenate([seen.seconds, asked.latencies()]),
        np.concatenate([seen.lateness, asked.traffic.lateness()]),
        np.concatenate([seen.excused, spared]),
    )


def _histogram(seconds: NDArray[np.float64], bound: float) -> Plot:
    """Return bars of latencies; what is beyond the right edge stands in the last bar."""
    finite = seconds[np.isfinite(seconds)]
    longest = float(np.quantile(finite, 0.995)) if len(finite) else bound
    edge = max(longest, 1.1 * bound) if longest > bound / 10 else longest * 1.5
    counts, edges = np.histogram(np.minimum(seconds, edge), bins=48, range=(0.0, edge))
    points = tuple(
        (round(float(e) * 1000, 4), int(c)) for e, c in zip(edges[:-1], counts, strict=True)
    )
    limits = (("bound", bound * 1000),) if bound <= edge else ()
    return Plot(
        "Latency, from when each request was to go out",
        "ms",
        "requests",
        (Line("requests", points),),
        bars=True,
        limits=limits,
    )
