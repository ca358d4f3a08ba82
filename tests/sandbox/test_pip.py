"""Pip: what it is asked, what becomes of what it says, and how it is ended."""

import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gradus.core.errors import PrerequisiteError
from gradus.sandbox import pip as module
from gradus.sandbox.pip import (
    CPU_INDEX,
    Ended,
    Pip,
    Progress,
    ended_with,
    lines_with_heartbeat,
    start,
    wheel_name,
)

DONE = Ended(ok=True)
BROKEN = Ended(ok=False, fault="Connection reset", worth_another_try=True)
NOWHERE = Ended(ok=False, fault="none found", nowhere=True)
PYTHON = Path("/e/bin/python")
SLEEPS = "import time; time.sleep(60)"


class Asked:
    """Takes the place of pip: gives one end after the other, and keeps what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *ends: Ended) -> None:
        self.ends = iter(ends)
        self.asked: list[tuple[list[str], list[str]]] = []
        self.said: list[str] = []
        self.slept: list[float] = []
        monkeypatch.setattr(Pip, "_install", lambda _, *words: self.take(*words))
        monkeypatch.setattr(Pip, "_compile", lambda _: self.said.append("compiled"))
        monkeypatch.setattr(module, "time", SimpleNamespace(sleep=self.slept.append))
        self.pip = Pip(PYTHON, "deep", self.said.append)

    def take(self, lines: list[str], options: tuple[str, ...]) -> Ended:
        """Take one installation."""
        self.asked.append((list(lines), list(options)))
        return next(self.ends)


# ── a lock ──


def test_a_lock_is_installed_without_its_comments_and_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Asked(monkeypatch, DONE)
    asked.pip.install_lock("# made by\n\n  # a word\nnumpy==1\n   \nscipy==2  # why\n")
    assert asked.asked == [(["numpy==1", "scipy==2  # why"], [])]
    assert asked.said == ["compiled"]


def test_cpu_builds_come_first_from_the_configured_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, DONE, DONE)
    asked.pip.install_lock("numpy==1\ntorch==2+cpu\n")
    assert asked.asked == [(["torch==2+cpu"], []), (["numpy==1", "torch==2+cpu"], [])]
    assert asked.said == ["compiled"]


def test_cpu_builds_that_are_nowhere_come_from_their_own_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Asked(monkeypatch, NOWHERE, DONE, DONE)
    asked.pip.install_lock("torch==2+cpu\n")
    lines = ["torch==2+cpu"]
    assert asked.asked == [(lines, []), (lines, ["--extra-index-url", CPU_INDEX]), (lines, [])]
    assert asked.said[0] == f"Not in the configured sources; trying {CPU_INDEX}"
    assert CPU_INDEX == "https://download.pytorch.org/whl/cpu"


@pytest.mark.parametrize(
    ("lock", "ends"),
    [
        ("numpy==1\n", [Ended(ok=False, fault="no room")]),
        ("torch==2+cpu\n", [Ended(ok=False, fault="no room")]),
        ("torch==2+cpu\n", [NOWHERE, Ended(ok=False, fault="no room")]),
        ("torch==2+cpu\n", [DONE, Ended(ok=False, fault="no room")]),
    ],
)
def test_an_installation_that_stops_is_told_with_the_command_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, lock: str, ends: list[Ended]
) -> None:
    asked = Asked(monkeypatch, *ends)
    with pytest.raises(PrerequisiteError) as error:
        asked.pip.install_lock(lock)
    assert str(error.value).splitlines() == [
        "Installing 'deep' stopped: no room",
        "What has been fetched so far is kept; the same command goes on from there:",
        "gradus install deep",
    ]
    assert len(asked.asked) == len(ends)
    assert "compiled" not in asked.said


def test_an_end_without_a_reason_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, Ended(ok=False))
    with pytest.raises(PrerequisiteError, match="stopped: pip gave no reason\n"):
        asked.pip.install_lock("numpy==1\n")


def test_a_broken_network_is_waited_for_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, BROKEN, BROKEN, BROKEN)
    with pytest.raises(PrerequisiteError, match="stopped: Connection reset\n"):
        asked.pip.install_lock("numpy==1\n")
    assert asked.slept == [3.0, 6.0]
    assert asked.said == [
        "The network broke off (Connection reset); try 2 of 3",
        "The network broke off (Connection reset); try 3 of 3",
    ]
    assert asked.asked == [(["numpy==1"], [])] * 3


def test_a_network_that_comes_back_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, NOWHERE, BROKEN, DONE, DONE)
    asked.pip.install_lock("torch==2+cpu\n")
    assert [options for _, options in asked.asked] == [
        [], ["--extra-index-url", CPU_INDEX], ["--extra-index-url", CPU_INDEX], [],
    ]  # fmt: skip
    assert asked.slept == [3.0]


# ── the program ──


class Program:
    """Takes the place of a program that prints lines and ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *lines: str | None, code: int = 0) -> None:
        self.lines, self.code = lines, code
        self.stdout = io.StringIO()
        self.lock = ""
        self.events: list[str] = []
        monkeypatch.setattr(module, "start", self.start)
        monkeypatch.setattr(module, "lines_with_heartbeat", lambda _: iter(self.lines))

    def start(self, words: list[str], environment: dict[str, str]) -> "Program":
        """Take the place of `start`."""
        self.words, self.environment = words, environment
        if "-r" in words:
            self.lock_path = Path(words[words.index("-r") + 1])
            self.lock = self.lock_path.read_text(encoding="utf-8")
        return self

    def poll(self) -> int:
        """Say that it has ended."""
        return self.code

    def wait(self) -> int:
        """Say how it ended."""
        return self.code


