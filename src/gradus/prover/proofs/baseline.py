"""The proof `baseline`."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gradus.core.service import Labels, Measure
from gradus.prover.bench import Bench
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import (
    Labelled,
    declared_labels,
    labelled_of,
    predictions_of,
)
from gradus.prover.proof import proof
from gradus.prover.quality import Quality, above_zero

LEAST_IN_SLICE = 250
"""Rows of a slice without which nothing is said of it; smaller ones are looked at together."""
LEAST_OF_EACH = 20
"""True rows, and false ones, without which a slice orders too few pairs to say anything."""
SLICES_CONFIDENCE = 0.95
"""How sure all slices are together."""


@proof(place=70, needs=("labels.baseline",))
async def baseline(bench: Bench) -> None:
    """The model beats the declared baseline, and leaves no slice behind it."""
    labelled = labelled_of(bench)
    bench = await on_a_copy(bench)
    labelled.must_be()
    labels = declared_labels(bench.declaration)
    async with bench.service() as service:
        predicted = await predictions_of(service, labelled.rows)
    rule = [each[labels.baseline] for each in labelled.full]
    bench.keep(
        "predictions",
        (
            {"truth": t, "predicted": p, "baseline": b}
            for t, p, b in zip(labelled.truth, predicted, rule, strict=True)
        ),
    )
    every = range(len(labelled))
    with bench.claim(f"It beats the baseline by {labels.measure}.") as claim:
        above_zero(claim, "gain", _gain(bench, labelled, predicted, rule, every))
    slices = list(_slices(labelled, labels))
    for name, places in slices:
        confidence = 1 - (1 - SLICES_CONFIDENCE) / len(slices)
        with bench.claim(f"It beats the baseline where {name}.") as claim:
            bound = _gain(bench, labelled, predicted, rule, places, confidence)
            above_zero(claim, f"gain in {len(places)} rows", bound, confidence)


def _gain(
    bench: Bench,
    labelled: Labelled,
    predicted: Sequence[Any],
    rule: Sequence[Any],
    places: Sequence[int],
    confidence: float = 0.99,
) -> float:
    measure = declared_labels(bench.declaration).measure
    quality = Quality(measure, [labelled.truth[i] for i in places])
    return quality.at_least(
        np.subtract,
        [predicted[i] for i in places],
        [rule[i] for i in places],
        rng=bench.rng,
        confidence=confidence,
    )


def _slices(labelled: Labelled, labels: Labels) -> Iterator[tuple[str, list[int]]]:
    """Yield each slice that is large enough, and the small ones of a field together if they are."""
    for field in labels.slices:
        places: dict[str, list[int]] = {}
        for number, row in enumerate(labelled.full):
            places.setdefault(str(row[field]), []).append(number)
        rest: list[int] = []
        for value, found in sorted(places.items()):
            if _say_enough(labelled, found, labels.measure):
                yield f"{field} is {value}", found
            else:
                rest += found
        if _say_enough(labelled, rest, labels.measure):
            yield f"{field} is anything else", rest


def _say_enough(labelled: Labelled, places: Sequence[int], measure: Measure) -> bool:
    if measure is Measure.AUC:
        n_true = sum(bool(labelled.truth[i]) for i in places)
        if min(n_true, len(places) - n_true) < LEAST_OF_EACH:
            return False
    return len(places) >= LEAST_IN_SLICE
