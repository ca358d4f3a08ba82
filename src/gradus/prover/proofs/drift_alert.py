"""The proof `drift-alert`."""

import asyncio
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.core.proof import Line, Plot
from gradus.prover import patience
from gradus.prover.alerts import Listener
from gradus.prover.bench import Bench
from gradus.prover.bounds import quantile_at_most, share_at_least, share_at_most
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import features, predictions_of
from gradus.prover.proof import proof
from gradus.prover.service import Service
from gradus.prover.streams import (
    FEWEST_ROWS,
    Channel,
    Drift,
    Kind,
    channels,
    drift_of,
    yardstick,
)

Places = NDArray[np.intp]
CONFIDENCE = 0.95
FALSE_ALARMS = 1e-4
"""False alarms a calm row that are allowed; 30,000 rows without one show it at 95 %."""
AT_ONCE = 25
"""Rows a request, where the contract allows more than one."""
WAITED = 0.01
"""Seconds after each piece of a stream, for an alert on its way."""
MAY_MISS = 0.1
"""Share of the drifts that may go unnoticed."""
_TRIES = 60
"""Drifts that are drawn until the yardstick finds one in good time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is sent."""

    n_calm: int
    """Calm rows in one stream."""
    n_drifts: int
    """Streams with a drift."""
    false_alarms: float
    """Bound on false alarms a row."""
    listened: float
    """Seconds after the last calm row in which a false alarm is still heard."""


FULL = Plan(30_000, 10, FALSE_ALARMS, 5.0)
QUICK = Plan(6_000, 4, 5e-4, 0.5)


@dataclass(frozen=True, slots=True)
class Met:
    """What became of one drift."""

    drift: Drift
    """How the rows came."""
    begins: int
    """Calm rows before it."""
    delay: float
    """Rows from its beginning until the alert was heard; infinite where none was."""
    yardstick: float
    """The same for the yardstick, on the same rows."""
    false_alarm: bool
    """Whether an alert was heard before it began."""


@proof(place=150, needs=("start", "alerts"))
async def drift_alert(bench: Bench) -> None:
    """Calm traffic raises no alarm, and hidden drifts of several kinds do, in time."""
    if len(bench.rows) < FEWEST_ROWS:
        raise InvalidRun(
            f"{len(bench.rows)} valid rows are too few to know what is calm: give {FEWEST_ROWS}, "
            "drawn from usual traffic."
        )
    plan = QUICK if bench.quick else FULL
    alerts = bench.declaration.alerts
    named = (alerts.columns if alerts else ()) or features(bench.declaration, bench.rows)
    every = channels(bench.rows, named)
    n_false, n_calm, calm = await _calm(bench, plan)
    met = [await _one(bench, every, number) for number in range(plan.n_drifts)]
    n_calm += sum(each.begins for each in met if not each.false_alarm)
    n_false += sum(each.false_alarm for each in met)
    bench.keep("drifts", map(_kept, met))
    _draw(bench, met)
    said = f"Calm rows raise at most one false alarm in {1 / plan.false_alarms:,.0f}."
    with bench.claim(said) as claim:
        bound = share_at_most(min(n_false, n_calm), n_calm, CONFIDENCE)
        name = f"{n_false} alarms in {n_calm} calm rows"
        claim.at_most(name, bound, "a row", plan.false_alarms, CONFIDENCE)
        alarm = yardstick(every)(calm)
        claim.figure("alarms of the yardstick on the long stream", float(alarm is not None), "")
    limit = bench.declaration.promises.drift_rows
    allowed = int(MAY_MISS * len(met)) if not bench.quick else 1
    said = f"Of {len(met)} drifts at least {len(met) - allowed} raise an alert within {limit} rows."
    with bench.claim(said) as claim:
        _in_time(claim, met, allowed)


async def _calm(bench: Bench, plan: Plan) -> tuple[int, int, Places]:
    """Send calm rows until enough or until too many alarms; return alarms, rows, and the rows."""
    own = await on_a_copy(bench, "calm")
    n_rows = plan.n_calm
    places = bench.rng.integers(0, len(bench.rows), n_rows)
    async with own.listening() as listener, own.service(listener.environment) as service:
        await listener.attend(service.target)
        step = 20 * AT_ONCE
        for begin in range(0, n_rows, step):
            await _send(bench, service, places[begin : begin + step])
        await asyncio.sleep(plan.listened)
        bench.moment(f"{n_rows} calm rows were sent")
        return len(listener.heard), n_rows, places


