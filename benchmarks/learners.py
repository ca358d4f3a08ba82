"""Simulated learners live with the planner: are its forecasts honest, and is no card lost?

Run with `make bench-plan` or `python -m benchmarks.learners [LEARNERS]`. Each learner draws
a speed, habits and luck from what its kind is like; the planner sees only what a ledger would
hold. Every four weeks a plan is made anew, its days are compared with the learner's hours, and
its 80 % interval is kept until the day on which the learner is really done. Each lab that is
passed brings cards; they are reviewed for a year at least, and then the learner lives on until
every card was asked once more: one that is not is lost.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from benchmarks.box import Box
from benchmarks.worlds import made_up_catalogue, made_up_track
from gradus.core.basis import PlanBasis, StudyRecord
from gradus.core.learner import LearnerProfile
from gradus.core.plan import Plan
from gradus.planner import make_plan, replan
from gradus.planner.amount import whole_minutes

DAY = timedelta(days=1)
START = date(2027, 1, 4)
WEEKS_BETWEEN = 4
LONGEST = 5 * 366
YEAR = 365
LEARNERS = 20
ITEMS = 60


@dataclass(frozen=True)
class Kind:
    """What learners of a kind have in common; each of them differs a little."""

    speed: float
    """Their minutes over the catalogue's."""
    kept: float
    """Share of the time set aside that they keep, over months."""
    off_weeks: float = 0.0
    """Chance that a good stretch ends with a week; in a bad one nearly nothing is done."""
    forgets: float = 0.0
    """Chance that a piece has to be done once more."""
    recalls: float = 0.9
    """Chance that a card is remembered when it comes back."""


KINDS = {
    "steady": Kind(speed=1.0, kept=0.9),
    "bursty": Kind(speed=1.0, kept=1.1, off_weeks=0.3),
    "forgetful": Kind(speed=1.15, kept=0.75, forgets=0.2, recalls=0.7),
    "fast": Kind(speed=0.65, kept=0.95),
}


@dataclass
class Learner:
    """One life: what is drawn once, and what happened so far."""

    kind: Kind
    seed: str
    finished: set[str] = field(default_factory=set)
    minutes: dict[str, float] = field(default_factory=dict)
    studied: dict[date, float] = field(default_factory=dict)
    is_off: bool = False

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.speed = self.kind.speed * self.draw.lognormvariate(0.0, 0.2)
        self.kept = self.kind.kept * min(1.15, self.draw.lognormvariate(0.0, 0.12))
        self.takes: dict[str, float] = {}

    def begin_week(self) -> None:
        """Change between good and bad stretches."""
        leaves = 0.5 if self.is_off else self.kind.off_weeks
        if self.draw.random() < leaves:
            self.is_off = not self.is_off

    def minutes_of_a_day(self, aside: int) -> float:
        """Return what is studied of the minutes set aside."""
        share = 0.05 if self.is_off else self.kept
        return aside * min(1.5, max(0.0, self.draw.gauss(share, 0.35)))

    def needed(self, ref: str, estimate: int) -> float:
        """Return what a piece really takes: the same in whatever order a planner puts it."""
        if ref not in self.takes:
            draw = random.Random(f"{self.seed} {ref}")
            again = 1.6 if draw.random() < self.kind.forgets else 1.0
            luck = draw.lognormvariate(-0.08, 0.4)
            self.takes[ref] = estimate * self.speed * luck * again
        return self.takes[ref]

    def record(self) -> StudyRecord:
        """Return what a ledger would hold."""
        return StudyRecord(
            frozenset(self.finished), frozenset(), dict(self.minutes), dict(self.studied)
        )

    def study(self, day: date, aside: int, reviews: int, plan: Plan, whole: dict[str, int]) -> None:
        """Spend a day on reviews and on what the plan has next."""
        left = self.minutes_of_a_day(aside)
        if left:
            self.studied[day] = left
        left -= min(left, reviews * (1.5 if self.kind.forgets else 1.0))
        for ref in dict.fromkeys(item.ref for item in plan.items if item.is_work):
            if left <= 0:
                return
            if ref in self.finished:
                continue
            missing = self.needed(ref, whole[ref]) - self.minutes.get(ref, 0.0)
            spent = min(left, missing)
            self.minutes[ref] = self.minutes.get(ref, 0.0) + spent
            left -= spent
            if spent == missing:
                self.finished.add(ref)


