"""What comes back when: schedules computed from raw reviews, never stored.

The memory model is FSRS, without chance in its intervals; a later version of it computes
every schedule again from the same reviews.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version

import fsrs

from gradus.core.review import Grade, Review

DayOf = Callable[[datetime], date]
"""Which day of the learner's a moment belongs to."""
SCHEDULER = f"fsrs {version('fsrs')}"
"""What computes the intervals; each answer keeps under which one it was given."""
STEP = timedelta(minutes=10)
"""A card that was not remembered comes back after this."""
AHEAD = timedelta(minutes=20)
"""Where nothing else is due, a card that comes back within this is asked now."""
MOST_FAILURES = 8
"""A card that was not remembered this often is set aside."""
LONGEST_DAYS = 365
"""Everything comes back at least once a year."""
USUAL_SECONDS, USUAL_CARDS = 30.0, 20
"""What a card takes while there is little to learn from, and how many cards that weighs as."""

CARDS = fsrs.Scheduler(
    learning_steps=(STEP,),
    relearning_steps=(STEP,),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)
LABS = fsrs.Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)
"""For labs done again: no steps within a day, because a lab is no card."""
RATINGS = {
    Grade.AGAIN: fsrs.Rating.Again,
    Grade.HARD: fsrs.Rating.Hard,
    Grade.GOOD: fsrs.Rating.Good,
    Grade.EASY: fsrs.Rating.Easy,
}


@dataclass(frozen=True, slots=True)
class Memory:
    """What the reviews say about one thing that comes back."""

    item: str
    """Which one."""
    due: datetime
    """When it comes back."""
    last: datetime
    """When it was answered last, as the clock stood."""
    stability: float
    """Days after which nine of ten would still remember it."""
    difficulty: float
    """From 1, easy, to 10."""
    within_day: bool
    """Whether it comes back after minutes and not after days."""
    step: int | None
    """Which of the steps within a day it is at."""
    relearning: bool
    """Whether it had been remembered over days before."""
    answers: int = 1
    """How often it was answered."""
    failures: int = 0
    """How often it was not remembered since it was last brought back."""

    @property
    def is_set_aside(self) -> bool:
        """Whether it failed so often that its lab is a better teacher."""
        return self.failures >= MOST_FAILURES


@dataclass(frozen=True, slots=True)
class Today:
    """The moment at which somebody reviews, and what holds for the day."""

    now: datetime
    """This moment."""
    limit: int
    """How many different cards are asked in a day."""
    day_of: DayOf
    """Which day of the learner's a moment belongs to."""

    @property
    def day(self) -> date:
        """The learner's day."""
        return self.day_of(self.now)


@dataclass(frozen=True, slots=True)
class Queue:
    """What is asked on a day."""

    now: tuple[str, ...]
    """What can be asked now, in this order."""
    later: datetime | None
    """When something comes back later today, where nothing can be asked now."""
    over_limit: int
    """How many are due and wait for another day because of the limit."""
    set_aside: tuple[str, ...]
    """What was not remembered too often."""


def without_undone(reviews: Iterable[Review], undone: Collection[int]) -> list[Review]:
    """Return the reviews that stand, in the order of the record."""
    return sorted((each for each in reviews if each.seq not in undone), key=lambda each: each.seq)


def schedule(reviews: Iterable[Review], scheduler: fsrs.Scheduler = CARDS) -> dict[str, Memory]:
    """Return what is remembered how well, from every review that stands."""
    memories: dict[str, Memory] = {}
    for review in reviews:
        after = reviewed(memories.get(review.item), review, scheduler)
        if after is not None:
            memories[review.item] = after
    return memories


def reviewed(
    memory: Memory | None, review: Review, scheduler: fsrs.Scheduler = CARDS
) -> Memory | None:
    """Return a memory after one more review; None for what was never answered.

    A review whose time lies before the last one counts as on the same day.
    """
    if review.grade is None:
        return replace(memory, failures=0, due=review.at) if memory else None
    after, _ = scheduler.review_card(
        _as_card(memory, review.at), RATINGS[review.grade], review.at.astimezone(UTC)
    )
    assert after.stability is not None
    assert after.difficulty is not None
    failed = review.grade is Grade.AGAIN
    return Memory(
        item=review.item,
        due=after.due,
        last=review.at.astimezone(UTC),
        stability=after.stability,
        difficulty=after.difficulty,
        within_day=after.state is not fsrs.State.Review,
        step=after.step,
        relearning=after.state is fsrs.State.Relearning,
        answers=memory.answers + 1 if memory else 1,
        failures=(memory.failures if memory else 0) + failed,
    )


