"""The first page: what a learner says about themselves, or that they would rather not.

It must not plan, and it asks three questions at most: the rest of the profile has its own page.
"""

from collections.abc import Collection, Mapping

from gradus.core.errors import UsageError
from gradus.core.learner import Background
from gradus.desk.desk import Desk
from gradus.desk.pages import FIRST_WEEK
from gradus.desk.profile import PROFILE, answer
from gradus.desk.workspace import read_profile, save_profile

BACKGROUNDS = {
    Background.SOFTWARE_ENGINEER: "I write software",
    Background.DATA_SCIENTIST: "I work with data or models",
    Background.STUDENT: "I study",
    Background.FROM_ZERO: "I am starting from zero",
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


def landing_page(desk: Desk) -> str:
    """Return the page that `gradus start` opens: the first page, or what to do today."""
    return "welcome" if is_new(desk) else "today"


def keep_answers(desk: Desk, answers: Mapping[str, str]) -> dict[str, str]:
    """Write the answers into `gradus.toml` and the record; an empty one was skipped.

    Background and hours become a part of the profile that a plan is made from. Raises UsageError
    for an answer that is not among those offered, and then nothing was written.
    """
    kept = {"first_run": "answered" if any(answers.values()) else "skipped"}
    offered: dict[str, Collection[str]] = {"background": BACKGROUNDS, "reason": REASONS}
    for name, values in offered.items():
        said = answers.get(name, "")
        if said and said not in values:
            raise UsageError(f"'{said}' is not an answer to '{name}'.")
    hours = answers.get("hours", "").strip()
    if hours and not (hours.isascii() and hours.isdigit() and 1 <= int(hours) <= MOST_HOURS):
        raise UsageError(f"Hours a week are a whole number from 1 to {MOST_HOURS}.")
    if answers.get("reason"):
        kept["reason"] = answers["reason"]
    answer(desk, {"background": answers.get("background", ""), "hours": hours})
    save_profile(desk.here(), kept)
    desk.ledger().append(PROFILE, kept)
    return kept


def first_lab(desk: Desk) -> str:
    """Return the curriculum id of the first lab of the first week that exists; else empty."""
    there = {lab.curriculum_id for lab in desk.catalogue.labs.values()}
    return next((name for name in FIRST_WEEK if name in there), "")
