"""Rows whose truth is known: read, divided, changed in what they mean, and predicted.

It must not give a service the labels that its quality is measured on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.core.service import Labels, ServiceDeclaration
from gradus.core.verdict import Finding
from gradus.prover.bench import Bench
from gradus.prover.claims import BrokenService, InvalidRun
from gradus.prover.contract import BrokenContract, Row
from gradus.prover.exchange import Exchange
from gradus.prover.sent import in_turn
from gradus.prover.service import Service, what_came

AT_ONCE = 50
"""Rows in one request, where the contract allows more than one."""
UNDER_WAY = 4
"""Requests that wait for their predictions at once: more is no matter of quality."""
FEWEST = 200
"""Labelled rows without which nothing can be said."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows with their truth."""

    rows: tuple[Row, ...]
    """What is sent."""
    truth: tuple[Any, ...]
    """One a row; not sent."""
    full: tuple[Mapping[str, Any], ...]
    """Everything that stands in the file."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def must_be(self, fewest: int = FEWEST, why: str = "") -> None:
        """Raise InvalidRun where there are fewer, and say what so many are needed for."""
        if len(self) < fewest:
            said = f"{len(self)} labelled rows are too few; {fewest} are needed."
            raise InvalidRun(f"{said} {why}".strip())

    def of(self, places: Sequence[int]) -> "Labelled":
        """Return those at some places."""
        return Labelled(
            tuple(self.rows[i] for i in places),
            tuple(self.truth[i] for i in places),
            tuple(self.full[i] for i in places),
        )

    def halves(self, rng: np.random.Generator) -> tuple["Labelled", "Labelled"]:
        """Return two halves, drawn at random."""
        places = [int(each) for each in rng.permutation(len(self))]
        middle = len(self) // 2
        return self.of(places[:middle]), self.of(places[middle:])

    def shuffled(self, rng: np.random.Generator) -> "Labelled":
        """Return the same rows in another order."""
        return self.of([int(each) for each in rng.permutation(len(self))])


def read_labelled(declaration: ServiceDeclaration, fields: Sequence[str]) -> Labelled:
    """Read the declared labelled rows; `fields` are those of a row that is sent."""
    labels = declared_labels(declaration)
    text = (declaration.folder / labels.path).read_text(encoding="utf-8")
    full = [json.loads(line) for line in text.split("\n") if line.strip()]
    return _divided(full, labels, fields)


def labelled_of(bench: Bench) -> Labelled:
    """Return the labelled rows of a run: those that it was given, else those of the project."""
    fields = list(bench.rows[0])
    if bench.labelled is None:
        return read_labelled(bench.declaration, fields)
    return _divided(bench.labelled, declared_labels(bench.declaration), fields)


def declared_labels(declaration: ServiceDeclaration) -> Labels:
    """Return what is declared of labelled rows."""
    assert declaration.labels is not None, "the proof needs `labels`"
    return declaration.labels


def features(declaration: ServiceDeclaration, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the fields of a row that can say something: no ids, nobody's own, none banned."""
    guards, split = declaration.guards, declaration.split
    out = {*guards.banned, *guards.personal} if guards else set()
    out |= {split.field} if split else set()
    return tuple(name for name in rows[0] if name not in out and not _names_rows(name, rows))


def with_meanings_changed(labelled: Labelled, named: Sequence[str]) -> Labelled:
    """Return rows that look as before and mean something else: the truth follows other values.

    In each of the named fields the largest value takes the place of the smallest, the second
    largest that of the second smallest, and so on; for texts the commonest and the rarest change
    places. Hardly anything is lost by it: whoever learns anew can be nearly as good as before.
    """
    full = [dict(each) for each in labelled.full]
    for name in named:
        swap = _swap([each[name] for each in full])
        for each in full:
            each[name] = swap.get(_key(each[name]), each[name])
    fields = tuple(labelled.rows[0])
    rows = tuple({name: each[name] for name in fields} for each in full)
    return Labelled(rows, labelled.truth, tuple(full))


async def predictions_of(
    service: Service, rows: Sequence[Row], *, at_once: int = AT_ONCE, under_way: int = UNDER_WAY
) -> list[Any]:
    """Return the service's prediction of each row; raises BrokenService where there is none.

    Each request has `at_once` rows, or one where the contract allows no more; so many are
    `under_way` together.
    """
    step = 1 if service.declaration.contract.single else at_once
    parts = [rows[begin : begin + step] for begin in range(0, len(rows), step)]
    exchanges = await in_turn(service, [service.request(part) for part in parts], under_way)
    predicted: list[Any] = []
    for exchange, part in zip(exchanges, parts, strict=True):
        predicted += must_be_answered(service, exchange, part)
    return predicted


def must_be_answered(service: Service, exchange: Exchange, rows: Sequence[Row]) -> list[Any]:
    """Return one prediction for each row of a request; raises BrokenService where there is none."""
    try:
        if not exchange.good:
            raise BrokenContract(what_came(exchange))
        return service.predictions(exchange, len(rows))
    except BrokenContract as fault:
        finding = Finding(f"{len(rows)} valid rows", str(fault), "one prediction a row")
        raise BrokenService("Every valid row is predicted.", finding) from None


def _divided(full: Sequence[Row], labels: Labels, fields: Sequence[str]) -> Labelled:
    rows = tuple({name: each[name] for name in fields} for each in full)
    return Labelled(rows, tuple(each[labels.label] for each in full), tuple(full))


def _names_rows(name: str, rows: Sequence[Row]) -> bool:
    """Say whether a field is a text that hardly any two rows share, as an id is."""
    texts = [row[name] for row in rows if isinstance(row[name], str)]
    return len(texts) > 20 and len(set(texts)) > len(texts) / 2


def _swap(values: Sequence[Any]) -> dict[Any, Any]:
    numbers = sorted({v for v in values if isinstance(v, int | float) and not isinstance(v, bool)})
    texts = [v for v in values if isinstance(v, str | bool)]
    common = sorted(set(texts), key=lambda each: (texts.count(each), str(each)))
    pairs: list[tuple[Any, Any]] = list(zip(common, reversed(common), strict=True))
    pairs += zip(numbers, _ranks_reversed(values, numbers), strict=True)
    return {_key(one): other for one, other in pairs}


def _ranks_reversed(values: Sequence[Any], numbers: Sequence[float]) -> list[float]:
    """Return for each number that of the mirrored rank, so that the distribution stays."""
    everything = sorted(v for v in values if isinstance(v, int | float) and not isinstance(v, bool))
    n = len(everything)
    places = np.searchsorted(everything, numbers, side="left")
    ends = np.searchsorted(everything, numbers, side="right") - 1
    middles = (places + ends) // 2
    return [everything[n - 1 - int(middle)] for middle in middles]


def _key(value: Any) -> Any:
    return (type(value) is bool, value) if not isinstance(value, list | dict) else None
