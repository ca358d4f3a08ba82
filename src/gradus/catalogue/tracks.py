"""All tracks of a content folder, and those that a learner keeps in their own.

A track that is malformed is left out with everything that is wrong with it: it stops nobody from
working on a lab.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from gradus.catalogue.atlas import Atlas
from gradus.catalogue.shelf import Known, Shelf, read_shelf
from gradus.catalogue.track_file import TrackFile, read_track
from gradus.catalogue.track_rules import Curriculum, check_fork, check_order
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError
from gradus.core.track import Disagreement, Project, Reading, Track

Noun = TypeVar("Noun")


class Deferred(Mapping[str, Noun], Generic[Noun]):
    """A mapping that is read when something asks for it.

    `gradus check` stands behind every save and never asks for a track.
    """

    def __init__(self, read: Callable[[], Mapping[str, Noun]]) -> None:
        self._read = cache(read)

    def __getitem__(self, name: str) -> Noun:
        """Return one of its values."""
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        """Yield its names in their order."""
        return iter(self._read())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._read())


@dataclass(frozen=True, slots=True)
class Tracks:
    """What a folder of tracks holds."""

    tracks: dict[str, Track] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    malformed: dict[str, tuple[ContentError, ...]] = field(default_factory=dict)
    faults: list[ContentError] = field(default_factory=list)
    """Everything that is wrong, in tracks and in what they draw on."""


def read_tracks(root: Path, atlas: Atlas) -> Tracks:
    """Read every track of a content folder and what they draw on."""
    known = Known(tuple(atlas.curriculum), tuple(atlas.skills), tuple(atlas.layers))
    faults: list[ContentError] = []
    shelf = read_shelf(root, known, faults)
    found = _read_folder(root / "tracks", shelf, known, {}, atlas.curriculum)
    for role in shelf.roles.values():
        if role.track and role.track not in {*found.tracks, *found.malformed}:
            section = shelf.sections["role", role.id]
            section.unknown("track", role.track, sorted(found.tracks))
    return replace(found, faults=[*faults, *found.faults])


def with_own_tracks(catalogue: Catalogue, folder: Path) -> Catalogue:
    """Return a catalogue with the learner's own tracks in it, read now from a folder.

    Own tracks that an earlier reading put there are read again; one that takes the id of a track
    that ships is malformed.
    """
    if not folder.is_dir() and not isinstance(catalogue.tracks, dict):
        return catalogue
    shipped = {name: t for name, t in catalogue.tracks.items() if not _lies_in(t, folder)}
    kept = {
        name: faults
        for name, faults in catalogue.malformed_tracks.items()
        if faults[0].path.parent != folder
    }
    readings = {r.id: r for t in shipped.values() for s in t.stages for r in s.readings}
    projects = {p.id: p for t in shipped.values() for s in t.stages for p in s.projects}
    shelf = _shelf_of(readings, projects, catalogue.disagreements)
    own = _read_folder(folder, shelf, Known.of(catalogue), shipped, catalogue.curriculum)
    return replace(
        catalogue,
        tracks={**shipped, **own.tracks},
        malformed_tracks={**kept, **own.malformed},
    )


def _lies_in(track: Track, folder: Path) -> bool:
    return track.path is not None and track.path.parent == folder


def _shelf_of(
    readings: dict[str, Reading],
    projects: dict[str, Project],
    disagreements: Mapping[str, Disagreement],
) -> Shelf:
    return Shelf(readings, projects, dict(disagreements))


def _read_folder(
    folder: Path, shelf: Shelf, known: Known, shipped: Mapping[str, Track], curriculum: Curriculum
) -> Tracks:
    """Read every track of a folder; beside `shipped` ones they are a learner's own."""
    files: dict[str, TrackFile] = {}
    faults: dict[str, list[ContentError]] = {}
    for path in sorted(folder.glob("*.toml")):
        noted = faults.setdefault(path.stem, [])
        if path.stem in shipped:
            said = f"There is a track '{path.stem}' already. Name the file differently."
            noted.append(ContentError("double", said, path=path))
        elif (read := read_track(path, noted, shelf, known)) is not None:
            files[path.stem] = read
    order = sorted(files, key=lambda name: (files[name].order, name))
    tracks = {**shipped, **{name: files[name].track for name in order}}
    for file in files.values():
        check_fork(file, tracks)
        check_order(file, tracks, curriculum, closed=not shipped)
    _spread(files, faults)
    return Tracks(
        tracks={name: files[name].track for name in order if not faults[name]},
        shelf=shelf,
        malformed={name: tuple(noted) for name, noted in faults.items() if noted},
        faults=[fault for noted in faults.values() for fault in noted],
    )


def _spread(files: Mapping[str, TrackFile], faults: Mapping[str, list[ContentError]]) -> None:
    """Note a fork from a malformed track as malformed too."""
    changed = True
    while changed:
        changed = False
        for name, file in files.items():
            base = file.track.forks_from
            if not faults[name] and faults.get(base):
                said = f"The track '{base}', which it continues, is malformed."
                file.section.fault("broken-base", said, "forks_from")
                changed = True
