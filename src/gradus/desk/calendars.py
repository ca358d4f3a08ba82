"""The plan as a calendar file.

It must not plan, and must not write a file: whoever asks does.
"""

from datetime import UTC, datetime, time

from gradus.core.errors import UsageError
from gradus.desk.desk import Desk
from gradus.desk.planning import current_plan
from gradus.planner.calendar import calendar_of


def plan_calendar(desk: Desk, *, begins: time | None = None, address: str = "") -> bytes:
    """Return the plan that holds now as an iCalendar file.

    The first row of the record names the workspace in the events' UIDs, so that a later export
    from the same record, on another machine too, moves events instead of doubling them.
    """
    plan = current_plan(desk).plan
    first = next(iter(desk.ledger().rows()), None)
    owner = first.hash.removeprefix("sha256:")[:16] if first else "unrecorded"
    now = datetime.now(UTC).replace(microsecond=0)
    return calendar_of(plan, owner=owner, written=now, begins=begins, address=address)


def hour_of(text: str) -> time:
    """Return a time of day written as 19:00; raises UsageError for anything else."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()
    except ValueError:
        raise UsageError(f"'{text}' is no time of day. Write it as 19:00.") from None
