"""Whether a table's rows are the expected ones: as a multiset, or in their order.

Nothing here asks a database; it compares what came back.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np

from gradus.check.compare import kind_of, plain
from gradus.check.show import item_of, show
from gradus.core.values import Table

SIGNIFICANT = 9
NEIGHBOUR = 1e-8
"""How far two numbers are apart at the most that differ by one in their ninth digit."""
MOST_SHOWN = 8
MOST_SURPLUS = 1000
"""Rows beyond those expected that are compared: their hashes may be made to collide."""
Row = tuple[Any, ...]


class _Word(Enum):
    """A cell that is shown as a word and equals no text."""

    TRUE = "true"
    FALSE = "false"
    NAN = "NaN"

    def as_argument(self) -> str:
        """Return how it is shown."""
        return self.value


def rows_difference(
    value: Any, expected: Sequence[Row], columns: Sequence[str], ordered: bool
) -> str | None:
    """Return None where `value` holds the `expected` rows, else a sentence on the difference.

    Column names agree in any case and stand in any order; numbers agree in 9 significant digits.
    """
    if not isinstance(value, Table) or value.kind == "series":
        return f"It is {kind_of(value)}."
    by_name: dict[str, list[Any]] = {}
    for name, cells in plain(value).items():
        if name.lower() in by_name:
            return f"It has two columns named {name.lower()}."
        by_name[name.lower()] = cells
    for column in columns:
        if column not in by_name:
            return f"The column {column} is missing; it has {', '.join(by_name) or 'no columns'}."
    for name in by_name:
        if name not in columns:
            return f"The column {name} should not be there."
    n_rows = value.arrow.num_rows
    if n_rows > len(expected) + MOST_SURPLUS:
        return f"It has {n_rows:,} rows, not {len(expected):,}."
    got = [
        tuple(_cell(each) for each in row)
        for row in zip(*(by_name[column] for column in columns), strict=True)
    ]
    wanted = [tuple(_cell(each) for each in row) for row in expected]
    return _difference(got, wanted, ordered)


def _difference(got: list[Row], wanted: list[Row], ordered: bool) -> str | None:
    missing, surplus = Counter(wanted), Counter(got)
    missing, surplus = _without_neighbours(missing - surplus, surplus - missing)
    parts = []
    if missing:
        parts.append(f"Missing: {_listed(missing)}.")
    if surplus:
        parts.append(f"Too many: {_listed(surplus)}.")
    if ordered and not parts:
        for place, (row, right) in enumerate(zip(got, wanted, strict=True), 1):
            if not _are_neighbours(row, right):
                return (
                    f"The rows are right and their order is not: "
                    f"row {place} is {_row(row)}, not {_row(right)}."
                )
    return " ".join(parts) or None


def _without_neighbours(
    missing: Counter[Row], surplus: Counter[Row]
) -> tuple[Counter[Row], Counter[Row]]:
    """Leave out the rows that differ by a last digit alone, to which a sum may be rounded."""
    alike = defaultdict(list)
    for other in surplus:
        alike[_exact_cells(other)].append(other)
    for row in missing:
        for other in alike[_exact_cells(row)]:
            if _are_neighbours(row, other):
                times = min(missing[row], surplus[other])
                missing[row] -= times
                surplus[other] -= times
    return +missing, +surplus


def _exact_cells(row: Row) -> Row:
    return tuple(float if isinstance(cell, float) else cell for cell in row)


def _are_neighbours(row: Row, other: Row) -> bool:
    """Return whether numbers with a fraction agree in nine digits or nearly, and the rest does."""
    return _exact_cells(row) == _exact_cells(other) and all(
        math.isclose(left, right, rel_tol=NEIGHBOUR)
        for left, right in zip(row, other, strict=True)
        if isinstance(left, float)
    )


def rows_text(rows: Sequence[Row], columns: Sequence[str], ordered: bool) -> str:
    """Return the expected rows as a learner reads them."""
    if not rows:
        return f"no rows ({', '.join(columns)})"
    order = "in this order" if ordered else "in any order"
    shown = "; ".join(", ".join(show(_cell(each)) for each in row) for row in rows[:MOST_SHOWN])
    more = "; …" if len(rows) > MOST_SHOWN else ""
    return f"rows {order} ({', '.join(columns)}) [{shown}{more}]"


def _listed(rows: Counter[Row]) -> str:
    listed = [_row(row) + (f" {count} times" if count > 1 else "") for row, count in rows.items()]
    return "; ".join(listed[:3]) + ("; …" if len(listed) > 3 else "")


def _row(row: Row) -> str:
    return f"({', '.join(map(show, row))})"


def _cell(value: Any) -> Any:
    """Return a cell so that equal amounts compare equal, whatever type the database gave them."""
    if isinstance(value, np.generic):
        value = item_of(value)
    if isinstance(value, Decimal) and value != value.to_integral_value():
        value = float(value)
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value == int(value) else float(f"{value:.{SIGNIFICANT}g}")
    if isinstance(value, bool):
        return _Word.TRUE if value else _Word.FALSE
    if isinstance(value, list):
        return tuple(map(_cell, value))
    if isinstance(value, dict):
        return tuple((key, _cell(each)) for key, each in value.items())
    return _Word.NAN if isinstance(value, float) and math.isnan(value) else value
