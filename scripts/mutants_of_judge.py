"""Mutants of the judge's own code: each has to fail a test, or is listed with a reason.

    python scripts/mutants_of_judge.py [MODULE]... [--tests FOLDER] [--processes N] [--list]

MODULE is a path below src/gradus, such as check/compare.py or check. First every test of the rooms
runs once under a tracer, which learns which tests run which line. Then each mutant runs only the
tests that run its line, the quickest first, until one fails, in a process that is forked from one
in which the heavy libraries are imported and of Gradus nothing is. What is known is kept in
.setup/mutants-of-judge, so a run goes on where it was stopped. Linux only.

The files of sandbox/inside and judge/drivers are not changed here: they cross to another
interpreter as text, where no import can replace them.
"""

import argparse
import contextlib
import hashlib
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "gradus"
STATE = ROOT / ".setup" / "mutants-of-judge"
LISTED = ROOT / "tests" / "mutants.toml"
ROOMS = ("check", "judge", "sandbox")
TESTS = [f"tests/{room}" for room in ROOMS]
ELSEWHERE = ("inside", "drivers")
WALL_SECONDS, TRACE_SECONDS = 300, 3600
HEAVY = ("numpy", "pyarrow", "msgpack", "pytest", "click", "tomllib", "unittest.mock")
QUIET = ["-q", "-x", "-p", "no:cacheprovider", "--no-header", "-m", "not slow and not browser"]


# ── which tests run which line ──


@dataclass
class Tracer:
    """Notes for each test which lines of the rooms it runs, and how long it takes."""

    lines: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    now: str = ""
    failed: set[str] = field(default_factory=set)

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith(str(SOURCE)) or not _is_ours(path):
            return None
        name = path[len(str(SOURCE)) + 1 :]
        seen = self.lines.setdefault(name, {})
        test = self.now

        def local(frame: FrameType, event: str, arg: Any) -> Any:
            if event == "line":
                seen.setdefault(test, set()).add(frame.f_lineno)
            return local

        seen.setdefault(test, set()).add(frame.f_lineno)
        return local

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """A test begins, with the fixtures that it makes."""
        self.now = nodeid
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        """A test has ended."""
        self.seconds[nodeid] += time.process_time()
        self.now = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A test that fails without any mutant says nothing about mutants."""
        if report.failed:
            self.failed.add(report.nodeid)


def _is_ours(path: str) -> bool:
    parts = Path(path).relative_to(SOURCE).parts
    return parts[0] in ROOMS and not set(ELSEWHERE) & set(parts)


def coverage(folders: list[str]) -> dict[str, Any]:
    """Return who runs which line; an earlier run counts while no source and no test changes."""
    path, key = STATE / "lines.json", f"{folders} {_digest(_everything())}"
    if path.is_file():
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if kept["key"] == key:
            return kept
    STATE.mkdir(parents=True, exist_ok=True)
    whole: dict[str, Any] = {"key": key, "lines": {}, "seconds": {}, "failed": []}
    for folder in folders:
        print(f"Learning which tests of {folder} run which lines …", file=sys.stderr)
        part = STATE / f"{Path(folder).name}.part.json"
        part.unlink(missing_ok=True)
        if _forked(lambda part=part, folder=folder: _trace(part, folder), TRACE_SECONDS) != 0:
            raise SystemExit(f"{folder} could not be traced; SHOW=1 shows why.")
        seen = json.loads(part.read_text(encoding="utf-8"))
        for name, lines in seen["lines"].items():
            whole["lines"].setdefault(name, {}).update(lines)
        whole["seconds"] |= seen["seconds"]
        whole["failed"] += seen["failed"]
        part.unlink()
    path.write_text(json.dumps(whole), encoding="utf-8")
    return whole


def _trace(path: Path, folder: str) -> int:
    import pytest

    tracer = Tracer()
    threading.settrace(tracer)
    sys.settrace(tracer)
    arguments = [each for each in QUIET if each != "-x"]
    ended = pytest.main([*arguments, "--timeout=0", folder], plugins=[tracer])
    sys.settrace(None)
    whole = {
        "lines": {
            name: {test: sorted(lines) for test, lines in seen.items()}
            for name, seen in tracer.lines.items()
        },
        "seconds": tracer.seconds,
        "failed": sorted(tracer.failed),
    }
    path.write_text(json.dumps(whole), encoding="utf-8")
    return 0 if ended in (0, 1) else int(ended)


def _everything() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((SOURCE / room).rglob("*.py"))
        yield from sorted(each for each in (ROOT / "tests" / room).rglob("*") if each.is_file())


def _digest(paths: Iterator[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        if "__pycache__" not in path.parts:
            whole.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


def tests_of(known: dict[str, Any], name: str, first: int, last: int) -> list[str]:
    """Return the tests that run one of these lines, the quickest first."""
    seen = known["lines"].get(name, {})
    touched = set(range(first, last + 1))
    chosen = [test for test, lines in seen.items() if test and touched & set(lines)]
    chosen = [each for each in chosen if each not in known["failed"]]
    return sorted(chosen, key=lambda test: known["seconds"].get(test, 0.0))


# ── one mutant ──


class Replaced(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another text; all others come from disk as they are."""

    def __init__(self, module: str, path: Path, text: str) -> None:
        self.module, self.path, self.text = module, path, text

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """Return a spec for the one module."""
        if name != self.module:
            return None
        return importlib.util.spec_from_file_location(
            name,
            self.path,
            loader=self,
            submodule_search_locations=(
                [str(self.path.parent)] if self.path.name == "__init__.py" else None
            ),
        )

    def create_module(self, spec: Any) -> None:
        """Let Python make the module."""
        return

    def exec_module(self, module: Any) -> None:
        """Run the mutant."""
        code: CodeType = compile(self.text, str(self.path), "exec")
        exec(code, module.__dict__)


