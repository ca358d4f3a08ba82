"""The profile as a form: its questions with the answers so far, and a filled form as answers.

It must not read what an answer means: `answers` does.
"""

from collections.abc import Mapping
from datetime import date

from gradus.core.learner import Background
from gradus.desk.answers import NONE, READERS, WEEKDAYS
from gradus.desk.desk import Desk
from gradus.desk.profile import profile_read
from gradus.desk.track_view import ProfileForm

LABELS = {
    Background.SOFTWARE_ENGINEER: "I write software",
    Background.DATA_SCIENTIST: "I work with data or models",
    Background.STUDENT: "I study",
    Background.FROM_ZERO: "I am starting from zero",
}
"""What a person reads for each background."""


def profile_form(
    desk: Desk, filled: Mapping[str, str] | None = None, wrong: tuple[str, ...] = ()
) -> ProfileForm:
    """Return the form; `filled` is what was sent and could not be kept, with why in `wrong`."""
    read = profile_read(desk)
    profile = read.profile
    given = {
        "background": str(profile.background or ""),
        "start": _day(profile.start),
        "target": _day(profile.target),
        "track": profile.track,
        "role": profile.role,
        "days_off": "\n".join(
            f"{each.first}..{each.last} {each.name}".strip() for each in profile.days_off
        ),
        "known": " ".join(profile.said),
    }
    hours = [_hours(minutes) for minutes in profile.minutes]
    if filled is not None:
        given |= {key: text for key, text in filled.items() if key in given}
        hours = [filled.get(f"hours_{number}", text) for number, text in enumerate(hours)]
    return ProfileForm(
        given=given,
        hours=tuple(zip((name.capitalize() for name in WEEKDAYS), hours, strict=True)),
        backgrounds=tuple((str(each), label) for each, label in LABELS.items()),
        tracks=tuple((each.id, each.title) for each in desk.catalogue.tracks.values()),
        roles=tuple((each.id, each.title) for each in desk.catalogue.roles.values()),
        wrong=wrong or tuple(said for _, said in read.wrong),
    )


def as_answers(filled: Mapping[str, str]) -> dict[str, str]:
    """Return a filled form as answers by question; a field that was emptied takes one back."""
    given = {key: filled[key].strip() or NONE for key in READERS if key in filled}
    if "days_off" in filled:
        lines = [line.strip() for line in filled["days_off"].splitlines() if line.strip()]
        given["days_off"] = "; ".join(lines) or NONE
    days = [filled.get(f"hours_{number}", "").strip() for number in range(len(WEEKDAYS))]
    if any(f"hours_{number}" in filled for number in range(len(WEEKDAYS))):
        given["hours"] = ",".join(each or "0" for each in days)
    return given


def _hours(minutes: int) -> str:
    """Return minutes as hours, with as many decimals as bring the same minutes back."""
    return f"{round(minutes / 60, 2):g}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
