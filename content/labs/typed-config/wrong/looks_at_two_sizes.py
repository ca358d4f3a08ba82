"""You look at the first two entries of hidden_sizes only, so a wrong one behind them comes in."""
from __future__ import annotations
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, fields


@dataclass
class TrainConfig:
    """Settings."""

    lr: float = 0.001
    batch_size: int = 32
    epochs: int = 10
    dropout: float = 0.1
    hidden_sizes: list[int] = field(default_factory=lambda: [128, 64])
    seed: int | None = None

    def __post_init__(self) -> None:
        self.hidden_sizes = list(self.hidden_sizes) if isinstance(self.hidden_sizes, list) else self.hidden_sizes
        self.validate()

    def validate(self) -> None:
        bad: list[str] = []
        if not (_num(self.lr) and 0 < self.lr < math.inf):
            bad.append(f"lr = {self.lr!r}")
        if not (_whole(self.batch_size) and self.batch_size >= 1):
            bad.append(f"batch_size = {self.batch_size!r}")
        if not (_whole(self.epochs) and self.epochs >= 1):
            bad.append(f"epochs = {self.epochs!r}")
        if not (_num(self.dropout) and 0 <= self.dropout < 1):
            bad.append(f"dropout = {self.dropout!r}")
        if not (isinstance(self.hidden_sizes, list) and len(self.hidden_sizes) > 0 and all(_whole(x) and x >= 1 for x in self.hidden_sizes[:2])):
            bad.append(f"hidden_sizes = {self.hidden_sizes!r}")
        if self.seed is not None and not (_whole(self.seed) and self.seed >= 0):
            bad.append(f"seed = {self.seed!r}")
        if bad:
            raise ValueError("; ".join(bad))

def _whole(x: object) -> bool:
    return isinstance(x, int) and not isinstance(x, bool)

def _num(x: object) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool)

def parse_sizes(text: str) -> list[int] | None:
    if not text.strip():
        return None
    return [int(part) for part in text.split(",")]

def differences(old: TrainConfig, new: TrainConfig) -> dict[str, tuple[object, object]]:
    before, after = vars(old), vars(new)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}

def unknown_names(names: Iterable[str]) -> set[str]:
    return set(names) - set(vars(TrainConfig()))
