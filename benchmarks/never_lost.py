"""`kill -9` at random moments, hundreds of times, while a learner saves: is anything lost?

Run with `make never-lost` or `python -m benchmarks.never_lost --count 500`; it goes on where it was
stopped. The map in the browser, the watcher and one check after the other work in one workspace,
and one process after the other is killed: a judge, the watcher, the web, a warm parent, a child.
Between two kills somebody was shown an attempt, unless that took too long. After every kill the
record opens, holds every attempt that was shown before, and the learner's file is as it was saved;
nothing that the dead one started lives on. Every twentieth time, and at the end, the whole chain
of the record is computed again.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gradus.ledger import Ledger
from gradus.sandbox import kernel

LAB, FILE = "matmul", "matmul.py"
VICTIMS = ("judge", "watcher", "web", "warm parent", "child")
EVERY = 20
PATIENCE, MOST_WAITED = 60.0, 20.0
SHOWN_IN_A_PAGE = re.compile(r"seed (\d+)</span><span> · attempt \d+")
ROOT = Path(__file__).resolve().parent.parent


class Lost(AssertionError):
    """Something was lost; the sentence says what."""


class Learner:
    """A workspace in which somebody saves again and again, and what was shown there."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.environment = {
            **os.environ,
            "GRADUS_WORKSPACE": str(place / "workspace"),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self.folder = place / "workspace" / "labs" / LAB
        self.record = place / "workspace" / ".gradus" / "ledger.db"
        self.shown: set[int] = set()
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.n_saved = 0
        self.saved = b""

    def save(self) -> None:
        """Save other work, in place or by replacing the file, as editors do."""
        with self.lock:
            self.n_saved += 1
            body = "return [[0]]" if self.n_saved % 2 else "return [list(row) for row in a]"
            text = f"# save {self.n_saved}\n\n\ndef matmul(a, b):\n    {body}\n"
            self.saved = text.encode()
            if self.n_saved % 3:
                (self.folder / FILE).write_bytes(self.saved)
            else:
                other = self.folder / f".{FILE}.new"
                other.write_bytes(self.saved)
                other.replace(self.folder / FILE)

    def keep_saving(self) -> None:
        """Save until it is over."""
        while not self.over.wait(random.uniform(0.2, 1.0)):
            self.save()

    def show(self, line: str) -> None:
        """Take note of an attempt that a command showed, whole line by whole line."""
        with suppress(ValueError):
            answer = json.loads(line)
            if answer.get("verdict") in ("PASSED", "FAILED", "STOPPED"):
                self.shown.add(int(answer["seed"]))


class Actor:
    """A process that judges for the learner, started again whenever it has ended."""

    def __init__(self, learner: Learner, *words: str) -> None:
        self.learner, self.words = learner, words
        self.process: subprocess.Popen[str] | None = None
        self.acting = threading.Thread(target=self._act, daemon=True)
        self.acting.start()

    def _act(self) -> None:
        while not self.learner.over.is_set():
            with subprocess.Popen(
                [sys.executable, "-m", "gradus", *self.words, "--json"],
                env=self.learner.environment,
                cwd=self.learner.place,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            ) as self.process:
                assert self.process.stdout is not None
                for line in self.process.stdout:
                    self.learner.show(line)
                    if '"url"' in line:
                        threading.Thread(target=self._read_page, args=(line,), daemon=True).start()

    def end(self) -> None:
        """Kill it until it is no longer started again."""
        while self.acting.is_alive():
            for pid in self.family()[:1]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.acting.join(0.1)

    def _read_page(self, line: str) -> None:
        """Follow a lab's page, and take note of each attempt that it shows."""
        with suppress(OSError, ValueError):
            url = json.loads(line)["url"]
            with urllib.request.urlopen(f"{url}labs/{LAB}/events", timeout=PATIENCE) as stream:
                for news in stream:
                    if b'"html"' in news:
                        text = json.loads(news.removeprefix(b"data: "))["html"]
                        found = SHOWN_IN_A_PAGE.findall(text)
                        self.learner.shown.update(map(int, found))

    def family(self) -> list[int]:
        """Return the process and all that it started, outermost first."""
        process = self.process
        if process is None or process.poll() is not None:
            return []
        return kernel.family(process.pid)


