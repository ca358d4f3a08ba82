"""A frozen dataclass with slots, checked field by field, in the older typing spellings."""

from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from typing import Dict, Iterable, List, Optional, Set, Tuple


def _sizes() -> List[int]:
    return [128, 64]


def is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    lr: float = 1e-3
    batch_size: int = 32
    epochs: int = 10
    dropout: float = 0.1
    hidden_sizes: List[int] = field(default_factory=_sizes)
    seed: Optional[int] = None

    def __post_init__(self) -> None:
        self.validate()

    def validate(self) -> None:
        problems: List[str] = []
        for name in ("lr", "dropout"):
            value = getattr(self, name)
            if type(value) not in (int, float) or not is_finite(value):
                problems.append(f"{name} must be a finite number, not {value}")
            elif name == "lr" and value <= 0:
                problems.append(f"{name} must be above 0, not {value}")
            elif name == "dropout" and not 0 <= value < 1:
                problems.append(f"{name} must be in [0, 1), not {value}")
        for name in ("batch_size", "epochs"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                problems.append(f"{name} must be a whole number above 0, not {value}")
        if type(self.hidden_sizes) is not list or not self.hidden_sizes:
            problems.append(f"hidden_sizes must be a list of widths, not {self.hidden_sizes}")
        else:
            for size in self.hidden_sizes:
                if type(size) is not int or size < 1:
                    problems.append(f"hidden_sizes holds {size}")
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            problems.append(f"seed must be None or a whole number from 0 up, not {self.seed}")
        if problems:
            raise ValueError("\n".join(problems))


def parse_sizes(text: str) -> Optional[List[int]]:
    if text.strip() == "":
        return None
    sizes: List[int] = []
    for part in text.split(","):
        sizes.append(int(part))
    return sizes


def differences(old: TrainConfig, new: TrainConfig) -> Dict[str, Tuple[object, object]]:
    before, after = asdict(old), asdict(new)
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def unknown_names(names: Iterable[str]) -> Set[str]:
    known = {each.name for each in fields(TrainConfig)}
    return {name for name in names if name not in known}
