"""You turned text into numbers: whoever read the setting wrongly never hears of it, and the next text is another mistake."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, fields


@dataclass
class TrainConfig:
    """Settings of a training run."""

    lr: float = 0.001
    batch_size: int = 32
    epochs: int = 10
    dropout: float = 0.1
    hidden_sizes: list[int] = field(default_factory=lambda: [128, 64])  # a new list each time
    seed: int | None = None

    def __post_init__(self) -> None:
        for name in ("batch_size", "epochs", "seed"):
            value: object = getattr(self, name)
            if isinstance(value, str) and value.strip().isdigit():
                setattr(self, name, int(value))
        self.validate()

    def validate(self) -> None:
        """Raise ValueError that names every illegal field together with its value."""
        # Each line says what is legal. A value that nobody thought of falls through to illegal.
        legal = {
            "lr": is_real(self.lr) and 0 < self.lr < math.inf,
            "batch_size": is_whole(self.batch_size, 1),
            "epochs": is_whole(self.epochs, 1),
            "dropout": is_real(self.dropout) and 0 <= self.dropout < 1,
            "hidden_sizes": isinstance(self.hidden_sizes, list)
            and len(self.hidden_sizes) > 0
            and all(is_whole(size, 1) for size in self.hidden_sizes),
            "seed": self.seed is None or is_whole(self.seed, 0),
        }
        bad = [f"{name} = {getattr(self, name)!r}" for name, fine in legal.items() if not fine]
        if bad:
            raise ValueError(f"illegal config: {', '.join(bad)}")


def is_real(value: object) -> bool:
    """Return whether `value` is a number; True and False are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: object, least: int) -> bool:
    """Return whether `value` is an int of at least `least`; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def parse_sizes(text: str) -> list[int] | None:
    """Return the whole numbers of a text such as "128, 64", or None where it is blank."""
    if not text.strip():
        return None
    return [int(part) for part in text.split(",")]


def differences(old: TrainConfig, new: TrainConfig) -> dict[str, tuple[object, object]]:
    """Return {name: (old value, new value)} for the fields in which two configs differ."""
    before, after = vars(old), vars(new)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def unknown_names(names: Iterable[str]) -> set[str]:
    """Return the set of those names that are no field of TrainConfig."""
    return set(names) - {each.name for each in fields(TrainConfig)}
