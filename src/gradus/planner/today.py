"""What to do now, in the minutes at hand: reviews that are due, then the plan.

It must not change the plan: whatever is not done today is laid anew by another one.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from gradus.core.errors import UsageError
from gradus.core.plan import ItemKind, Plan, PlanItem
from gradus.planner.days import REVIEWS_AT_MOST
from gradus.planner.laying import LEAST_PIECE
from gradus.planner.replanning import refuse_a_clock_that_went_back


@dataclass(frozen=True, slots=True)
class TodayItems:
    """What fits into the minutes at hand."""

    items: tuple[PlanItem, ...]
    """In the order in which it is done; cut to the minutes where it is longer."""
    minutes: int
    """What all of it takes."""
    left: int
    """Minutes at hand that nothing fills."""
    ahead: bool = False
    """Whether something of it stands on a later day, because today's is done."""


def today_items(
    plan: Plan,
    today: date,
    minutes: int | None = None,
    *,
    review_minutes: int = 0,
    finished: Collection[str] = (),
) -> TodayItems:
    """Return what to do today in so many minutes; without them, what the plan has for today.

    Due reviews come first, then what was left of earlier days, then today's. With more minutes at
    hand than that takes, the next of the plan follow. Of the minutes at hand reviews take at most
    as large a share as in the plan, where more than a small piece of work fits, and besides what
    the whole plan leaves empty. `finished` has the keys, such as `lab:M01`, or the ids of what is
    done since the plan was made. Raises `UsageError` for a number of minutes that holds nothing,
    or where today lies before the plan was made.
    """
    if minutes is not None and minutes <= 0:
        raise UsageError(
            f"In {minutes} minutes nothing can be done. Give the minutes that you have, from 1."
        )
    refuse_a_clock_that_went_back(plan, today)
    to_do = [
        item
        for item in plan.items
        if item.is_work and item.ref not in finished and item.work not in finished
    ]
    now = [item for item in to_do if item.day <= today]
    later = [item for item in to_do if item.day > today]
    if minutes is None:
        minutes = review_minutes + sum(item.minutes for item in now)
        later = []
    elif minutes >= 2 * LEAST_PIECE:
        spare = minutes - sum(item.minutes for item in to_do)
        review_minutes = min(review_minutes, max(spare, int(minutes * REVIEWS_AT_MOST)))
    taken: list[PlanItem] = []
    left = minutes
    if review_minutes and left:
        taken.append(
            PlanItem(today, ItemKind.REVIEW, "", "Review", min(review_minutes, left), "due today")
        )
        left -= taken[0].minutes
    for item in [*now, *later]:
        if not left:
            break
        taken.append(replace(item, minutes=min(item.minutes, left)))
        left -= taken[-1].minutes
    ahead = any(item.day > today for item in taken)
    return TodayItems(tuple(taken), minutes - left, left, ahead)
