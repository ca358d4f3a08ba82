"""Runs pip for an environment: visible progress, again after a broken network.

It must not decide what belongs into an environment: that is its lock.
"""

import contextlib
import os
import queue
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradus.core.errors import PrerequisiteError

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""PyTorch's own index of wheels without CUDA, asked only after the configured sources."""
TRIES = 3
PAUSE_SECONDS = 3.0
HEARTBEAT_SECONDS = 3.0
BROKEN_NETWORK = re.compile(
    r"Connection|Timeout|timed out|ProtocolError|IncompleteRead|Network|Temporary failure|"
    r"Max retries|reset by peer|SSLError|50[0-9] Server Error",
    re.IGNORECASE,
)
NOT_FOUND = re.compile(r"No matching distribution found|Could not find a version")
CONSTRAINED = re.compile(r"The user requested (\(constraint\) )?(\S+)")
"""How pip tells that no source has what fits a lock and somebody's constraints too."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of pip ended."""

    ok: bool
    """Whether everything is installed."""
    fault: str = ""
    """Its last error line."""
    worth_another_try: bool = False
    """Whether a broken network looks like the reason."""
    nowhere: bool = False
    """Whether a distribution is in none of the sources."""


@dataclass(frozen=True, slots=True)
class Pip:
    """The pip of one environment."""

    python: Path
    """The environment's interpreter."""
    name: str
    """The environment's name."""
    report: Callable[[str], None]
    """Takes one line of progress."""

    def install_lock(self, lock: str) -> None:
        """Install what a lock names, exactly; the CPU builds first, which may need their index."""
        lines = [line for line in lock.splitlines() if line.strip() and line.strip()[0] != "#"]
        cpu = [line for line in lines if "+cpu" in line]
        if cpu:
            ended = self._install_with_patience(cpu)
            if ended.nowhere:
                self.report(f"Not in the configured sources; trying {CPU_INDEX}")
                ended = self._install_with_patience(cpu, "--extra-index-url", CPU_INDEX)
            self._must_have_ended_well(ended)
        self._must_have_ended_well(self._install_with_patience(lines))
        self._compile()

    def _compile(self) -> None:
        """Compile every module on all cores: children may not write what they would compile.

        What does not compile is a package's own test of bad syntax, and is met nowhere else.
        """
        places = "import sysconfig; print(sysconfig.get_path('purelib'))"
        asked = [str(self.python), "-I", "-c", places]
        folder = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        words = [str(self.python), "-I", "-W", "ignore", "-m", "compileall", "-qq", "-j", "0"]
        began = time.monotonic()
        self.report("Compiling")
        with ended_with(start([*words, folder], os.environ)) as process:
            for line in lines_with_heartbeat(process):
                if line is None:
                    self.report(f"  … Compiling ({time.monotonic() - began:.0f} s)")

    def _must_have_ended_well(self, ended: Ended) -> None:
        if not ended.ok:
            raise PrerequisiteError(
                f"Installing '{self.name}' stopped: {ended.fault or 'pip gave no reason'}\n"
                "What has been fetched so far is kept; the same command goes on from there:",
                f"gradus install {self.name}",
            )

    def _install_with_patience(self, lines: Sequence[str], *options: str) -> Ended:
        ended = self._install(lines, options)
        for tried in range(1, TRIES):
            if not ended.worth_another_try:
                return ended
            self.report(f"The network broke off ({ended.fault}); try {tried + 1} of {TRIES}")
            time.sleep(PAUSE_SECONDS * tried)
            ended = self._install(lines, options)
        return ended

    def _install(self, lines: Sequence[str], options: Sequence[str]) -> Ended:
        with tempfile.TemporaryDirectory(prefix="gradus-lock-") as folder:
            lock = Path(folder) / f"{self.name}.lock"
            lock.write_text("\n".join(lines) + "\n", encoding="utf-8")
            words = [str(self.python), "-I", "-m", "pip", "install", "--no-deps"]
            words += ["--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
            words += ["--no-color", "--no-compile", "--retries", "4", "--timeout", "20"]
            words += [*options, "-r", str(lock)]
            return self._follow(words, total=len(lines))

    def _follow(self, words: Sequence[str], total: int) -> Ended:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_PROGRESS_BAR": "off"}
        for name in ("PIP_NO_CACHE_DIR", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PYTHONPATH"):
            environment.pop(name, None)
        progress = Progress(total, self.report)
        with ended_with(start(words, environment)) as process:
            for line in lines_with_heartbeat(process):
                progress.take(line)
            code = process.wait()
        return progress.ended(code)


class Progress:
    """Turns what pip prints into a few lines for a person."""

    def __init__(self, total: int, report: Callable[[str], None]) -> None:
        self.total = total
        self.report = report
        self.collected = 0
        self.now = "Starting pip"
        self.since = time.monotonic()
        self.lines: list[str] = []

    def take(self, line: str | None) -> None:
        """Take one line of pip's, or None when it has been silent for a while."""
        if line is None:
            self.report(f"  … {self.now} ({time.monotonic() - self.since:.0f} s)")
            return
        line = line.strip()
        self.lines.append(line)
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied: ")):
            self.collected += 1
        if line.startswith("Collecting "):
            self._say(f"[{self.collected}/{self.total}] {line.removeprefix('Collecting ')}")
        elif line.startswith("Downloading "):
            size = re.search(r"\(([\d.]+ [MG]B)\)", line)
            if size:
                self._say(f"[{self.collected}/{self.total}] fetching {wheel_name(line)}, {size[1]}")
        elif line.startswith("Installing collected packages"):
            n_new = line.count(",") + 1  # without those that were there already
            self._say(f"Installing {n_new} package{'s' * (n_new > 1)}")

    def _say(self, text: str) -> None:
        self.now, self.since = text, time.monotonic()
        self.report(f"  {text}")

    def ended(self, code: int) -> Ended:
        """Say how the run ended, from pip's exit status and its own words."""
        if code == 0:
            return Ended(ok=True)
        errors = [line.removeprefix("ERROR: ") for line in self.lines if line.startswith("ERROR")]
        faults = errors or [line for line in self.lines if line]
        text = "\n".join(self.lines[-40:])
        nowhere = NOT_FOUND.search(text) is not None
        constraints = self._requested("(constraint) ")
        if errors and constraints:
            nowhere = True
            wanted, told = (", ".join(each) for each in (self._requested(""), constraints))
            faults = [f"no source has {wanted} that fits pip's own constraints, {told}"]
        offline = BROKEN_NETWORK.search(text) is not None
        if offline and nowhere:
            faults = ["a source of packages could not be reached"]
        return Ended(
            ok=False,
            fault=faults[-1] if faults else f"pip ended with status {code}",
            worth_another_try=offline,
            nowhere=nowhere and not offline,
        )

    def _requested(self, how: str) -> list[str]:
        """Return what pip says was requested, as a constraint or not."""
        found = map(CONSTRAINED.match, self.lines)
        return [each[2] for each in found if each and (each[1] or "") == how]


def start(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a program whose output is read line by line, with nothing to read itself."""
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        errors="replace",
        env=environment,
    )


@contextlib.contextmanager
def ended_with(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """End a program together with the block, whether it is done or an interrupt came."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def wheel_name(line: str) -> str:
    """Return `torch` from `Downloading …/torch-2.13.0-cp311-….whl (190 MB)`."""
    return line.split()[1].rpartition("/")[2].partition("-")[0]


def lines_with_heartbeat(process: subprocess.Popen[str]) -> Iterator[str | None]:
    """Yield a process's lines as they come, and None whenever it has been silent for a while."""
    lines: queue.Queue[str | None] = queue.Queue()
    assert process.stdout is not None
    output = process.stdout

    def read() -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in output:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line
