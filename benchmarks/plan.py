"""Planning, replanning, many learners, and how it grows with the catalogue.

Run with `make bench-plan` or `python -m benchmarks.plan`. CPU seconds of one process; everything
is measured in one run, so the ratios hold on any machine.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.worlds import made_up_catalogue, made_up_track
from gradus.catalogue import load_catalogue
from gradus.core.basis import PlanBasis, StudyRecord
from gradus.core.catalogue import Catalogue
from gradus.core.learner import LearnerProfile
from gradus.core.track import Stage, Track
from gradus.planner import make_plan, replan

ROOT = Path(__file__).resolve().parent.parent
START = date(2027, 1, 4)
TWO_YEARS = START + timedelta(days=2 * 365)
FEW_HOURS = (30, 0, 0, 30, 0, 45, 30)
"""Two hours and a quarter a week: two years do not hold the curriculum, so the solver is asked."""
LEARNERS = 1000
SIZES = (56, 112, 250, 500, 1000, 2000)


def cpu(act: Callable[[], object], times: int = 3) -> float:
    """Return the median CPU seconds of a call."""
    values = []
    for _ in range(times):
        begin = time.process_time()
        act()
        values.append(time.process_time() - begin)
    return statistics.median(values)


def whole_curriculum(catalogue: Catalogue) -> Track:
    """Return a track that names every item of the curriculum."""
    return Track("all", "All", "", "", (Stage("all", "All", tuple(catalogue.curriculum)),))


def measure(name: str, basis: PlanBasis) -> None:
    """Print what planning and replanning after a missed week take."""
    plan = make_plan(basis)
    first = basis.track.items()[:4]
    later = replace(
        basis,
        today=basis.today + timedelta(days=14),
        record=StudyRecord(finished=frozenset(first)),
    )
    making = cpu(lambda: make_plan(basis))
    moving = cpu(lambda: replan(plan, later))
    proved = "proved" if plan.optimal else f"gap {plan.gap:.2%}"
    print(
        f"{name:<28} {making:7.3f} s {moving:7.3f} s   {len(plan.items):6d} items, "
        f"{len(plan.left_out):4d} left out, {proved}",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    catalogue = load_catalogue(ROOT / "content")
    track = whole_curriculum(catalogue)
    enough = LearnerProfile(start=START)
    short = LearnerProfile(start=START, minutes=FEW_HOURS, target=TWO_YEARS)
    print(f"{'':<28} {'plan':>9} {'replan':>9}")
    count = len(catalogue.curriculum)
    measure(f"{count} items, all of it", PlanBasis(catalogue, track, enough, START))
    measure(f"{count} items, two years hold part", PlanBasis(catalogue, track, short, START))
    learners(catalogue, track)
    for size in SIZES:
        made_up = made_up_catalogue(size)
        hours = LearnerProfile(start=START, minutes=(90,) * 7)
        basis = PlanBasis(made_up, made_up_track(made_up), hours, START)
        ends = make_plan(basis).ends
        assert ends is not None
        half = START + (ends - START) / 2
        measure(f"{size} labs, all of it", basis)
        measure(
            f"{size} labs, half the time",
            replace(basis, profile=replace(hours, target=half)),
        )


def learners(catalogue: Catalogue, track: Track) -> None:
    """Print how many learners' plans are made in a second of one core."""
    items = track.items()
    begin = time.process_time()
    for number in range(LEARNERS):
        minutes = tuple(30 + 15 * ((number + day) % 7) for day in range(7))
        target = START + timedelta(days=200 + number % 300) if number % 2 else None
        profile = LearnerProfile(start=START, minutes=minutes, target=target)  # type: ignore[arg-type]
        record = StudyRecord(finished=frozenset(items[: number % 60]))
        make_plan(PlanBasis(catalogue, track, profile, START, record))
    spent = time.process_time() - begin
    print(f"{LEARNERS} learners, half with a target: {LEARNERS / spent:.1f} plans a CPU second")


if __name__ == "__main__":
    main()
