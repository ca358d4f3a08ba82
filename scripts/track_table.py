"""Writes docs/tracks.md: how long each track takes at three paces, beside what its source says.

`python scripts/track_table.py` lays every plan anew, from a fixed Monday and an empty record.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gradus.catalogue import load_catalogue
from gradus.core.basis import PlanBasis
from gradus.core.catalogue import Catalogue
from gradus.core.learner import Background, LearnerProfile
from gradus.core.plan import Plan
from gradus.core.track import Track
from gradus.desk.answers import spread
from gradus.planner.planning import make_plan

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tracks.md"
MONDAY = date(2027, 1, 4)
"""The first day of every plan of the table."""
TRACKS = ("month-by-month", "forty-eight-weeks", "capability-layers", "five-steps", "four-phases")
BACKGROUNDS = (Background.SOFTWARE_ENGINEER, Background.DATA_SCIENTIST, Background.FROM_ZERO)
HOURS = (3.0, 10.5, 40.0)
SOURCES_PACE = 10.5
"""Hours a week at which a source's span can be compared."""
HEAD = """# How long the tracks take

Made by `python scripts/track_table.py`: each of the five source tracks, three backgrounds, three
paces, from Monday, 4 January 2027, with an empty record. "Complete" means that everything on the
track and everything that it needs has its days, with each prerequisite before what needs it and no
day over its hours.

Minutes of lessons, reading and projects are our estimates. Only 10.5 hours a week is a pace that a
source gives, so only there a length is compared with the source's span; at 3 and 40 hours it is
what the hours make of it, and no agreement is claimed. Our minutes are meant for somebody who can
program. Where a source says that another background takes longer, its shorter span beside that of a
software engineer is how much slower a plan takes them to be, until their own times say otherwise.

| track | background | hours a week | complete | weeks | its source says | at the sources' pace |
|---|---|---|---|---|---|---|
"""


def lay(catalogue: Catalogue, track: Track, background: Background, hours: float) -> Plan:
    """Return the plan of somebody who begins with nothing shown."""
    profile = LearnerProfile(background=background, minutes=spread(hours), track=track.id)
    return make_plan(PlanBasis(catalogue, track, profile, MONDAY))


def is_complete(catalogue: Catalogue, plan: Plan, hours: float) -> bool:
    """Say whether a plan holds the whole track, each need before it is needed, no day too full."""
    last, first, spent = dict[str, int](), dict[str, int](), dict[date, int]()
    for place, item in enumerate(plan.items):
        last[item.ref] = place
        first.setdefault(item.ref, place)
        spent[item.day] = spent.get(item.day, 0) + item.minutes
    track = catalogue.tracks[plan.track]
    stages = catalogue.route(track)
    wanted = {name for stage in stages for name in stage.items}
    wanted |= {each.id for stage in stages for each in (*stage.readings, *stage.projects)}
    parts = Counter(item.work for item in plan.items if item.is_work)
    capacity = LearnerProfile(minutes=spread(hours))
    needs = [
        (need, name)
        for name in first
        if name in catalogue.curriculum
        for need in catalogue.curriculum[name].needs
    ]
    return (
        not plan.left_out
        and wanted <= set(first)
        and all(item.parts == parts[item.work] for item in plan.items if item.is_work)
        and all(need in last and last[need] < first[name] for need, name in needs)
        and all(minutes <= capacity.capacity(day) for day, minutes in spent.items())
    )


def rows(catalogue: Catalogue) -> Iterator[str]:
    """Yield the rows of the table."""
    for name in TRACKS:
        track = catalogue.tracks[name]
        for background in BACKGROUNDS:
            span = track.span_of(background)
            for hours in HOURS:
                plan = lay(catalogue, track, background, hours)
                assert plan.ends is not None
                weeks = ((plan.ends - MONDAY).days + 1) / 7
                said = f"{span[0]:.0f} to {span[1]:.0f} weeks" if span else "nothing"
                cells = (
                    track.title,
                    background.value,
                    f"{hours:g}",
                    "yes" if is_complete(catalogue, plan, hours) else "**no**",
                    f"{weeks:.0f}",
                    said,
                    compared(weeks, span) if hours == SOURCES_PACE else "",
                )
                yield f"| {' | '.join(cells)} |"


def compared(weeks: float, span: tuple[float, float] | None) -> str:
    """Return how a length lies to a span, in words."""
    if span is None:
        return "nothing to agree with"
    if weeks < span[0] - 0.5:
        return f"{span[0] - weeks:.0f} weeks shorter"
    if weeks > span[1] + 0.5:
        return f"{weeks - span[1]:.0f} weeks longer"
    return "agrees"


def table() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(rows(load_catalogue())) + "\n"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
