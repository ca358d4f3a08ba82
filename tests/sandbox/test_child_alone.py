"""A child as the judge holds it, without one: the test speaks for it and for the kernel."""

import math
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gradus.core.errors import SandboxError
from gradus.core.lab import Limits, Profile
from gradus.sandbox import ChildEnded, Raised, Returned, Usage
from gradus.sandbox import child as module
from gradus.sandbox.child import Ask, Child
from gradus.sandbox.inside import frames
from gradus.sandbox.starters import Ending, Seed, make_pipes

LIMITS = Limits(seconds=2.0, memory_mb=100, processes=12, output_kb=2, file_mb=3)
BEGAN = {"began": ["limits"], "levels": 0, "base_kb": 1000, "start_kb": 4096, "start_cpu": 0.5}
KB, SLACK_KB = 1024, 64 * 1024
OK = {"ok": 5, "value": "yes"}


class Clock:
    """The judge's clock, which stands where a test stops it."""

    now: float | None = None

    def stop(self) -> float:
        """Let it stand at a moment to which and from which parts of a second are exact."""
        self.now = math.ceil(time.monotonic() * 1024) / 1024
        return self.now

    def monotonic(self) -> float:
        return time.monotonic() if self.now is None else self.now


class Kernel:
    """What the kernel says of each process, as a test wants it."""

    def __init__(self) -> None:
        self.cpu: dict[int, float] = {}
        self.held: dict[int, tuple[int, int]] = {}
        self.shares: dict[int, int] = {}
        self.nameless: dict[int, int] = {}
        self.below: dict[int, list[int]] = {}
        self.looks = 0

    def cpu_seconds(self, pid: int) -> float:
        self.looks += 1
        return self.cpu.get(pid, 0.5)

    def memory_kb(self, pid: int) -> tuple[int, int]:
        return self.held.get(pid, (1000, 4096))

    def share_kb(self, pid: int) -> int:
        return self.shares[pid]

    def nameless_bytes(self, pid: int) -> int:
        return self.nameless.get(pid, 0)

    def children(self, pid: int) -> list[int]:
        return self.below.get(pid, [])

    def family(self, pid: int) -> list[int]:
        return [pid, *(far for near in self.children(pid) for far in self.family(near))]


class Alone:
    """A starter whose child is the test: what it says is written before it is asked."""

    alive = True
    namespaces = ()

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.clock = Clock()
        self.folders: list[tuple[Path, int]] = []
        self.beyond: Callable[[], bool] = lambda: False
        self.ending = Ending(0, 0.0, 0, False)
        self.ended: list[tuple[int, float]] = []
        self.dropped: list[int] = []
        self.pipes = make_pipes()
        self.request_fd, self.reply_fd, self.output_fd = self.pipes.theirs
        self.seed = Seed(7, 100, self.pipes)

    def start(self) -> Seed:
        return self.seed

    def end(self, seed: Seed, grace: float) -> Ending:
        self.ended.append((seed.id, grace))
        return self.ending

    def drop(self, seed: Seed) -> None:
        self.dropped.append(seed.id)

    def close(self) -> None:
        for fd in (self.request_fd, self.reply_fd, self.output_fd):
            with suppress(OSError):
                os.close(fd)

    def pids(self) -> list[int]:
        return []

    def is_beyond(self, folder: Path, most_bytes: int) -> bool:
        self.folders.append((folder, most_bytes))
        return self.beyond()

    def says(self, header: dict[str, Any], *buffers: bytes) -> None:
        """Let the child say one message."""
        os.write(self.reply_fd, b"".join(frames.pack(header, buffers)))

    def heard(self) -> tuple[dict[str, Any], list[bytes]]:
        """Return the oldest message that the child did not read yet."""
        os.set_blocking(self.request_fd, False)
        self.ahead = getattr(self, "ahead", bytearray())
        header, buffers = frames.receive(self.request_fd, self.ahead)
        return header, [bytes(each) for each in buffers]

    def child(
        self, profile: Profile = Profile.COMPUTE, folder: Path | None = None, **began: Any
    ) -> Child:
        """Start it; it has begun."""
        self.says({"seq": 0, **BEGAN, **began})
        return Child(self, self.seed, folder, LIMITS, profile)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Alone]:
    made = Alone()
    monkeypatch.setattr(module, "kernel", made.kernel)
    monkeypatch.setattr(module, "time", made.clock)
    folders = SimpleNamespace(is_beyond=made.is_beyond, MAX_ENTRIES=20_000)
    monkeypatch.setattr(module, "folders", folders)
    yield made
    made.close()
    with suppress(OSError):
        made.pipes.close()


