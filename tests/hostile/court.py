"""A court: judges one attack after the other from the same warm parents, and looks for harm.

It is a program of its own, so that an ordinary user, or a Gradus installed elsewhere, can run it:
one request a line (attack and profile), one answer a line.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradus.catalogue import content_root, load_catalogue, load_lab
from gradus.core.errors import UsageError
from gradus.core.lab import Lab, Profile
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement
from gradus.desk.environments import find_runtime
from gradus.judge import Pool, judge, read_submission, reference_submission, render
from gradus.sandbox import Runtime, WarmParent, kernel

LABS = Path(__file__).parents[1] / "labs"
LAB = "<lab>"
"""Stands in an attack for the folder of the lab that it is judged by: it is told where to look."""
SEED = 20_261_126
OF_FAMILY = {
    "words": "every-word",
    "services": "echo-service",
    "commands": "count-words",
    "folders": "own-case",
}
"""The lab that a family is judged by; the others hand in a softmax."""
OWN_PROFILE = {"services", "commands", "folders"}
"""Families whose kind of work has one profile only."""
PATIENCE = 20.0
WAITS = "It waits."
"""Stands in the docstring of an attack that ends by the clock alone."""
WAITING, PATIENT = 2.0, 40.0


class Court:
    """Warm parents of one interpreter, and a secret that no attack may reach."""

    def __init__(
        self, place: Path, content: Path = LABS, find: Callable[..., Runtime] | None = None
    ) -> None:
        self.place, self.content = place, content
        self.secret = place / "secret.txt"
        self.secret.write_text("secret")
        (place / "temporary").mkdir()
        tempfile.tempdir = str(place / "temporary")
        self.pool = Pool(find or of_this_interpreter(()))
        names = {path.name for path in (LABS / "labs").iterdir()}
        self.labs = {name: load_lab(content / "labs" / name, content) for name in sorted(names)}
        self.warmed: set[tuple[str, ...]] = set()

    def hear(self, family: str, name: str, profile: str) -> dict[str, Any]:
        """Judge one attack; return the verdict, what is said, what is harmed, and the seconds."""
        attack = Path(__file__).parent / "specimens" / family / f"{name}.py"
        waits = WAITS in attack.read_text()
        lab = self.lab(family, profile, WAITING if waits else PATIENT)
        if lab.imports not in self.warmed:
            self.warmed.add(lab.imports)
            self.honest(lab)
        before = self.state()
        began = time.monotonic()
        try:
            submission = self.submission(lab, family, attack)
            whole = lab.id == "stable-softmax"
            judgement = judge(
                lab, submission, seed=SEED, pool=self.pool, shrink=whole, name_mistakes=whole
            )
            heard = {"verdict": str(judgement.verdict), "says": render(judgement)}
            heard["trouble"] = judgement.trouble
        except UsageError as refused:
            heard = {"verdict": "REFUSED", "says": f"{refused}\n", "trouble": ""}
        heard["seconds"] = time.monotonic() - began
        heard["says"] = heard["says"].replace(str(self.place), "<place>")
        return {**heard, "harm": self.harm(before, lab)}

    def lab(self, family: str, profile: str, wall: float) -> Lab:
        """Return the lab that a family is judged by, under a profile and with short limits.

        Forging is tried on the whole way once: every example, shrinking, naming.
        """
        whole = family == "forging" and profile == Profile.COMPUTE
        usual = "stable-softmax" if whole else "few-examples"
        lab = self.labs[OF_FAMILY.get(family, usual)]
        limits = replace(lab.limits, seconds=1.0, wall_seconds=wall, file_mb=4, processes=8)
        if family in OWN_PROFILE:
            return replace(lab, limits=limits)
        return replace(lab, profile=Profile(profile), limits=replace(limits, seconds=0.5))

    def submission(self, lab: Lab, family: str, attack: Path) -> Submission:
        """Return an attack as it is handed in."""
        folder = self.place / "handed-in"
        remove(folder)
        folder.mkdir()
        try:
            if family == "folders":
                lay(attack, folder)
                return read_submission(lab, folder)
            text = attack.read_bytes().replace(LAB.encode(), str(lab.folder).encode())
            (folder / lab.entry.path).write_bytes(text)
            if family != "commands":
                honest = reference_submission(lab).files[lab.entry.path]
                (folder / "honest.py").write_bytes(honest)
            return read_submission(lab, folder)
        finally:
            remove(folder)

    def honest(self, lab: Lab) -> Judgement:
        """Judge right work from the same warm parent."""
        if lab.id == "stable-softmax":
            lab = replace(self.labs["few-examples"], profile=lab.profile)
        patient = replace(lab.limits, seconds=10.0, wall_seconds=60.0)
        right = reference_submission(lab)
        return judge(replace(lab, limits=patient), right, seed=SEED, pool=self.pool)

    def harm(self, before: dict[str, Any], lab: Lab) -> list[str]:
        """Return what an attack left behind, after a moment in which processes may go."""
        until = time.monotonic() + PATIENCE
        while True:
            found = self.differences(before)
            if not found or time.monotonic() > until:
                break
            time.sleep(0.02)
        judgement = self.honest(lab)
        if judgement.verdict != "PASSED":
            found.append(f"right work is then {render(judgement)}{judgement.trouble}")
        return found

    def differences(self, before: dict[str, Any]) -> list[str]:
        """Return what is not as it was."""
        now = self.state()
        changed = [name for name in now if now[name] != before[name]]
        found = [f"{name}: {before[name]} became {now[name]}" for name in changed]
        most = 1 + 3 * len(self.parents())
        living = still_living(os.getpid())
        return found if len(living) <= most else [*found, f"{living} live"]

    def state(self) -> dict[str, Any]:
        """Return everything that an attack could change in the judge and around it."""
        parents = sorted(each.starter.process.pid for each in self.parents())
        return {
            "warm parents": parents,
            "how they run": [
                how_it_runs(each) for pid in parents for each in kernel.family(pid)[:2]
            ],
            "threads": sum(type(each) is not threading.Timer for each in threading.enumerate()),
            "open files": len(os.listdir("/proc/self/fd")) - self.n_spares_told(),
            "signals": [str(signal.getsignal(each)) for each in sorted(signal.valid_signals())],
            "limits": [resource.getrlimit(each) for each in range(16)],
            "own process": how_it_runs(os.getpid()),
            "folder and environment": (os.getcwd(), dict(os.environ)),
            "modules": {"softmax", "words", "service", "honest"} & set(sys.modules),
            "secret": (self.secret.read_text(), self.secret.stat().st_mtime_ns),
            "temporary files": os.listdir(self.place / "temporary"),
            "shared memory": os.listdir("/dev/shm"),
            "labs": sum(each.stat().st_mtime_ns for each in self.content.rglob("*.*")),
        }

    def parents(self) -> list[WarmParent]:
        """Return the warm parents."""
        return [each.parent for each in self.pool._parents.values()]

    def n_spares_told(self) -> int:
        """Return how many descriptors of spare children have come and wait for their use."""
        starters = [each.starter for each in self.parents()]
        return sum(fd >= 0 for each in starters for _, fd in each.answers.values())

    def close(self) -> None:
        """End the warm parents."""
        self.pool.close()


def still_living(pid: int) -> list[int]:
    """Return a process and everything that it started, without those that have ended."""
    found = []
    for each in kernel.family(pid):
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{each}/stat").read_bytes().rpartition(b")")[2].split()[0]
            found += [each] if state != b"Z" else []
    return found


def how_it_runs(pid: int) -> Any:
    """Return what a stranger could change in how the kernel runs a process."""
    try:
        policy = os.sched_getscheduler(pid)
        return os.getpriority(os.PRIO_PROCESS, pid), os.sched_getaffinity(pid), policy
    except OSError:
        return "gone"


def lay(attack: Path, folder: Path) -> None:
    """Run the `lay(folder)` of an attack that is a folder and not a program."""
    spec = importlib.util.spec_from_file_location("attack", attack)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.lay(folder)


def remove(folder: Path) -> None:
    """Remove a folder of any depth, whose places may not be readable."""
    from gradus.sandbox.folders import remove_tree

    if folder.is_dir():
        remove_tree(folder)


def of_this_interpreter(readable: Sequence[str]) -> Callable[..., Runtime]:
    """Return how to find a runtime: labs run in the interpreter that runs the court."""
    python, places = Path(sys.executable), tuple(map(Path, readable))
    return lambda name, imports: Runtime(python, imports, name, places, (content_root(),))


def main() -> None:
    """Answer requests on standard input until it closes."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("place", type=Path)
    arguments.add_argument("--readable", action="append", default=[], metavar="FOLDER")
    arguments.add_argument("--installed", action="store_true", help="labs of this installation")
    arguments.add_argument("--environments", action="store_true", help="in their environments")
    given = arguments.parse_args()
    content = content_root() if given.installed else LABS
    find = of_this_interpreter(given.readable)
    if given.environments:
        find = find_runtime(load_catalogue())
    court = Court(given.place, content, find)
    try:
        for line in sys.stdin:
            print(json.dumps(court.hear(*json.loads(line))), flush=True)
    finally:
        court.close()


if __name__ == "__main__":
    main()
