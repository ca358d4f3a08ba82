"""A plan as an iCalendar file (RFC 5545), which calendars import again without doubling anything.

It must not read a clock: the moment of writing is given.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from icalendar import Calendar, Event

from gradus.core.plan import ItemKind, Plan, PlanItem

PRODUCT = "-//Gradus//plan//EN"
VERBS = {
    ItemKind.LESSON: "Read the lesson",
    ItemKind.LAB: "Lab",
    ItemKind.READING: "Read",
    ItemKind.REVIEW: "Review",
    ItemKind.PROJECT: "Project",
}


def calendar_of(
    plan: Plan, *, owner: str, written: datetime, begins: time | None = None, address: str = ""
) -> bytes:
    """Return the plan as the bytes of an `.ics` file.

    `owner` names the workspace; with the item's own id it makes a UID that stays, so that a later
    export moves an event instead of adding one. `written` carries its time zone. Without `begins`
    each piece of work is an all-day event. With it the pieces of a day follow each other from that
    time on, in floating local time, which a change of time zone or to daylight saving leaves at
    the same hour of the learner's clock. `address` is where Gradus answers, such as
    `http://127.0.0.1:8321`; events then carry the address of their lab.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Gradus")
    calendar.add("name", "Gradus")
    for item, at in _placed(_work(plan), begins):
        calendar.add_component(_event(item, at, owner, written, address))
    return bytes(calendar.to_ical())


def _work(plan: Plan) -> list[PlanItem]:
    return [item for item in plan.items if item.kind is not ItemKind.DAY_OFF]


def _placed(
    items: Iterable[PlanItem], begins: time | None
) -> Iterable[tuple[PlanItem, datetime | date]]:
    """Yield each item with the moment, or the day, on which it begins."""
    spent: Counter[date] = Counter()
    for item in items:
        if begins is None:
            yield item, item.day
        else:
            yield item, datetime.combine(item.day, begins) + timedelta(minutes=spent[item.day])
            spent[item.day] += item.minutes


def _event(
    item: PlanItem, at: datetime | date, owner: str, written: datetime, address: str
) -> Event:
    event = Event()
    event.add("uid", f"{item.id}@{owner}.gradus")
    event.add("dtstamp", written)
    event.add("last-modified", written)
    event.add("sequence", _sequence(written))
    event.add("dtstart", at)
    length = timedelta(minutes=item.minutes) if isinstance(at, datetime) else timedelta(days=1)
    event.add("dtend", at + length)
    event.add("summary", _summary(item))
    event.add("description", f"{item.minutes} minutes. {_sentence(item.reason)}".strip())
    event.add("categories", ["Gradus"])
    event.add("transp", "OPAQUE" if isinstance(at, datetime) else "TRANSPARENT")
    if address and item.kind in (ItemKind.LESSON, ItemKind.LAB):
        event.add("url", f"{address}/labs/{item.ref}")
    return event


def _sequence(written: datetime) -> int:
    """Return a number that grows from export to export: minutes since 2020."""
    return int(written.timestamp() - 1_577_836_800) // 60


def _summary(item: PlanItem) -> str:
    if item.kind is ItemKind.REVIEW:
        return f"Review ({item.minutes} min)"
    part = f", part {item.part} of {item.parts}" if item.parts > 1 else ""
    return f"{VERBS[item.kind]}: {item.title}{part} ({item.minutes} min)"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
