"""The proof `overload`."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradus.core.proof import Line, Plot
from gradus.prover import patience
from gradus.prover.asking import Asked, Right, ask_rows, excused, warm_up
from gradus.prover.bench import Bench
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.exchange import SHEDS, Outcome
from gradus.prover.machine import BUSY
from gradus.prover.proof import proof
from gradus.prover.schedule import poisson
from gradus.prover.service import Service

HIGHEST = 1200.0
"""Requests a second that we go up to; half of the most that one core of ours sends."""
LATE = 0.02
"""Seconds by which our own requests may be late here: latencies are compared roughly."""
WATCHED, WATCHED_QUICKLY = 5.0, 1.0
"""Seconds for which it is asked on once it has to be well again."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rate that was tried."""

    rate: float
    """Requests a second that were offered."""
    served: float
    """Right answers a second within the bound."""
    held: bool
    """Whether 99 of 100 were right and within the bound."""
    excused: bool
    """Whether other programs on this machine may be why it was not held."""
    late: bool = False
    """Whether our own requests went out late."""


@proof(place=50, core=True)
async def overload(bench: Bench) -> None:
    """At twice the highest rate that it holds, the service sheds, and recovers within 10 s.

    Requests arrive as a Poisson process. The rate is doubled until it is not held any more, and
    then halved in on; a rate is held where 99 of 100 requests are answered right in time.
    """
    promises = bench.declaration.promises
    right = await Right.of(bench)
    async with bench.service() as service:
        await warm_up(bench, service, right)
        steps = await _climb(bench, service, right)
        held = max((each.rate for each in steps if each.held), default=0.0)
        with bench.claim(f"It holds the declared {promises.rate:g} requests a second.") as claim:
            claim.at_least("highest rate held", held, "requests/s", promises.rate)
            if not claim.holds and steps[0].excused:
                raise InvalidRun(_BUSY)
        if not held:
            return
        await _pause(bench, service, right)
        asked, spared, busy = await _push(bench, service, right, 2 * held)
        bench.plots.append(_curve([*steps, _pushed(asked, held)], promises.rate))
        with bench.claim("At twice that rate it lets nothing hang and does not collapse.") as claim:
            _judge_push(claim, asked, spared, busy, held)
        with bench.claim(f"It recovers within {patience.RECOVERS_WITHIN:g} s.") as claim:
            await _judge_recovery(claim, bench, service, right, held)


_BUSY = "Other programs took too much of this machine to say which rate the service holds."


async def _climb(bench: Bench, service: Service, right: Right) -> list[Step]:
    """Double the rate until it is not held, then look between."""
    declared = bench.declaration.promises.rate
    highest = max(declared, min(HIGHEST, 4 * declared) if bench.quick else HIGHEST)
    steps: list[Step] = []
    rate = declared
    while rate <= highest:
        step = await _step(bench, service, right, rate)
        if step.held and step.late:
            if not steps:
                raise InvalidRun(_BUSY)
            break  # we cannot offer more from here; what was held so far is a lower bound
        steps.append(step)
        if not step.held:
            break
        rate *= 2
    low = max((each.rate for each in steps if each.held), default=0.0)
    high = min((each.rate for each in steps if not each.held), default=0.0)
    for _ in range(0 if bench.quick or not (low and high) else 2):
        step = await _step(bench, service, right, math.sqrt(low * high))
        steps.append(step)
        low, high = (step.rate, high) if step.held else (low, step.rate)
    return steps


async def _step(bench: Bench, service: Service, right: Right, rate: float) -> Step:
    bound = bench.declaration.promises.p99_ms / 1000
    seconds = max(2.0 if bench.quick else 5.0, 100 / rate)
    bench.moment(f"{rate:.0f} requests a second")
    async with service.watch() as watch:
        starts = poisson(rate, seconds, bench.rng)
        asked = await ask_rows(bench, service, starts, right, timeout=patience.HANGS_AFTER)
    within = asked.latencies() <= bound
    spared = within | excused(asked, bound, watch)
    late = not asked.traffic.kept_its_schedule(LATE)
    bench.keep_traffic(f"rate-{rate:.0f}", asked.traffic)
    served = float(within.sum()) / seconds
    return Step(rate, served, _nearly_all(within), _nearly_all(spared), late)


def _nearly_all(well: NDArray[np.bool_]) -> bool:
    return bool(len(well)) and float(np.mean(well)) >= 0.99


async def _pause(bench: Bench, service: Service, right: Right) -> None:
    """Let what the last step left behind pass."""
    await ask_rows(bench, service, np.arange(10) * 0.1, right, timeout=patience.HANGS_AFTER)