def test_pip_is_asked_for_exactly_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_NO_CACHE_DIR", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PYTHONPATH"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mine")
    monkeypatch.setenv("PIP_PROGRESS_BAR", "on")
    program = Program(monkeypatch, "Collecting numpy==1\n")
    folders: list[dict[str, str]] = []
    make = tempfile.TemporaryDirectory

    def noted(**words: str) -> tempfile.TemporaryDirectory[str]:
        folders.append(words)
        return make(**words)

    monkeypatch.setattr(tempfile, "TemporaryDirectory", noted)
    said: list[str] = []
    ended = Pip(PYTHON, "deep", said.append)._install(["numpy==1", "é==2"], ("--some", "option"))
    assert ended == DONE
    assert said == ["  [1/2] numpy==1"]
    assert program.words == [
        "/e/bin/python", "-I", "-m", "pip", "install", "--no-deps",
        "--only-binary", ":all:", "--no-input", "--disable-pip-version-check",
        "--no-color", "--no-compile", "--retries", "4", "--timeout", "20",
        "--some", "option", "-r", str(program.lock_path),
    ]  # fmt: skip
    assert program.lock == "numpy==1\né==2\n"
    assert program.lock_path.name == "deep.lock"
    assert folders == [{"prefix": "gradus-lock-"}]
    assert not program.lock_path.parent.exists()
    removed = ("PIP_NO_CACHE_DIR", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PYTHONPATH")
    wanted = {name: value for name, value in os.environ.items() if name not in removed}
    own = {"PYTHONUNBUFFERED": "1", "PIP_PROGRESS_BAR": "off"}
    assert program.environment == wanted | own
    assert program.stdout.closed


def test_pip_that_fails_is_told_with_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    Program(monkeypatch, "ERROR: no room\n", code=2)
    ended = Pip(PYTHON, "deep", lambda line: None)._install(["numpy==1"], ())
    assert ended == Ended(ok=False, fault="no room")


def test_everything_is_compiled_on_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(monkeypatch, None, "noise\n", None)
    places: list[Any] = []

    def run(words: list[str], **options: Any) -> Any:
        places.append((words, options))
        return SimpleNamespace(stdout="/e/lib/site-packages\n")

    times = iter([100.0, 103.4, 106.6])
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(times)))
    said: list[str] = []
    Pip(PYTHON, "deep", said.append)._compile()
    place = "import sysconfig; print(sysconfig.get_path('purelib'))"
    options = {"capture_output": True, "text": True, "check": False}
    assert places == [(["/e/bin/python", "-I", "-c", place], options)]
    assert program.words == [
        "/e/bin/python", "-I", "-W", "ignore", "-m", "compileall", "-qq", "-j", "0",
        "/e/lib/site-packages",
    ]  # fmt: skip
    assert program.environment == dict(os.environ)
    assert said == ["Compiling", "  … Compiling (3 s)", "  … Compiling (7 s)"]


def test_what_compiles_is_ended_together_with_gradus(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(monkeypatch, None)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=""))

    def interrupted(line: str) -> None:
        if "…" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Pip(PYTHON, "deep", interrupted)._compile()
    assert program.stdout.closed


def test_the_modules_of_an_environment_are_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "good.py").write_text("x = 1\n")
    (folder / "bad.py").write_text("x = (\n")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n[ "$2" = -c ] && echo {folder} || exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    Pip(python, "deep", lambda line: None)._compile()
    assert [each.name.split(".")[0] for each in folder.rglob("*.pyc")] == ["good"]


