"""Rows that a lab's `rows.py` draws for its proofs: what is sent, and what is true of it.

It must not let a learner's folder have a say in them; of what that folder says of its own model,
the predictions alone are taken.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.core.errors import ContentError
from gradus.core.lab import Lab
from gradus.core.service import Labels, Quoted
from gradus.judge.specification import load_trusted

FILE = "rows.py"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProofRows:
    """What is drawn for one run."""

    sent: tuple[Row, ...]
    """Valid rows."""
    labelled: tuple[Row, ...]
    """Other rows with their truth; empty where the lab declares no labels."""


def draw_rows(lab: Lab, seed: int) -> ProofRows:
    """Draw a lab's rows from a seed; raises ContentError where `rows.py` gives no such rows."""
    assert lab.proof is not None, f"{lab.id} asks for no proof"
    module = load_trusted(lab, FILE)
    path = lab.folder / FILE
    sent = _drawn(vars(module), "rows", seed, lab.proof.n_rows, path)
    if (labels := lab.proof.labels) is None:
        return ProofRows(sent, ())
    labelled = _drawn(vars(module), "labelled", seed, lab.proof.n_labelled, path)
    _must_fit(sent[0], labelled[0], labels, path)
    return ProofRows(sent, labelled)


def quoted_rows(lab: Lab, files: Mapping[str, bytes], fields: Iterable[str]) -> Quoted | None:
    """Return what a project's files say of rows that the lab knows; None where it does not ask.

    Raises ContentError where `quoted` of `rows.py` gives no such thing: rows of other `fields` than
    are sent, or no number for each.
    """
    function = vars(load_trusted(lab, FILE)).get("quoted")
    if function is None:
        return None
    path = lab.folder / FILE
    try:
        found = function(files)
    except ValueError as error:
        return Quoted(fault=str(error))
    except Exception as error:
        said = f"quoted(files) raises {type(error).__name__}: {error}."
        raise _fault(said, path) from error
    try:
        rows, predictions = found
        numbers = tuple(map(float, predictions))
    except (TypeError, ValueError) as error:
        raise _fault("quoted(files) gives no pair of rows and numbers.", path) from error
    plain = _plain(rows, "quoted(files)", len(numbers), path)
    if {frozenset(each) for each in plain} != {frozenset(fields)}:
        raise _fault("quoted(files) gives no rows with the fields that are sent.", path)
    return Quoted(plain, numbers)


def _drawn(
    names: Mapping[str, Any], name: str, seed: int, n_rows: int, path: Path
) -> tuple[Row, ...]:
    function = names.get(name)
    if not callable(function):
        raise _fault(f"It defines no function '{name}(seed, n)'.", path)
    try:
        rows = function(seed, n_rows)
    except Exception as error:
        raise _fault(
            f"{name}({seed}, {n_rows}) raises {type(error).__name__}: {error}.", path
        ) from error
    return _plain(rows, f"{name}({seed}, {n_rows})", n_rows, path)


def _plain(rows: Any, call: str, n_rows: int, path: Path) -> tuple[Row, ...]:
    """Return rows as JSON has them."""
    if not isinstance(rows, Sequence) or len(rows) != n_rows:
        count = f"{len(rows)}" if isinstance(rows, Sequence) else "no list"
        raise _fault(f"{call} gives {count}, not {n_rows} rows.", path)
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping) or set(row) != set(rows[0]):
            said = f"{call} gives a row {number} that is no dict with the fields of the first one."
            raise _fault(said, path)
    try:
        plain: list[Row] = json.loads(json.dumps([dict(each) for each in rows], allow_nan=False))
    except (TypeError, ValueError) as error:
        raise _fault(f"{call} gives what is no JSON: {error}.", path) from error
    return tuple(plain)


def _must_fit(sent: Row, labelled: Row, labels: Labels, path: Path) -> None:
    told = [name for name in (labels.label, labels.baseline) if name]
    for name in told:
        if name in sent:
            raise _fault(f"'{name}' stands in the rows that are sent.", path)
    for name in (*sent, *told, *labels.slices):
        if name not in labelled:
            raise _fault(f"The labelled rows have no '{name}'.", path)


def _fault(said: str, path: Path) -> ContentError:
    return ContentError("bad-rows", said, path=path, remedy="See 'Proofs' in docs/authors.")
