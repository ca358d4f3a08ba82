"""The examples of a claim: declared edge cases, the two ends, then our seeded generator.

An example is remembered as its primitive choices, so that it can be made again without the
generator that chose them.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.check import Claim
from gradus.check.draw import Draw, Unfit
from gradus.judge.sources import Choice, RecordedSource, SeededSource, Stream

CHEAP = 10
"""From this many examples on, a claim counts as cheap: it gets the two ends and is shrunk."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One set of inputs for a claim."""

    values: dict[str, Any]
    """The drawn values by parameter name."""
    record: dict[str, Any]
    """How to make them again: choices or the place of a declared case, by parameter name."""
    entropy: tuple[int, ...]
    """What the hidden generator `rng` is seeded with."""


def draw_examples(claim: Claim, seed: int, place: int) -> Iterator[Example]:
    """Yield the examples of a claim; `place` is its position in the check."""
    n_declared = max((len(draw.declared) for _, draw in claim.inputs), default=0)
    tilts = ["low", "high"] if claim.inputs and claim.examples >= CHEAP else []
    for number in range(n_declared + len(tilts) + claim.examples):
        entropy = (seed, place, number)
        stream = Stream((7, *entropy))
        past = number - n_declared
        tilt = tilts[past] if 0 <= past < len(tilts) else ""
        yield _draw_one(claim, number, stream, tilt, entropy)


def _draw_one(
    claim: Claim, number: int, stream: Stream, tilt: str, entropy: tuple[int, ...]
) -> Example:
    values: dict[str, Any] = {}
    record: dict[str, Any] = {}
    for name, draw in claim.inputs:
        if number < len(draw.declared):
            values[name], record[name] = draw.declared[number], number
            continue
        values[name], record[name] = _sample(draw, stream, tilt)
    return Example(values, {"inputs": record, "entropy": list(entropy)}, entropy)


def _sample(draw: Draw, stream: Stream, tilt: str) -> tuple[Any, list[Choice]]:
    source = SeededSource(stream, tilt)
    try:
        return draw.sample(source), source.choices
    except Unfit:
        if not tilt:
            raise
    source = SeededSource(stream)
    return draw.sample(source), source.choices


def recorded_example(claim: Claim, record: dict[str, Any]) -> Example:
    """Make an example again from its record."""
    values = {}
    for name, draw in claim.inputs:
        made = record["inputs"][name]
        if isinstance(made, int):
            values[name] = draw.declared[made]
        else:
            values[name] = draw.sample(RecordedSource(made))
    return Example(values, record, tuple(record["entropy"]))


def hidden_rng(example: Example) -> np.random.Generator:
    """Return the generator that a claim may ask for, anew for each of its runs."""
    return np.random.default_rng([11, *example.entropy])


_UNCHANGING = frozenset({int, float, str, bool, bytes, type(None)})


def fresh(value: Any) -> Any:
    """Return a copy that a claim may change; `copy.deepcopy` is slow on what draws make."""
    kind = type(value)
    if kind in _UNCHANGING:
        return value
    if kind is np.ndarray and value.dtype.kind != "O":
        return value.copy()
    if kind is list:
        if _UNCHANGING.issuperset(map(type, value)):
            return value.copy()
        return [fresh(each) for each in value]
    if kind is tuple:
        return tuple([fresh(each) for each in value])
    if kind is dict:
        return {key: fresh(each) for key, each in value.items()}
    return copy.deepcopy(value)
