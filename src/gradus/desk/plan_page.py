"""What the pages of plan and today read: the plan by day, what is due, what changed.

It must not plan: `planning` gives the plan, the planner made it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from gradus.core.catalogue import Catalogue
from gradus.core.errors import UsageError
from gradus.core.plan import ItemKind, Plan, PlanItem
from gradus.desk import answers
from gradus.desk.again import labs_to_do_again
from gradus.desk.desk import Desk
from gradus.desk.pages import lab_refs, standings
from gradus.desk.plan_view import DayView, PlanPage, TodayPage, WorkView
from gradus.desk.planning import Planned, current_plan, past_plan
from gradus.desk.profile import today as this_day
from gradus.desk.reviewing import card_minutes_ahead, cards_ahead, read_deck
from gradus.desk.study import done_refs
from gradus.planner.today import today_items

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 9000
"""Years in which a plan can lie."""


def today_page(desk: Desk, minutes: int | None = None, on: date | None = None) -> TodayPage:
    """Return what to do now in the minutes at hand, or in those that the profile has for today."""
    day = on or this_day()
    planned = current_plan(desk, day)
    deck = read_deck(desk)
    cards = cards_ahead(deck, 1)
    again = labs_to_do_again(desk)
    due = round(sum(card_minutes_ahead(desk, 1).values()) + sum(each.minutes for each in again))
    spent = round(planned.basis.record.studied.get(day, 0.0))
    capacity = planned.basis.profile.capacity(day)
    at_hand = minutes if minutes is not None else max(capacity - spent, 0)
    chosen = today_items(
        planned.plan,
        day,
        at_hand or None,
        review_minutes=due,
        finished=planned.basis.record.finished,
    )
    track = planned.basis.track
    return TodayPage(
        day=day,
        minutes=at_hand,
        asked=minutes is not None,
        items=tuple(_views(desk, chosen.items)) if at_hand else (),
        left=chosen.left if at_hand else 0,
        ahead=chosen.ahead,
        cards_due=sum(cards.values()),
        labs_due=len(again),
        done_today=spent,
        change=planned.change,
        ends=planned.plan.ends,
        forecast=planned.plan.forecast,
        track=track.title,
        track_id=track.id,
        chosen=bool(planned.basis.profile.track),
    )


def plan_page(desk: Desk, month: str = "", as_of: str = "", on: date | None = None) -> PlanPage:
    """Return the plan for a month such as `2027-03`; `as_of` asks for the plan of a past day.

    Raises UsageError for a month or day that is none, and where no plan was made until then.
    """
    day = on or this_day()
    planned = current_plan(desk, day)
    plan = past_plan(desk, answers.day(as_of), day) if as_of else planned.plan
    first = _month(month) if month else (plan.made_on if as_of else day).replace(day=1)
    days = [day, *(item.day for item in plan.items)]
    before, after = (first - DAY).replace(day=1), (first + 31 * DAY).replace(day=1)
    profile, track = planned.basis.profile, desk.catalogue.tracks.get(plan.track)
    with_lab = {lab.curriculum_id for lab in desk.catalogue.labs.values()}
    labs = {item.ref for item in plan.items if item.kind is ItemKind.LAB}
    return PlanPage(
        month=first,
        before=before if before >= min(days).replace(day=1) else None,
        after=after if after <= max(days) else None,
        weeks=_weeks(desk, planned, plan, first),
        today=day,
        track=track.title if track else plan.track,
        track_id=plan.track,
        chosen=bool(profile.track),
        made_on=plan.made_on,
        past=bool(as_of),
        ends=plan.ends,
        target=profile.target,
        forecast=plan.forecast,
        hours=sum(item.minutes for item in plan.items if item.is_work) / 60,
        no_lab_yet=len(labs - with_lab),
        left_out=plan.left_out,
        left_codes=frozenset(each.ref for each in plan.left_out) & desk.catalogue.curriculum.keys(),
        optimal=plan.optimal,
        gap=plan.gap,
        change=None if as_of else planned.change,
    )


def minutes_of(text: str) -> int:
    """Return the minutes that somebody has at hand; raises UsageError for what is no number."""
    word = text.strip()
    is_number = word.isascii() and word.isdigit() and len(word) <= 4
    if not (is_number and 0 < int(word) <= 24 * 60):
        raise UsageError(f"'{word[:20]}' is no number of minutes from 1 to {24 * 60}.")
    return int(word)


def plan_days(desk: Desk, planned: Planned, n_days: int) -> tuple[DayView, ...]:
    """Return the days from today on, for the terminal."""
    first = planned.basis.today
    return tuple(
        _day(desk, planned, planned.plan, first + number * DAY, first) for number in range(n_days)
    )


def _weeks(
    desk: Desk, planned: Planned, plan: Plan, first: date
) -> tuple[tuple[DayView, ...], ...]:
    monday, weeks = first - first.weekday() * DAY, []
    begins = min([planned.basis.today, *(item.day for item in plan.items)])
    while monday < (first + 31 * DAY).replace(day=1):
        if monday + 6 * DAY < begins:
            monday += 7 * DAY
            continue
        weeks.append(
            tuple(_day(desk, planned, plan, monday + number * DAY, first) for number in range(7))
        )
        monday += 7 * DAY
    return tuple(weeks)


def _day(desk: Desk, planned: Planned, plan: Plan, day: date, month: date) -> DayView:
    items = tuple(_views(desk, plan.on(day)))
    return DayView(
        day=day,
        items=items,
        minutes=sum(item.minutes for item in items),
        capacity=planned.basis.profile.capacity(day),
        is_today=day == planned.basis.today,
        in_month=(day.year, day.month) == (month.year, month.month),
    )


def _views(desk: Desk, items: Iterable[PlanItem]) -> Iterable[WorkView]:
    there = {lab.curriculum_id for lab in desk.catalogue.labs.values()}
    done = done_refs(desk)
    lacks = _lacks(desk)
    for item in items:
        is_curriculum = item.kind in (ItemKind.LESSON, ItemKind.LAB)
        has_lab = item.ref in there or not is_curriculum
        yield WorkView(
            kind=str(item.kind),
            ref=item.ref,
            title=item.title,
            minutes=item.minutes,
            reason=item.reason,
            part=item.part,
            parts=item.parts,
            address=_address(desk.catalogue, item),
            has_lab=has_lab,
            by_tick=not has_lab or item.kind in (ItemKind.READING, ItemKind.PROJECT),
            done=item.ref in done,
            lacks=lacks.get(item.ref, ()) if item.kind is ItemKind.LAB else (),
        )


def _lacks(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Return what each begun lab in two parts lacks, by curriculum id."""
    if not any(lab.proof for lab in desk.catalogue.labs.values()):
        return {}
    return {name: ref.lacks for name, ref in lab_refs(standings(desk)).items() if ref.lacks}


def _address(catalogue: Catalogue, item: PlanItem) -> str:
    if item.kind is ItemKind.REVIEW:
        return "/review"
    return f"/labs/{item.ref}" if item.ref in catalogue.curriculum else ""


def _month(text: str) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        said = f"'{text[:20]}' is no month. Write it as year and month: 2027-03."
        raise UsageError(said) from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise UsageError(f"No plan reaches {text}.")
    return first