@contextmanager
def at_work(place: Path) -> Iterator[tuple[Learner, dict[str, Actor]]]:
    """A learner at work with the watcher, the web and one check after the other."""
    learner = Learner(place)
    (place / "workspace").mkdir(parents=True, exist_ok=True)
    opened = subprocess.run(
        [sys.executable, "-m", "gradus", "open", LAB],
        env=learner.environment,
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    if opened.returncode:
        raise SystemExit(opened.stderr)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    learner.save()
    saving = threading.Thread(target=learner.keep_saving)
    saving.start()
    actors = {
        "judge": Actor(learner, "check", LAB),
        "watcher": Actor(learner, "watch"),
        "web": Actor(learner, "start", "--no-browser", "--port", port),
    }
    try:
        yield learner, actors
    finally:
        learner.over.set()
        saving.join()
        for actor in actors.values():
            actor.end()


def wait_for_an_attempt(learner: Learner) -> None:
    """Let the survivors show something new, so that kills do not fall on starting processes."""
    before, until = len(learner.shown), time.monotonic() + MOST_WAITED
    while len(learner.shown) == before and time.monotonic() < until:
        time.sleep(0.02)


def kill_one(kind: str, actors: dict[str, Actor]) -> list[int]:
    """Kill one process of a kind at a random moment; return what must end with it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(random.uniform(0.05, 1.5))
        actor = actors.get(kind) or actors[random.choice(list(actors))]
        family = actor.family()
        depth = {"warm parent": 1, "child": 3}.get(kind, 0)
        chosen = family[depth : depth + 2] if kind == "warm parent" else family[depth:]
        if not chosen:
            continue
        victim = chosen[0] if depth == 0 else random.choice(chosen)
        doomed = kernel.family(victim)
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            return doomed
    raise Lost(f"there was no {kind} to kill within {PATIENCE:g} seconds")


def must_be_whole(learner: Learner, doomed: list[int], whole_chain: bool) -> None:
    """Raise Lost where anything is not as it was before the kill."""
    shown = set(learner.shown)
    if learner.record.exists():
        with Ledger.open(learner.record) as ledger:
            if whole_chain:
                ledger.verify()
            kept = {int(row.facts["seed"]) for row in ledger.rows("attempt")}
        if not shown <= kept:
            raise Lost(f"{len(shown - kept)} attempts were shown and are not in the record")
    with learner.lock:
        if (learner.folder / FILE).read_bytes() != learner.saved:
            raise Lost("the learner's file is not as it was saved")
    until = time.monotonic() + PATIENCE
    while alive := [pid for pid in doomed if is_alive(pid)]:
        if time.monotonic() > until:
            raise Lost(f"{len(alive)} processes of the one that was killed live on")
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and is not collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def run(place: Path, count: int, say: Callable[[str], None] = print) -> Counter[str]:
    """Kill until `count` kills are done, those of earlier runs in this place among them."""
    progress = place / "progress.json"
    done: Counter[str] = Counter()
    if progress.exists():
        done.update(json.loads(progress.read_text()))
    if done.total() >= count:
        return done
    with at_work(place) as (learner, actors):
        while done.total() < count:
            kind = VICTIMS[done.total() % len(VICTIMS)]
            wait_for_an_attempt(learner)
            doomed = kill_one(kind, actors)
            last = done.total() + 1 == count
            must_be_whole(learner, doomed, last or (done.total() + 1) % EVERY == 0)
            done[kind] += 1
            progress.write_text(json.dumps(done))
            if done.total() % EVERY == 0 or last:
                attempts = f"{len(learner.shown)} attempts shown"
                say(f"{done.total()} of {count} kills; {learner.n_saved} saves, {attempts}")
    return done


def main() -> None:
    """Run, and print what was killed and that nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--place", type=Path, default=ROOT / "build" / "never-lost")
    parser.add_argument("--anew", action="store_true", help="begin again")
    chosen = parser.parse_args()
    if chosen.anew:
        shutil.rmtree(chosen.place, ignore_errors=True)
    chosen.place.mkdir(parents=True, exist_ok=True)
    done = run(chosen.place, chosen.count)
    killed = ", ".join(f"{number} of a {kind}" for kind, number in done.items())
    print(f"{done.total()} kills ({killed}): nothing was lost.")


if __name__ == "__main__":
    main()
