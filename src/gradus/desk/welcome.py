"""The first page: what a learner says about themselves, or that they would rather not.

It must not plan: the planner reads what is kept here.
"""

from collections.abc import Mapping

from gradus.core.errors import UsageError
from gradus.desk.desk import Desk
from gradus.desk.pages import FIRST_WEEK
from gradus.desk.workspace import read_profile, save_profile

PROFILE = "profile"
BACKGROUNDS = {
    "programmer": "I can program",
    "data": "I work with data",
    "ml": "I have done some ML",
    "ml-engineer": "I work as an ML engineer",
    "starting": "I am starting from zero",
}
"""Answers to the first question, by the value that is kept."""
REASONS = {
    "become": "Become an ML engineer",
    "gaps": "Find and close gaps",
    "interview": "Prepare for interviews",
    "teach": "Teach or mentor",
    "look": "Have a look around",
}
"""Answers to the last question, by the value that is kept."""
MOST_HOURS = 80


def is_new(desk: Desk) -> bool:
    """Say whether the first page was not answered yet and nothing was begun."""
    workspace = desk.here()
    return not read_profile(workspace) and not workspace.opened()


def keep_answers(desk: Desk, answers: Mapping[str, str]) -> dict[str, str]:
    """Write the answers into `gradus.toml` and the record; an empty one was skipped.

    Raises UsageError for an answer that is not among those offered.
    """
    kept = {"first_run": "answered" if any(answers.values()) else "skipped"}
    for name, offered in (("background", BACKGROUNDS), ("reason", REASONS)):
        answer = answers.get(name, "")
        if answer and answer not in offered:
            raise UsageError(f"'{answer}' is not an answer to '{name}'.")
        if answer:
            kept[name] = answer
    hours = answers.get("hours", "").strip()
    if hours:
        if not (hours.isascii() and hours.isdigit() and 1 <= int(hours) <= MOST_HOURS):
            raise UsageError(f"Hours a week are a whole number from 1 to {MOST_HOURS}.")
        kept["hours_per_week"] = str(int(hours))
    save_profile(desk.here(), kept)
    desk.ledger().append(PROFILE, kept)
    return kept


def first_lab(desk: Desk) -> str:
    """Return the curriculum id of the first lab of the first week that exists; else empty."""
    there = {lab.curriculum_id for lab in desk.catalogue.labs.values()}
    return next((name for name in FIRST_WEEK if name in there), "")
