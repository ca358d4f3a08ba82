"""The proof `retrain`."""

from typing import Any

import numpy as np

from gradus.prover.bench import Bench
from gradus.prover.claims import InvalidRun
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import (
    FEWEST,
    declared_labels,
    features,
    predictions_of,
    read_labelled,
    with_meanings_changed,
)
from gradus.prover.proof import proof
from gradus.prover.quality import Quality, above_zero
from gradus.prover.versions import put_into_service, train

REGAINED = 0.5
"""Share of what the old version knew before the change that the new one has to know after it."""


@proof(place=140, needs=("start", "labels", "version", "retrain"))
async def retrain(bench: Bench) -> None:
    """When the truth has changed, training anew gives a version that is good again."""
    bench = await on_a_copy(bench)
    labelled = read_labelled(bench.declaration, list(bench.rows[0]))
    if len(labelled) < 2 * FEWEST:
        said = f"{len(labelled)} labelled rows are too few; {2 * FEWEST} are needed."
        raise InvalidRun(f"{said} One half is learnt from, the other is kept unseen.")
    named = features(bench.declaration, labelled.rows)
    to_learn, unseen = labelled.halves(bench.rng)
    async with bench.service() as service:
        before = await service.version()
        usual = await predictions_of(service, unseen.rows)
        # The two halves are changed alike: the mirror of a value is found among all rows.
        changed = with_meanings_changed(labelled, named)
        places = {id(full): number for number, full in enumerate(labelled.full)}
        learn = changed.of([places[id(each)] for each in to_learn.full])
        rest = changed.of([places[id(each)] for each in unseen.full])
        bench.moment("the features come to mean something else")
        stale = await predictions_of(service, rest.rows)
        quality = Quality(declared_labels(bench.declaration).measure, unseen.truth)
        _must_hurt(bench, quality, usual, stale)
        version = await train(bench, "changed", learn)
        now = await put_into_service(bench, service, version)
        fresh = await predictions_of(service, rest.rows)
    bench.keep(
        "unseen",
        (
            {"truth": t, "usual": a, "stale": b, "fresh": c}
            for t, a, b, c in zip(unseen.truth, usual, stale, fresh, strict=True)
        ),
    )
    constant = quality.constant()
    with bench.claim("A new version comes into service.") as claim:
        if now == before:
            claim.found("the version in service", f"'{now}'", "another one")
    with bench.claim("It is better than the old one on labels that it has not seen.") as claim:
        gain = quality.at_least(np.subtract, fresh, stale, rng=bench.rng)
        above_zero(claim, "gain over the old version", gain)
    with bench.claim("It knows at least half of what the old one knew before.") as claim:
        regained = quality.at_least(
            lambda new, old, none: (new - none) - REGAINED * (old - none),
            *(fresh, usual, constant),
            rng=bench.rng,
        )
        above_zero(claim, "beyond half of what was known", regained)


def _must_hurt(bench: Bench, quality: Quality, usual: list[Any], stale: list[Any]) -> None:
    """Raise InvalidRun where nothing was there to lose, or nothing was lost."""
    constant = quality.constant()
    if not quality.at_least(np.subtract, usual, constant, rng=bench.rng) > 0:
        raise InvalidRun("The version in service is not better than a constant: nothing to regain.")
    if not quality.at_least(np.subtract, usual, stale, rng=bench.rng) > 0:
        raise InvalidRun("The change did not make the version in service worse: nothing to regain.")
