"""Rules as a table of functions beside the fields, and an error class of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable


class IllegalConfig(ValueError):
    def __init__(self, problems: dict[str, object]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{name} may not be {bad!r}" for name, bad in problems.items()))


def number(value: object, holds: Callable[[float], bool]) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) and holds(value)


def whole(value: object, least: int) -> bool:
    match value:
        case bool():
            return False
        case int():
            return value >= least
        case _:
            return False


def widths(value: object) -> bool:
    return isinstance(value, list) and value != [] and all(whole(each, 1) for each in value)


RULES: dict[str, Callable[[object], bool]] = {
    "lr": lambda value: number(value, lambda rate: 0 < rate < float("inf")),
    "batch_size": lambda value: whole(value, 1),
    "epochs": lambda value: whole(value, 1),
    "dropout": lambda value: number(value, lambda share: 0 <= share < 1),
    "hidden_sizes": widths,
    "seed": lambda value: value is None or whole(value, 0),
}


@dataclasses.dataclass(eq=False)
class TrainConfig:
    lr: float = 0.001
    batch_size: int = 32
    epochs: int = 10
    dropout: float = 0.1
    hidden_sizes: "list[int]" = dataclasses.field(default_factory=[128, 64].copy)
    seed: "int | None" = None

    def __post_init__(self) -> None:
        self.validate()

    def validate(self) -> None:
        problems: dict[str, object] = {}
        for name, rule in RULES.items():
            value: object = getattr(self, name)
            if not rule(value):
                problems[name] = value
        if problems:
            raise IllegalConfig(problems)


def parse_sizes(text: str) -> list[int] | None:
    return [int(part) for part in text.split(",")] if text.strip() else None


def differences(old: TrainConfig, new: TrainConfig) -> dict[str, tuple[object, object]]:
    changed: dict[str, tuple[object, object]] = {}
    for each in dataclasses.fields(old):
        pair = (getattr(old, each.name), getattr(new, each.name))
        if pair[0] != pair[1]:
            changed[each.name] = pair
    return changed


def unknown_names(names: Iterable[str]) -> set[str]:
    unknown = set(names)
    unknown.difference_update(RULES)
    return unknown