LATE = ("time", "The code was still running after 0.05 seconds.")


def end_of(child: Child, expected: tuple[str, str] | None = None) -> tuple[str, str]:
    """Return how a child ends that is asked for something, which it does not answer."""
    with pytest.raises(ChildEnded) as ended:
        child.request("put", value=1, timeout=0.05 if expected == LATE else 5.0)
    return ended.value.reason, ended.value.detail


# ── it begins ──


def test_a_child_is_told_its_folder_limits_and_profile(alone: Alone, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real").mkdir()
    child = alone.child(Profile.SERVICE, tmp_path / "link")
    real = os.path.realpath(tmp_path / "real")
    told = {"folder": real, "limits": asdict(LIMITS), "profile": "service"}
    assert alone.heard() == (told, [])
    assert child.layers == ("limits",)


def test_a_child_without_a_folder_is_told_of_none(alone: Alone) -> None:
    alone.child()
    assert alone.heard()[0]["folder"] is None


def test_a_child_that_cannot_begin_says_why_and_leaves_nothing(alone: Alone) -> None:
    alone.says({"seq": 0, "failed": "no memory"})
    with pytest.raises(SandboxError, match=r"^A child could not be started: no memory\.$"):
        Child(alone, alone.seed, None, LIMITS, Profile.COMPUTE)
    assert alone.dropped == [7]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(alone.pipes.request_fd)


@pytest.mark.parametrize("said", [b"", b"nonsense here"])
def test_a_child_that_ends_before_it_begins_is_our_failure(alone: Alone, said: bytes) -> None:
    os.write(alone.output_fd, b"no such library")
    os.write(alone.reply_fd, said)
    os.close(alone.reply_fd)
    words = r"^A child could not be started\. no such library$"
    with pytest.raises(SandboxError, match=words):
        Child(alone, alone.seed, None, LIMITS, Profile.COMPUTE)
    assert alone.dropped == [7]


def test_a_child_has_a_minute_to_begin(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    until: list[float] = []

    def receive(channel: Any, deadline: float) -> Any:
        until.append(deadline - time.monotonic())
        raise module.wire.Overdue

    monkeypatch.setattr(module.wire.Channel, "receive", receive)
    with pytest.raises(SandboxError):
        Child(alone, alone.seed, None, LIMITS, Profile.COMPUTE)
    assert until == [pytest.approx(60, abs=5)]


def test_what_a_child_takes_before_it_begins_is_not_held_against_it(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing the environment's libraries takes time and memory, and may print."""
    alone.kernel.cpu[100], alone.kernel.held[100] = 9.0, (10**7, 10**7)
    receive = module.wire.Channel.receive

    def late(channel: Any, deadline: float) -> Any:
        with pytest.raises(module.wire.Overdue):
            receive(channel, time.monotonic() + 0.03)
        alone.says({**BEGAN, "start_cpu": 9.0, "base_kb": 10**7, "start_kb": 10**7})
        return receive(channel, deadline)

    monkeypatch.setattr(module.wire.Channel, "receive", late)
    child = Child(alone, alone.seed, None, LIMITS, Profile.COMPUTE)
    assert child.usage() == Usage(0.0, 0.0)


def test_more_printed_than_may_be_before_it_begins_is_our_failure(alone: Alone) -> None:
    os.write(alone.output_fd, b"warning " * 300)
    with pytest.raises(SandboxError, match="warning"):
        alone.child()


@pytest.mark.parametrize(("levels", "pids"), [(0, {100}), (1, {200}), (2, {300}), (3, {300})])
def test_a_child_is_watched_below_those_who_started_it(
    alone: Alone, levels: int, pids: set[int]
) -> None:
    alone.kernel.below = {100: [200, 201], 200: [300]}
    alone.kernel.cpu = dict.fromkeys((100, 200, 300), 1.0)
    child = alone.child(levels=levels)
    for pid in (100, 200, 201, 300):
        alone.kernel.cpu = {pid: 4.0}
        assert (child.usage().cpu_seconds > 0) == (pid in pids)


# ── it is asked ──


def test_a_request_is_numbered_and_answered(alone: Alone) -> None:
    child = alone.child()
    alone.heard()
    alone.says({"seq": 1, "ok": 5, "value": ["x", 0]}, b"text")
    alone.says({"seq": 2, "raised": {"types": ["E"], "message": "no", "frames": []}})
    assert child.request("put", value="x" * 5000, timeout=9) == Returned(5, "text")
    assert child.request("fetch", ref=5, timeout=9) == Raised(("E",), "no", ())
    fields = ["d", "value", ["x", 0]]
    assert alone.heard() == ({"seq": 1, "op": "put", "fields": fields}, [b"x" * 5000])
    assert alone.heard() == ({"seq": 2, "op": "fetch", "fields": ["d", "ref", 5]}, [])


@pytest.mark.parametrize("sequence", [2, None, "1"])
def test_an_answer_to_another_request_is_none(alone: Alone, sequence: Any) -> None:
    child = alone.child()
    alone.says({"seq": sequence, **OK})
    assert end_of(child) == ("malformed", "The code sent something that is not an answer.")
    assert alone.ended == [(7, 0.0)]


def test_several_requests_cross_in_one_message(alone: Alone) -> None:
    child = alone.child()
    alone.heard()
    first = child.message(
        [
            Ask("put", child.prepared({"value": "x" * 5000}), 1),
            Ask("put", child.prepared({"value": [1]}), 2),
            Ask("put", child.prepared({"value": "y" * 5000}), 1),
        ]
    )
    second = child.message([Ask("fetch", child.prepared({"ref": 1}), 1)])
    alone.says({"seq": 1, "replies": [[OK, 0, 0]] * 3})
    alone.says({"seq": 2, "replies": [[{"ok": 6, "value": ["x", 0]}, 0, 1]]}, b"text")
    child.ask_several(first, 9)
    child.ask_several(second, 9)
    assert child.hear_several(first, {}) == [Returned(5, "yes")] * 3
    assert child.hear_several(second, {}) == [Returned(6, "text")]
    header, buffers = alone.heard()
    assert header == {
        "seq": 1,
        "asks": [
            ["put", ["d", "value", ["x", 0]], 1, 0, 1],
            ["put", ["d", "value", ["l", 1]], 2, 1, 0],
            ["put", ["d", "value", ["x", 0]], 1, 1, 1],
        ],
    }
    assert buffers == [b"x" * 5000, b"y" * 5000]
    assert first.n_bytes == sum(len(each) for each in frames.pack(header, buffers))


def test_several_requests_may_have_too_few_answers(alone: Alone) -> None:
    child = alone.child()
    message = child.message([Ask("put", child.prepared({"value": 1}), 1)] * 2)
    alone.says({"seq": 1, "replies": [[OK, 0, 0]]})
    child.ask_several(message, 1)
    with pytest.raises(ChildEnded) as ended:
        child.hear_several(message, {})
    assert ended.value.reason == "malformed"
    with pytest.raises(ChildEnded) as again:
        child.ask_several(message, 1)
    assert again.value is ended.value


def test_several_requests_have_one_time(alone: Alone) -> None:
    child = alone.child()
    message = child.message([Ask("put", child.prepared({"value": 1}), 1)])
    child.ask_several(message, 0.05)
    with pytest.raises(ChildEnded) as ended:
        child.hear_several(message, {})
    assert (ended.value.reason, ended.value.detail) == LATE


@pytest.mark.parametrize("several", [False, True])
def test_a_request_that_is_not_read_has_its_time_too(alone: Alone, several: bool) -> None:
    child = alone.child()
    prepared = child.prepared({"value": b"x" * 2**21})
    message = child.message([Ask("put", prepared, 1)])
    with pytest.raises(ChildEnded) as ended:
        child.ask_several(message, 0.05) if several else child.ask("put", prepared, 0.05)
    assert (ended.value.reason, ended.value.detail) == LATE


def test_a_function_is_called_and_its_time_is_not_the_childs(alone: Alone) -> None:
    child, began = alone.child(), alone.clock.stop()
    alone.heard()
    alone.says({"seq": 1, "callback": 4, "value": ["l", ["l", 3], ["d"]]})

    def twice(x: int) -> int:
        alone.clock.now = began + 5.0
        alone.says({"seq": 1, **OK})
        return x * 2

    assert child.request("call", ref=1, stubs={4: twice}, timeout=8.0) == Returned(5, "yes")
    assert child.deadline == began + 8.0 + 5.0
    alone.heard()
    assert alone.heard() == ({"answer": 6}, [])


def test_after_a_function_a_child_has_the_time_that_was_left(alone: Alone) -> None:
    child = alone.child()
    alone.says({"seq": 1, "callback": 4, "value": ["l", ["l"], ["d"]]})

    began = time.monotonic()
    alone.kernel.cpu_seconds = lambda pid: 0.5 if time.monotonic() < began + 3 else 99.0
    with pytest.raises(ChildEnded) as ended:
        child.request("call", ref=1, stubs={4: lambda: time.sleep(0.3)}, timeout=0.4)
    assert ended.value.detail == "The code was still running after 0.4 seconds."
    assert time.monotonic() - began >= 0.7


def test_the_time_of_functions_is_given_back_once_and_no_more(alone: Alone) -> None:
    child, began = alone.child(), alone.clock.stop()
    deadlines: list[float] = []

    def again() -> None:
        deadlines.append(child.deadline - began)
        alone.clock.now = began + 3.0 * len(deadlines)
        asks = {"callback": 4, "value": ["l", ["l"], ["d"]]}
        alone.says({"seq": 1, **(asks if len(deadlines) < 4 else OK)})

    alone.says({"seq": 1, "callback": 4, "value": ["l", ["l"], ["d"]]})
    assert child.request("call", ref=1, stubs={4: again}, timeout=5.0) == Returned(5, "yes")
    assert deadlines == [5.0, 8.0, 10.0, 10.0]


def test_a_function_that_was_not_given_is_not_called(alone: Alone) -> None:
    child = alone.child()
    alone.says({"seq": 1, "callback": 4, "value": ["l", ["l"], ["d"]]})
    assert end_of(child)[0] == "malformed"


# ── it ends ──


def test_a_child_that_was_closed_answers_nothing(alone: Alone) -> None:
    with alone.child() as child:
        assert alone.dropped == []
    assert alone.dropped == [7]
    child.close()
    assert alone.dropped == [7]
    assert alone.ended == []
    assert end_of(child) == ("exit", "The child was closed.")


def test_what_a_closed_child_printed_is_not_read_from_whatever_was_opened_since(
    alone: Alone,
) -> None:
    child = alone.child()
    os.write(alone.output_fd, b"words")
    assert child.printed() == "words"
    child.close()
    reading, writing = os.pipe()
    os.dup2(reading, alone.pipes.output_fd)
    os.write(writing, b"another's")
    os.close(writing)
    assert child.printed() == "words"
    assert os.read(reading, 9) == b"another's"
    os.close(reading)


def test_a_child_that_ended_is_not_dropped_once_more(alone: Alone) -> None:
    child = alone.child()
    assert end_of(child, LATE) == LATE
    child.close()
    assert (alone.ended, alone.dropped) == ([(7, 0.0)], [])
    assert end_of(child, LATE) == LATE


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (0, "exit", "The code ended its own process with exit status 0."),
        (3 << 8, "exit", "The code ended its own process with exit status 3."),
        (
            signal.SIGSEGV,
            "signal",
            "The code's process was ended by SIGSEGV (a fault in a compiled library, or "
            "recursion without end).",
        ),
        (signal.SIGTERM | 0x80, "signal", "The code's process was ended by SIGTERM."),
        (
            signal.SIGABRT,
            "signal",
            "The code's process was ended by SIGABRT (a compiled library gave up).",
        ),
        (
            signal.SIGFPE,
            "signal",
            "The code's process was ended by SIGFPE (a fault in a compiled library).",
        ),
        (
            signal.SIGBUS,
            "signal",
            "The code's process was ended by SIGBUS (a fault in a compiled library).",
        ),
        (signal.SIGTERM, "signal", "The code's process was ended by SIGTERM."),
        (signal.SIGKILL, "signal", "The code's process was ended by SIGKILL."),
        (signal.SIGXCPU, "time", "The code used more than 2 seconds of processor time."),
        (signal.SIGXFSZ, "file-size", "The code wrote a file of more than 3 MiB."),
    ],
)
def test_the_kernel_says_why_a_child_ended(
    alone: Alone, status: int, reason: str, words: str
) -> None:
    child = alone.child()
    alone.ending = Ending(int(status), 1.9, 0, False)
    os.close(alone.reply_fd)
    assert end_of(child) == (reason, words)
    assert alone.ended == [(7, 0.5)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_one_that_was_killed_after_all_its_time_used_it_up(alone: Alone, number: int) -> None:
    child = alone.child()
    alone.ending = Ending(int(number), 2.0, 0, False)
    os.close(alone.reply_fd)
    assert end_of(child)[0] == ("time" if number == signal.SIGKILL else "signal")


def test_one_that_lives_on_without_its_line_is_told_apart(alone: Alone) -> None:
    child = alone.child()
    alone.ending = Ending(int(signal.SIGKILL), 9.0, 0, True)
    os.close(alone.reply_fd)
    words = "The code closed the line on which it answers."
    assert end_of(child) == ("malformed", words)


def test_what_was_printed_last_may_be_why_it_ended(alone: Alone) -> None:
    child = alone.child()
    alone.says({"seq": 1, **OK})
    child.request("put", value=1, timeout=9)
    os.write(alone.output_fd, b"x" * 2049)
    os.close(alone.request_fd)
    assert end_of(child) == ("output", "The code printed more than 2 KiB.")


# ── what it takes ──


def test_usage_is_counted_from_where_it_began(alone: Alone) -> None:
    alone.kernel.below = {100: [101]}
    child = alone.child(Profile.TOOLS)
    alone.kernel.cpu = {100: 1.25, 101: 0.5}
    alone.kernel.held = {100: (1, 4096 + 2048), 101: (1, 1024)}
    assert child.usage() == Usage(1.25, 3.0)
    alone.kernel.cpu, alone.kernel.held = {100: 0.0, 101: 0.0}, {100: (1, 2), 101: (1, 2)}
    assert child.usage() == Usage(0.0, 0.0)


def test_usage_of_one_that_ended_is_what_its_parent_heard(alone: Alone) -> None:
    child = alone.child()
    alone.ending = Ending(0, 1.5, 4096 + 512, False)
    end_of(child)
    assert child.usage() == Usage(1.0, 0.5)


def test_the_last_of_what_is_printed_is_kept(alone: Alone) -> None:
    child = alone.child()
    os.write(alone.output_fd, b"a" * 1000)
    assert child.printed() == "a" * 1000
    os.write(alone.output_fd, b"\x1b\xff")
    assert child.printed() == "a" * 1000 + "\\x1b\ufffd"
    child.limits = Limits(output_kb=100)
    os.write(alone.output_fd, b"b" * 1096 + b"c" * 3000)
    assert child.printed() == "b" * 1096 + "c" * 3000


def test_a_child_may_print_as_much_as_it_may(alone: Alone) -> None:
    child = alone.child()
    os.write(alone.output_fd, b"x" * 2048)
    assert end_of(child, LATE) == LATE


@pytest.mark.parametrize("parts", [(2049,), (2048, 1)])
def test_a_child_may_not_print_more(alone: Alone, parts: tuple[int, ...]) -> None:
    child = alone.child()
    alone.says({"seq": 1, **OK})
    os.write(alone.output_fd, b"x" * parts[0])
    if parts[1:]:
        child.request("put", value=1, timeout=9)
        os.write(alone.output_fd, b"x")
    assert end_of(child) == ("output", "The code printed more than 2 KiB.")


def test_what_is_printed_beyond_the_limit_can_be_read(alone: Alone) -> None:
    child = alone.child()
    os.write(alone.output_fd, b"x" * 2049)
    assert child.printed() == "x" * 2049


CPU = ("time", "The code used more than 2 seconds of processor time.")
MEMORY = ("memory", "The code held more than 100 MiB of memory.")
PROCESSES = ("processes", "The code started more than 11 processes.")
FOLDER = (
    "file-size",
    "The code wrote more than 12 MiB or 20000 files, or hid what it wrote.",
)


@pytest.mark.parametrize(("cpu", "end"), [(2.5, LATE), (2.51, CPU)])
def test_processor_time_counts_from_where_it_began(
    alone: Alone, cpu: float, end: tuple[str, str]
) -> None:
    child = alone.child()
    alone.kernel.cpu[100] = cpu
    assert end_of(child, end) == end


def test_processor_time_of_all_its_processes_counts(alone: Alone) -> None:
    alone.kernel.below = {100: [101]}
    child = alone.child(Profile.TOOLS)
    alone.kernel.cpu = {100: 1.3, 101: 1.3}
    assert end_of(child) == CPU


@pytest.mark.parametrize(
    ("kb", "end"), [(1000 + 100 * KB + SLACK_KB, LATE), (1001 + 100 * KB + SLACK_KB, MEMORY)]
)
def test_memory_counts_above_what_was_there(alone: Alone, kb: int, end: tuple[str, str]) -> None:
    child = alone.child()
    alone.kernel.held[100] = (kb, 0)
    assert end_of(child, end) == end


@pytest.mark.parametrize(
    ("resident", "shares", "end"),
    [
        ((60 * KB, 40 * KB), None, LATE),
        ((90 * KB, 100 * KB), (80 * KB, 20 * KB + SLACK_KB), LATE),
        ((100 * KB, 100 * KB), (81 * KB, 20 * KB + SLACK_KB), MEMORY),
    ],
)
def test_memory_that_processes_share_counts_once(
    alone: Alone, resident: Any, shares: Any, end: tuple[str, str]
) -> None:
    """And is asked for in doubt only, since that stops them."""
    alone.kernel.below = {100: [101]}
    child = alone.child(Profile.TOOLS)
    alone.kernel.held = {100: (resident[0], 0), 101: (resident[1], 0)}
    alone.kernel.shares = dict(zip((100, 101), shares or (), strict=False))
    assert end_of(child, end) == end


@pytest.mark.parametrize(("n_more", "end"), [(11, LATE), (12, PROCESSES)])
def test_processes_are_counted_with_the_first(
    alone: Alone, n_more: int, end: tuple[str, str]
) -> None:
    alone.kernel.below = {100: [*range(200, 200 + n_more)]}
    child = alone.child(Profile.TOOLS)
    alone.kernel.cpu = dict.fromkeys(range(100, 300), 0.0)
    assert end_of(child, end) == end


def test_processes_are_looked_for_in_tools_only(alone: Alone) -> None:
    child = alone.child(Profile.SERVICE)
    alone.kernel.below = {100: [*range(200, 230)]}
    assert end_of(child, LATE) == LATE


@pytest.mark.parametrize(("n_more", "end"), [(7, LATE), (8, "processes")])
def test_a_tools_own_processes_are_not_what_the_limit_is_for(
    alone: Alone, n_more: int, end: Any
) -> None:
    child = alone.child(Profile.TOOLS)
    child.limits = Limits(processes=1)
    alone.kernel.below = {100: [*range(200, 200 + n_more)]}
    alone.kernel.cpu = dict.fromkeys(range(100, 300), 0.0)
    reason, words = end_of(child, end)
    assert end in ((reason, words), reason)
    assert reason == "time" or words == "The code started more than 7 processes."


def test_what_is_left_in_its_namespaces_is_the_childs_too(alone: Alone) -> None:
    """The first process there is ours, and everything else below it is not."""
    alone.kernel.below = {100: [200], 200: [300, 301]}
    child = alone.child(Profile.TOOLS, began=["own namespaces"], levels=2)
    alone.kernel.cpu = {100: 9.0, 200: 9.0, 300: 1.5, 301: 1.0}
    assert child.usage().cpu_seconds == 2.0


@pytest.mark.parametrize(
    ("nameless", "beyond", "end"),
    [
        ({}, False, LATE),
        ({}, True, FOLDER),
        ({100: 12 * 2**20}, False, LATE),
        ({100: 12 * 2**20 + 1}, False, FOLDER),
        ({100: 6 * 2**20, 101: 7 * 2**20}, False, FOLDER),
    ],
)
def test_what_was_written_counts_also_without_a_name(
    alone: Alone, tmp_path: Path, nameless: dict[int, int], beyond: bool, end: tuple[str, str]
) -> None:
    alone.kernel.below = {100: [101]}
    child = alone.child(Profile.TOOLS, tmp_path)
    alone.kernel.nameless, alone.beyond = nameless, lambda: beyond
    assert end_of(child, end) == end
    room = 12 * 2**20 - sum(nameless.values())
    assert alone.folders == ([(tmp_path, room)] if room >= 0 else [])


def test_without_a_folder_none_is_looked_at(alone: Alone) -> None:
    child = alone.child()
    assert end_of(child, LATE) == LATE
    assert alone.folders == []


def answer(alone: Alone, child: Child) -> None:
    alone.says({"seq": child.sequence + 1, **OK})
    assert child.request("put", value=1, timeout=9) == Returned(5, "yes")


def test_one_that_answers_at_once_is_watched_all_the_same(alone: Alone) -> None:
    child, began = alone.child(), alone.clock.stop()
    answer(alone, child)
    looks = alone.kernel.looks
    answer(alone, child)
    alone.clock.now = began + 0.099
    answer(alone, child)
    assert alone.kernel.looks == looks == 1
    alone.clock.now = began + 0.1
    answer(alone, child)
    assert alone.kernel.looks == 2
    alone.clock.now = began + 0.1 + 0.1
    alone.kernel.cpu[100] = 9.0
    alone.says({"seq": child.sequence + 1, **OK})
    assert end_of(child) == CPU


def test_what_one_prints_that_answers_at_once_is_taken(alone: Alone) -> None:
    child, began = alone.child(), alone.clock.stop()
    answer(alone, child)
    alone.says({"seq": 2, "callback": 1, "value": ["l", ["l"], ["d"]]})
    alone.says({"seq": 2, **OK})

    def late() -> None:
        alone.clock.now = began + 0.2
        os.write(alone.output_fd, b"x" * 2049)

    with pytest.raises(ChildEnded) as ended:
        child.request("put", value=1, stubs={1: late}, timeout=9)
    assert ended.value.reason == "output"


@pytest.mark.parametrize(("takes", "pause"), [(0.0, 0.2), (0.25, 5.0)])
def test_a_folder_is_looked_at_less_often_the_longer_that_takes(
    alone: Alone, tmp_path: Path, takes: float, pause: float
) -> None:
    child, began = alone.child(folder=tmp_path), alone.clock.stop()

    def look() -> bool:
        alone.clock.now = began + takes
        return False

    alone.beyond = look
    answer(alone, child)
    alone.clock.now = began + pause - 0.01
    answer(alone, child)
    assert len(alone.folders) == 1
    alone.clock.now = began + pause
    child.next_watch = 0.0
    answer(alone, child)
    assert len(alone.folders) == 2