def test_ctrl_c_ends_pip_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.05)

    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Pip(PYTHON, "tiny", interrupted)._follow([sys.executable, "-c", SLEEPS], 1)
    assert time.monotonic() - before < 10


# ── what pip says ──


def told(*lines: str | None, total: int = 3) -> list[str]:
    said: list[str] = []
    progress = Progress(total, said.append)
    for line in lines:
        progress.take(line)
    return said


def test_what_pip_says_becomes_a_few_lines_for_a_person() -> None:
    assert told(
        "Collecting torch==2.13.0",
        "  Downloading https://x/torch-2.13.0-cp311-cp311-linux.whl (190.3 MB)",
        "Collecting tiny==1",
        "  Downloading tiny-1-py3-none-any.whl (12 kB)",
        "Installing collected packages: torch, tiny",
        total=2,
    ) == [
        "  [1/2] torch==2.13.0",
        "  [1/2] fetching torch, 190.3 MB",
        "  [2/2] tiny==1",
        "  Installing 2 packages",
    ]


def test_each_distribution_is_told_with_its_place_among_all() -> None:
    assert told(
        "Requirement already satisfied: a==1 in /e",
        "Processing ./b.whl",
        " Collecting c==3 (from -r x)\n",
        "  Using cached c-3.whl (200.5 MB)",
    ) == ["  [3/3] c==3 (from -r x)"]


@pytest.mark.parametrize(
    ("size", "shown"),
    [("(12.1 kB)", None), ("(1.5 MB)", "1.5 MB"), ("(2.3 GB)", "2.3 GB"), ("", None)],
)
def test_only_a_large_fetch_is_told(size: str, shown: str | None) -> None:
    said = told("Collecting b", f"  Downloading https://x/y-z/torch-2.1-cp311.whl {size}")
    assert said[1:] == ([] if shown is None else [f"  [1/3] fetching torch, {shown}"])


def test_only_what_is_not_there_yet_is_counted_as_installed() -> None:
    assert (
        told(
            "Requirement already satisfied: a==1 in /e",
            "Collecting b",
            "Collecting c",
            "Installing collected packages: b, c",
        )[-1]
        == "  Installing 2 packages"
    )
    assert told("Installing collected packages: b") == ["  Installing 1 package"]


def test_silence_is_told_with_what_is_under_way_and_since_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter([10.0, 13.4, 20.0, 29.6])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(times)))
    assert told(None, "Collecting b", "noise", None) == [
        "  … Starting pip (3 s)",
        "  [1/3] b",
        "  … [1/3] b (10 s)",
    ]


CONSTRAINED = [
    "ERROR: Cannot install a==1+cpu because these package versions have conflicting dependencies.",
    "The conflict is caused by:",
    "    The user requested a==1+cpu",
    "    The user requested (constraint) a<3",
    "    The user requested (constraint) a!=2",
    "ERROR: ResolutionImpossible: for help visit a page",
]
CUT = ["ERROR: the cause", "ERROR: the outcome", "a last word", ""]


@pytest.mark.parametrize(
    ("lines", "code", "ended"),
    [
        (CUT, 0, DONE),
        (CUT, 1, Ended(ok=False, fault="the outcome")),
        (["WARNING: ERROR: x", "a last word", ""], 1, Ended(ok=False, fault="a last word")),
        (["", ""], 3, Ended(ok=False, fault="pip ended with status 3")),
        ([], -9, Ended(ok=False, fault="pip ended with status -9")),
        (["ERROR: No matching distribution found for a"], 1,
         Ended(ok=False, fault="No matching distribution found for a", nowhere=True)),
        (["ERROR: Could not find a version that satisfies a"], 1,
         Ended(ok=False, fault="Could not find a version that satisfies a", nowhere=True)),
        (["ERROR: [Errno 28] No space left"], 1, Ended(ok=False, fault="[Errno 28] No space left")),
        (["Max retries exceeded", "ERROR: No matching distribution found for a"], 1,
         Ended(ok=False, fault="a source of packages could not be reached",
               worth_another_try=True)),
        (CONSTRAINED, 1,
         Ended(ok=False, nowhere=True,
               fault="no source has a==1+cpu that fits pip's own constraints, a<3, a!=2")),
        (CONSTRAINED[2:-1], 1,
         Ended(ok=False, fault="The user requested (constraint) a!=2")),
        (["Connection reset by peer", *["x"] * 38, "ERROR: cut"], 1,
         Ended(ok=False, fault="cut", worth_another_try=True)),
        (["Connection reset by peer", *["x"] * 39, "ERROR: cut"], 1, Ended(ok=False, fault="cut")),
    ],
)  # fmt: skip
def test_how_pip_ended_is_read_from_its_words(lines: list[str], code: int, ended: Ended) -> None:
    progress = Progress(1, lambda line: None)
    for line in lines:
        progress.take(line)
    assert progress.ended(code) == ended


