"""How the pages write numbers, moments and names.

Filters for templates; nothing here reads the clock.
"""

import re
from datetime import date, datetime

from markupsafe import Markup, escape

from gradus.core.verdict import ClaimOutcome
from gradus.desk.labels import layer_label

_CODE = re.compile(r"`([^`]+)`")
_VERDICTS = {
    "PASSED": "Passed",
    "FAILED": "Failed",
    "STOPPED": "Stopped",
    "UNJUDGED": "Unjudged",
}
_LONG_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def milliseconds(seconds: float) -> str:
    """Return a duration of a check, such as `41 ms` or `3.2 s`."""
    if seconds < 1:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s"


def duration(minutes: float) -> str:
    """Return a duration of work, such as `1 h 20 min`."""
    whole = round(minutes)
    if whole < 60:
        return f"{whole} min"
    return f"{whole // 60} h {whole % 60} min" if whole % 60 else f"{whole // 60} h"


def day(moment: str) -> str:
    """Return the day of an ISO date or time as this machine's calendar has it, such as `3 Nov`."""
    if not moment:
        return ""
    at = _local(moment)
    return f"{at.day} {_MONTHS[at.month - 1]}"


def moment(moment: str) -> str:
    """Return day and time of an ISO time, such as `3 Nov 2026, 10:42`."""
    if not moment:
        return ""
    at = _local(moment)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"


def verdict_name(verdict: str) -> str:
    """Return a verdict as the page says it."""
    return _VERDICTS.get(verdict, verdict)


def short_layer(title: str) -> str:
    """Return a layer's short name."""
    return layer_label(title)


def with_code(text: str) -> Markup:
    """Return a sentence, escaped, with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def fate(claim: ClaimOutcome) -> str:
    """Return what became of a claim: `held`, `broken`, or `unreached`."""
    if claim.held:
        return "held"
    return "broken" if claim.finding is not None or claim.examples else "unreached"


def sentence(text: str) -> str:
    """Return a text as a sentence: with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def long_day(day: date) -> str:
    """Return a day in full, such as `Thursday, 3 November 2026`."""
    return f"{weekday_name(day)}, {day.day} {_LONG_MONTHS[day.month - 1]} {day.year}"


def weekday(day: date) -> str:
    """Return a day of these weeks, such as `Thu 3 Nov`."""
    return f"{weekday_name(day)[:3]} {day.day} {_MONTHS[day.month - 1]}"


def weekday_name(day: date) -> str:
    """Return the name of a day of the week."""
    return _WEEKDAYS[day.weekday()]


def month_name(day: date) -> str:
    """Return the month of a day, such as `November 2026`."""
    return f"{_LONG_MONTHS[day.month - 1]} {day.year}"


def month_key(day: date) -> str:
    """Return the month of a day as an address has it, such as `2026-11`."""
    return f"{day:%Y-%m}"


FILTERS = {
    "sentence": sentence,
    "long_day": long_day,
    "weekday": weekday,
    "weekday_name": weekday_name,
    "month_name": month_name,
    "month_key": month_key,
    "fate": fate,
    "with_code": with_code,
    "milliseconds": milliseconds,
    "duration": duration,
    "day": day,
    "moment": moment,
    "verdict_name": verdict_name,
    "short_layer": short_layer,
}


def _local(moment: str) -> datetime:
    at = datetime.fromisoformat(moment)
    return at.astimezone() if at.tzinfo else at
