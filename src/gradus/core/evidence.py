"""Evidence: one attempt, as far as mastery is computed from it."""

from dataclasses import dataclass
from datetime import datetime

from gradus.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one attempt says about the lab that it was made on."""

    lab: str
    """Lab id."""
    lab_version: str
    """Version of what judged."""
    verdict: Verdict
    """The answer of the judge."""
    at: datetime
    """When, with its time zone."""
    seed: int
    """What every hidden draw was made from."""
    revealed_at: datetime | None = None
    """When the reference had been shown to the learner before this attempt; None if it had not."""

    @property
    def after_reveal(self) -> bool:
        """Whether the learner had seen the reference."""
        return self.revealed_at is not None
