"""What became of a mutant."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What became of a mutant."""

    DEAD = "dead"
    """A claim refused it, it did not load, or it hit a limit."""
    ALIVE = "alive"
    """It passed on every seed."""
    UNJUDGED = "unjudged"
    """The check or Gradus itself failed on it: a learner would not be judged."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant, and by whom."""

    fate: Fate
    """What became of it."""
    why: str
    """The claim that refused it; what else ended it; for a survivor, the nearest claim."""
    seeds: int
    """On how many seeds it was judged."""
    reached: int = 0
    """For a survivor: how many claims use the changed line at all."""

    def as_json(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {**asdict(self), "fate": str(self.fate)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Outcome":
        """Return an outcome that was kept; raises where it is none."""
        return cls(Fate(kept["fate"]), str(kept["why"]), int(kept["seeds"]), int(kept["reached"]))
