"""The judge beside other graders: verdicts, throughput, memory, the floor, the machinery's share.

Run with `make bench` or `python -m benchmarks.judge [LAB …]`. Everything is measured in one run on
one machine, beside its load; quote the ratios. Goals stand behind the figures.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.feedback import (
    ROOT,
    Times,
    cold,
    cold_environment,
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
THROUGHPUT_SECONDS = 5.0
PEER_RUNS = 3
FLOOR_RUNS = 100


def line(label: str, times: Times, goal: str = "") -> None:
    """Print one row."""
    said = f"   goal {goal}" if goal else ""
    print(f"  {label:44}{times.median:9.1f} ms   p95 {times.p95:9.1f} ms{said}")


def bare_call(lab: Lab, pool: Pool, folder: Path) -> Times:
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
    return timed(call, FLOOR_RUNS)


def memory(lab: Lab, pool: Pool, folder: Path) -> tuple[float, float]:
    """Return MiB of the warm parent and of a child of it, shared memory by its shares."""
    alone = pool.held_mb()
    with pool.child(lab, folder, lab.limits, Profile.COMPUTE) as child:
        child.request("put", value=1, timeout=60)
        return alone, kernel.share_kb(child.pid) / 1024


def peers_of(lab: Lab, path: Path, place: Path) -> list[tuple[str, Times]]:
    """Return what the other graders take, and say which could not be had."""
    found: list[tuple[str, Times]] = []
    runtime = find_runtime(load_catalogue())(lab.environment, lab.imports)
    own = next(runtime.python.parent.parent.glob("lib/python*/site-packages"))
    variables = cold_environment(lab, path)
    variables["PYTHONPATH"] = os.pathsep.join([str(own), variables["PYTHONPATH"]])
    for kind in (Otter, NbGrader):
        folder = place / kind.name
        folder.mkdir()
        try:
            peer = kind(set_up(), folder, variables)
            found.append((kind.name, timed(peer.grade, PEER_RUNS)))
        except Missing as missing:
            print(f"  {kind.name} is left out: {missing}")
    return found


def report(lab: Lab, goal: float, with_peers: bool) -> None:
    """Print one lab's figures."""
    find = find_runtime(load_catalogue())
    python = find(lab.environment, lab.imports).python
    print(f"{lab.environment} lab {lab.id}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name, Pool(find) as pool:
        place = Path(name)
        path = solution_of(lab, place / lab.id)
        submission = read_submission(lab, path.parent)
        first = timed(lambda: judge(lab, submission, seed=0, pool=pool), 1)
        quick = warm(lab, path, pool)
        once = bare_call(lab, pool, place / "one")
        parent_mb, child_mb = memory(lab, pool, place / "one")
        alone = floor(lab, path, python)
        rest = [("cold pytest with Hypothesis", cold(lab, path, python))]
        rest += peers_of(lab, path, place) if with_peers else []
    line("save to verdict, warm", quick, f"{goal:g} ms")
    line("first check after start", first)
    line("floor: fork, one call, reply", once)
    share = quick.median - alone.with_oracle_ms
    print(f"  {'machinery: warm less learner code and oracle':44}{share:9.1f} ms   goal 20 ms")
    for label, times in rest:
        line(label, times)
        wanted = "" if label.startswith("cold") else "   goal 50"
        print(f"  {'  times a warm verdict':44}{times.median / quick.median:9.1f}{wanted}")
    print(
        f"  {'memory of the warm parent, of each child':44}{parent_mb:9.1f} MiB, {child_mb:.1f} MiB"
    )
    print()


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


def throughput(name: str, learners: int) -> float:
    """Return verdicts per second with several learners, each a process with its own judge."""
    words = [sys.executable, "-m", "benchmarks.judge", "--learner", name]

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
    return sum(counts) / THROUGHPUT_SECONDS


def main() -> None:
    """Print the figures of a NumPy, a scikit-learn and a torch lab."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("labs", nargs="*", metavar="LAB")
    arguments.add_argument("--without-peers", action="store_true")
    arguments.add_argument("--learner", metavar="LAB", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.learner:
        work_on(given.learner, THROUGHPUT_SECONDS)
        return
    catalogue = load_catalogue()
    names = given.labs or list(LABS)
    for name in names:
        report(catalogue.lab(name), LABS.get(name, 50), not given.without_peers)
    for count in LEARNERS:
        label = f"{names[0]}: verdicts a second, {count} learners"
        goal = "   goal 60" if count > 1 else ""
        print(f"  {label:58}{throughput(names[0], count):7.1f}{goal}")


if __name__ == "__main__":
    main()