async def _push(
    bench: Bench, service: Service, right: Right, rate: float
) -> tuple[Asked, NDArray[np.bool_], bool]:
    """Offer twice what it holds; say of each request whether it is excused, and if it was busy."""
    seconds = 5.0 if bench.quick else 30.0
    bench.moment(f"overload: {rate:.0f} requests a second for {seconds:g} s")
    async with service.watch() as watch:
        starts = poisson(rate, seconds, bench.rng)
        asked = await ask_rows(bench, service, starts, right, timeout=patience.HANGS_AFTER)
    bench.moment("the overload is over")
    bench.keep_traffic("overload", asked.traffic)
    late = not asked.traffic.kept_its_schedule(LATE)
    return (
        asked,
        excused(asked, patience.HANGS_AFTER / 2, watch),
        late or watch.others_share() > BUSY,
    )


def _pushed(asked: Asked, held: float) -> Step:
    good = sum(1 for wrong in asked.wrong if not wrong)
    return Step(2 * held, good / max(asked.traffic.seconds, 1e-9), False, False)


def _judge_push(
    claim: Claim, asked: Asked, spared: NDArray[np.bool_], busy: bool, held: float
) -> None:
    exchanges = asked.traffic.exchanges
    served = _pushed(asked, held).served
    shed = sum(each.response.code in SHEDS for each in exchanges)
    claim.figure("served", served, "requests/s")
    claim.figure("refused with 429 or 503", shed / max(1, len(exchanges)), "share")
    for each, wrong in zip(exchanges, asked.wrong, strict=True):
        if each.outcome is Outcome.ANSWERED and wrong and each.response.code not in SHEDS:
            claim.found(f"request {each.number + 1}", wrong, "a right answer, or 429 or 503")
    hung = np.array([each.outcome is Outcome.TIMED_OUT for each in exchanges], dtype=bool)
    allowed = len(exchanges) / 100
    if (hung & ~spared).sum() > allowed:
        said = f"{hung.sum()} of {len(exchanges)} had no answer within {patience.HANGS_AFTER:g} s"
        claim.found(f"{len(exchanges)} requests", said, "an answer, or a refusal (429 or 503)")
    if claim.holds and busy and (hung.sum() > allowed or served < held / 4):
        raise InvalidRun("Other programs took too much of this machine to judge an overload.")
    if served < held / 4:
        said = f"{served:.0f} right answers a second"
        claim.found("overload", said, f"at least {held / 4:.0f}, a quarter of what it holds")


async def _judge_recovery(
    claim: Claim, bench: Bench, service: Service, right: Right, held: float
) -> None:
    """Ask at a quarter of the rate that it holds; the last request that is not well ends it."""
    rate = min(held / 4, 50.0)
    bound = bench.declaration.promises.p99_ms / 1000
    limit = patience.RECOVERS_WITHIN
    seconds = limit + (WATCHED_QUICKLY if bench.quick else WATCHED)
    async with service.watch() as watch:
        starts = np.arange(int(rate * seconds)) / rate
        asked = await ask_rows(bench, service, starts, right, timeout=patience.HANGS_AFTER)
    late = asked.latencies() > bound
    after = _last(late, starts)
    bench.keep_traffic("recovery", asked.traffic)
    if after > limit >= _last(late & ~excused(asked, bound, watch), starts):
        raise InvalidRun("Other programs took too much of this machine to judge the recovery.")
    claim.at_most("well again after", after, "s", limit)
    if claim.holds:
        bench.moment(f"the service was well again after {after:.1f} s", ours=False)


def _last(late: NDArray[np.bool_], starts: NDArray[np.floating]) -> float:
    """Return when the last late request was sent, but for one in a hundred, which may always be."""
    places = np.flatnonzero(late)
    judged = places[: len(places) - len(starts) // 100] if len(places) else places
    return float(starts[judged[-1]]) if len(judged) else 0.0


def _curve(steps: list[Step], declared: float) -> Plot:
    ordered = sorted(steps, key=lambda each: each.rate)
    served = tuple((round(each.rate, 1), round(each.served, 1)) for each in ordered)
    offered = tuple((round(each.rate, 1), round(each.rate, 1)) for each in ordered)
    return Plot(
        "Right answers by the rate that was offered; the last point is the overload",
        "requests offered a second",
        "right answers a second",
        (Line("answered right", served), Line("offered", offered)),
        limits=(("declared", declared),),
    )
