"""Starters: what is asked of a warm parent, what is made of its answers, and what is closed."""

import errno
import fcntl
import io
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gradus.core.errors import SandboxError
from gradus.sandbox import Runtime, program
from gradus.sandbox import starters as module
from gradus.sandbox.starters import Ending, ForkStarter, Pipes, Seed, SpawnStarter, make_pipes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="as on Linux")

OWN = Runtime(Path(sys.executable), ("numpy",), "own")
SLEEPS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
SPACES = ["user", "pid"]
SEED = Seed(5, 505, Pipes(-1, -1, -1, (-1, -1, -1)))
DIED = "The warm parent of the environment own ended by itself: it said why."


def open_fds() -> list[str]:
    return sorted(os.listdir("/dev/fd"))


def ended(pid: int) -> bool:
    """Return whether a process ends within a while."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        stat = Path(f"/proc/{pid}/stat")
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.005)
    return False


# ── pipes ──


def test_each_pipe_leads_from_one_side_to_the_other() -> None:
    before = open_fds()
    pipes = make_pipes()
    request, reply, output = pipes.theirs
    for to, fro in ((pipes.request_fd, request), (reply, pipes.reply_fd)):
        os.write(to, b"x")
        assert os.read(fro, 9) == b"x"
        assert fcntl.fcntl(to, fcntl.F_GETPIPE_SZ) == 2**20
    os.write(output, b"y")
    assert os.read(pipes.output_fd, 9) == b"y"
    pipes.close()
    for fd in pipes.theirs:
        os.fstat(fd)
    pipes.release_theirs()
    assert open_fds() == before


def test_a_pipe_that_cannot_be_widened_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    for name, here in ((None, None), ("fcntl", refused)):
        without = SimpleNamespace(F_SETPIPE_SZ=1, fcntl=here) if name else SimpleNamespace()
        monkeypatch.setitem(sys.modules, "fcntl", without)
        pipes = make_pipes()
        os.write(pipes.request_fd, b"x")
        assert os.read(pipes.theirs[0], 9) == b"x"
        pipes.close()
        pipes.release_theirs()


# ── a warm parent that forks ──


class Far:
    """The other end of a warm parent's line; what it will say is said beforehand."""

    def __init__(self) -> None:
        self.said: list[tuple[dict[str, Any], list[int]]] = []
        self.complaints = io.BytesIO(b"it said why\n")
        self.line: socket.socket | None = None
        self.gone = False

    def start(
        self, runtime: Runtime, words: dict[str, Any], fds: list[int]
    ) -> tuple[subprocess.Popen[bytes], io.BytesIO]:
        """Take the place of `program.start`."""
        self.runtime, self.words, self.fds = runtime, words, fds
        self.line = socket.socket(fileno=os.dup(fds[0]))
        self.process = subprocess.Popen(SLEEPS, start_new_session=True)
        for message, passed in self.said:
            self.say(message, *passed)
        if self.gone:
            self.line.close()
        return self.process, self.complaints

    def say(self, message: dict[str, Any], *fds: int) -> None:
        """Send one message."""
        assert self.line is not None
        socket.send_fds(self.line, [json.dumps(message).encode()], list(fds))

    def asked(self) -> tuple[dict[str, Any], list[int]]:
        """Return the next message of the starter."""
        assert self.line is not None
        self.line.setblocking(False)
        raw, fds, _, _ = socket.recv_fds(self.line, 65536, 8)
        return json.loads(raw), fds

    def is_asked_nothing(self) -> bool:
        """Return whether no message waits."""
        with pytest.raises(BlockingIOError):
            self.asked()
        return True


def ready(missing: str = "", spaces: list[str] = SPACES) -> dict[str, Any]:
    return {"ready": 77, "missing": missing, "namespaces": spaces}


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """A warm parent that is played by the test."""
    before = open_fds()
    one = Far()
    monkeypatch.setattr(program, "start", one.start)
    yield one
    if one.line is not None:
        one.line.close()
    assert open_fds() == before
    assert one.process.returncode == -signal.SIGKILL


Make = Callable[..., ForkStarter]


@pytest.fixture
def starter(far: Far) -> Iterator[ForkStarter]:
    """A starter whose warm parent is ready; it is closed with the test."""
    far.said = [(ready(spaces=["user"]), [])]
    one = ForkStarter(OWN)
    yield one
    one.close()


def close_all(fds: list[int]) -> None:
    for fd in fds:
        os.close(fd)


