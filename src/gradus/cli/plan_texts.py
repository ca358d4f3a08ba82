"""What the terminal says of plan and today.

It must not read or compute anything but words.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from gradus.core.counting import counted
from gradus.core.plan import Forecast, LeftOut, Plan, PlanChange
from gradus.desk.plan_view import DayView, PlanPage, TodayPage, WorkView

VERBS = {
    "lesson": "lesson",
    "lab": "lab",
    "reading": "read",
    "project": "build",
    "review": "review",
    "day-off": "off",
}
SHOWN_LEFT_OUT = 10


def today_text(page: TodayPage) -> str:
    """Return today for a person."""
    lines = [f"{long_day(page.day)}, {page.minutes} minutes at hand", ""]
    if page.cards_due or page.labs_due:
        due = [_count(page.cards_due, "card"), _count(page.labs_due, "lab")]
        lines += [f"Review first: {' and '.join(filter(None, due))} (gradus review)", ""]
    lines += list(_work_lines(page.items)) or [
        "  A day without study." if not page.minutes else "  Nothing is left for today."
    ]
    if page.left:
        lines.append(f"  {page.left} minutes of that are filled by nothing.")
    if page.ahead:
        lines.append("  There is time for more than today has: some of it is from later days.")
    lines += ["", *change_lines(page.change), f"{page.track}. {outlook(page.ends, page.forecast)}"]
    return "\n".join(lines)


def plan_text(page: PlanPage, days: Iterable[DayView]) -> str:
    """Return the coming days of a plan for a person."""
    lines = [f"{page.track}: {page.hours:.0f} hours of work. {outlook(page.ends, page.forecast)}"]
    if not page.chosen:
        lines.append("Gradus suggests this track; `gradus plan --tracks` lists the others.")
    if page.no_lab_yet:
        verb = "does" if page.no_lab_yet == 1 else "do"
        lines.append(f"{page.no_lab_yet} of its labs {verb} not exist yet (marked ·).")
    lines += ["", *change_lines(page.change)]
    for day in days:
        if day.items:
            lines += [f"{short_day(day.day)}  ({day.minutes} of {day.capacity} min)"]
            lines += [*_work_lines(day.items, why=False), ""]
    lines += _left_out_lines(page.left_out, page.optimal, page.gap)
    lines.append("`gradus today` says what to do now; `gradus plan --ics FILE` writes a calendar.")
    return "\n".join(lines)


def past_plan_text(plan: Plan) -> str:
    """Return a plan of the past for a person."""
    lines = [f"The plan that was made on {plan.made_on} (track {plan.track}, {plan.engine}):", ""]
    lines += [
        f"{item.day}  {VERBS[item.kind]:7} {item.ref:6} {item.title} ({item.minutes} min)"
        for item in plan.items
    ]
    return "\n".join(lines)


def change_lines(change: PlanChange | None) -> list[str]:
    """Return what a plan changed, in lines."""
    if change is None or change.is_none:
        return []
    lines = [f"What changed: {change.cost}"]
    for move in change.moved[:8]:
        before = short_day(move.before) if move.before else "nowhere"
        after = short_day(move.after) if move.after else "no day"
        lines.append(f"  {move.title}: {before} → {after}")
    if len(change.moved) > 8:
        lines.append(f"  … and {len(change.moved) - 8} more")
    return [*lines, ""]


def outlook(ends: date | None, forecast: Forecast | None) -> str:
    """Return when it ends, with how sure that is."""
    if ends is None:
        return "Nothing is left to be done on it."
    said = f"It ends on {long_day(ends)}"
    if forecast is None:
        return f"{said}."
    said, share = f"{said} if all goes as planned", "eight of ten simulated futures"
    if forecast.early == forecast.late:
        on = "that day" if forecast.late == ends else long_day(forecast.late)
        return f"{said}; in at least {share} on {on}."
    between = f"between {long_day(forecast.early)} and {long_day(forecast.late)}"
    return f"{said}; in {share} {between}."


def work_object(item: WorkView) -> dict[str, Any]:
    """Return a piece of work as the object that `--json` prints."""
    return {
        "kind": item.kind,
        "ref": item.ref,
        "title": item.title,
        "minutes": item.minutes,
        "reason": item.reason,
        "part": item.part,
        "parts": item.parts,
        "has_lab": item.has_lab,
        "lacks": list(item.lacks),
    }


def change_object(change: PlanChange | None) -> dict[str, Any] | None:
    """Return what a plan changed as the object that `--json` prints."""
    if change is None:
        return None
    return {
        "cost": change.cost,
        "ended": change.ended,
        "ends": change.ends,
        "set_out": change.set_out,
        "moved": [
            {"kind": m.kind, "ref": m.ref, "before": m.before, "after": m.after}
            for m in change.moved
        ],
        "dropped": [each.ref for each in change.dropped],
        "taken_up": list(change.taken_up),
    }


def long_day(day: date) -> str:
    """Return a day such as `Thursday, 26 November 2026`."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def short_day(day: date) -> str:
    """Return a day such as `Thu 26 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def _work_lines(items: Iterable[WorkView], why: bool = True) -> Iterable[str]:
    for item in items:
        mark = " " if item.has_lab else "·"
        part = f", day {item.part} of {item.parts}" if item.parts > 1 else ""
        yield f"{mark} {item.minutes:4} min  {VERBS[item.kind]:7} {_name(item)}{part}"
        if why and item.reason:
            yield f"             {item.reason}"
        if item.lacks:
            yield f"             lacks {', '.join(item.lacks)}"
        if why and not item.has_lab:
            said = f"gradus today --done {item.ref}"
            yield f"             no lab yet: learn it in your own way, then {said}"
        elif why and item.by_tick:
            yield f"             when it is done: gradus today --done {item.ref}"


def _name(item: WorkView) -> str:
    return f"{item.ref} {item.title}" if item.kind in ("lesson", "lab") else item.title


def _left_out_lines(left_out: tuple[LeftOut, ...], optimal: bool, gap: float) -> list[str]:
    if not left_out:
        return []
    how = "proved to be worth most" if optimal else f"within {gap:.1%} of what is worth most"
    lines = [f"The time does not hold everything. What is kept is {how}. Left out:"]
    lines += [f"  {each.ref} {each.title} ({each.minutes} min)" for each in left_out][
        :SHOWN_LEFT_OUT
    ]
    if len(left_out) > SHOWN_LEFT_OUT:
        lines.append(f"  … and {len(left_out) - SHOWN_LEFT_OUT} more")
    return [*lines, ""]


def _count(number: int, noun: str) -> str:
    return counted(number, noun) if number else ""