def _run_tests(module: str, path: Path, text: str, tests: list[str]) -> int:
    sys.meta_path.insert(0, Replaced(module, path, text))
    import pytest

    return int(pytest.main([*QUIET, *tests]))


def _forked(work: Any, wall_seconds: float) -> int | None:
    """Return how a forked process ended; None where it was ended for being too long."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (int(wall_seconds), int(wall_seconds)))
            with Path(os.devnull).open("w") as nothing:
                if not os.environ.get("SHOW"):
                    os.dup2(nothing.fileno(), 1)
                    os.dup2(nothing.fileno(), 2)
            os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="mutant-")
            tempfile.tempdir = None
            os._exit(work())
        except BaseException as broken:
            if os.environ.get("SHOW"):
                print(repr(broken), file=sys.stderr)
            os._exit(70)
    until = time.monotonic() + wall_seconds
    try:
        while time.monotonic() < until:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        return None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


# ── all of them ──


def mutants_of_modules(modules: list[str]) -> list[Any]:
    """Return the mutants of the modules, made in another process: nothing is imported here."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        from gradus.conformance.mutation.mutants import mutants_of_file
        from gradus.core.submission import Submission

        found = []
        for name in modules:
            text = (SOURCE / name).read_text(encoding="utf-8")
            for each in mutants_of_file(Submission({}, 0), name, text, "python"):
                gone = max(1, each.name.line.count("\n") + 1)
                names = [each.name.operator, each.name.line, each.name.becomes]
                found.append(
                    [name, each.at, each.at + gone - 1, *names, each.name.occurrence, each.after]
                )
        with os.fdopen(writer, "w") as out:
            json.dump(found, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        answer = json.load(said)
    os.waitpid(pid, 0)
    return list(answer)


def listed() -> set[tuple[str, ...]]:
    """Return the mutants that are excused: file, operator, line, becomes, occurrence."""
    import tomllib

    if not LISTED.is_file():
        return set()
    found = set()
    for entry in tomllib.loads(LISTED.read_text(encoding="utf-8")).get("equivalent", []):
        if len(entry["reason"].split()) < 4:
            raise SystemExit(f"{LISTED.name}: no reason for {entry['line']!r}")
        becomes = entry["becomes"] if isinstance(entry["becomes"], list) else [entry["becomes"]]
        for each in becomes:
            nth = str(entry.get("occurrence", 1))
            found.add((entry["file"], entry["operator"], entry["line"], each, nth))
    return found


def tried(mutant: list[Any], known: dict[str, Any]) -> str:
    """Return what became of one mutant."""
    name, first, last, *_, text = mutant
    tests = tests_of(known, name, first, last)
    if not tests:
        return "not run"
    module = "gradus." + name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    path = SOURCE / name
    ended = _forked(lambda: _run_tests(module, path, text, tests), WALL_SECONDS)
    return "alive" if ended == 0 else "dead"


def main() -> int:
    """Try every mutant of the named modules and print a table and the survivors."""
    parser = argparse.ArgumentParser(description="Mutants of the judge's own code.")
    parser.add_argument("modules", nargs="*", default=list(ROOMS))
    parser.add_argument("--tests", action="append", help="only the tests of this folder")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="survivors as entries of mutants.toml")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "src"))
    for each in HEAVY:
        importlib.import_module(each)
    modules = [name for name in _modules() if any(_within(name, each) for each in options.modules)]
    known = coverage(options.tests or TESTS)
    mutants = mutants_of_modules(modules)
    results = _try_all(mutants, known, options.processes)
    return _report(mutants, results, options.list)