def test_a_warm_parent_is_started_with_its_end_of_a_line(far: Far) -> None:
    far.said = [(ready(), [])]
    starter = ForkStarter(OWN)
    assert far.runtime is OWN
    assert far.words == program.prefix_words(OWN) | {"method": "fork", "control": far.fds[0]}
    assert len(far.fds) == 1
    assert starter.namespaces == ("user", "pid")
    assert starter.pids() == [far.process.pid]
    assert starter.alive
    far.process.kill()
    far.process.wait()
    assert not starter.alive
    starter.close()


@pytest.mark.parametrize(
    ("spaces", "with_pidfd", "number"),
    [(["user", "pid"], True, None), (["user", "pid"], False, -1), (["user"], False, 77)],
)
def test_a_process_has_its_number_on_this_side(
    far: Far, spaces: list[str], with_pidfd: bool, number: int | None
) -> None:
    pidfd = os.pidfd_open(os.getpid())
    far.said = [(ready(spaces=spaces), [pidfd] if with_pidfd else [])]
    starter = ForkStarter(OWN)
    os.close(pidfd)
    assert starter.pid == (os.getpid() if number is None else number)
    starter.close()


def test_what_the_environment_cannot_import_is_our_failure(far: Far) -> None:
    far.said = [(ready("numpy: ImportError: no"), [])]
    with pytest.raises(SandboxError) as error:
        ForkStarter(OWN)
    assert str(error.value) == "The environment own cannot import numpy: ImportError: no."
    assert far.complaints.closed


def test_a_program_that_cannot_be_started_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise SandboxError("not here")

    before = open_fds()
    monkeypatch.setattr(program, "start", refuse)
    for start in (ForkStarter, SpawnStarter):
        with pytest.raises(SandboxError, match="not here"):
            start(OWN)
        assert open_fds() == before


def test_a_warm_parent_that_ends_before_it_is_ready_is_told_with_its_complaint(far: Far) -> None:
    far.gone = True
    with pytest.raises(SandboxError) as error:
        ForkStarter(OWN)
    assert str(error.value) == DIED


class Silence:
    """Takes the place of `select`: nothing is ever heard."""

    def __init__(self) -> None:
        self.waited: list[tuple[Any, ...]] = []

    def select(self, *words: Any) -> tuple[list[Any], ...]:
        """Take note of what is waited for, and how long."""
        self.waited.append(words)
        return [], [], []


SILENT = "The warm parent of own does not answer."


