"""Mutants of the judge's own code: each has to fail a test, or is listed with a reason.

    python scripts/mutants_of_judge.py [MODULE]... [--tests PATH]... [--minutes N] [--list]

MODULE is a path below src/gradus, such as check/compare.py or check. First every test file runs
once under a tracer, which learns which tests run which line; that is kept for each file until it or
a source changes. Then each mutant runs only the tests that run its line, the quickest first, until
one fails, in a process that is forked from one in which all tests are collected: the code of the
functions that differ is exchanged there, so a mutant costs little more than its tests. Where a
change is not within a function, or only an import runs its line, Gradus is imported anew with the
mutant in the module's place. What is known is kept in .setup/mutants-of-judge, so a run goes on
where it was stopped. Linux only.

The files of sandbox/inside and judge/drivers are not changed here: they cross to another
interpreter as text, where no import can replace them.
"""

import argparse
import contextlib
import ctypes
import fcntl
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "gradus"
STATE = ROOT / ".setup" / "mutants-of-judge"
LISTED = ROOT / "tests" / "mutants.toml"
ROOMS = ("check", "judge", "sandbox")
TESTS = [f"tests/{room}" for room in ROOMS]
ELSEWHERE = ("inside", "drivers")
WALL_SECONDS, TRACE_SECONDS = 120, 1800
SPARE_SECONDS = 3
"""Processor seconds that a mutant has besides three times those of its tests."""
IMPORT_SECONDS = 30
"""Processor seconds that a mutant has besides where Gradus is imported anew for it."""
MOST_OF_IMPORTS = 400
"""How many of a module's tests a mutant runs whose line only an import runs."""
OF_NO_VERDICT = ("@dataclass(",)
"""How lines begin that are not changed: whether a noun is frozen binds us and no verdict."""
TEXT = ('"', 'f"', 'r"')
MOST_SECONDS = 30.0
"""Processor seconds of the tests that one mutant runs at the most, the quickest first."""
HEAVY = ("numpy", "pyarrow", "msgpack", "pytest", "click", "tomllib", "unittest.mock")
QUIET = ["-q", "-p", "no:cacheprovider", "--no-header", "--timeout=0"]
QUIET += ["--tb=no", "-m", "not slow and not browser"]


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
        sys.settrace(self)  # Python takes a tracer away that fails, as where a test nests too deep
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


def coverage(paths: list[str]) -> dict[str, Any]:
    """Return who runs which line; what is known of a file counts while it and no source changes."""
    STATE.mkdir(parents=True, exist_ok=True)
    whole: dict[str, Any] = {"lines": {}, "seconds": {}, "failed": []}
    sources = _digest(_sources())
    for path in _test_files(paths):
        name = "-".join(path.relative_to(ROOT / "tests").with_suffix("").parts)
        kept = STATE / f"lines-{name}.json"
        key = f"{sources} {_digest([path, *_around(path)])}"
        seen = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
        if seen.get("key") != key:
            print(f"Learning which tests of {name} run which lines …", file=sys.stderr)
            kept.unlink(missing_ok=True)
            words = kept, path, key
            if _forked(lambda words=words: _trace(*words), TRACE_SECONDS, TRACE_SECONDS) != 0:
                raise SystemExit(f"{path} could not be traced; SHOW=1 shows why.")
            seen = json.loads(kept.read_text(encoding="utf-8"))
        for module, lines in seen["lines"].items():
            whole["lines"].setdefault(module, {}).update(lines)
        whole["seconds"] |= seen["seconds"]
        whole["failed"] += seen["failed"]
    return whole


def _trace(path: Path, tests: Path, key: str) -> int:
    import pytest

    tracer = Tracer()
    threading.settrace(tracer)
    sys.settrace(tracer)
    ended = pytest.main([*QUIET, str(tests)], plugins=[tracer])
    sys.settrace(None)
    whole = {
        "key": key,
        "lines": {
            name: {test: sorted(lines) for test, lines in seen.items()}
            for name, seen in tracer.lines.items()
        },
        "seconds": tracer.seconds,
        "failed": sorted(tracer.failed),
    }
    path.write_text(json.dumps(whole), encoding="utf-8")
    return 0 if ended in (0, 1, 5) else int(ended)


def _test_files(paths: list[str]) -> list[Path]:
    found: list[Path] = []
    for path in (ROOT / each for each in paths):
        files = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
        files = [each for each in files if each.is_file() and "specimens" not in each.parts]
        if not files:
            raise SystemExit(f"{path} holds no tests. Name a folder or a file below tests/.")
        found += files
    return found


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((SOURCE / room).rglob("*.py"))


