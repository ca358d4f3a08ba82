"""A track: an order and a pace over the skills and labs, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reading:
    """A resource that a source recommends at a place of the track."""

    id: str
    """Stable id, unique over all tracks."""
    title: str
    """What a person reads."""
    minutes: int
    """Estimated minutes, ours."""
    by: str = ""
    """Who made it."""
    source: str = ""
    """Where the source roadmap names it, such as `001 L33`."""
    skills: tuple[str, ...] = ()
    """Ids of the skills that it helps with."""


@dataclass(frozen=True, slots=True)
class Project:
    """A piece of work of one's own that the source asks for."""

    id: str
    """Stable id, unique over all tracks."""
    title: str
    """What a person reads."""
    minutes: int
    """Estimated minutes, ours."""
    source: str = ""
    """Where the source roadmap names it."""
    skills: tuple[str, ...] = ()
    """Ids of the skills that it practises."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of a track."""

    id: str
    """Unique in its track."""
    title: str
    """What a person reads."""
    items: tuple[str, ...]
    """Curriculum ids, in the track's order."""
    first: float | None = None
    """When it begins, in `unit`s counted from 1; None where the source is silent."""
    last: float | None = None
    """The unit in which it ends, included."""
    unit: str = ""
    """`month`, `week` or `day`; empty where the source gives no time."""
    readings: tuple[Reading, ...] = ()
    """What is read here."""
    projects: tuple[Project, ...] = ()
    """What is built here."""
    source: str = ""
    """Where the source roadmap describes it."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long a source says that it takes somebody."""

    background: str
    """Value of a `Background`; empty where the source says it of everybody."""
    weeks_low: float
    """The shorter end, in weeks."""
    weeks_high: float
    """The longer end, in weeks."""
    source: str
    """Where it says so."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A matter on which the sources differ."""

    id: str
    """Stable id."""
    matter: str
    """What they differ about, in our words."""
    views: tuple[tuple[str, str], ...]
    """Where a source says something about it, such as `001 L28`, and what, in our words."""
    ours: str = ""
    """What Gradus does with it."""
    skills: tuple[str, ...] = ()
    """Ids of the skills that it touches."""

    def view_of(self, source: str) -> str:
        """Return what a source thinks of it, by its key such as `001`; empty where it is silent."""
        return " ".join(view for place, view in self.views if place.split()[0] == source)


@dataclass(frozen=True, slots=True)
class Track:
    """An ordered route over the skills."""

    id: str
    """The file's name; permanent."""
    title: str
    """What a person reads."""
    about: str
    """What it is and for whom, in two or three sentences of ours."""
    source: str
    """Source key, such as `001`; empty for a track of the learner's own."""
    stages: tuple[Stage, ...]
    """In order."""
    spans: tuple[Span, ...] = ()
    """How long the source says that it takes."""
    hours_per_week: float | None = None
    """The pace that the source asks for; None where it is silent."""
    forks_from: str = ""
    """Id of the track that it continues, for Job A and Job B."""
    fork_after: str = ""
    """Id of the stage of that track after which it begins."""
    opening: bool = False
    """Whether its items are open without what comes before them, as those of the first week are."""
    disagreements: tuple[str, ...] = ()
    """Ids of the matters on which it keeps its own view."""
    path: Path | None = None
    """Where it was read from."""

    def span_of(self, background: str) -> tuple[float, float] | None:
        """Return the shortest and longest span, in weeks, that the source states for somebody."""
        spans = [each for each in self.spans if each.background in ("", background)]
        if not spans:
            return None
        return min(each.weeks_low for each in spans), max(each.weeks_high for each in spans)

    def items(self) -> tuple[str, ...]:
        """Return every curriculum id of the track once, in order."""
        return tuple(dict.fromkeys(item for stage in self.stages for item in stage.items))


def whole_route(track: Track, tracks: Mapping[str, Track]) -> tuple[Stage, ...]:
    """Return every stage of a track, those before its fork included.

    A track that it continues and that is not there adds nothing; a circle of forks ends where it
    closes.
    """
    stages = track.stages
    seen = {track.id}
    while track.forks_from in tracks and track.forks_from not in seen:
        after, track = track.fork_after, tracks[track.forks_from]
        seen.add(track.id)
        names = [stage.id for stage in track.stages]
        upto = names.index(after) + 1 if after in names else len(names)
        stages = track.stages[:upto] + stages
    return stages
