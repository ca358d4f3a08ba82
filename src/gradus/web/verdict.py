"""The verdict's place on a lab page, as it is swapped into an open page."""

from dataclasses import dataclass

from gradus.core.lab import Lab
from gradus.core.verdict import Judgement
from gradus.desk.desk import Desk
from gradus.desk.lab_page import last_verdict, unkept_verdict
from gradus.desk.view import VerdictView
from gradus.web.rendering import render
from gradus.web.trouble import Trouble


@dataclass(frozen=True, slots=True)
class VerdictNow:
    """What the verdict's place shows."""

    verdict: VerdictView | None
    """The last answer."""
    judging: bool
    """Whether a check is running."""
    trouble: Trouble | None
    """Why the last check gave no verdict, if it gave none."""


def verdict_now(
    desk: Desk, lab: Lab, judging: bool, trouble: Trouble | None, unkept: Judgement | None
) -> VerdictNow:
    """Return what to show: an answer that the record does not hold goes before one that it does."""
    verdict = unkept_verdict(unkept) if unkept is not None else last_verdict(desk, lab)
    return VerdictNow(verdict, judging, trouble)


def render_verdict(now: VerdictNow) -> str:
    """Return the HTML of the verdict's place."""
    return render("_verdict.html", now)
