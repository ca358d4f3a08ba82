"""Time at work: spans that were measured, and the pause after which nothing is counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(minutes=5)
"""Between two signs of work that are further apart nothing is counted."""


@dataclass(frozen=True, slots=True)
class Span:
    """Time on one lab between two signs of work."""

    lab: str
    """Lab id; empty for cards, which come from many labs."""
    began: datetime
    """The earlier sign, with its time zone."""
    ended: datetime
    """The later sign."""
    source: str
    """What saw the signs: `page`, `save`, `record` or `cards`."""

    @property
    def minutes(self) -> float:
        """How long it is."""
        return (self.ended - self.began).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Sign:
    """A moment of the record at which somebody was at work."""

    lab: str
    """Lab id."""
    at: datetime
    """When, with its time zone."""
    begins: bool = False
    """Whether it only begins something, so that the time before it belongs to no lab."""
