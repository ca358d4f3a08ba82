"""Two ways to get a child: forked from a warm parent, or spawned ahead of time.

A starter gives out seeds (a process and its pipes) and says how a process ended. It knows
nothing of requests.
"""

import json
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..core.errors import SandboxError
from . import kernel, program
from .outcomes import Runtime

_READY_SECONDS = 180.0
_ANSWER_SECONDS = 20.0
_PIPE_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Pipes:
    """This side's ends of a child's pipes, and the child's ends until it has them."""

    request_fd: int
    reply_fd: int
    output_fd: int
    theirs: tuple[int, int, int]

    def release_theirs(self) -> None:
        """Close the child's ends on this side."""
        for fd in self.theirs:
            os.close(fd)

    def close(self) -> None:
        """Close this side's ends."""
        for fd in (self.request_fd, self.reply_fd, self.output_fd):
            os.close(fd)


@dataclass(frozen=True, slots=True)
class Seed:
    """A process that waits for its first message."""

    id: int
    pid: int
    pipes: Pipes


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended, as its parent heard it from the kernel."""

    status: int
    cpu_seconds: float
    peak_kb: int
    killed: bool


class Starter(Protocol):
    """What `WarmParent` needs of either way."""

    def start(self) -> Seed: ...

    def end(self, seed: Seed, grace: float) -> Ending: ...

    def drop(self, seed: Seed) -> None: ...

    def close(self) -> None: ...

    def pids(self) -> list[int]: ...

    @property
    def alive(self) -> bool: ...

    @property
    def namespaces(self) -> tuple[str, ...]: ...


def make_pipes() -> Pipes:
    """Make the three pipes of one child, or leave none open."""
    ends: list[int] = []
    try:
        for _ in range(3):
            ends += os.pipe()
    except OSError:
        for fd in ends:
            os.close(fd)
        raise
    request_r, request_w, reply_r, reply_w, output_r, output_w = ends
    _widen(request_w)
    _widen(reply_w)
    return Pipes(request_w, reply_r, output_r, (request_r, reply_w, output_w))


def _widen(fd: int) -> None:
    try:
        import fcntl

        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return


class ForkStarter:
    """One warm parent that forks; a spare child is forked ahead of time."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.lock = threading.Lock()
        self.next_id = 1
        self.waiting: dict[int, Pipes] = {}
        self.spare: int | None = None
        self.answers: dict[int, tuple[dict[str, Any], int]] = {}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        words = program.prefix_words(runtime) | {"method": "fork", "control": theirs.fileno()}
        try:
            self.process, self.complaints = program.start(runtime, words, [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        try:
            self._become_ready()
        except BaseException:
            self.close()
            raise

    def _become_ready(self) -> None:
        message, pidfd = self._receive(_READY_SECONDS)
        self.spaces = tuple(message["namespaces"])
        self.pid = self._our_number(pidfd, message["ready"])
        if message["missing"]:
            raise SandboxError(
                f"The environment {self.runtime.name} cannot import {message['missing']}."
            )

    def pids(self) -> list[int]:
        """Return the process that everything of this starter descends from."""
        return [self.process.pid]

    @property
    def namespaces(self) -> tuple[str, ...]:
        return self.spaces

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def start(self) -> Seed:
        with self.lock:
            number = self.spare or self._ask()
            if number == self.spare and number not in self.answers:
                self._send({"op": "now"})
            self.spare = None
            answer, pidfd = self._answer(number)
            pipes = self.waiting.pop(number)
            if "error" in answer:
                pipes.close()
                raise SandboxError(f"The sandbox cannot start a process: {answer['error']}.")
            pid = self._our_number(pidfd, answer["pid"])
            try:
                self.spare = self._ask(later=True)
            except BaseException:
                pipes.close()
                raise
            return Seed(number, pid, pipes)

    def _our_number(self, pidfd: int, theirs: int) -> int:
        """Return a process's number on this side of a process namespace, -1 where unknown."""
        if pidfd < 0:
            return -1 if "pid" in self.spaces else theirs
        number = kernel.pid_of(pidfd)
        os.close(pidfd)
        return number

    def _ask(self, later: bool = False) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        pipes = make_pipes()
        self.waiting[number] = pipes
        try:
            self._send({"op": "fork", "id": number, "later": later}, pipes.theirs)
        finally:
            pipes.release_theirs()
        return number

    def end(self, seed: Seed, grace: float) -> Ending:
        with self.lock:
            self._send({"op": "end", "id": seed.id, "grace": grace})
            answer, _ = self._answer(seed.id)
        return Ending(answer["status"], answer["cpu"], answer["peak_kb"], answer["killed"])

    def drop(self, seed: Seed) -> None:
        with self.lock:
            try:
                self._send({"op": "drop", "id": seed.id})
            except SandboxError:
                return

    def close(self) -> None:
        self.control.close()
        _kill(self.process)
        for pipes in self.waiting.values():
            pipes.close()
        self.waiting.clear()
        for _, pidfd in self.answers.values():
            if pidfd >= 0:
                os.close(pidfd)
        self.answers.clear()
        self.complaints.close()

    def _send(self, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self.control, [json.dumps(message).encode()], fds)
        except OSError as error:
            raise SandboxError(self._died()) from error

    def _answer(self, number: int) -> tuple[dict[str, Any], int]:
        while number not in self.answers:
            message, pidfd = self._receive(_ANSWER_SECONDS)
            self.answers[message["id"]] = (message, pidfd)
        return self.answers.pop(number)

    def _receive(self, seconds: float) -> tuple[dict[str, Any], int]:
        if not select.select([self.control], [], [], seconds)[0]:
            raise SandboxError(f"The warm parent of {self.runtime.name} does not answer.")
        try:
            raw, fds, _, _ = socket.recv_fds(self.control, 65536, 1)
        except OSError as error:
            raise SandboxError(self._died()) from error
        if not raw:
            raise SandboxError(self._died())
        return json.loads(raw), fds[0] if fds else -1

    def _died(self) -> str:
        why = program.said(self.complaints)
        return f"The warm parent of the environment {self.runtime.name} ended by itself: {why}."


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except OSError:
            process.kill()
    process.wait()


class SpawnStarter:
    """A fresh interpreter per child, one of them started ahead of time."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.lock = threading.Lock()
        self.next_id = 1
        self.running: dict[int, tuple[subprocess.Popen[bytes], Any]] = {}
        self.open = True
        self.spare = self._begin()

    def pids(self) -> list[int]:
        """Return the interpreters that run now."""
        return [process.pid for process, _ in self.running.values()]

    @property
    def namespaces(self) -> tuple[str, ...]:
        return ()

    @property
    def alive(self) -> bool:
        return self.open

    def _begin(self) -> Seed:
        pipes = make_pipes()
        words = program.prefix_words(self.runtime) | {"method": "spawn", "fds": pipes.theirs}
        try:
            process, complaints = program.start(self.runtime, words, pipes.theirs)
        except BaseException:
            pipes.close()
            raise
        finally:
            pipes.release_theirs()
        number, self.next_id = self.next_id, self.next_id + 1
        self.running[number] = (process, complaints)
        return Seed(number, process.pid, pipes)

    def start(self) -> Seed:
        with self.lock:
            seed = self.spare
            self.spare = self._begin()
            return seed

    def end(self, seed: Seed, grace: float) -> Ending:
        process, complaints = self.running.pop(seed.id)
        until, killed = time.monotonic() + grace, False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() >= until and not killed:
                _kill_group(process.pid)
                killed = True
            time.sleep(0.0005)
        process.returncode = os.waitstatus_to_exitcode(status)
        _kill_group(seed.pid, only_group=True)
        complaints.close()
        return Ending(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, killed)

    def drop(self, seed: Seed) -> None:
        if seed.id in self.running:
            self.end(seed, 0.0)

    def close(self) -> None:
        with self.lock:
            if not self.open:
                return
            self.open = False
            self.spare.pipes.close()
            for process, complaints in self.running.values():
                _kill(process)
                complaints.close()
            self.running.clear()


def _kill_group(pid: int, only_group: bool = False) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        if not only_group:
            os.kill(pid, signal.SIGKILL)