def _around(path: Path) -> Iterator[Path]:
    """Yield what a file of tests rests on besides the sources: what its room keeps beside tests.

    That is what tests share, golden texts and specimens; then the labs of the tests and what
    tells pytest how to run.
    """
    tests = ROOT / "tests"
    for folder in (tests / path.relative_to(tests).parts[0], tests / "labs"):
        for each in sorted(folder.rglob("*")):
            if each.is_file() and not each.name.startswith("test_"):
                yield each
    yield from (tests / "conftest.py", ROOT / "pyproject.toml")


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        if "__pycache__" not in path.parts:
            whole.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


def tests_of(known: dict[str, Any], mutant: list[Any], most: float) -> list[str]:
    """Return the tests that run one of a mutant's lines, the quickest first."""
    seen, touched = known["lines"].get(mutant[0], {}), _touched(known, mutant)
    sound = [test for test in seen if test and test not in known["failed"]]
    if not sound:  # what its lines say is run elsewhere, so any test may be the one that looks
        sound = [test for test in known["seconds"] if test not in known["failed"]]
    sound.sort(key=lambda test: known["seconds"].get(test, 0.0))
    chosen = [test for test in sound if touched & set(seen.get(test, []))]
    if not chosen and touched & set(seen.get("", [])):  # it runs when the module is imported
        chosen = sound[:MOST_OF_IMPORTS]
    total, within = 0.0, []
    for test in chosen:
        total += known["seconds"].get(test, 0.0)
        if within and total > most:
            break
        within.append(test)
    return within


def _touched(known: dict[str, Any], mutant: list[Any]) -> set[int]:
    """Return the lines that a mutant changes, as they are known to run."""
    name, first, last, _, line, *_ = mutant
    touched = set(range(first, last + 1))
    run = set[int]().union(*known["lines"].get(name, {}).values())
    while line.startswith(TEXT) and not touched & run and min(touched) > 1:
        touched = {min(touched) - 1}  # a text on several lines runs as its first
    return touched


def only_imports_run(known: dict[str, Any], mutant: list[Any]) -> bool:
    """Return whether no test runs a mutant's line, so that code exchanged later would not run."""
    seen, touched = known["lines"].get(mutant[0], {}), _touched(known, mutant)
    return not any(touched & set(lines) for test, lines in seen.items() if test)


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


class Heard:
    """Whether a run of pytest began, and whether a test failed or a file did not load."""

    began = failed = False

    def pytest_sessionstart(self) -> None:
        """Everything that tests share has been imported."""
        self.began = True

    def pytest_collectreport(self, report: Any) -> None:
        """A file was imported, or was not."""
        self.failed |= report.failed

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A part of a test has ended."""
        self.failed |= report.failed


def _run_anew(mutant: list[Any], tests: list[str]) -> int:
    """Import Gradus with a mutant in its module's place and run tests; return what it came to.

    Without the mutant all of them were collected in this very run, so what does not load is its
    doing. Tests that are not there under it have looked at nothing.
    """
    path = SOURCE / mutant[0]
    sys.meta_path.insert(0, Replaced(_module_of(mutant[0]), path, mutant[-1]))
    import pytest

    heard = Heard()
    ended = pytest.main([*QUIET, "-x", *tests], plugins=[heard])
    if heard.failed or not heard.began or ended == pytest.ExitCode.INTERRUPTED:
        return DEAD
    return ALIVE if ended == pytest.ExitCode.OK else NOT_RUN


def tried_anew(
    work: list[tuple[int, list[Any], list[str], float]], n_processes: int
) -> Iterator[tuple[int, str]]:
    """Yield what becomes of mutants for each of which Gradus is imported anew."""
    return _some_at_a_time(
        [
            (place, lambda m=mutant, t=tests: _run_anew(m, t), seconds)
            for place, mutant, tests, seconds in work
        ],
        n_processes,
    )


def _said_of(ended: int | None) -> str:
    """Return what a process's end says of its mutant; None and a signal are for being endless."""
    if ended is None or ended < 0:
        return "dead"
    known = {ALIVE: "alive", DEAD: "dead", ANEW: "anew", NOT_RUN: "unclear: its tests are not run"}
    return known.get(ended, "unclear: the process that runs its tests broke")


