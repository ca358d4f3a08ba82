"""One track on disk becomes a noun; what it says is checked on its own here.

What it says of other tracks and of the curriculum's order is looked at in `track_rules`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.catalogue.shelf import (
    SOURCES,
    Known,
    Shelf,
    names,
    read_projects,
    read_readings,
    source_key,
)
from gradus.core.errors import ContentError
from gradus.core.learner import Background
from gradus.core.track import Span, Stage, Track

FORMAT = 1
LAST = 1000
"""The order of a track that says none: after all that do."""
DAYS_OF = {"day": 1.0, "week": 7.0, "month": 365 / 12}
"""Units in which a stage may give its time, with their length in days."""
WEEKS_OF_A_MONTH = 52 / 12

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class TrackFile:
    """A track with the place of each of its stages."""

    track: Track
    section: Section
    stages: tuple[Section, ...]
    order: int
    """Its place in a list of tracks."""


def read_track(
    path: Path, faults: list[ContentError], shelf: Shelf, known: Known
) -> TrackFile | None:
    """Read one track, noting every fault in it; None where it is not TOML at all."""
    try:
        section = Section(read_document(path), faults)
    except ContentError as error:
        faults.append(error)
        return None
    if section.whole("format", least=1) > FORMAT:
        said = f"This Gradus reads tracks up to format {FORMAT}. A newer one reads this."
        section.fault("newer-format", said, "format")
    own = shelf.copy()
    read_readings(section, own, known)
    read_projects(section, own, known)
    stages = section.tables("stages")
    track = Track(
        id=path.stem,
        title=section.text("title"),
        about=section.text("about").strip(),
        source=section.text("source", ""),
        stages=tuple(_stage(each, own, known) for each in stages),
        spans=tuple(_span(each) for each in section.tables("spans")),
        hours_per_week=_pace(section),
        forks_from=section.text("forks_from", ""),
        fork_after=section.text("fork_after", ""),
        opening=section.flag("opening", False),
        disagreements=names(section, "disagreements", shelf.disagreements, "disagreement"),
        path=path,
    )
    order = section.whole("order", LAST)
    section.nothing_else()
    if not stages:
        section.fault("no-stage", "A track has at least one stage: [[stages]].")
    _check_source(section, track, shelf)
    _check_stages(track, stages)
    return TrackFile(track, section, tuple(stages), order)


def _pace(section: Section) -> float | None:
    if "hours_per_week" not in section.content:
        section.number("hours_per_week", 0.0)
        return None
    hours = section.number("hours_per_week", above=0)
    if hours > 168:
        section.fault("out-of-range", "A week has 168 hours.", "hours_per_week")
    return hours or None


def _span(section: Section) -> Span:
    background = section.one_of("background", list(Background), "")
    given = [key for key in ("weeks", "months") if key in section.content]
    if len(given) != 1:
        section.fault("span", "A span gives either 'weeks' or 'months', such as months = [6, 12].")
    low, high = section.pair(given[0]) if given else (0.0, 0.0)
    scale = WEEKS_OF_A_MONTH if given == ["months"] else 1.0
    span = Span(background, low * scale, high * scale, section.text("source", ""))
    if len(given) < 2:
        section.nothing_else()
    return span


def _stage(section: Section, shelf: Shelf, known: Known) -> Stage:
    unit = section.one_of("unit", list(DAYS_OF), "")
    first = last = None
    if "first" in section.content or "last" in section.content or unit:
        first, last = section.number("first", above=0), section.number("last", above=0)
        if "unit" not in section.content:
            said = "A stage that says when it is says in which unit: day, week or month."
            section.fault("no-unit", said, "first")
        if {"first", "last"} <= set(section.content) and last < first:
            said = f"It ends in {unit or 'unit'} {last:g}, before it begins in {first:g}."
            section.fault("stage-backwards", said, "last")
    stage = Stage(
        id=section.text("id"),
        title=section.text("title"),
        items=names(section, "items", known.items, "curriculum id"),
        first=first,
        last=last,
        unit=unit if first is not None else "",
        readings=_things(section, "readings", shelf.readings, "reading"),
        projects=_things(section, "projects", shelf.projects, "project"),
        source=section.text("source", ""),
    )
    section.nothing_else()
    if not any(section.content.get(key) for key in ("items", "readings", "projects")):
        section.fault("empty-stage", "Nothing is done in it: it names no item, reading or project.")
    return stage


def _things(section: Section, key: str, known: Mapping[str, Thing], what: str) -> tuple[Thing, ...]:
    return tuple(known[name] for name in names(section, key, known, what))


def _check_source(section: Section, track: Track, shelf: Shelf) -> None:
    if not track.source:
        return
    if track.source not in SOURCES:
        section.unknown("source", track.source, SOURCES)
        return
    for name in track.disagreements:
        places = [place for place, _ in shelf.disagreements[name].views]
        if track.source not in map(source_key, places):
            said = f"The source {track.source} has no view on '{name}'."
            section.fault("no-view", said, "disagreements", value=name)


def _check_stages(track: Track, sections: Collection[Section]) -> None:
    """Note stages that stand twice, things that stand in two of them, and time running back."""
    stages: set[str] = set()
    owners: dict[tuple[str, str], str] = {}
    before: Stage | None = None
    for stage, section in zip(track.stages, sections, strict=True):
        if stage.id in stages:
            section.fault("double", f"The stage '{stage.id}' stands twice.", "id")
        for what, name, key in _things_of(stage):
            owner = owners.setdefault((what, name), stage.id)
            if owner != stage.id and stage.id not in stages:
                said = f"The {what} '{name}' stands in the stage '{owner}' already."
                section.fault("double", said, key, value=name)
        if before is not None and _begins(stage) < _begins(before):
            said = f"It begins before '{before.id}', which stands above it."
            section.fault("stage-backwards", said, "first")
        stages.add(stage.id)
        before = stage if stage.first is not None else before


def _things_of(stage: Stage) -> Iterator[tuple[str, str, str]]:
    """Yield what stands in a stage: what it is, its id, and the key that lists it."""
    yield from (("curriculum id", each, "items") for each in stage.items)
    yield from (("reading", each.id, "readings") for each in stage.readings)
    yield from (("project", each.id, "projects") for each in stage.projects)


def _begins(stage: Stage) -> float:
    """Return the days from the track's start to a stage's; endless where it says no time."""
    if stage.first is None or stage.unit not in DAYS_OF:
        return float("inf")
    return (stage.first - 1) * DAYS_OF[stage.unit]
