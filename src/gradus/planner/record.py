"""What the record says of a learner, in the form in which a plan is computed from it."""

from collections.abc import Iterable, Mapping
from datetime import date

from gradus.core.basis import StudyRecord
from gradus.core.catalogue import Catalogue
from gradus.planner.mastery import LabState, Standing


def study_record(
    catalogue: Catalogue,
    states: Mapping[str, LabState],
    minutes_by_lab: Mapping[str, float] | None = None,
    studied: Mapping[date, float] | None = None,
    done: Iterable[str] = (),
) -> StudyRecord:
    """Return the record of a learner.

    `states` are those of `lab_states`. `minutes_by_lab` has measured minutes by lab id, `studied`
    by the learner's own day. `done` names the readings and projects that they finished.
    """
    ids = {lab.id: lab.curriculum_id for lab in catalogue.labs.values() if lab.curriculum_id}
    known = {ids[lab]: state for lab, state in states.items() if lab in ids}
    shown = {each for each, state in known.items() if state.standing is Standing.SHOWN}
    minutes = minutes_by_lab or {}
    return StudyRecord(
        finished=frozenset({*shown, *done}),
        begun=frozenset(each for each, state in known.items() if state.attempts),
        minutes={ids.get(lab, lab): minutes[lab] for lab in sorted(minutes)},
        studied=dict(studied or {}),
        counts_from={
            each: state.counts_from.date()
            for each, state in known.items()
            if state.counts_from is not None
        },
    )
