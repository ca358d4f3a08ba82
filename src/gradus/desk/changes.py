"""Which of the learner's labs have changed since they were last judged.

It must not judge them.
"""

from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.desk.desk import Desk
from gradus.desk.record import attempts
from gradus.judge import read_submission, starter_submission


def changed_labs(desk: Desk) -> tuple[Lab, ...]:
    """Return the open labs whose files are not what was last judged, nor the starter untouched."""
    workspace = desk.here()
    judged = {each.lab: each.row.facts["submission"] for each in attempts(desk.ledger())}
    opened = set(workspace.opened())
    return tuple(
        lab
        for lab in desk.catalogue.labs.values()
        if lab.id in opened and _has_changed(desk, lab, judged.get(lab.id))
    )


def has_changed(desk: Desk, lab: Lab) -> bool:
    """Say whether a lab's files are not what was last judged, nor the starter untouched."""
    judged = [each.row.facts["submission"] for each in attempts(desk.ledger(), lab.id)]
    return _has_changed(desk, lab, judged[-1] if judged else None)


def _has_changed(desk: Desk, lab: Lab, last: str | None) -> bool:
    try:
        submission = read_submission(lab, desk.here().folder(lab))
    except UsageError:  # gone or unreadable: checking it says so in a sentence
        return True
    if last is not None:
        return submission.digest != last
    return submission.digest != starter_submission(lab, submission.case_seed).digest