def test_a_warm_parent_that_never_becomes_ready_is_told(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = Silence()
    monkeypatch.setattr(module, "select", silence)
    with pytest.raises(SandboxError) as error:
        ForkStarter(OWN)
    assert str(error.value) == SILENT
    assert silence.waited[0][1:] == ([], [], 180.0)


def test_a_warm_parent_that_does_not_answer_is_told(
    starter: ForkStarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = Silence()
    monkeypatch.setattr(module, "select", silence)
    with pytest.raises(SandboxError) as error:
        starter.start()
    assert str(error.value) == SILENT
    assert silence.waited == [([starter.control], [], [], 20.0)]


def test_a_child_gets_the_far_ends_of_its_pipes_and_the_next_is_asked_for(
    far: Far, starter: ForkStarter
) -> None:
    far.say({"id": 1, "pid": 501})
    seed = starter.start()
    assert (seed.id, seed.pid) == (1, 501)
    message, fds = far.asked()
    assert message == {"op": "fork", "id": 1, "later": False}
    os.write(seed.pipes.request_fd, b"x")
    assert os.read(fds[0], 9) == b"x"
    os.write(fds[1], b"y")
    assert os.read(seed.pipes.reply_fd, 9) == b"y"
    os.write(fds[2], b"z")
    assert os.read(seed.pipes.output_fd, 9) == b"z"
    close_all(fds)
    assert os.read(seed.pipes.reply_fd, 9) == b"", "no other end of it is open on this side"
    message, fds = far.asked()
    assert message == {"op": "fork", "id": 2, "later": True}
    close_all(fds)
    seed.pipes.close()


def test_the_spare_child_is_asked_for_now_where_it_is_not_there_yet(
    far: Far, starter: ForkStarter
) -> None:
    far.say({"id": 1, "pid": 501})
    starter.start().pipes.close()
    close_all(far.asked()[1] + far.asked()[1])
    far.say({"id": 2, "pid": 502})
    second = starter.start()
    assert (second.id, second.pid) == (2, 502)
    assert far.asked() == ({"op": "now"}, [])
    message, fds = far.asked()
    assert message == {"op": "fork", "id": 3, "later": True}
    close_all(fds)
    assert far.is_asked_nothing()
    second.pipes.close()


def test_a_spare_child_that_is_there_is_not_asked_for_again(far: Far, starter: ForkStarter) -> None:
    far.say({"id": 1, "pid": 501})
    first = starter.start()
    close_all(far.asked()[1] + far.asked()[1])
    far.say({"id": 2, "pid": 502})
    far.say({"id": 1, "status": 9, "cpu": 0.5, "peak_kb": 7, "killed": True})
    assert starter.end(first, 0.25) == Ending(9, 0.5, 7, True)
    assert far.asked() == ({"op": "end", "id": 1, "grace": 0.25}, [])
    first.pipes.close()
    second = starter.start()
    assert (second.id, second.pid) == (2, 502)
    message, fds = far.asked()
    assert message == {"op": "fork", "id": 3, "later": True}
    close_all(fds)
    second.pipes.close()


def test_a_child_that_cannot_be_forked_is_our_failure_and_the_next_is_asked_anew(
    far: Far, starter: ForkStarter
) -> None:
    far.say({"id": 1, "error": "no room"})
    before = open_fds()
    with pytest.raises(SandboxError) as error:
        starter.start()
    assert str(error.value) == "The sandbox cannot start a process: no room."
    assert open_fds() == before
    close_all(far.asked()[1])
    far.say({"id": 2, "pid": 502})
    starter.start().pipes.close()
    message, fds = far.asked()
    assert message == {"op": "fork", "id": 2, "later": False}
    close_all(fds + far.asked()[1])


def test_a_spare_child_that_could_not_be_forked_is_not_waited_for_again(
    far: Far, starter: ForkStarter
) -> None:
    far.say({"id": 1, "pid": 501})
    far.say({"id": 2, "error": "no room"})
    starter.start().pipes.close()
    with pytest.raises(SandboxError, match="no room"):
        starter.start()
    far.say({"id": 3, "pid": 503})
    third = starter.start()
    assert (third.id, third.pid) == (3, 503)
    third.pipes.close()


def test_a_pidfd_may_have_any_number(starter: ForkStarter) -> None:
    kept, pidfd = os.dup(0), os.pidfd_open(os.getpid())
    try:
        os.dup2(pidfd, 0)
        assert starter._our_number(0, 77) == os.getpid()
        os.dup2(pidfd, 0)
        starter.answers |= {8: ({}, os.dup(pidfd)), 9: ({}, 0)}
        starter.close()
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(0)
    finally:
        os.dup2(kept, 0)
        close_all([kept, pidfd])


def test_a_child_of_which_nothing_more_is_asked_is_dropped(far: Far, starter: ForkStarter) -> None:
    starter.drop(SEED)
    assert far.asked() == ({"op": "drop", "id": 5}, [])
    assert far.is_asked_nothing()
    assert far.line is not None
    far.line.close()
    starter.drop(SEED)


def test_a_warm_parent_that_died_is_told_whatever_is_asked(far: Far, starter: ForkStarter) -> None:
    assert far.line is not None
    far.line.close()
    for ask in (starter.start, starter.start, lambda: starter.end(SEED, 0)):
        with pytest.raises(SandboxError) as error:
            ask()
        assert str(error.value) == DIED


def test_a_line_that_breaks_while_an_answer_is_awaited_is_told(
    far: Far, starter: ForkStarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ConnectionResetError

    far.say({"id": 1, "pid": 501})
    monkeypatch.setattr(socket, "recv_fds", broken)
    with pytest.raises(SandboxError) as error:
        starter.start()
    assert str(error.value) == DIED


@pytest.mark.parametrize("with_pidfd", [True, False])
def test_a_spare_that_nobody_took_is_closed_with_its_pidfd(
    far: Far, starter: ForkStarter, with_pidfd: bool
) -> None:
    far.say({"id": 1, "pid": 501})
    first = starter.start()
    pidfd = os.pidfd_open(os.getpid())
    far.say({"id": 2, "pid": 502}, *([pidfd] if with_pidfd else []))
    os.close(pidfd)
    far.say({"id": 1, "status": 0, "cpu": 0.0, "peak_kb": 7, "killed": False})
    assert starter.end(first, 0.0) == Ending(0, 0.0, 7, False)
    close_all(far.asked()[1] + far.asked()[1])
    first.pipes.close()
    starter.close()
    starter.close()


def test_a_warm_parent_that_died_gives_no_child_that_it_forked_before(
    far: Far, starter: ForkStarter
) -> None:
    far.say({"id": 1, "pid": 501})
    assert far.line is not None
    far.line.close()
    with pytest.raises(SandboxError) as error:
        starter.start()
    assert str(error.value) == DIED


def test_nobody_is_signalled_for_a_warm_parent_that_has_ended(
    far: Far, starter: ForkStarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    far.process.kill()
    far.process.wait()
    signalled: list[Any] = []
    monkeypatch.setattr(os, "killpg", lambda *words: signalled.append(words))
    starter.close()
    assert signalled == []


@pytest.mark.parametrize("n_before", [0, 1, 2])
def test_too_many_open_files_leave_nothing_open(
    monkeypatch: pytest.MonkeyPatch, n_before: int
) -> None:
    pipe, made = os.pipe, []

    def scarce() -> tuple[int, int]:
        if len(made) == n_before:
            raise OSError(errno.EMFILE, "Too many open files")
        made.append(pipe())
        return made[-1]

    before = open_fds()
    monkeypatch.setattr(os, "pipe", scarce)
    with pytest.raises(OSError, match="Too many"):
        make_pipes()
    assert open_fds() == before


def no_more_pipes() -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def test_a_child_without_a_spare_behind_it_is_given_up_whole(
    far: Far, starter: ForkStarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    far.say({"id": 1, "pid": 501})
    pipes = make_pipes()
    left = [pipes]
    monkeypatch.setattr(module, "make_pipes", lambda: left.pop() if left else no_more_pipes())
    with pytest.raises(OSError, match="Too many"):
        starter.start()
    close_all(far.asked()[1])
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(pipes.request_fd)


# ── one interpreter for each child ──


class Started:
    """Takes the place of `program.start`: a child is any short program."""

    def __init__(self) -> None:
        self.code = "import time; time.sleep(60)"
        self.asked: list[tuple[Runtime, dict[str, Any], tuple[int, ...]]] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.complaints: list[io.BytesIO] = []

    def __call__(
        self, runtime: Runtime, words: dict[str, Any], fds: tuple[int, ...]
    ) -> tuple[subprocess.Popen[bytes], io.BytesIO]:
        self.asked.append((runtime, words, fds))
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", self.code],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=fds,
        )
        self.processes.append(process)
        self.complaints.append(io.BytesIO())
        return process, self.complaints[-1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Programs in the place of the interpreters; all of them have ended with the test."""
    before = open_fds()
    one = Started()
    monkeypatch.setattr(program, "start", one)
    yield one
    assert open_fds() == before
    assert all(each.returncode is not None for each in one.processes)
    assert all(each.closed for each in one.complaints)


def test_interpreters_are_started_one_ahead(started: Started) -> None:
    starter = SpawnStarter(OWN)
    assert starter.pids() == [started.processes[0].pid]
    runtime, words, fds = started.asked[0]
    assert runtime is OWN
    assert words == program.prefix_words(OWN) | {"method": "spawn", "fds": fds}
    first, second = starter.start(), starter.start()
    assert [each.pid for each in started.processes][:2] == [first.pid, second.pid]
    assert (first.id, second.id, len(started.processes)) == (1, 2, 3)
    assert starter.pids() == [each.pid for each in started.processes]
    assert (starter.alive, starter.namespaces) == (True, ())
    for seed in (first, second):
        seed.pipes.close()
    starter.close()
    assert (starter.alive, starter.pids()) == (False, [])
    assert [each.returncode for each in started.processes] == [-signal.SIGKILL] * 3
    starter.close()


def test_a_spawned_child_has_the_far_ends_of_its_pipes(started: Started) -> None:
    starter = SpawnStarter(OWN)
    starter.start().pipes.close()
    starter.close()
    request, reply, output = started.asked[0][2]
    for fd in (request, reply, output):
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)


def test_a_child_that_ends_by_itself_is_told_with_what_it_took(started: Started) -> None:
    started.code = "b = b'x' * (40 << 20)\nwhile __import__('time').process_time() < 0.3: pass\n1/0"
    starter = SpawnStarter(OWN)
    seed = starter.start()
    ending = starter.end(seed, 30.0)
    assert os.waitstatus_to_exitcode(ending.status) == started.processes[0].returncode == 1
    assert 0.3 <= ending.cpu_seconds < 1.5
    own_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # what was forked counts as well
    assert 40 << 10 < ending.peak_kb < max(100 << 10, own_kb + (1 << 10))
    assert not ending.killed
    assert starter.pids() == [started.processes[1].pid]
    seed.pipes.close()
    starter.close()


def of_two(folder: Path, then: str) -> str:
    """Return a program that starts another, notes its number under its own, and goes on."""
    return f"""
import os, time
other = os.fork()
if not other:
    time.sleep(60)
os.chdir({str(folder)!r})
with open(name := f"{{other}}.new", "w") as file:
    file.write(str(other))
os.rename(name, str(os.getpid()))
{then}
"""


def test_a_child_that_goes_on_is_killed_after_its_grace_with_its_group(
    started: Started, tmp_path: Path
) -> None:
    started.code = of_two(tmp_path, "time.sleep(60)")
    starter = SpawnStarter(OWN)
    seed = starter.start()
    while not (tmp_path / str(seed.pid)).exists():
        time.sleep(0.005)
    began = time.monotonic()
    ending = starter.end(seed, 0.3)
    assert 0.3 <= time.monotonic() - began < 5
    assert (ending.status, ending.killed) == (signal.SIGKILL, True)
    assert ended(int((tmp_path / str(seed.pid)).read_text()))
    seed.pipes.close()
    starter.close()


class Clock:
    """Takes the place of `time`: only sleep takes time, and is none."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Return the time that was slept so far."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Take note of how long nothing is looked at."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize("grace", [0.3, None])
def test_a_child_has_its_grace_and_one_that_is_dropped_has_none(
    started: Started, monkeypatch: pytest.MonkeyPatch, grace: float | None
) -> None:
    clock, killpg, killed_at = Clock(), os.killpg, list[float]()

    def kill(*words: int) -> None:
        killed_at.append(clock.now)
        killpg(*words)

    starter = SpawnStarter(OWN)
    seed = starter.start()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(module, "time", clock)
        meanwhile.setattr(os, "killpg", kill)
        if grace is None:
            starter.drop(seed)
        else:
            starter.end(seed, grace)
    assert killed_at[0] - 100.0 == pytest.approx(grace or 0.0, abs=0.001)
    assert all(0.0001 < each < 0.001 for each in clock.slept), "its end is seen at once"
    seed.pipes.close()
    starter.close()


def test_what_a_child_left_behind_in_its_group_is_ended(started: Started, tmp_path: Path) -> None:
    started.code = of_two(tmp_path, "")
    starter = SpawnStarter(OWN)
    seed = starter.start()
    assert starter.end(seed, 30.0).killed is False
    assert ended(int((tmp_path / str(seed.pid)).read_text()))
    seed.pipes.close()
    starter.close()


def test_all_groups_are_killed_where_all_is_closed(started: Started, tmp_path: Path) -> None:
    started.code = of_two(tmp_path, "time.sleep(60)")
    starter = SpawnStarter(OWN)
    seed = starter.start()
    while len(os.listdir(tmp_path)) < 2 or list(tmp_path.glob("*.new")):
        time.sleep(0.005)
    starter.close()
    assert all(ended(int(each.read_text())) for each in tmp_path.iterdir())
    seed.pipes.close()


def test_a_child_is_killed_also_where_it_leads_no_group(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    starter = SpawnStarter(OWN)
    seed = starter.start()
    monkeypatch.setattr(os, "killpg", refused)
    assert starter.end(seed, 0.0).status == signal.SIGKILL
    seed.pipes.close()
    starter.close()
    assert [each.returncode for each in started.processes] == [-signal.SIGKILL] * 2


def test_a_child_is_dropped_once(started: Started) -> None:
    starter = SpawnStarter(OWN)
    seed = starter.start()
    began = time.monotonic()
    starter.drop(seed)
    assert time.monotonic() - began < 5
    assert started.processes[0].returncode == -signal.SIGKILL
    starter.drop(seed)
    seed.pipes.close()
    starter.close()


def test_a_child_behind_which_no_spare_can_be_started_is_given_the_next_time(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = SpawnStarter(OWN)
    with monkeypatch.context() as scarce:
        scarce.setattr(module, "make_pipes", no_more_pipes)
        with pytest.raises(OSError, match="Too many"):
            starter.start()
    seed = starter.start()
    assert (seed.id, len(started.processes)) == (1, 2)
    seed.pipes.close()
    starter.close()
