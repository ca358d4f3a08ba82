"""From save to verdict: warm, first after start, under a cold pytest process, and the floor.

Run with `make bench` or `python -m benchmarks.feedback`. Everything is measured in one run on
one machine; quote the ratios. The cold pytest process runs the same claims with Hypothesis in
the lab's own environment, without any isolation. Claims draw 25 examples or more, here and there;
those that draw fewer than ten because each takes long keep their number. BENCH_EXAMPLES=1 leaves
every claim as learners meet it.
"""

import math
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.in_process import measured
from gradus.catalogue import load_catalogue
from gradus.core.lab import EntryKind, Lab
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.environments import find_runtime
from gradus.judge import Pool, draw_ahead, judge, read_submission, variant_submissions
from gradus.judge import drawn as judge_drawn
from gradus.judge.specification import Specification, load_specification

ROOT = Path(__file__).resolve().parent.parent
WARM_RUNS = 40
COLD_RUNS = 5
PAUSE = 0.05
"""Seconds between two saves: nobody saves while the last verdict appears."""


def draw_enough() -> None:
    """Let every judging of this process draw as many examples as are measured."""

    def load(lab: Lab) -> Specification:
        known = load_specification(lab)
        return replace(known, claims=tuple(measured(each) for each in known.claims))

    judge_drawn.load_specification = load  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Times:
    """Milliseconds of repeated runs."""

    values: list[float]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value that one run in twenty exceeds."""
        return sorted(self.values)[min(len(self.values) - 1, int(0.95 * len(self.values)))]


def timed(
    act: Callable[[], object],
    times: int,
    seconds: float = math.inf,
    between: Callable[[], object] = int,
) -> Times:
    """Call something again and again; no more once it took so many seconds, on a busy machine.

    What is called `between`, before each call, is not counted.
    """
    values: list[float] = []
    until = time.perf_counter() + seconds
    while len(values) < times and (not values or time.perf_counter() < until):
        between()
        begin = time.perf_counter()
        act()
        values.append((time.perf_counter() - begin) * 1e3)
    return Times(values)


def solution_of(lab: Lab, folder: Path) -> Path:
    """Copy the reference into a learner's folder and return its file."""
    shutil.copytree(lab.folder / "reference", folder, dirs_exist_ok=True)
    return folder / lab.entry.path


def warm(
    lab: Lab, path: Path, pool: Pool, times: int = WARM_RUNS, seconds: float = math.inf
) -> Times:
    """Save the file, read it again and judge it: what a learner waits for.

    What is tried is drawn between two saves, as at a learner's desk.
    """
    text = path.read_bytes()
    drawn = draw_ahead(lab, 0)

    def save_and_judge() -> None:
        path.write_bytes(text)
        submission = read_submission(lab, path.parent)
        judgement = judge(lab, submission, seed=drawn.seed, pool=pool, drawn=drawn)
        if judgement.verdict is not Verdict.PASSED:
            raise SystemExit(f"the reference of {lab.id} did not pass with seed {drawn.seed}")

    def get_ready() -> None:
        nonlocal drawn
        time.sleep(PAUSE)
        drawn = draw_ahead(lab, drawn.seed + 1)

    save_and_judge()
    return timed(save_and_judge, times, seconds, get_ready)


def wrong(lab: Lab, pool: Pool) -> list[Judgement]:
    """Judge every known-wrong variant once."""
    return [
        judge(lab, each.submission, seed=1, pool=pool) for each in variant_submissions(lab, "wrong")
    ]


def cold_environment(lab: Lab, path: Path) -> dict[str, str]:
    """Return the variables under which the lab's interpreter finds claims, pytest and Gradus."""
    base = find_runtime(load_catalogue())("base", ())
    packages = next(base.python.parent.parent.glob("lib/python*/site-packages"))
    own = sysconfig.get_path("purelib")
    names = lab.entry.names if lab.entry.kind is EntryKind.FUNCTION else ("",)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src"), str(packages), own]),
        "OMP_NUM_THREADS": "1",
        "BENCH_CHECK": str(lab.folder / "check.py"),
        "BENCH_SOLUTION": str(path),
        "BENCH_FUNCTION": names[0],
    }