@pytest.mark.parametrize(
    "words",
    [
        "NewConnectionError", "ConnectTimeout", "Read timed out.", "ProtocolError",
        "IncompleteRead", "Network is unreachable", "Temporary failure in name resolution",
        "Max retries exceeded",
        "reset by peer", "SSLError", "502 Server Error", "504 server error",
    ],
)  # fmt: skip
def test_what_a_broken_network_looks_like(words: str) -> None:
    progress = Progress(1, lambda line: None)
    progress.take(f"ERROR: {words}")
    assert progress.ended(1) == Ended(ok=False, fault=words, worth_another_try=True)


def test_a_wheel_is_named_by_its_distribution() -> None:
    assert wheel_name("Downloading https://x/a-b/torch-2.13.0-cp311-linux.whl (9 MB)") == "torch"
    assert wheel_name("Downloading tiny-1-py3-none-any.whl") == "tiny"


# ── a program that is read ──


def run(code: str, **variables: str) -> subprocess.Popen[str]:
    return start([sys.executable, "-S", "-u", "-c", code], variables)


def test_a_program_is_read_line_by_line_with_its_complaints() -> None:
    code = (
        "import os, sys\nprint(sys.stdin.read() + os.environ['WORD'], len(os.environ) < 4)\n"
        "sys.stdout.buffer.write(b'\\xff\\n')\nprint('wrong', file=sys.stderr)"
    )
    with ended_with(run(code, WORD="é", PYTHONUTF8="1")) as process:
        lines = [each for each in lines_with_heartbeat(process) if each is not None]
    assert lines == ["é True\n", "\ufffd\n", "wrong\n"]
    assert process.wait(10) == 0


def test_a_program_has_nothing_to_read_whatever_gradus_has(tmp_path: Path) -> None:
    (tmp_path / "typed").write_text("typed")
    kept, typed = os.dup(0), os.open(tmp_path / "typed", os.O_RDONLY)
    try:
        os.dup2(typed, 0)
        with ended_with(run("import sys; print(sys.stdin.read())")) as process:
            assert process.stdout is not None
            assert process.stdout.read() == "\n"
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(typed)


def test_silence_is_heard_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.HEARTBEAT_SECONDS == 3
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.05)
    with ended_with(run("print(1); import time; time.sleep(0.4); print(2)")) as process:
        lines = list(lines_with_heartbeat(process))
    assert [each for each in lines if each] == ["1\n", "2\n"]
    assert None in lines[lines.index("1\n") : lines.index("2\n")]


def test_gradus_ends_also_while_a_program_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.05)
    before = set(threading.enumerate())
    with ended_with(run(SLEEPS)) as process:
        assert next(lines_with_heartbeat(process)) is None
        assert [each.daemon for each in set(threading.enumerate()) - before] == [True]


def test_the_output_of_a_program_may_be_closed_while_it_is_read() -> None:
    class Closed:
        stdout = io.StringIO("1\n")

    Closed.stdout.close()
    assert list(lines_with_heartbeat(Closed())) == []  # type: ignore[arg-type]


def test_a_program_is_ended_with_what_waits_for_it() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ended_with(run(SLEEPS)) as one:
        raise KeyboardInterrupt
    assert one.returncode == -signal.SIGTERM
    assert one.stdout is not None
    assert one.stdout.closed
    assert time.monotonic() - began < 10


class Stubborn:
    """A program that does not end when it is asked to."""

    stdout = None

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def poll(self) -> None:
        """Say that it still runs."""

    def terminate(self) -> None:
        """Be asked to end."""
        self.asked.append("terminate")

    def wait(self, seconds: float) -> None:
        """Not end within a while."""
        self.asked.append(seconds)
        raise subprocess.TimeoutExpired("pip", seconds)


def test_a_program_that_does_not_end_is_not_waited_for_without_end() -> None:
    stubborn = Stubborn()
    with ended_with(stubborn):  # type: ignore[arg-type]
        pass
    assert stubborn.asked == ["terminate", 10]
