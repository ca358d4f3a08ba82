"""Rows that no model may get to see: one valid row each, with one thing wrong with it.

Nothing is sent here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.prover.contract import Row

ABSURD = 1000.0
"""How many times the range of all valid rows an absurd number is away from it."""


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A row with one thing wrong with it."""

    what: str
    """What is wrong, for a sentence."""
    row: Row
    """The row."""


def corrupted(
    rows: Sequence[Row],
    named: Sequence[str],
    unbounded: Sequence[str],
    rng: np.random.Generator,
) -> Iterator[Corrupted]:
    """Yield everything that can be wrong with the named fields, each once, in a row drawn anew."""
    for name in named:
        values = [row[name] for row in rows]
        for what, value in _wrong(values, may_be_large=name in unbounded):
            row = dict(rows[int(rng.integers(len(rows)))])
            yield Corrupted(f"'{name}' is {what}", {**row, name: value})
        row = dict(rows[int(rng.integers(len(rows)))])
        del row[name]
        yield Corrupted(f"'{name}' is missing", row)


def _wrong(values: Sequence[Any], *, may_be_large: bool) -> Iterator[tuple[str, Any]]:
    there = [each for each in values if each is not None]
    if len(there) == len(values):
        yield "null, as it never is", None
    numbers = [each for each in there if isinstance(each, int | float)]
    if any(isinstance(each, bool) for each in there):
        yield "a text in place of true or false", "perhaps"
    elif len(numbers) == len(there):
        yield "a text in place of a number", "many"
        yield "a list in place of a number", [there[0]]
        if not may_be_large:
            low, high = float(min(numbers)), float(max(numbers))
            far = ABSURD * (high - low + abs(high) + 1)
            is_whole = all(isinstance(each, int) for each in numbers)
            for what, value in (("absurdly large", high + far), ("absurdly small", low - far)):
                yield what, int(value) if is_whole else value
    elif all(isinstance(each, str) for each in there):
        yield "a number in place of a text", 12345
        yield "an object in place of a text", {"is": there[0]}
