"""What the progress page shows of pace: weeks against the plan, burn-up, streak, tracks, fork.

These are answers, not decisions: nothing here reads a file or computes a state.
"""

from dataclasses import dataclass
from datetime import date

from gradus.core.plan import Forecast
from gradus.desk.track_view import TrackCard


@dataclass(frozen=True, slots=True)
class WeekOfWork:
    """One week beside its plan."""

    monday: date
    """Its first day."""
    minutes: float
    """Minutes at work that were measured."""
    planned: float
    """Minutes that the first plan of that week had for it: the one that held on Monday, if any."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A place at which a track goes on in more than one way."""

    after: str
    """Title of the stage after which it comes."""
    on: date | None
    """When the plan reaches it; None where that stage is done."""
    ways: tuple[tuple[str, str], ...]
    """Id and title of each track that goes on from there."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the work goes, beside the plan."""

    weeks: tuple[WeekOfWork, ...]
    """From the first week of work to this one."""
    finished: tuple[tuple[date, float], ...]
    """Hours of the track that were finished until each day on which something was."""
    scope: float
    """Hours of the whole track, finished ones included."""
    today: date
    """The learner's own day."""
    ends: date | None
    """When the plan ends."""
    forecast: Forecast | None
    """When the learner is to be expected to be done."""
    streak: int
    """Days of study in a row up to today; days off neither count nor break it."""
    longest: int
    """The longest such row."""
    said: int
    """Skills that the learner says they have and that nothing shows."""
    tracks: tuple[TrackCard, ...]
    """Every track with how far it is."""
    track_id: str
    """The one that the learner follows."""
    fork: Fork | None
    """The next fork of that track."""
