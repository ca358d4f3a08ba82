"""What the pages of tracks show: one frozen type for each thing that a person sees.

These are answers, not decisions: nothing here reads a file or computes a state.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gradus.desk.view import LabRef


@dataclass(frozen=True, slots=True)
class TrackCard:
    """A track in a few lines."""

    id: str
    """Stable id."""
    title: str
    """What a person reads."""
    about: str
    """What it is and for whom."""
    source: str
    """Key of its source roadmap; empty for a track of the learner's own."""
    spans: tuple[str, ...]
    """How long its source says that it takes, in words."""
    hours_per_week: float | None
    """The pace that the source asks for."""
    n_items: int
    """Labs and proofs on it."""
    n_there: int
    """How many of them can be opened."""
    n_shown: int
    """How many of them are passed."""
    hours: float
    """Hours of its labs, our estimate."""
    continues: str
    """Title of the track that it goes on from; empty where it begins by itself."""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """Something to read or to build."""

    title: str
    """What a person reads."""
    by: str
    """Who made it; empty where nobody is named."""
    minutes: int
    """Estimated minutes, ours."""
    source: str
    """Where the source roadmap names it."""


@dataclass(frozen=True, slots=True)
class StageView:
    """One stretch of a track."""

    title: str
    """What a person reads."""
    when: str
    """When the source has it, such as `months 1 to 2`; empty where it is silent."""
    source: str
    """Where the source roadmap describes it."""
    labs: tuple[LabRef, ...]
    """Its labs and proofs, in the track's order."""
    readings: tuple[ReadingView, ...]
    """What is read here."""
    projects: tuple[ReadingView, ...]
    """What is built here."""


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """A matter on which the source roadmaps differ."""

    matter: str
    """What they differ about."""
    views: tuple[tuple[str, str, bool], ...]
    """Place, view, and whether it is this track's own source."""
    ours: str
    """What Gradus does with it."""


@dataclass(frozen=True, slots=True)
class TracksPage:
    """Every track."""

    cards: tuple[TrackCard, ...]
    """In the catalogue's order; the learner's own come last."""
    chosen: str
    """Id of the one that the learner follows; empty where none was chosen."""
    malformed: tuple[tuple[str, tuple[str, ...]], ...]
    """Tracks of the learner's that cannot be used, with what is wrong with each."""


@dataclass(frozen=True, slots=True)
class TrackPage:
    """One track."""

    card: TrackCard
    """What it is."""
    stages: tuple[StageView, ...]
    """In order, those before its fork included."""
    disagreements: tuple[DisagreementView, ...]
    """Where it keeps its own view."""
    chosen: bool
    """Whether the learner follows it."""
    needed: tuple[LabRef, ...]
    """Labs that it does not name and that something in it needs."""


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """The questions of the profile with the answers so far."""

    given: Mapping[str, str]
    """What stands in each field, by question."""
    hours: tuple[tuple[str, str], ...]
    """Name and hours of each weekday."""
    backgrounds: tuple[tuple[str, str], ...]
    """Value and label of each background."""
    tracks: tuple[tuple[str, str], ...]
    """Value and label of each track."""
    roles: tuple[tuple[str, str], ...]
    """Value and label of each role."""
    wrong: tuple[str, ...] = ()
    """What cannot be, in sentences."""
