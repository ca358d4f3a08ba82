"""One untrusted child as the judge holds it: requests with deadlines, limits, and its end.

Whatever the child does, `request` returns a reply or raises `ChildEnded`; `SandboxError` means
that the sandbox itself failed.
"""

import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from ..core.errors import SandboxError
from ..core.lab import Limits, Profile
from . import folders, kernel, wire
from .inside import frames
from .inside.frames import Closed, FrameError
from .outcomes import ChildEnded, Reason, Reply, Usage
from .printing import printable
from .replies import call_stub, read_replies, read_reply
from .starters import Ending, Seed, Starter

_BEGIN_SECONDS = 60.0
_GRACE_SECONDS = 0.5
_KEPT_OUTPUT = 4096
_MEMORY_SLACK_KB = 64 * 1024
# A tool's own launcher and its helpers are not what the limit is for.
_LEAST_PROCESSES = 8
# One that answers at once is never waited for, and is looked at all the same.
_WATCH_SECONDS = 0.1
_FILES_OF_FULL_SIZE, _FOLDER_SECONDS = 4, 0.2
_TROUBLE = (wire.Overdue, FrameError, Closed, ChildEnded)
_SIGNAL_WORDS = {
    signal.SIGSEGV: " (a fault in a compiled library, or recursion without end)",
    signal.SIGABRT: " (a compiled library gave up)",
    signal.SIGFPE: " (a fault in a compiled library)",
    signal.SIGBUS: " (a fault in a compiled library)",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The fields of a request, laid out to be sent."""

    node: Any
    """Their msgpack node."""
    buffers: list[Any]
    """The raw buffers that it points to."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One of several requests that cross in one message."""

    op: str
    """What is asked."""
    prepared: Prepared
    """Its fields."""
    asker: int
    """Who asks, counted from 1, or 0 where nobody asks beside: each has its own last call that
    raised, and an answer to one of several does not say what an object looks like."""


@dataclass(frozen=True, slots=True)
class Message:
    """Several requests as the bytes that cross."""

    sequence: int
    """By which its answer is known."""
    n_asks: int
    """How many requests there are."""
    pieces: list[memoryview]
    """What is written, in order."""

    @property
    def n_bytes(self) -> int:
        """How long it is."""
        return sum(each.nbytes for each in self.pieces)


class Child:
    """A running child; close it when done."""

    def __init__(
        self, starter: Starter, seed: Seed, folder: Path | None, limits: Limits, profile: Profile
    ) -> None:
        self.starter, self.seed = starter, seed
        self.pid = self.first_pid = seed.pid
        self.limits, self.profile, self.folder = limits, profile, folder
        self.next_look = self.next_watch = 0.0
        self.sequence = 0
        self.n_printed = 0
        self.last_printed = b""
        self.ended: ChildEnded | None = None
        self.ending: Ending | None = None
        self.closed = False
        pipes = seed.pipes
        self.channel = wire.Channel(
            pipes.request_fd, pipes.reply_fd, pipes.output_fd, self._print, lambda: None
        )
        try:
            self._begin(folder)
        except BaseException:
            self.close()
            raise

    def _begin(self, folder: Path | None) -> None:
        """Let it begin; what it takes until then is the environment's, and no limit is for that."""
        words = {
            "folder": os.path.realpath(folder) if folder else None,
            "limits": asdict(self.limits),
            "profile": self.profile.value,
        }
        deadline = time.monotonic() + _BEGIN_SECONDS
        try:
            self.channel.send(words, [], deadline)
            header, _ = self.channel.receive(deadline)
        except _TROUBLE as error:
            raise SandboxError(f"A child could not be started. {self.printed()}") from error
        if "failed" in header:
            raise SandboxError(f"A child could not be started: {header['failed']}.")
        self.layers: tuple[str, ...] = tuple(header["began"])
        self.base_kb: int = header["base_kb"]
        self.start_kb: int = header["start_kb"]
        self.start_cpu: float = header["start_cpu"]
        for _ in range(header["levels"]):
            self.first_pid, self.pid = self.pid, next(iter(kernel.children(self.pid)), self.pid)
        self.channel.watch = self._watch

    def request(
        self,
        op: str,
        /,
        *,
        stubs: Mapping[int, Callable[..., Any]] | None = None,
        timeout: float,
        **fields: Any,
    ) -> Reply:
        """Ask for one thing and return what came of it; raises ChildEnded, SandboxError.

        `timeout` counts the child's seconds: the time that `stubs` take here is not in it, up to
        as much again.
        """
        self.ask(op, self.prepared(fields), timeout)
        return self.hear(stubs or {})

    @staticmethod
    def prepared(fields: dict[str, Any], change: Callable[[Any], Any] | None = None) -> Prepared:
        """Lay out a request's fields; `change` gives what is sent for what does not cross."""
        buffers: list[Any] = []
        return Prepared(wire.fields_node(fields, buffers, change), buffers)

    def ask(self, op: str, prepared: Prepared, timeout: float) -> None:
        """Send a request and do not wait; `hear` has to follow before the next one."""
        if self.ended is not None:
            raise self.ended
        self.sequence += 1
        self.patience = self.left_for_stubs = timeout
        self.deadline = time.monotonic() + timeout
        header = {"seq": self.sequence, "op": op, "fields": prepared.node}
        try:
            self.channel.send(header, prepared.buffers, self.deadline)
        except _TROUBLE as error:
            self._end_by(error)

    def hear(self, stubs: Mapping[int, Callable[..., Any]]) -> Reply:
        """Wait for the answer to what was asked; raises as `request` does."""
        try:
            return read_reply(*self._receive(self.sequence, stubs))
        except _TROUBLE as error:
            self._end_by(error)

    def message(self, asks: Sequence[Ask]) -> Message:
        """Lay out requests that are done one after another and cross at once."""
        self.sequence += 1
        nodes: list[Any] = []
        buffers: list[Any] = []
        for each in asks:
            own = each.prepared.buffers
            nodes.append([each.op, each.prepared.node, each.asker, len(buffers), len(own)])
            buffers += own
        pieces = frames.pack({"seq": self.sequence, "asks": nodes}, buffers)
        return Message(self.sequence, len(asks), pieces)

    def ask_several(self, message: Message, timeout: float) -> None:
        """Send a message and do not wait.

        One more may be sent before this one is heard, if a pipe holds both.
        """
        if self.ended is not None:
            raise self.ended
        self.patience = self.left_for_stubs = timeout
        self.deadline = time.monotonic() + timeout
        try:
            self.channel.send_pieces(message.pieces, self.deadline)
        except _TROUBLE as error:
            self._end_by(error)

    def hear_several(
        self, message: Message, stubs: Mapping[int, Callable[..., Any]]
    ) -> list[Reply]:
        """Wait for the answers to the oldest message; raises as `request` does."""
        try:
            header, buffers = self._receive(message.sequence, stubs)
            return read_replies(header.get("replies"), buffers, message.n_asks)
        except _TROUBLE as error:
            self._end_by(error)

    def _receive(
        self, sequence: int, stubs: Mapping[int, Callable[..., Any]]
    ) -> tuple[dict[str, Any], list[Any]]:
        """Return the next message that is no call of a stub; those are answered."""
        while True:
            header, buffers = self.channel.receive(self.deadline)
            if time.monotonic() >= self.next_watch:
                self.channel.drain()
                self._watch()
            if header.get("seq") != sequence:
                raise FrameError("a reply answers another request")
            if "callback" not in header:
                return header, buffers
            asked = time.monotonic()
            answer, out = call_stub(header, buffers, stubs)
            given_back = min(time.monotonic() - asked, self.left_for_stubs)
            self.left_for_stubs -= given_back
            self.deadline += given_back
            self.channel.send(answer, out, self.deadline)

    def _end_by(self, error: Exception) -> NoReturn:
        """End the child, which says nothing, nonsense or more than it may.

        What it said is let go of: the error would keep it for as long as it is kept itself.
        """
        traceback.clear_frames(error.__traceback__)
        if isinstance(error, wire.Overdue):
            self._end("time", f"The code was still running after {self.patience:.3g} seconds.")
        if isinstance(error, FrameError):
            self._end("malformed", "The code sent something that is not an answer.")
        if isinstance(error, ChildEnded):
            self._end(error.reason, error.detail)
        self._classify()

    def usage(self) -> Usage:
        """Return processor time and peak memory so far, read from the kernel."""
        if self.ending is not None:
            cpu, peak_kb = self.ending.cpu_seconds, self.ending.peak_kb
        else:
            pids = self._pids()
            cpu = sum(kernel.cpu_seconds(pid) for pid in pids)
            peak_kb = sum(kernel.memory_kb(pid)[1] for pid in pids)
        return Usage(max(0.0, cpu - self.start_cpu), max(0.0, (peak_kb - self.start_kb) / 1024))

    def printed(self) -> str:
        """Return the last 4 KiB of what the child printed."""
        if not self.closed:
            with suppress(ChildEnded):
                self.channel.drain()
        return printable(self.last_printed.decode("utf-8", "replace"))

    def close(self) -> None:
        """Kill the child and everything that it left behind."""
        if self.closed:
            return
        self.closed = True
        self.channel.close()
        if self.ending is None:
            self.starter.drop(self.seed)
        if self.ended is None:
            self.ended = ChildEnded("exit", "The child was closed.")

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pids(self) -> list[int]:
        """Return the child's processes; what is left to process 1 of its namespaces is its too."""
        if self.profile is not Profile.TOOLS:
            return [self.pid]
        if "own namespaces" in self.layers:
            return kernel.family(self.first_pid)[1:]
        return kernel.family(self.pid)

    def _print(self, raw: bytes) -> None:
        self.n_printed += len(raw)
        self.last_printed = (self.last_printed + raw)[-_KEPT_OUTPUT:]
        if self.n_printed > self.limits.output_kb * 1024:
            raise ChildEnded("output", f"The code printed more than {self.limits.output_kb} KiB.")

    def _watch(self) -> None:
        self.next_watch = time.monotonic() + _WATCH_SECONDS
        pids = self._pids()
        cpu = sum(kernel.cpu_seconds(pid) for pid in pids) - self.start_cpu
        if cpu > self.limits.seconds:
            raise ChildEnded("time", self._cpu_words())
        if len(pids) > self._most_processes():
            words = f"The code started more than {self._most_processes() - 1} processes."
            raise ChildEnded("processes", words)
        if self._held_kb(pids) > self.limits.memory_mb * 1024 + _MEMORY_SLACK_KB:
            raise ChildEnded("memory", self._memory_words())
        self._watch_folder(pids)

    def _held_kb(self, pids: list[int]) -> int:
        """Return what the processes hold; shared memory counts once.

        What each one's resident memory comes to is never less, and asking for the shares stops
        the processes for as long as the kernel counts: that is done in doubt only.
        """
        if len(pids) == 1:
            return kernel.memory_kb(self.pid)[0] - self.base_kb
        resident = sum(kernel.memory_kb(pid)[0] for pid in pids)
        if resident <= self.limits.memory_mb * 1024:
            return resident
        return sum(kernel.share_kb(pid) for pid in pids)

    def _watch_folder(self, pids: list[int]) -> None:
        """Look at what was written, also to files that have no name any more."""
        now = time.monotonic()
        if self.folder is None or now < self.next_look:
            return
        most = _FILES_OF_FULL_SIZE * self.limits.file_mb
        room = most * 2**20 - sum(kernel.nameless_bytes(pid) for pid in pids)
        if room < 0 or folders.is_beyond(self.folder, room):
            much = f"more than {most} MiB or {folders.MAX_ENTRIES} files"
            words = f"The code wrote {much}, or hid what it wrote."
            raise ChildEnded("file-size", words)
        self.next_look = now + max(_FOLDER_SECONDS, 20 * (time.monotonic() - now))

    def _most_processes(self) -> int:
        return max(self.limits.processes, _LEAST_PROCESSES)

    def _cpu_words(self) -> str:
        return f"The code used more than {self.limits.seconds:g} seconds of processor time."

    def _memory_words(self) -> str:
        return f"The code held more than {self.limits.memory_mb} MiB of memory."

    def _classify(self) -> NoReturn:
        """Say why the pipe closed, from the status that the kernel gave."""
        try:
            self.channel.drain()
        except ChildEnded as ended:
            self._end(ended.reason, ended.detail)
        ending = self._collect(_GRACE_SECONDS)
        if ending.killed:
            self._end("malformed", "The code closed the line on which it answers.")
        if os.WIFEXITED(ending.status):
            status = os.WEXITSTATUS(ending.status)
            self._end("exit", f"The code ended its own process with exit status {status}.")
        number = signal.Signals(os.WTERMSIG(ending.status))
        if number == signal.SIGXCPU or (
            number == signal.SIGKILL and ending.cpu_seconds >= self.limits.seconds
        ):
            self._end("time", self._cpu_words())
        if number == signal.SIGXFSZ:
            size = self.limits.file_mb
            self._end("file-size", f"The code wrote a file of more than {size} MiB.")
        words = _SIGNAL_WORDS.get(number, "")
        self._end("signal", f"The code's process was ended by {number.name}{words}.")

    def _collect(self, grace: float) -> Ending:
        if self.ending is None:
            self.ending = self.starter.end(self.seed, grace)
        return self.ending

    def _end(self, reason: Reason, detail: str) -> NoReturn:
        """Kill what still runs and raise."""
        self.ended = ChildEnded(reason, detail)
        self._collect(0.0)
        raise self.ended from None