def queue(
    items: Sequence[str],
    memories: Mapping[str, Memory],
    answered_today: Collection[str],
    today: Today,
) -> Queue:
    """Return what is asked now: what is back within the day, what is due, then what is new.

    `items` are those that may be asked, new ones in this order. The limit counts different
    items in a day; one that was answered today already comes back beyond it.
    """
    known = [memories[each] for each in items if each in memories]
    asked = sorted((each for each in known if not each.is_set_aside), key=_by_due)
    within = [each for each in asked if each.within_day]
    wanted = [
        *(each.item for each in within if each.due <= today.now),
        *(m.item for m in asked if not m.within_day and today.day_of(m.due) <= today.day),
        *(each for each in items if each not in memories),
    ]
    others = [each for each in wanted if each not in answered_today]
    left = max(0, today.limit - len(set(answered_today)))
    over = set(others[left:])
    shown = [each for each in wanted if each not in over]
    coming = [each for each in within if each.due > today.now and each.item in answered_today]
    if not shown:
        shown = [each.item for each in coming if each.due <= today.now + AHEAD]
    return Queue(
        tuple(shown),
        coming[0].due if coming and not shown else None,
        len(over),
        tuple(each.item for each in known if each.is_set_aside),
    )


def due_labs(memories: Mapping[str, Memory], today: Today) -> tuple[str, ...]:
    """Return the labs that come back to be done again, the longest due first."""
    due = (each for each in memories.values() if today.day_of(each.due) <= today.day)
    return tuple(each.item for each in sorted(due, key=_by_due))


def due_counts(
    items: Sequence[str],
    memories: Mapping[str, Memory],
    today: Today,
    n_days: int,
    *,
    arriving: Mapping[int, int] | None = None,
    scheduler: fsrs.Scheduler = CARDS,
) -> tuple[int, ...]:
    """Return how many reviews fall on today and on each of the days after it.

    Each is taken to be answered well on its day; what the limit does not let through moves to
    the next. `arriving` says how many new ones come on which day ahead.
    """
    coming: list[list[Memory | None]] = [[] for _ in range(n_days)]
    for item in items:
        memory = memories.get(item)
        if memory is None:
            coming[0].append(None)
        elif not memory.is_set_aside:
            _put(coming, memory, (today.day_of(memory.due) - today.day).days)
    for ahead, count in (arriving or {}).items():
        for _ in range(count):
            _put(coming, None, ahead)
    counts = []
    for ahead, waiting in enumerate(coming):
        waiting.sort(key=lambda each: (each is None, each.due if each else today.now))
        at = today.now + timedelta(days=ahead)
        for each in waiting[: today.limit]:
            name = each.item if each else ""
            after = reviewed(each, Review(0, name, at, Grade.GOOD), scheduler)
            assert after is not None
            _put(coming, after, max(ahead + 1, (today.day_of(after.due) - today.day).days))
        for each in waiting[today.limit :]:
            _put(coming, each, ahead + 1)
        counts.append(len(waiting[: today.limit]))
    return tuple(counts)


def _put(coming: list[list[Memory | None]], thing: Memory | None, ahead: int) -> None:
    if ahead < len(coming):
        coming[max(0, ahead)].append(thing)


def seconds_for_a_card(seconds: Sequence[float]) -> float:
    """Return what a card is taken to need: the usual, drawn to what the learner's own took."""
    return (USUAL_SECONDS * USUAL_CARDS + sum(seconds)) / (USUAL_CARDS + len(seconds))


def expected_review_minutes(counts: Sequence[int], seconds: float) -> tuple[float, ...]:
    """Return the minutes of review on each day, from how many fall on it."""
    return tuple(count * seconds / 60 for count in counts)


def fading_labs(done_again: Iterable[Review]) -> frozenset[str]:
    """Return the labs of which the last claim that was done again did not hold."""
    last = {each.item: each.grade for each in done_again}
    return frozenset(lab for lab, grade in last.items() if grade is Grade.AGAIN)


def _by_due(memory: Memory) -> tuple[datetime, str]:
    return memory.due, memory.item


def _as_card(memory: Memory | None, at: datetime) -> fsrs.Card:
    if memory is None:
        return fsrs.Card(card_id=0, due=at.astimezone(UTC))
    state = fsrs.State.Review
    if memory.within_day:
        state = fsrs.State.Relearning if memory.relearning else fsrs.State.Learning
    return fsrs.Card(
        card_id=0,
        state=state,
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last,
    )
