"""What tracks say of one another and of the curriculum's order.

A learner's own track is held to the same rules but one: what its items need may be missing, since
the planner adds it.
"""

from collections.abc import Mapping

from gradus.catalogue.crosscheck import find_cycle
from gradus.catalogue.section import Section
from gradus.catalogue.track_file import TrackFile
from gradus.core.curriculum import CurriculumItem
from gradus.core.names import did_you_mean
from gradus.core.track import Track, whole_route

Curriculum = Mapping[str, CurriculumItem]


def check_fork(file: TrackFile, tracks: Mapping[str, Track]) -> None:
    """Note a fork from a track or a stage that does not exist, and forks that go in a circle."""
    track = file.track
    if not track.forks_from:
        if track.fork_after:
            said = (
                "'fork_after' says after which stage of the track 'forks_from', which is missing."
            )
            file.section.fault("no-fork", said, "fork_after")
        return
    base = tracks.get(track.forks_from)
    if base is None:
        file.section.unknown("forks_from", track.forks_from, sorted(tracks), "track")
        return
    forks = {name: (each.forks_from,) for name, each in tracks.items() if each.forks_from}
    if (cycle := find_cycle(forks)) and track.id in cycle:
        said = f"The forks go in a circle: {' → '.join(cycle)}."
        file.section.fault("cycle", said, "forks_from")
        return
    stages = [stage.id for stage in base.stages]
    if not track.fork_after:
        said = f"It has to say after which stage of '{base.id}' it begins: 'fork_after'."
        file.section.fault("no-fork", said, "forks_from")
    elif track.fork_after not in stages:
        hint = did_you_mean(track.fork_after, stages)
        said = f"'{base.id}' has no stage '{track.fork_after}'.{hint}"
        file.section.fault("unknown-stage", said, "fork_after")


def check_order(
    file: TrackFile, tracks: Mapping[str, Track], curriculum: Curriculum, *, closed: bool
) -> None:
    """Note each item that stands before something it needs, or twice along the whole route.

    In a `closed` track what an item needs has to stand in it too, or before its fork. A track
    whose items are open without what comes before them is free of both.
    """
    track = file.track
    before = [
        name
        for stage in whole_route(track, tracks)
        if not any(stage is own for own in track.stages)
        for name in stage.items
    ]
    places = {name: place for place, name in enumerate((*before, *track.items()))}
    for stage, section in zip(track.stages, file.stages, strict=True):
        for name in stage.items:
            if name in before:
                said = f"The curriculum id '{name}' is met before the fork already."
                section.fault("double", said, "items", value=name)
            elif not track.opening:
                _check_needs(section, curriculum[name], places, closed=closed)


def _check_needs(
    section: Section, item: CurriculumItem, places: Mapping[str, int], *, closed: bool
) -> None:
    for need in item.needs:
        if need not in places:
            if closed:
                said = f"'{item.id}' needs '{need}', which stands nowhere in the track."
                section.fault("need-missing", said, "items", value=item.id)
        elif places[need] > places[item.id]:
            said = (
                f"'{item.id}' needs '{need}', which the track puts after it, so that neither "
                "could come first."
            )
            section.fault("cycle", said, "items", value=item.id)