def cold(
    lab: Lab, path: Path, python: Path, times: int = COLD_RUNS, seconds: float = math.inf
) -> Times:
    """Run the same claims in a new pytest process."""
    command = [
        str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
        "--rootdir", str(ROOT / "benchmarks"), str(ROOT / "benchmarks" / "claims_under_pytest.py"),
    ]  # fmt: skip
    variables = cold_environment(lab, path)

    def run() -> None:
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pytest failed on {lab.id}:\n{done.stdout[-3000:]}{done.stderr}")

    run()
    return timed(run, times, seconds)


@dataclass(frozen=True)
class Alone:
    """What runs without a judge: in one process, with no isolation, in processor time."""

    ms: float
    """Milliseconds of the learner's functions alone."""
    with_oracle_ms: float
    """The same with the claims around them: oracles and comparisons, not the draws."""
    n_claims: int
    """Claims that were run."""
    n_examples: int
    """Examples of them."""
    n_calls: int
    """Calls of the learner's functions."""


def floor(lab: Lab, path: Path, python: Path) -> Alone:
    """Run the learner's functions and the claims in one process of the lab's environment."""
    variables = cold_environment(lab, path)
    command = [
        str(python), "-m", "benchmarks.floor",
        str(lab.folder / "check.py"), str(path), variables["BENCH_FUNCTION"],
    ]  # fmt: skip
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    alone, together, *counts = done.stdout.split()
    return Alone(float(alone) * 1e3, float(together) * 1e3, *map(int, counts))


def report(kind: str, lab: Lab) -> None:
    """Print one lab's figures."""
    find = find_runtime(load_catalogue())
    python = find(lab.environment, lab.imports).python
    with tempfile.TemporaryDirectory() as place, Pool(find) as pool:
        path = solution_of(lab, Path(place) / lab.id)
        submission = read_submission(lab, path.parent)
        first = timed(lambda: judge(lab, submission, seed=0, pool=pool), 1)
        quick = warm(lab, path, pool)
        mistakes = wrong(lab, pool)
        slow = cold(lab, path, python)
        alone = floor(lab, path, python)
    named = sum(each.mistake is not None for each in mistakes)
    naming = Times([each.figures.get("naming_seconds", 0.0) * 1e3 for each in mistakes])
    shrinking = Times([each.figures.get("shrinking_seconds", 0.0) * 1e3 for each in mistakes])
    answered = Times([each.seconds * 1e3 for each in mistakes])
    print(
        f"{kind} lab {lab.id}: {alone.n_claims} claims, {alone.n_examples} examples, "
        f"{alone.n_calls} calls, load {os.getloadavg()[0]:.1f}"
    )
    rows = [
        ("save to verdict, warm", quick),
        ("first check after start", first),
        ("wrong answers: to the verdict", answered),
        ("  then shrinking", shrinking),
        (f"  then naming ({named} of {len(mistakes)} named)", naming),
        ("cold pytest with Hypothesis, same claims", slow),
        ("floor: the functions alone", Times([alone.ms])),
    ]
    for label, times in rows:
        goal = "   goal 100 ms" if times is quick else ""
        print(f"  {label:44}{times.median:9.1f} ms   p95 {times.p95:9.1f} ms{goal}")
    wanted = 25 if lab.environment == "deep" else 10
    print(f"  cold pytest / warm = {slow.median / quick.median:.1f}   goal {wanted}")
    print()


def main() -> None:
    """Print the figures of one NumPy lab and one torch lab."""
    names = sys.argv[1:] or ["metrics-from-scratch", "attention"]
    draw_enough()
    catalogue = load_catalogue()
    for name in names:
        lab = catalogue.lab(name)
        report(lab.environment, lab)


if __name__ == "__main__":
    main()
