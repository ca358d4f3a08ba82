"""The proof `retrain`."""

from typing import Any

import numpy as np

from gradus.prover.bench import Bench
from gradus.prover.claims import InvalidRun
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import (
    FEWEST,
    Labelled,
    declared_labels,
    features,
    labelled_of,
    predictions_of,
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
    labelled = labelled_of(bench)
    bench = await on_a_copy(bench)
    labelled.must_be(2 * FEWEST, "One half is learnt from, the other is kept unseen.")
    learn, usual_rows, rows = _divided(bench, labelled)
    quality = Quality(declared_labels(bench.declaration).measure, rows.truth)
    async with bench.service() as service:
        before = await service.version()
        usual = await predictions_of(service, usual_rows.rows)
        bench.moment("the features come to mean something else")
        stale = await predictions_of(service, rows.rows)
        _must_hurt(bench, quality, usual, stale)
        now = await put_into_service(bench, service, await train(bench, "changed", learn))
        fresh = await predictions_of(service, rows.rows)
    bench.keep(
        "unseen",
        (
            {"truth": t, "usual": a, "stale": b, "fresh": c}
            for t, a, b, c in zip(rows.truth, usual, stale, fresh, strict=True)
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


def _divided(bench: Bench, labelled: Labelled) -> tuple[Labelled, Labelled, Labelled]:
    """Return changed rows to learn from, other rows as they were, and those changed as well.

    The mirror of a value is found among all rows, so that both halves are changed alike.
    """
    changed = with_meanings_changed(labelled, features(bench.declaration, labelled.rows))
    places = [int(each) for each in bench.rng.permutation(len(labelled))]
    to_learn, unseen = places[: len(places) // 2], places[len(places) // 2 :]
    return changed.of(to_learn), labelled.of(unseen), changed.of(unseen)


def _must_hurt(bench: Bench, quality: Quality, usual: list[Any], stale: list[Any]) -> None:
    """Raise InvalidRun where nothing was there to lose, or nothing was lost."""
    constant = quality.constant()
    if not quality.at_least(np.subtract, usual, constant, rng=bench.rng) > 0:
        raise InvalidRun("The version in service is not better than a constant: nothing to regain.")
    if not quality.at_least(np.subtract, usual, stale, rng=bench.rng) > 0:
        raise InvalidRun("The change did not make the version in service worse: nothing to regain.")
