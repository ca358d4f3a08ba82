"""What a plan is computed from: the same basis, the same plan.

Days are the learner's own calendar days and have no hour and no time zone: daylight saving and
a change of zone cannot shift them. Whoever reads a clock says which day it is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gradus.core.catalogue import Catalogue
from gradus.core.learner import LearnerProfile
from gradus.core.track import Track


class Pace(StrEnum):
    """How fast a track is laid on the calendar."""

    OWN = "own"
    """As fast as the learner's hours allow."""
    SOURCE = "source"
    """No stage before its month, and each spread over its months."""


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """What the ledger says about a learner, as far as a plan depends on it."""

    finished: frozenset[str] = frozenset()
    """Curriculum ids that are shown, ids of readings and projects that are done."""
    begun: frozenset[str] = frozenset()
    """Curriculum ids whose lab was tried: their lesson lies behind."""
    minutes: Mapping[str, float] = field(default_factory=dict)
    """Measured minutes by curriculum id (lesson and lab together), reading or project."""
    studied: Mapping[date, float] = field(default_factory=dict)
    """Measured minutes of study by day, reviews included."""
    counts_from: Mapping[str, date] = field(default_factory=dict)
    """Curriculum ids whose reference was seen, with the day on which a pass counts again."""


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """Everything that a plan is computed from."""

    catalogue: Catalogue
    """All that there is to learn."""
    track: Track
    """The route."""
    profile: LearnerProfile
    """What the learner said of their time and aim."""
    today: date
    """The learner's own day; nothing is laid before it."""
    record: StudyRecord = StudyRecord()
    """What they have done so far."""
    demand: Mapping[str, float] = field(default_factory=dict)
    """Share of the postings that ask for a skill, from 0 to 1, by skill id."""
    review_minutes: int = 0
    """Minutes of reviews to expect on a day of study."""
    pace: Pace = Pace.OWN
    """How fast the track is laid on the calendar."""
