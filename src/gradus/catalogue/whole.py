"""The whole content as one catalogue, and everything that is wrong with it."""

from functools import cache
from pathlib import Path

from gradus.catalogue.atlas import Atlas, read_atlas
from gradus.catalogue.crosscheck import check_atlas, check_labs
from gradus.catalogue.lab_file import LabFile, read_lab
from gradus.catalogue.place import content_root, lab_folders, labs_folder
from gradus.catalogue.tracks import Deferred, read_tracks
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError, ContentErrors


def load_catalogue(root: Path | None = None, extra_labs: Path | None = None) -> Catalogue:
    """Read the whole content; labs in `extra_labs` come on top and replace those of the same id.

    A lab that cannot be read is left out and stands in `malformed`, a track in
    `malformed_tracks`, so that one broken file stops nobody. Raises `ContentErrors` if the map
    itself is malformed.
    """
    place = root or content_root()
    atlas, faults = _checked_atlas(place)
    if faults:
        raise ContentErrors(faults)
    labs, malformed, _ = _labs(place, extra_labs)
    order = {item: number for number, item in enumerate(atlas.curriculum)}
    routes = cache(lambda: read_tracks(place, atlas))
    kept = sorted(labs.values(), key=lambda each: order.get(each.lab.curriculum_id, len(order)))
    return Catalogue(
        layers=tuple(atlas.layers.values()),
        skills=atlas.skills,
        tools=atlas.tools,
        labs={each.lab.id: each.lab for each in kept},
        curriculum=atlas.curriculum,
        environments=atlas.environments,
        malformed=malformed,
        tracks=Deferred(lambda: routes().tracks),
        disagreements=Deferred(lambda: routes().shelf.disagreements),
        roles=Deferred(lambda: routes().shelf.roles),
        malformed_tracks=Deferred(lambda: routes().malformed),
    )


def problems(root: Path | None = None, extra_labs: Path | None = None) -> list[ContentError]:
    """Return everything that is malformed, in the order of the files; never raises for content."""
    try:
        place = root or content_root()
    except ContentError as error:
        return [error]
    atlas, faults = _checked_atlas(place)
    labs, _, lab_faults = _labs(place, extra_labs)
    check_labs(labs, atlas)
    faults.extend(lab_faults)
    faults.extend(read_tracks(place, atlas).faults)
    for each in labs.values():
        faults.extend(each.section.faults)
    return sorted(faults, key=lambda fault: (str(fault.path), fault.line or 0))


def _checked_atlas(root: Path) -> tuple[Atlas, list[ContentError]]:
    faults: list[ContentError] = []
    atlas = read_atlas(root, faults)
    check_atlas(atlas)
    return atlas, faults


def _labs(
    root: Path, extra: Path | None
) -> tuple[dict[str, LabFile], dict[str, ContentError], list[ContentError]]:
    """Return the labs, the first fault of each malformed folder, and all of their faults."""
    labs: dict[str, LabFile] = {}
    malformed: dict[str, ContentError] = {}
    every: list[ContentError] = []
    folders = [*lab_folders(labs_folder(root)), *(lab_folders(extra) if extra else [])]
    for folder in folders:
        faults: list[ContentError] = []
        read = read_lab(folder, faults, root)
        labs.pop(folder.name, None)
        malformed.pop(folder.name, None)
        if read is not None and not faults:
            labs[folder.name] = read
        else:
            malformed[folder.name] = faults[0]
        every.extend(faults)
    return labs, malformed, every
