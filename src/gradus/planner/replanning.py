"""Another plan after something changed: what need not move stays, and what moved is said.

It must not write anything down: whoever asks keeps the plan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from gradus.core.basis import PlanBasis
from gradus.core.errors import UsageError
from gradus.core.plan import LeftOut, Move, Plan, PlanChange, PlanItem
from gradus.planner.amount import Work
from gradus.planner.days import DAY, StudyDays
from gradus.planner.laying import Piece, Wishes, last_day
from gradus.planner.planning import Draft, draft_of, lay_in_time, plan_of
from gradus.planner.steadiness import steady_wishes

STEADY_DAYS = 14
"""Days from today in which nothing moves that need not."""
NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)


def replan(before: Plan, basis: PlanBasis) -> tuple[Plan, PlanChange]:
    """Return the plan of a basis that moves least of an earlier one, and what it changed.

    Raises `UsageError` as `make_plan` does, and where today lies before the earlier plan was made.
    """
    refuse_a_clock_that_went_back(before, basis.today)
    kept = frozenset(item.ref for item in before.items if item.is_work)
    draft = draft_of(basis, kept)
    pieces = _as_it_stands(draft, before) or lay_in_time(draft, _wishes(draft, before))
    after = plan_of(draft, pieces, before.set_out if before.track == basis.track.id else None)
    return after, change_of(before, after, basis.record.finished)


def _as_it_stands(draft: Draft, before: Plan) -> tuple[Piece, ...] | None:
    """Return the earlier plan's pieces where they are still right and nothing is gained by others.

    They are right where they hold just the work that is left, no day holds too much, and needs
    come first. Others gain something where a plan made from nothing ends on an earlier day, or,
    at the source's pace, on another one.
    """
    pieces = tuple(
        Piece(item.day, item.work, item.minutes)
        for item in before.items
        if item.is_work and item.day >= draft.basis.today
    )
    if not _are_right(pieces, draft.choice.kept, draft.days):
        return None
    fresh = last_day(lay_in_time(draft, [Wishes(windows=draft.windows)]))
    ends = last_day(pieces)
    if fresh is None or ends is None or fresh < ends or (draft.windows and fresh != ends):
        return None
    return pieces


def _are_right(pieces: Sequence[Piece], work: Sequence[Work], days: StudyDays) -> bool:
    """Return whether pieces hold just the work, within the days, and needs first."""
    kept = {each.key: each for each in work}
    left = {each.key: each.minutes for each in work}
    filled: Counter[date] = Counter()
    for day, key, minutes in pieces:
        if left.get(key, 0) < minutes or any(left.get(need, 0) for need in kept[key].needs):
            return False
        first = kept[key].not_before
        if first is not None and day < first:
            return False
        left[key] -= minutes
        filled[day] += minutes
    return not any(left.values()) and all(days.work(day) >= filled[day] for day in filled)


def _wishes(draft: Draft, before: Plan) -> Iterator[Wishes]:
    """Yield how the work is laid: two weeks steady, else one, else as in a first plan."""
    for days in (STEADY_DAYS, STEADY_DAYS // 2):
        steady = steady_wishes(draft.choice.kept, draft.days, before.items, days)
        yield replace(steady, windows=draft.windows)
    yield Wishes(windows=draft.windows)


def refuse_a_clock_that_went_back(before: Plan, today: date) -> None:
    """Raise `UsageError` where a plan was made after today."""
    if today < before.made_on:
        raise UsageError(
            f"Today is {today}, and your plan was made on {before.made_on}: the clock of this "
            "machine went back, or its time zone changed. Set its date right and try again; your "
            "plan stays as it is.\n"
            f"If the date is right now, wait for {before.made_on}, or lay the plan anew:\n"
            "gradus plan --anew"
        )


def change_of(before: Plan, after: Plan, finished: Iterable[str] = ()) -> PlanChange:
    """Return what differs between two plans; what was finished meanwhile has not moved."""
    done = set(finished)
    held = {item.ref: item.title for item in before.items if item.is_work}
    holds = {item.ref: item.title for item in after.items if item.is_work}
    dropped = tuple(each for each in after.left_out if each.ref in held)
    return PlanChange(
        moved=_moves(before, after, done),
        dropped=dropped,
        taken_up=tuple(title for ref, title in holds.items() if ref not in held),
        ended=before.ends,
        ends=after.ends,
        set_out=after.set_out,
        cost=_cost(before, after, dropped),
    )


def _moves(before: Plan, after: Plan, done: set[str]) -> tuple[Move, ...]:
    """Return what changed its day among the days until two weeks from now.

    A piece has not moved where some of the same work stands on the same day as before. A day that
    lies behind counts only for work of which more is left than stood from today on.
    """
    end = after.made_on + STEADY_DAYS * DAY
    stood, stands = _by_work(before.items), _by_work(after.items)
    moves: list[Move] = []
    for work, new in stands.items():
        old = stood.get(work, {})
        ahead = sum(item.minutes for day, item in old.items() if day >= after.made_on)
        is_missed = sum(item.minutes for item in new.values()) > ahead
        gone = [
            day
            for day in old
            if day not in new and day < end and (day >= after.made_on or is_missed)
        ]
        moves += _paired(new, gone, [day for day in new if day not in old], end)
    for work, old in stood.items():
        item = next(iter(old.values()))
        if work not in stands and item.ref not in done:
            moves += _paired(old, [day for day in old if day < end], [], end)
    return tuple(sorted(moves, key=lambda move: (move.before or move.after or end, move.ref)))


def _paired(
    items: Mapping[date, PlanItem], gone: Sequence[date], come: Sequence[date], end: date
) -> list[Move]:
    """Return the moves of one piece of work from the days that it left to those that it took."""
    item = next(iter(items.values()))
    soon = [day for day in come if day < end]
    taken = list(come)[: max(len(gone), len(soon))]
    return [
        Move(item.kind, item.ref, item.title, left, took)
        for left, took in zip_longest(gone, taken)
        if left is not None or took in soon
    ]


def _by_work(items: Iterable[PlanItem]) -> dict[str, dict[date, PlanItem]]:
    """Return the days of each piece of work."""
    days: dict[str, dict[date, PlanItem]] = {}
    for item in items:
        if item.is_work:
            days.setdefault(item.work, {})[item.day] = item
    return days


def _cost(before: Plan, after: Plan, dropped: Sequence[LeftOut]) -> str:
    """Return one sentence on what the change costs, or two where something is left out."""
    return " ".join(filter(None, [_cost_in_days(before, after), _cost_in_work(dropped)]))


def _cost_in_days(before: Plan, after: Plan) -> str:
    ends, than = after.ends, after.set_out
    if ends is None or than is None:
        return "" if before.ends is None else "Nothing is left to be done."
    if ends == than:
        return "You finish on the day for which you set out."
    span = span_in_words(abs((ends - than).days))
    return f"You finish {span} {'later' if ends > than else 'earlier'} than you set out."


def _cost_in_work(dropped: Sequence[LeftOut]) -> str:
    if not dropped:
        return ""
    hours = sum(each.minutes for each in dropped) / 60
    piece = "One piece" if len(dropped) == 1 else f"{_number(len(dropped)).capitalize()} pieces"
    verb = "finds" if len(dropped) == 1 else "find"
    return f"{piece} of work of {hours:.1f} hours {verb} no place any more."


def span_in_words(days: int) -> str:
    """Return a stretch of days as a person says it, such as `two weeks`."""
    count, unit = (days, "day") if days < 14 else (round(days / 7), "week")
    return f"{_number(count)} {unit}{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)