async def _one(bench: Bench, every: Sequence[Channel], number: int) -> Met:
    """Send calm rows and then drifting ones to a fresh copy of the service."""
    rng = bench.rng
    limit = bench.declaration.promises.drift_rows
    drift, places, expected = _drawn(every, list(Kind)[number % len(Kind)], limit, rng)
    begins = int(rng.integers(300, 1500))
    calm = rng.integers(0, len(bench.rows), begins)
    own = await on_a_copy(bench, f"drift-{number}")
    async with own.listening() as listener, own.service(listener.environment) as service:
        await listener.attend(service.target)
        heard = await _until_alert(bench, service, listener, calm)
        if heard is not None:
            return Met(drift, begins, math.inf, expected, True)
        bench.moment(f"a drift begins: {drift.kind} of {drift.column}")
        delay = await _until_alert(bench, service, listener, places)
        if delay is None and await listener.until(1, patience.ALERTED_WITHIN):
            delay = len(places)
        bench.moment("no alert came" if delay is None else "an alert came", ours=False)
    return Met(drift, begins, math.inf if delay is None else delay, expected, False)


def _drawn(
    every: Sequence[Channel], kind: Kind, limit: int, rng: np.random.Generator
) -> tuple[Drift, Places, float]:
    """Draw a drift that the yardstick finds in a quarter of the time, and its rows."""
    alarm = yardstick(every)
    for number in range(_TRIES):
        wanted = kind if number < _TRIES // 3 else list(Kind)[int(rng.integers(len(Kind)))]
        drift = drift_of(wanted, every, rng)
        if drift is None:
            continue
        places = drift.draw(limit, rng)
        found = alarm(places)
        if found is not None and found < limit / 4 + drift.n_growing:
            return drift, places, float(found + 1)
    raise InvalidRun("The declared rows allow no drift that can be found in so few rows.")


async def _until_alert(
    bench: Bench, service: Service, listener: Listener, places: Places
) -> int | None:
    """Send rows until an alert is heard; return how many were sent by then, or None."""
    for begin in range(0, len(places), AT_ONCE):
        await _send(bench, service, places[begin : begin + AT_ONCE])
        await asyncio.sleep(WAITED)
        if listener.heard:
            return min(begin + AT_ONCE, len(places))
    return None


async def _send(bench: Bench, service: Service, places: Places) -> None:
    rows = [bench.rows[int(place)] for place in places]
    await predictions_of(service, rows, at_once=AT_ONCE, under_way=1)


def _in_time(claim: Claim, met: Sequence[Met], allowed: int) -> None:
    missed = [each for each in met if math.isinf(each.delay)]
    n_found = len(met) - len(missed)
    bound = share_at_least(n_found, len(met), CONFIDENCE)
    claim.figure(f"found, {n_found} of {len(met)}", bound, "share", confidence=CONFIDENCE)
    for name, delays in (
        ("median delay", [each.delay for each in met]),
        ("median delay of the yardstick", [each.yardstick for each in met]),
    ):
        bound = quantile_at_most(delays, 0.5, CONFIDENCE)
        if math.isfinite(bound):  # four delays bound no median at this confidence
            claim.figure(name, bound, "rows", confidence=CONFIDENCE)
    for each in missed if len(missed) > allowed else ():
        drift = each.drift
        told = "an alert came before it began" if each.false_alarm else "no alert came"
        note = f"The yardstick raises its alarm after {each.yardstick:g} rows of it."
        claim.found(f"{drift.kind} of {drift.column} drifts", told, "an alert in time", note)


def _kept(met: Met) -> Mapping[str, Any]:
    drift = met.drift
    return {
        "kind": str(drift.kind),
        "column": drift.column,
        "begins": met.begins,
        "delay": met.delay,
        "yardstick": met.yardstick,
        "false_alarm": met.false_alarm,
    }


def _draw(bench: Bench, met: Sequence[Met]) -> None:
    def points(delays: Iterator[float]) -> tuple[tuple[float, float], ...]:
        finite = (each if math.isfinite(each) else 0.0 for each in delays)  # missed: no bar
        return tuple((float(n), each) for n, each in enumerate(finite))

    lines = (
        Line("this service", points(each.delay for each in met)),
        Line("the yardstick, on the same rows", points(each.yardstick for each in met)),
    )
    bench.plots.append(Plot("Delay of the alert", "drift", "rows", lines, bars=True))
