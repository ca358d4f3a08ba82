"""What the record says about a learner's study, as far as a plan depends on it.

It must not plan and must not judge; readings and projects that are done are rows of their own.
"""

from dataclasses import replace

from gradus.core.basis import StudyRecord
from gradus.core.catalogue import Catalogue
from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.desk.desk import Desk
from gradus.desk.pages import Standings
from gradus.desk.timing import local_day
from gradus.planner.record import study_record
from gradus.planner.work import minutes_by_day, minutes_by_lab

DONE = "done"
"""The kind of row that says that something without a lab is done, or is to be done again."""


def read_study(desk: Desk, known: Standings) -> StudyRecord:
    """Return what was finished, begun and measured."""
    work = desk.time_at_work()
    record = study_record(
        desk.catalogue,
        known.labs,
        minutes_by_lab(work),
        minutes_by_day(work, local_day),
        done_refs(desk),
    )
    return replace(record, begun=record.begun | _placed_items(desk, known))


def _placed_items(desk: Desk, known: Standings) -> frozenset[str]:
    """Return the items whose skills a placement found known: their lesson can be left out."""
    placed = {name for name, state in known.skills.items() if state.placed}
    return frozenset(
        item.id
        for item in desk.catalogue.curriculum.values()
        if item.skills and placed.issuperset(item.skills)
    )


def done_refs(desk: Desk) -> set[str]:
    """Return the ids of what the learner says is done; what has a lab now is not among them."""
    done: dict[str, bool] = {}
    for row in desk.ledger().rows(DONE):
        done[str(row.facts["ref"])] = bool(row.facts["done"])
    return {ref for ref, is_done in done.items() if is_done} - _with_lab(desk.catalogue)


def mark_done(desk: Desk, ref: str, done: bool = True) -> str:
    """Record that something without a lab is done, or not after all; return its title.

    A reading, a project, or a part of the curriculum whose lab does not exist yet. A lab cannot be
    ticked off: passing it is what shows it. Raises UsageError for that and for an unknown name.
    """
    titles = _titles(desk.catalogue)
    name = next((each for each in titles if each.casefold() == ref.strip().casefold()), ref)
    if name in _with_lab(desk.catalogue):
        raise UsageError(f"{name} is a lab: it is done when it is passed. gradus check {name}")
    if name not in titles:
        hint = did_you_mean(name, titles)
        raise UsageError(f"Nothing in any track is named '{name}'.{hint}")
    if (name in done_refs(desk)) != done:
        desk.ledger().append(DONE, {"ref": name, "done": done})
    return titles[name]


def _titles(catalogue: Catalogue) -> dict[str, str]:
    """Return the title of everything that can stand in a plan."""
    titles = {item.id: item.title for item in catalogue.curriculum.values()}
    for track in catalogue.tracks.values():
        for stage in track.stages:
            titles |= {each.id: each.title for each in stage.readings}
            titles |= {each.id: each.title for each in stage.projects}
    return titles


def _with_lab(catalogue: Catalogue) -> set[str]:
    return {lab.curriculum_id for lab in catalogue.labs.values() if lab.curriculum_id}