def _module_of(name: str) -> str:
    return "gradus." + name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


class NotWithinFunctions(Exception):
    """A mutant differs elsewhere than in the code of functions that are found by name."""


def exchanged(module: Any, path: Path, text: str) -> list[tuple[FunctionType, CodeType]]:
    """Return the live functions that a mutant changes, with their new code."""
    before = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    return list(_differing(module, before, compile(text, str(path), "exec")))


def _differing(
    holder: Any, before: CodeType, after: CodeType
) -> Iterator[tuple[FunctionType, CodeType]]:
    """Yield what differs of a module or a class, whose own code has to be the same."""
    olds = [each for each in before.co_consts if isinstance(each, CodeType)]
    news = [each for each in after.co_consts if isinstance(each, CodeType)]
    names = [each.co_name for each in olds]
    if (
        names != [each.co_name for each in news]
        or before.co_code != after.co_code
        or _plain(before) != _plain(after)
        or before.co_names != after.co_names
    ):
        raise NotWithinFunctions
    for old, new in zip(olds, news, strict=True):
        if old == new:
            continue
        live = _live(holder, old.co_name)
        if isinstance(live, FunctionType) and live.__code__ == old:
            yield live, new
        elif isinstance(live, type) and names.count(old.co_name) == 1:
            yield from _differing(live, old, new)
        else:
            raise NotWithinFunctions


def _plain(code: CodeType) -> list[Any]:
    return [each for each in code.co_consts if not isinstance(each, CodeType)]


def _live(holder: Any, name: str) -> Any:
    """Return a function without what decorators laid around it, or a class."""
    found = vars(holder).get(name)
    for inner in ("fget", "__func__", "__wrapped__"):
        found = getattr(found, inner, found)
    return found


class Bench:
    """Has all tests collected; forks for each mutant, exchanges code and runs its tests."""

    def __init__(self, work: list[tuple[int, list[Any], list[str], float]], n: int, told: int):
        self.work, self.n_processes, self.told = work, n, told

    def pytest_runtestloop(self, session: Any) -> bool:
        """Run mutants where tests would run; tell of each as soon as it is known."""
        items = {each.nodeid: each for each in session.items}
        gone = sorted({each for _, _, tests, _ in self.work for each in tests} - items.keys())
        if gone:
            os.write(self.told, f"gone {gone[0]}\n".encode())
            return True
        work = [
            (place, lambda m=mutant, t=tests: self._try(m, [items[each] for each in t]), seconds)
            for place, mutant, tests, seconds in self.work
        ]
        for place, said in _some_at_a_time(work, self.n_processes):
            os.write(self.told, f"{place} {said}\n".encode())
        return True

    def _try(self, mutant: list[Any], items: list[Any]) -> int:
        import pytest
        from _pytest.runner import runtestprotocol

        try:
            module = importlib.import_module(_module_of(mutant[0]))
            for function, code in exchanged(module, SOURCE / mutant[0], mutant[-1]):
                function.__code__ = code
        except (NotWithinFunctions, ValueError):
            return ANEW
        try:
            for item, following in zip(items, [*items[1:], None], strict=True):
                reports = runtestprotocol(item, log=False, nextitem=following)
                if any(each.failed for each in reports):
                    return DEAD
        except (KeyboardInterrupt, pytest.exit.Exception):
            return DEAD
        return ALIVE


ALIVE, DEAD, BROKEN, ANEW, NOT_RUN = 0, 1, 70, 71, 72
PR_SET_PDEATHSIG = 1


def _some_at_a_time(
    work: list[tuple[int, Callable[[], int], float]], n_processes: int
) -> Iterator[tuple[int, str]]:
    """Do work in forked processes that have some processor seconds; yield its place and end."""
    running: dict[int, tuple[int, float]] = {}
    left = list(work)
    try:
        while left or running:
            while left and len(running) < n_processes:
                place, task, seconds = left.pop(0)
                pid = _begin(task, int(seconds))
                running[pid] = place, time.monotonic() + WALL_SECONDS + 4 * seconds
            for pid, said in _ended(running):
                place, _ = running.pop(pid)
                yield place, said
            time.sleep(0.005)
    finally:
        for pid in running:
            _kill_group(pid)
            os.waitpid(pid, 0)


