"""What an operator does with versions, by the declared commands, while requests go on.

It must not judge whether a version is good.
"""

import asyncio
import contextlib
import dataclasses
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gradus.core.verdict import Finding
from gradus.prover import patience
from gradus.prover.bench import Bench
from gradus.prover.claims import BrokenService, Claim
from gradus.prover.commands import Ran
from gradus.prover.contract import Row
from gradus.prover.labelled import Labelled
from gradus.prover.lines import write_lines
from gradus.prover.schedule import poisson
from gradus.prover.sent import Sent, in_turn, send_rows, understood
from gradus.prover.service import Service, what_came
from gradus.sandbox.printing import printable

PROBES = 24
"""Rows by whose answers versions are told apart."""
WATCH_RATE = 40.0
"""Requests a second while an operator is at work."""
WATCH_PIECE = 0.5
"""Seconds of requests that are planned at once."""


@dataclass
class Watch:
    """Requests that go on in the background, and what became of them."""

    rows: Sequence[Row]
    """What is asked for again and again."""
    sent: list[tuple[float, Sent]] = field(default_factory=list)
    """Every request, with the moment of its start on the clock that never goes back."""
    over: bool = False
    """Whether no more are planned."""

    def after(self, moment: float) -> list[Sent]:
        """Return the requests that were started after a moment."""
        return [each for at, each in self.sent if at > moment]

    @property
    def all(self) -> list[Sent]:
        """Return every request."""
        return [each for _, each in self.sent]


@contextlib.asynccontextmanager
async def watched(bench: Bench, service: Service, rows: Sequence[Row]) -> AsyncIterator[Watch]:
    """Ask for rows until the context is left; then every request has ended."""
    watch = Watch(rows)
    # A stream of its own: how long it is asked for hangs on the machine, and later draws must not.
    own = dataclasses.replace(bench, rng=np.random.default_rng(bench.rng.integers(2**63)))

    async def asking() -> None:
        while not watch.over:
            starts = poisson(WATCH_RATE, WATCH_PIECE, own.rng)
            began = time.monotonic()
            sent = await send_rows(own, service, starts, rows)
            watch.sent += [(began + each.exchange.intended, each) for each in sent]

    going = asyncio.create_task(asking())
    try:
        yield watch
    finally:
        watch.over = True
        await going


async def answers(service: Service, rows: Sequence[Row]) -> list[Any]:
    """Return the service's answer to each row, asked for alone; raises BrokenService without."""
    exchanges = await in_turn(service, [service.request([row]) for row in rows])
    found = []
    for row, exchange in zip(rows, exchanges, strict=True):
        sent = understood(service, Sent("", 0, exchange))
        if not sent.is_acknowledged or sent.fault:
            told = sent.fault or what_came(exchange)
            finding = Finding(json.dumps(dict(row)), told, "a prediction")
            raise BrokenService("Valid rows are predicted.", finding)
        found.append(sent.prediction)
    return found


def probes(bench: Bench) -> list[Row]:
    """Return some of the valid rows, drawn at random."""
    n = min(PROBES, len(bench.rows))
    return [bench.rows[int(i)] for i in bench.rng.choice(len(bench.rows), n, replace=False)]


async def train(
    bench: Bench, name: str, labelled: Labelled, environment: Mapping[str, str] | None = None
) -> str:
    """Train a version on labelled rows and return its name; raises BrokenService otherwise."""
    labels = write_lines(bench.folder / f"{name}.jsonl", labelled.full)
    ran = await try_to_train(bench, labels, environment)
    version = named(ran)
    if not version:
        finding = ran.as_finding()
        if ran.went_well:
            finding = Finding(ran.command, "it printed nothing", "the version's name, as last line")
        raise BrokenService("A new version can be trained.", finding)
    return version


async def try_to_train(
    bench: Bench, labels: Path, environment: Mapping[str, str] | None = None
) -> Ran:
    """Run the declared command on a file of labelled rows."""
    bench.moment(f"a version is trained on {labels.stem} labels")
    return await bench.run(bench.declaration.retrain, labels=labels, environment=environment)


def named(ran: Ran) -> str:
    """Return the version that a training printed; empty where it did not go well or said none."""
    lines = ran.said.splitlines()
    return printable(lines[-1]).strip() if ran.went_well and lines else ""


async def promote(bench: Bench, version: str) -> Ran:
    """Put a version into service, if it is let."""
    ran = await bench.run(bench.declaration.promote, version=version)
    bench.moment(f"{version} is {'promoted' if ran.went_well else 'refused'}", ours=False)
    return ran


async def put_into_service(bench: Bench, service: Service, version: str) -> str:
    """Promote a version that deserves it and return what the service names now.

    Raises BrokenService where it is refused, or the service goes on with the old one. Without a
    command for that, training alone is taken to do it.
    """
    before = await service.version()
    if bench.declaration.promote:
        ran = await promote(bench, version)
        if not ran.went_well:
            raise BrokenService("A good version is let into service.", ran.as_finding())
    return await changed_version(bench, service, before)


async def changed_version(bench: Bench, service: Service, before: str) -> str:
    """Wait until the service names another version; raises BrokenService where it never does."""
    end = time.monotonic() + patience.SWAPPED_WITHIN
    while (now := await service.version()) == before:
        if time.monotonic() > end:
            told = f"still '{before}' after {patience.SWAPPED_WITHIN:g} s"
            finding = Finding("the version that the service names", told, "another one")
            raise BrokenService("The new version comes into service.", finding)
        await asyncio.sleep(0.1)
    return now


def only_these_answers(
    claim: Claim, watch: Sequence[Sent], rows: Sequence[Row], *allowed: Sequence[Any]
) -> None:
    """Speak against a claim where a request failed, or its answer is of no allowed set."""
    for each in watch:
        row = json.dumps(dict(rows[each.row]))
        if not each.is_acknowledged:
            claim.found(row, what_came(each.exchange), "2xx")
        elif each.fault:
            claim.found(row, each.fault, "one prediction")
        elif each.prediction not in [answers[each.row] for answers in allowed]:
            told = " or ".join(repr(answers[each.row]) for answers in allowed)
            claim.found(row, repr(each.prediction), f"{told}, bit for bit")
