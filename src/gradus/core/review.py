"""Reviews: what came back, and how well it was remembered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Grade(StrEnum):
    """How well something was remembered."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Review:
    """One answer as the record holds it; a schedule is computed from these alone."""

    seq: int
    """Its place in the record."""
    item: str
    """What came back: `lab/card`, or a lab's id where it was done again."""
    at: datetime
    """When, with its time zone, as the clock stood."""
    grade: Grade | None
    """How it was remembered; None where it was brought back after it had been set aside."""