def _ended(running: dict[int, tuple[int, float]]) -> Iterator[tuple[int, str]]:
    """Yield the processes that have ended, and end those that take too long."""
    for pid, (_, until) in list(running.items()):
        done, status = os.waitpid(pid, os.WNOHANG)
        if not done and time.monotonic() < until:
            continue
        _kill_group(pid)
        if not done:
            os.waitpid(pid, 0)
        yield pid, _said_of(os.waitstatus_to_exitcode(status) if done else None)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _begin(work: Callable[[], int], cpu_seconds: int) -> int:
    """Fork a process in a group of its own that does some work and ends; return its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        if not os.environ.get("SHOW"):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
        os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="mutant-")
        tempfile.tempdir = None
        os._exit(work())
    except BaseException as broken:
        if os.environ.get("SHOW"):
            print(repr(broken), file=sys.stderr)
        os._exit(BROKEN)


def _forked(work: Callable[[], int], wall_seconds: float, cpu_seconds: int) -> int | None:
    """Return how a forked process ended; None where it was ended for being too long."""
    pid = _begin(work, cpu_seconds)
    until = time.monotonic() + wall_seconds
    try:
        while time.monotonic() < until:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        return None
    finally:
        _kill_group(pid)
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
                if each.name.line.startswith(OF_NO_VERDICT):
                    continue
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


def main() -> int:
    """Try every mutant of the named modules and print a table and the survivors."""
    parser = argparse.ArgumentParser(description="Mutants of the judge's own code.")
    parser.add_argument("modules", nargs="*", default=list(ROOMS))
    parser.add_argument("--tests", action="append", help="only the tests of this folder or file")
    parser.add_argument("--most", type=float, default=MOST_SECONDS, help="of tests for a mutant")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin nothing more then")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="survivors as entries of mutants.toml")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "src"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for each in HEAVY:
        importlib.import_module(each)
    modules = [name for name in _modules() if any(_within(name, each) for each in options.modules)]
    for each in options.modules:
        if not any(_within(name, each) for name in modules):
            raise SystemExit(f"src/gradus has no module {each} that is changed here.")
    with _place_for_tests():
        known = coverage(options.tests or TESTS)
        mutants = mutants_of_modules(modules)
        results = _try_all(mutants, known, options)
    return _report(mutants, results, options.list)


@contextlib.contextmanager
def _place_for_tests() -> Iterator[None]:
    """Give what tests leave behind a folder, which goes however deep and locked they left it."""
    os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="mutants-")
    tempfile.tempdir = None  # what was looked up before does not hold any more
    try:
        yield
    finally:
        from gradus.sandbox.folders import remove_tree

        remove_tree(Path(os.environ["TMPDIR"]))


def _modules() -> list[str]:
    found = []
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")):
            if _is_ours(str(path)):
                found.append(str(path.relative_to(SOURCE)))
    return found


def _within(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}/")


def _key(mutant: list[Any], tests: list[str]) -> str:
    """Name a mutant by its text and by the tests that run it, so that a new test tries it again."""
    files = tuple(sorted({ROOT / test.split("::")[0] for test in tests}))
    said = f"{mutant[0]} {mutant[-1]} {tests} {_rested_on(files)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@cache
def _rested_on(files: tuple[Path, ...]) -> str:
    return _digest(sorted({*files, *(each for path in files for each in _around(path))}))


class Kept:
    """What became of mutants, kept at once, also by other runs; known by their keys."""

    def __init__(self) -> None:
        self.path = STATE / "tried.json"
        self.known: dict[str, str] = {}
        self._read()

    def _read(self) -> None:
        if self.path.is_file():
            self.known |= json.loads(self.path.read_text(encoding="utf-8"))

    def keep(self, key: str, said: str) -> None:
        """Remember one, beside what another run has come to meanwhile."""
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._read()
            self.known[key] = said
            new = self.path.with_suffix(".new")
            new.write_text(json.dumps(self.known), encoding="utf-8")
            new.replace(self.path)


def _try_all(
    mutants: list[list[Any]], known: dict[str, Any], options: argparse.Namespace
) -> dict[int, str]:
    """Try what is not known yet, some at a time, and keep each answer at once."""
    kept = Kept()
    until = time.monotonic() + 60 * options.minutes
    tests = [tests_of(known, each, options.most) for each in mutants]
    keys = [_key(each, some) for each, some in zip(mutants, tests, strict=True)]
    work = []
    for place, key in enumerate(keys):
        if key not in kept.known and tests[place]:
            seconds = SPARE_SECONDS + 3 * sum(
                known["seconds"].get(each, 0) for each in tests[place]
            )
            work.append((place, mutants[place], tests[place], seconds))
    unclear = {}
    anew = {words[0] for words in work if only_imports_run(known, words[1])}
    at_once = [words for words in work if words[0] not in anew]

    def note(place: int, said: str) -> None:
        if said.startswith("unclear"):
            unclear[place] = said
        else:
            kept.keep(keys[place], said)

    for count, (place, said) in enumerate(_told(at_once, options.processes), 1):
        if said == "anew":
            anew.add(place)
        else:
            note(place, said)
        words = f"{count} of {len(at_once)} {mutants[place][0]}:{mutants[place][1]} {said}"
        print(f"\r{words:70}", end="", file=sys.stderr)
        if time.monotonic() > until:
            break
    again = [(*words, seconds + IMPORT_SECONDS) for *words, seconds in work if words[0] in anew]
    if time.monotonic() > until:
        again = []
    for count, (place, said) in enumerate(tried_anew(again, options.processes), 1):
        note(place, said)
        words = f"{count} of {len(again)} with Gradus imported anew"
        print(f"\r{words:70}", end="", file=sys.stderr)
        if time.monotonic() > until:
            break
    print(file=sys.stderr)
    unrun = {place: "not run" for place, some in enumerate(tests) if not some}
    return (
        unrun
        | unclear
        | {place: kept.known[key] for place, key in enumerate(keys) if key in kept.known}
    )


def _told(work: list[tuple[int, list[Any], list[str], float]], n: int) -> Iterator[tuple[int, str]]:
    """Yield what a bench in a process of its own tells of each mutant, as soon as it is known."""
    if not work:
        return
    files = sorted({test.split("::")[0] for _, _, tests, _ in work for test in tests})
    reader, writer = os.pipe()
    n_told = 0

    def run() -> int:
        import pytest

        return int(pytest.main([*QUIET, *files], plugins=[Bench(work, n, writer)]))

    pid = _begin(run, resource.RLIM_INFINITY)
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="utf-8") as told:
            for line in told:
                place, said = line.rstrip("\n").split(" ", 1)
                if place == "gone":
                    raise SystemExit(
                        f"{said} ran while the lines were learned and is not collected now.\n"
                        f"Mend the test, or learn anew: rm -r {STATE}"
                    )
                n_told += 1
                yield int(place), said
        if n_told < len(work):
            raise SystemExit("The process that runs the mutants ended early; SHOW=1 shows why.")
    finally:
        _kill_group(pid)
        os.waitpid(pid, 0)


def _report(mutants: list[Any], results: dict[int, str], as_entries: bool) -> int:
    excused = listed()
    table: dict[str, Counter[str]] = {}
    alive = []
    for place, mutant in enumerate(mutants):
        name, at, _, operator, line, becomes, nth, _ = mutant
        said = results.get(place, "not tried")
        if said != "dead" and (name, operator, line, becomes, str(nth)) in excused:
            said = "listed"
        table.setdefault(name, Counter())[said.split(":")[0]] += 1
        if said in ("alive", "not run") or said.startswith("unclear"):
            alive.append((said, mutant))
    for said, (name, at, _, operator, line, becomes, nth, _) in alive:
        if as_entries and not said.startswith("unclear"):
            print(f"[[equivalent]]\nfile = {json.dumps(name)}\noperator = {json.dumps(operator)}")
            print(f"line = {json.dumps(line)}\nbecomes = {json.dumps(becomes)}")
            print(f'occurrence = {nth}\nreason = ""\n')
        else:
            print(f"{name}:{at}: {operator}: {said}\n    - {line}\n    + {becomes}")
    columns = (
        "module",
        "mutants",
        "dead",
        "listed",
        "alive",
        "no test runs it",
        "unclear",
        "not tried",
    )
    print(f"| {' | '.join(columns)} | kill rate |\n|---{'|---:' * len(columns)}|")
    whole: Counter[str] = Counter()
    for name, counts in table.items():
        whole += counts
        print(_row(f"`{name}`", counts))
    print(_row("all", whole))
    return 1 if alive else 0


def _row(name: str, counts: Counter[str]) -> str:
    dead, alive, unrun = counts["dead"], counts["alive"], counts["not run"]
    rate = 100 * dead / max(dead + alive + unrun, 1)
    cells = [name, counts.total(), dead, counts["listed"], alive, unrun]
    cells += [counts["unclear"], counts["not tried"], f"{rate:.1f} %"]
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    sys.exit(main())