def _modules() -> list[str]:
    found = []
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")):
            if _is_ours(str(path)):
                found.append(str(path.relative_to(SOURCE)))
    return found


def _within(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}/")


def _key(mutant: list[Any], known: dict[str, Any]) -> str:
    """Name a mutant by its text and by the tests that run it, so that a new test tries it again."""
    tests = tests_of(known, mutant[0], mutant[1], mutant[2])
    files = sorted({ROOT / test.split("::")[0] for test in tests})
    said = f"{mutant[0]} {mutant[-1]} {_digest(iter(files))}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _try_all(mutants: list[Any], known: dict[str, Any], n_processes: int) -> dict[int, str]:
    """Try what is not known yet, some at a time, and keep each answer at once."""
    path = STATE / "tried.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    keys = [_key(each, known) for each in mutants]
    left = [place for place, key in enumerate(keys) if key not in kept]
    running: dict[int, tuple[int, int]] = {}
    done = len(mutants) - len(left)
    try:
        while left or running:
            while left and len(running) < n_processes:
                place = left.pop(0)
                reader, writer = os.pipe()
                pid = os.fork()
                if pid == 0:
                    os.close(reader)
                    os.write(writer, tried(mutants[place], known).encode())
                    os._exit(0)
                os.close(writer)
                running[pid] = (place, reader)
            pid, _ = os.wait()
            place, reader = running.pop(pid)
            said = os.read(reader, 100).decode()
            os.close(reader)
            if said:
                kept[keys[place]] = said
                path.with_suffix(".new").write_text(json.dumps(kept))
                path.with_suffix(".new").replace(path)
            done += 1
            print(
                f"\r{done} of {len(mutants)} {mutants[place][0]} {said}  ", end="", file=sys.stderr
            )
    finally:
        for pid in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    print(file=sys.stderr)
    return {place: kept[key] for place, key in enumerate(keys) if key in kept}


def _report(mutants: list[Any], results: dict[int, str], as_entries: bool) -> int:
    excused = listed()
    table: dict[str, Counter[str]] = {}
    alive = []
    for place, mutant in enumerate(mutants):
        name, at, _, operator, line, becomes, nth, _ = mutant
        said = results.get(place, "not tried")
        if said != "dead" and (name, operator, line, becomes, str(nth)) in excused:
            said = "listed"
        table.setdefault(name, Counter())[said] += 1
        if said in ("alive", "not run"):
            alive.append((said, mutant))
    for said, (name, at, _, operator, line, becomes, nth, _) in alive:
        if as_entries:
            print(f"[[equivalent]]\nfile = {json.dumps(name)}\noperator = {json.dumps(operator)}")
            print(f"line = {json.dumps(line)}\nbecomes = {json.dumps(becomes)}")
            print(f'occurrence = {nth}\nreason = ""\n')
        else:
            print(f"{name}:{at}: {operator}: {said}\n    - {line}\n    + {becomes}")
    print("| module | mutants | dead | listed | alive | no test runs it | kill rate |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    whole: Counter[str] = Counter()
    for name, counts in table.items():
        whole += counts
        print(_row(f"`{name}`", counts))
    print(_row("all", whole))
    return 1 if alive else 0


def _row(name: str, counts: Counter[str]) -> str:
    dead, alive, unrun = counts["dead"], counts["alive"], counts["not run"]
    rate = 100 * dead / max(dead + alive + unrun, 1)
    cells = [name, counts.total(), dead, counts["listed"], alive, unrun, f"{rate:.1f} %"]
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    sys.exit(main())
