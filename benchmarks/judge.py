"""The judge beside other graders: verdicts, throughput, memory, the floor, the machinery's share.

Run with `make bench` or `python -m benchmarks.judge [LAB …]`. Everything is measured in one run on
one machine, beside its load, and each figure is printed as soon as it is known; quote the ratios.
Goals stand behind the figures. Claims draw as many examples as in `benchmarks.feedback`. `--long`
repeats more, `--without-peers` leaves the other graders out, `--only` runs one section.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.feedback import (
    ROOT,
    Times,
    cold,
    cold_environment,
    draw_enough,
    floor,
    solution_of,
    timed,
    warm,
)
from benchmarks.peers import Missing, NbGrader, Otter, set_up
from gradus.catalogue import load_catalogue
from gradus.core.lab import Lab, Profile
from gradus.desk.environments import find_runtime
from gradus.judge import Pool, judge, read_submission
from gradus.sandbox import kernel
from gradus.sandbox.outcomes import Returned

LABS = {"metrics-from-scratch": 50, "linear-regression": 50, "attention": 100}
"""A NumPy, a scikit-learn and a torch lab, with the goal of a whole verdict in milliseconds."""
LEARNERS = (1, 2, 4, 8)
SECTIONS = ("verdicts", "throughput")


@dataclass(frozen=True)
class Amounts:
    """How often each thing is done."""

    warm: int = 30
    """Verdicts of a warm judge."""
    cold: int = 2
    """Runs of pytest in a new process."""
    peers: int = 1
    """Gradings of each other grader."""
    calls: int = 50
    """Forks with one call."""
    seconds: float = 4.0
    """How long the learners of one throughput work."""
    patience: float = 20.0
    """After how many seconds one figure is not measured again, on a busy machine."""


LONG = Amounts(warm=200, cold=10, peers=5, calls=500, seconds=20.0, patience=600.0)


def line(label: str, times: Times, goal: str = "") -> None:
    """Print one row."""
    runs = f"   {len(times.values)} runs"
    said = f"   goal {goal}" if goal else ""
    print(f"  {label:44}{times.median:9.1f} ms   p95 {times.p95:9.1f} ms{runs}{said}", flush=True)


def figure(label: str, number: float, said: str = "") -> None:
    """Print one number."""
    print(f"  {label:44}{number:9.1f}{said}", flush=True)


def bare_call(lab: Lab, pool: Pool, folder: Path, amounts: Amounts) -> Times:
    """Fork, one call, reply: what no verdict can be faster than."""
    folder.mkdir()
    (folder / "one.py").write_text("def one(x):\n    return x\n")

    def call() -> None:
        with pool.child(lab, folder, lab.limits, Profile.COMPUTE) as child:
            module = child.request("import_file", path="one.py", name="one", timeout=60)
            assert isinstance(module, Returned)
            function = child.request("get", ref=module.ref, name="one", timeout=60)
            assert isinstance(function, Returned)
            child.request("call", ref=function.ref, args=[1.0], timeout=60)

    call()
    return timed(call, amounts.calls, amounts.patience)


def memory(lab: Lab, pool: Pool, folder: Path) -> tuple[float, float]:
    """Return MiB of the warm parent and of a child of it, shared memory by its shares."""
    alone = pool.held_mb()
    with pool.child(lab, folder, lab.limits, Profile.COMPUTE) as child:
        child.request("put", value=1, timeout=60)
        return alone, kernel.share_kb(child.pid) / 1024


def processor_time(lab: Lab, path: Path, pool: Pool, times: int) -> tuple[float, float]:
    """Return milliseconds of processor time of a verdict: in the judge, and in the child."""
    submission = read_submission(lab, path.parent)
    own, others = [], []
    for seed in range(times):
        before = time.process_time()
        judgement = judge(lab, submission, seed=seed, pool=pool)
        own.append(1e3 * (time.process_time() - before))
        others.append(1e3 * judgement.figures["cpu_seconds"])
    return statistics.median(own), statistics.median(others)


def peers_of(lab: Lab, path: Path, place: Path, amounts: Amounts) -> Iterator[tuple[str, Times]]:
    """Yield what the other graders take, and say which could not be had."""
    runtime = find_runtime(load_catalogue())(lab.environment, lab.imports)
    own = next(runtime.python.parent.parent.glob("lib/python*/site-packages"))
    variables = cold_environment(lab, path)
    variables["PYTHONPATH"] = os.pathsep.join([str(own), variables["PYTHONPATH"]])
    for kind in (Otter, NbGrader):
        folder = place / kind.name
        folder.mkdir()
        try:
            peer = kind(set_up(), folder, variables)
            yield kind.name, timed(peer.grade, amounts.peers, amounts.patience)
        except Missing as missing:
            print(f"  {kind.name} is left out: {missing}")


def report(lab: Lab, goal: float, amounts: Amounts, with_peers: bool) -> None:
    """Print one lab's figures."""
    find = find_runtime(load_catalogue())
    python = find(lab.environment, lab.imports).python
    print(f"{lab.environment} lab {lab.id}, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as name, Pool(find) as pool:
        place = Path(name)
        path = solution_of(lab, place / lab.id)
        submission = read_submission(lab, path.parent)
        line("first check after start", timed(lambda: judge(lab, submission, seed=0, pool=pool), 1))
        quick = warm(lab, path, pool, amounts.warm, amounts.patience)
        line("save to verdict, warm", quick, f"{goal:g} ms")
        line("floor: fork, one call, reply", bare_call(lab, pool, place / "one", amounts))
        share_of_machinery(lab, path, python, pool, quick)
        parent_mb, child_mb = memory(lab, pool, place / "one")
        figure("memory of the warm parent", parent_mb, " MiB")
        figure("memory of each child", child_mb, " MiB")
        slow = cold(lab, path, python, amounts.cold, amounts.patience)
        line("cold pytest with Hypothesis", slow)
        figure("  times a warm verdict", slow.median / quick.median)
        for label, times in peers_of(lab, path, place, amounts) if with_peers else ():
            line(label, times)
            figure("  times a warm verdict", times.median / quick.median, "   goal 50")
    print()


def share_of_machinery(lab: Lab, path: Path, python: Path, pool: Pool, quick: Times) -> None:
    """Print what a verdict takes besides the learner's code and the oracle."""
    alone = floor(lab, path, python)
    figure("learner's code and oracle alone", alone.with_oracle_ms, " ms of processor time")
    own, child = processor_time(lab, path, pool, 10)
    figure("a verdict in the judge", own, " ms of processor time")
    figure("a verdict in the child", child, " ms of processor time")
    figure(
        "machinery: a verdict less what is alone",
        quick.median - alone.with_oracle_ms,
        " ms   goal 20 ms",
    )


def work_on(name: str, seconds: float) -> None:
    """Judge a reference again and again, as one learner's process; print how often."""
    catalogue = load_catalogue()
    lab = catalogue.lab(name)
    with tempfile.TemporaryDirectory() as place, Pool(find_runtime(catalogue)) as pool:
        submission = read_submission(lab, solution_of(lab, Path(place) / lab.id).parent)
        judge(lab, submission, seed=0, pool=pool)
        print("ready", flush=True)
        sys.stdin.readline()
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            count += 1
            judge(lab, submission, seed=count, pool=pool)
    print(count)


def throughput(name: str, learners: int, seconds: float) -> float:
    """Return verdicts per second with several learners, each a process with its own judge."""
    words = [sys.executable, "-m", "benchmarks.judge", "--learner", name, "--seconds", str(seconds)]

    def begin() -> subprocess.Popen[str]:
        return subprocess.Popen(
            words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    running = [begin() for _ in range(learners)]
    try:
        for each in running:
            assert each.stdout is not None
            each.stdout.readline()
        counts = []
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        for each in running:
            said, _ = each.communicate()
            counts.append(int(said))
    finally:
        for each in running:
            each.kill()
    return sum(counts) / seconds


def main() -> None:
    """Print the figures of a NumPy, a scikit-learn and a torch lab."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("labs", nargs="*", metavar="LAB")
    arguments.add_argument("--long", action="store_true", help="repeat everything more often")
    arguments.add_argument("--without-peers", action="store_true")
    arguments.add_argument("--only", choices=SECTIONS, action="append")
    arguments.add_argument("--learner", metavar="LAB", help=argparse.SUPPRESS)
    arguments.add_argument("--seconds", type=float, default=1.0, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    draw_enough()
    if given.learner:
        work_on(given.learner, given.seconds)
        return
    amounts = LONG if given.long else Amounts()
    if os.getloadavg()[0] > (os.cpu_count() or 1) / 2:
        print("This machine is busy: the goals are those of an idle one; compare the ratios.\n")
    catalogue = load_catalogue()
    names, sections = given.labs or list(LABS), given.only or SECTIONS
    if "verdicts" in sections:
        for name in names:
            report(catalogue.lab(name), LABS.get(name, 50), amounts, not given.without_peers)
    if "throughput" in sections:
        print(f"{names[0]}: verdicts a second, load {os.getloadavg()[0]:.1f}", flush=True)
        for count in LEARNERS:
            goal = "   goal 60" if count > 1 else ""
            figure(f"{count} learners", throughput(names[0], count, amounts.seconds), goal)


if __name__ == "__main__":
    main()
