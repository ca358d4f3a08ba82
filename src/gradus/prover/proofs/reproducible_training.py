"""The proof `reproducible-training`."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from gradus.prover.bench import Bench
from gradus.prover.claims import Claim
from gradus.prover.commands import same
from gradus.prover.contract import Row
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import Labelled, labelled_of
from gradus.prover.proof import proof
from gradus.prover.versions import answers, probes, put_into_service, train

TOLERANCE = 1e-6
"""How far two runs may be apart: adding up in another order costs so much and no more."""
LEFT = 0.7
"""Share of the labelled rows that the changed run learns from."""


@proof(place=145, needs=("start", "labels", "version", "retrain"))
async def reproducible_training(bench: Bench) -> None:
    """Two clean runs on the same rows give the same model, and other rows give another."""
    labelled = labelled_of(bench).shuffled(bench.rng)
    labelled.must_be()
    rows = probes(bench)
    first = await _run(bench, "first", labelled, rows)
    await asyncio.sleep(1.1)  # a clock of whole seconds has moved on as well
    second = await _run(bench, "second", labelled, rows)
    fewer = labelled.of(range(int(LEFT * len(labelled))))
    other = await _run(bench, "other-rows", fewer, rows)
    bench.keep(
        "answers",
        (
            {"row": dict(row), "first": a, "second": b, "other": c}
            for row, a, b, c in zip(rows, first, second, other, strict=True)
        ),
    )
    with bench.claim("Two clean runs on the same rows give the same answers.") as claim:
        _agree(claim, rows, first, second)
    with bench.claim("Training on other rows gives other answers.") as claim:
        if all(same(a, b, TOLERANCE) for a, b in zip(first, other, strict=True)):
            told = f"all {len(rows)} answers as before"
            claim.found(f"training on {LEFT:.0%} of the rows", told, "other answers")


async def _run(bench: Bench, name: str, labelled: Labelled, rows: Sequence[Row]) -> list[Any]:
    """Train in a copy of the project of its own, and return what the new version answers."""
    own = await on_a_copy(bench, name)
    # Names, times and the order of sets differ between machines, so they differ here.
    environment = {"PYTHONHASHSEED": str(int(bench.rng.integers(1, 2**31)))}
    version = await train(own, name, labelled, environment)
    async with own.service(environment) as service:
        await put_into_service(own, service, version)
        return await answers(service, rows)


def _agree(claim: Claim, rows: Sequence[Row], first: Sequence[Any], second: Sequence[Any]) -> None:
    for row, one, other in zip(rows, first, second, strict=True):
        if not same(one, other, TOLERANCE):
            claim.found(json.dumps(dict(row)), repr(other), f"{one!r}, as in the first run")
    numbers = [
        abs(a - b)
        for a, b in zip(first, second, strict=True)
        if isinstance(a, float | int) and isinstance(b, float | int)
    ]
    if numbers:
        claim.figure("largest difference", max(numbers), "", limit=TOLERANCE)
