"""Evidence: one attempt or one proof, as far as mastery is computed from it."""

from dataclasses import dataclass
from datetime import datetime

from gradus.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one attempt, or one proof of a running service, says about its lab."""

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

    submission: str = ""
    """Digest of what was handed in."""
    proof: str = ""
    """Name of the proof that met the service; empty for an attempt, which judged the claims."""

    @property
    def after_reveal(self) -> bool:
        """Whether the learner had seen the reference."""
        return self.revealed_at is not None
