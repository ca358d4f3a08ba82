"""What the pages of tracks read: every track, its stages, and where the source roadmaps disagree.

It must not plan: where a stage falls in a learner's calendar, the plan says.
"""

from gradus.core.errors import UsageError
from gradus.core.track import Span, Stage, Track, whole_route
from gradus.desk.desk import Desk
from gradus.desk.pages import Standings, lab_refs, standings
from gradus.desk.profile import profile_read
from gradus.desk.track_view import (
    DisagreementView,
    ReadingView,
    StageView,
    TrackCard,
    TrackPage,
    TracksPage,
)
from gradus.desk.view import LabRef
from gradus.planner.mastery import Standing

_WHO = {
    "": "for everybody",
    "software-engineer": "for a software engineer",
    "data-scientist": "for a data scientist",
    "student": "for a student",
    "from-zero": "from zero",
}
WEEKS_A_MONTH = 52 / 12


def tracks_page(desk: Desk) -> TracksPage:
    """Return every track, with the learner's own marked."""
    read = profile_read(desk)
    labs = lab_refs(standings(desk))
    return TracksPage(
        cards=tuple(_card(desk, track, labs) for track in desk.catalogue.tracks.values()),
        chosen=read.profile.track,
        malformed=tuple(
            (name, tuple(str(error) for error in errors))
            for name, errors in desk.catalogue.malformed_tracks.items()
        ),
    )


def track_page(desk: Desk, name: str) -> TrackPage:
    """Return one track; raises UsageError for an unknown name, with the nearest one."""
    read = profile_read(desk)
    track = desk.catalogue.track(name)
    known = standings(desk)
    labs = lab_refs(known)
    return TrackPage(
        card=_card(desk, track, labs),
        stages=tuple(_stage(stage, labs) for stage in whole_route(track, desk.catalogue.tracks)),
        disagreements=tuple(
            _disagreement(desk, each, track.source) for each in track.disagreements
        ),
        chosen=read.profile.track == track.id,
        needed=_needed(track, known, labs, desk),
    )


def _card(desk: Desk, track: Track, labs: dict[str, LabRef]) -> TrackCard:
    route = whole_route(track, desk.catalogue.tracks)
    items = list(dict.fromkeys(item for stage in route for item in stage.items))
    there = [labs[item] for item in items if item in labs]
    return TrackCard(
        id=track.id,
        title=track.title,
        about=track.about.strip(),
        source=track.source,
        spans=tuple(span_text(span) for span in track.spans),
        hours_per_week=track.hours_per_week,
        n_items=len(items),
        n_there=sum(lab.exists for lab in there),
        n_shown=sum(lab.standing is Standing.SHOWN for lab in there),
        hours=sum(lab.minutes for lab in there) / 60,
        continues=desk.catalogue.tracks[track.forks_from].title
        if track.forks_from in desk.catalogue.tracks
        else "",
    )


def _stage(stage: Stage, labs: dict[str, LabRef]) -> StageView:
    return StageView(
        title=stage.title,
        when=when_text(stage),
        source=stage.source,
        labs=tuple(labs[item] for item in stage.items if item in labs),
        readings=tuple(
            ReadingView(each.title, each.by, each.minutes, each.source) for each in stage.readings
        ),
        projects=tuple(
            ReadingView(each.title, "", each.minutes, each.source) for each in stage.projects
        ),
    )


def _disagreement(desk: Desk, name: str, source: str) -> DisagreementView:
    found = desk.catalogue.disagreements.get(name)
    if found is None:
        raise UsageError(f"There is no disagreement named '{name}'.")
    return DisagreementView(
        matter=found.matter,
        views=tuple((place, view, place.split()[0] == source) for place, view in found.views),
        ours=found.ours,
    )


def _needed(
    track: Track, known: Standings, labs: dict[str, LabRef], desk: Desk
) -> tuple[LabRef, ...]:
    """Return the labs that the track does not name and that something in it needs."""
    route = whole_route(track, desk.catalogue.tracks)
    inside = {item for stage in route for item in stage.items}
    if track.opening:
        return ()
    waiting, found = sorted(inside), dict[str, LabRef]()
    while waiting:
        item = known.catalogue.curriculum.get(waiting.pop())
        for need in item.needs if item else ():
            if need not in inside and need not in found and need in labs:
                found[need] = labs[need]
                waiting.append(need)
    return tuple(labs[name] for name in labs if name in found)


def span_text(span: Span) -> str:
    """Return a span in words, such as `6 to 12 months for a software engineer (000 L127)`."""
    low, high = (
        round(2 * weeks / WEEKS_A_MONTH) / 2 for weeks in (span.weeks_low, span.weeks_high)
    )
    months = f"{low:g} to {high:g}" if low != high else f"{low:g}"
    who = _WHO.get(span.background, span.background)
    return f"{months} months {who} ({span.source})"


def when_text(stage: Stage) -> str:
    """Return when the source has a stage, such as `months 1 to 2`; empty where it is silent."""
    if stage.first is None or stage.last is None:
        return ""
    if stage.first == stage.last:
        return f"{stage.unit} {stage.first:g}"
    return f"{stage.unit}s {stage.first:g} to {stage.last:g}"