@dataclass(frozen=True)
class Life:
    """What came of one learner."""

    done: date
    forecasts: tuple[tuple[int, date, date, date], ...]
    """Weeks lived, early, likely and late."""
    days_over: int
    days: int
    cards: int
    lost: int


def over(plan: Plan, profile: LearnerProfile) -> int:
    """Return on how many days a plan asks for more than the day holds."""
    minutes: dict[date, int] = {}
    for item in plan.items:
        minutes[item.day] = minutes.get(item.day, 0) + item.minutes
    return sum(total > profile.capacity(day) for day, total in minutes.items())


def live(kind: Kind, seed: str) -> Life:
    """Return the life of one learner until everything is done."""
    catalogue = made_up_catalogue(ITEMS)
    profile = LearnerProfile(start=START)
    basis = PlanBasis(catalogue, made_up_track(catalogue), profile, START, review_minutes=10)
    whole = whole_minutes(basis)
    learner, box = Learner(kind, seed), Box(kind.recalls, seed)
    plan = make_plan(basis)
    forecasts, days_over = [], over(plan, profile)
    for number in range(LONGEST):
        day = START + number * DAY
        if number % 7 == 0:
            learner.begin_week()
        if number % (7 * WEEKS_BETWEEN) == 0:
            if number:
                plan, _ = replan(plan, replace(basis, today=day, record=learner.record()))
                days_over += over(plan, profile)
            if plan.ends is None:
                break
            forecasts.append((number // 7, *dates_of(plan)))
        before = set(learner.finished)
        learner.study(day, profile.capacity(day), basis.review_minutes, plan, whole)
        for ref in sorted(learner.finished & catalogue.curriculum.keys() - before):
            box.put(ref)
        done = day
        if not learner.is_off:
            box.review(day, basis.review_minutes)
        if learner.finished.issuperset(item.ref for item in plan.items if item.is_work):
            break
    else:
        raise SystemExit(f"{seed} is never done")
    lived = (done - START).days + 1
    lost = lost_in_the_end(box, lived, basis.review_minutes)
    return Life(done, tuple(forecasts), days_over, lived, len(box.items), lost)


def dates_of(plan: Plan) -> tuple[date, date, date]:
    """Return the early, the likely and the late end of a plan."""
    seen = plan.forecast
    assert seen is not None
    assert seen.likely is not None
    return seen.early, seen.likely, seen.late


def lost_in_the_end(box: Box, lived: int, minutes: int) -> int:
    """Review until a year is over and return how many cards are never asked again after it."""
    for number in range(lived, YEAR):
        box.review(START + number * DAY, minutes)
    return box.lost(START + max(lived, YEAR) * DAY)


def held(lives: list[Life], weeks: range) -> Iterator[tuple[bool, bool]]:
    """Yield for every forecast of these weeks whether it held, and whether the end came later."""
    for life in lives:
        for week, early, _, late in life.forecasts:
            if week in weeks:
                yield early <= life.done <= late, life.done > late


def main() -> None:
    """Let learners of every kind live and print what the forecasts were worth."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LEARNERS
    everything: list[Life] = []
    print(
        f"{'kind':<10} {'weeks':>6} {'over':>5} {'cards':>6} {'lost':>5} {'held':>6} {'later':>6}"
        "   by week of forecast: 0, 1 to 8, 9 to 20, later"
    )
    for name, kind in KINDS.items():
        lives = [live(kind, f"{name} {number}") for number in range(count)]
        everything += lives
        show(name, lives)
    show("all", everything)


def show(name: str, lives: list[Life]) -> None:
    """Print one row."""
    weeks = sum(life.days for life in lives) / len(lives) / 7
    found = list(held(lives, range(1000)))
    rows = [
        list(held(lives, span)) for span in (range(1), range(1, 9), range(9, 21), range(21, 999))
    ]
    shares = [f"{sum(each[0] for each in row) / len(row):4.0%}" if row else "   -" for row in rows]
    print(
        f"{name:<10} {weeks:6.1f} {sum(life.days_over for life in lives):5d} "
        f"{sum(life.cards for life in lives):6d} {sum(life.lost for life in lives):5d} "
        f"{sum(each[0] for each in found) / len(found):6.0%} "
        f"{sum(each[1] for each in found) / len(found):6.0%}   {' '.join(shares)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
