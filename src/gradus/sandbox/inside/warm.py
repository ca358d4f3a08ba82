"""Where the program starts: a warm parent that only imports and forks, or one spawned child.

The warm parent must never compute with what it imported: a library that started threads of
its own there would hang in every child.
"""

# ruff: noqa: SIM115
# The streams stay open for as long as the process lives.

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
import warnings
from typing import Any

from . import faults, frames, namespaces, server, values, walls

REQUEST_FD, REPLY_FD = 254, 255
_MOST_FDS = 4096
# Libraries import these when they are first used, which would be in every child anew.
_IMPORTED_LATE = {
    "numpy": ("numpy.random", "numpy.linalg"),
    "pandas": ("pyarrow.pandas_compat",),
    "narwhals": ("narwhals._pandas_like.namespace", "narwhals.stable.v2._namespace"),
}
_IDLE_SECONDS = 0.25


def main(words: dict[str, Any]) -> None:
    """Warm up as `words` says, then fork on demand (`fork`) or become the child (`spawn`)."""
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
    if words["method"] == "spawn":
        _stand_between(words["fds"])
        missing = _import(words["imports"])
        _become_child(words["fds"], walls.prepare(words, ()), missing, spawned=True)
        return
    control = socket.socket(fileno=words["control"])
    spaces = walls.enter_namespaces(control)
    missing = _import(words["imports"])
    gc.collect()
    gc.freeze()
    prepared = walls.prepare(words, spaces)
    ready = {"ready": os.getpid(), "missing": missing, "namespaces": spaces}
    _reply(control, ready, [_pidfd(os.getpid())])
    WarmParent(control, prepared).serve()


def _stand_between(fds: list[int]) -> None:
    """Go on in a child of this process, so that the judge is not the parent of any child."""
    pid = os.fork()
    if pid:
        for fd in fds:
            os.close(fd)
        namespaces.end_like(os.waitpid(pid, 0)[1])
    namespaces.die_with_parent()


def _import(names: list[str]) -> str:
    for name in names:
        try:
            __import__(name)
        except Exception as error:
            return f"{name}: {type(error).__name__}: {error}"
    for library, parts in _IMPORTED_LATE.items():
        if library in sys.modules:
            for part in parts:
                with contextlib.suppress(ImportError):
                    __import__(part)
    return ""


def _pidfd(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1


def _reply(control: socket.socket, message: dict[str, Any], fds: list[int]) -> None:
    fds = [fd for fd in fds if fd >= 0]
    socket.send_fds(control, [json.dumps(message).encode()], fds)
    for fd in fds:
        os.close(fd)


class WarmParent:
    """Forks a child for each `fork` message and says how it ended for each `end` message."""

    def __init__(self, control: socket.socket, prepared: "walls.Prepared") -> None:
        self.control = control
        self.prepared = prepared
        self.spare: tuple[int, list[int]] | None = None
        self.pids: dict[int, int] = {}
        self.ended: dict[int, tuple[int, float, int]] = {}

    def serve(self) -> None:
        """Obey until the other side closes.

        The spare child is forked when a child was ended, when it is asked for, or when nothing
        else was wanted for a while, so that it does not compete with a child that just started.
        """
        while True:
            if self.spare and not select.select([self.control], [], [], _IDLE_SECONDS)[0]:
                self.fork_spare()
            raw, fds, _, _ = socket.recv_fds(self.control, 65536, 8)
            if not raw:
                os._exit(0)
            message = json.loads(raw)
            if message["op"] == "fork":
                self.spare = (message["id"], fds)
            elif message["op"] == "end":
                self.end(message["id"], message["grace"])
            elif message["op"] == "drop":
                self.drop(message["id"])
            if not message.get("later"):
                self.fork_spare()
            self.reap()

    def fork_spare(self) -> None:
        """Fork the child that was asked for."""
        if self.spare:
            (number, fds), self.spare = self.spare, None
            self.fork(number, fds)

    def fork(self, number: int, fds: list[int]) -> None:
        """Fork one child that takes over the descriptors of its pipes."""
        try:
            pid = os.fork()
        except OSError as error:
            _reply(self.control, {"id": number, "error": str(error)}, [])
            pid = -1
        if pid == 0:
            try:
                self.control.close()
                _become_child(fds, self.prepared)
            finally:
                os._exit(121)
        for fd in fds:
            os.close(fd)
        if pid > 0:
            self.pids[number] = pid
            _reply(self.control, {"id": number, "pid": pid}, [_pidfd(pid)])

    def drop(self, number: int) -> None:
        """End a child of which nothing more is asked."""
        pid = self.pids.pop(number, -1)
        if pid > 0 and pid not in self.ended:
            os.kill(pid, signal.SIGKILL)
        self.ended.pop(pid, None)

    def reap(self) -> None:
        """Collect every process that ended, known or left behind."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.ended[pid] = (status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)

    def end(self, number: int, grace: float) -> None:
        """Say how a child ended; after `grace` seconds, end it."""
        pid = self.pids.pop(number)
        until = time.monotonic() + grace
        killed = False
        while True:
            self.reap()
            if pid in self.ended:
                break
            if time.monotonic() >= until and not killed:
                os.kill(pid, signal.SIGKILL)
                killed = True
            time.sleep(0.0005)
        status, cpu, peak = self.ended.pop(pid)
        self.ended = {pid: how for pid, how in self.ended.items() if pid in self.pids.values()}
        message = {"id": number, "status": status, "cpu": cpu, "peak_kb": peak, "killed": killed}
        _reply(self.control, message, [])


def _become_child(
    fds: list[int], prepared: "walls.Prepared", missing: str = "", spawned: bool = False
) -> None:
    _take_descriptors(fds, prepared.keep_fds)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    namespaces.die_with_parent()
    _own_streams()
    _own_chance()
    _rehearse()
    try:
        header, _ = frames.receive(REQUEST_FD)
    except frames.Closed:
        os._exit(0)
    if missing:
        frames.send(REPLY_FD, {"seq": 0, "failed": f"the environment cannot import {missing}"})
        os._exit(120)
    try:
        enforced = walls.close_in(header, prepared)
    except BaseException as error:
        frames.send(REPLY_FD, {"seq": 0, "failed": f"{type(error).__name__}: {error}"})
        os._exit(120)
    _own_paths(header["folder"])
    began = {
        "start_cpu": time.process_time(),
        "base_kb": prepared.resident_kb,
        "start_kb": walls.memory_kb()[1],
    }
    levels = int(spawned) + (2 if "own namespaces" in enforced else 0)
    frames.send(REPLY_FD, {"seq": 0, "began": enforced, "levels": levels, **began})
    try:
        most_output = header["limits"]["output_kb"] * 1024
        folder = header["folder"] or "/nonexistent"
        server.Server(REQUEST_FD, REPLY_FD, folder, most_output).serve()
    except (frames.Closed, BrokenPipeError):
        os._exit(0)


def _take_descriptors(fds: list[int], keep: tuple[int, ...]) -> None:
    request, reply, output = (os.dup(fd) for fd in fds)
    os.dup2(request, REQUEST_FD, inheritable=False)
    os.dup2(reply, REPLY_FD, inheritable=False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    low = 3
    for fd in sorted((*keep, REQUEST_FD, REPLY_FD)):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, _MOST_FDS)


def _own_streams() -> None:
    sys.stdin = open(0, closefd=False)
    for fd, name in ((1, "stdout"), (2, "stderr")):
        stream = open(fd, "w", closefd=False, buffering=1, encoding="utf-8", errors="replace")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _own_paths(folder: str | None) -> None:
    sys.dont_write_bytecode = True
    sys.argv = [""]
    if folder:
        sys.path.insert(0, folder)


def _rehearse() -> None:
    """Touch ahead of time the memory that the first request would have to copy."""
    sink = values.Sink(lambda other, sink: None)
    node = values.encode([1, 2.0, "x", (None, {"a": 1})], sink)
    raw = b"".join(frames.pack({"seq": 0, "op": "", "value": node}))
    values.decode(frames.parse_header(raw[frames.PRELUDE.size :])["value"], values.Source([], {}))
    try:
        exec(
            compile("import sys\ndef f(x):\n    return x\nf(1)\n1 / 0\n", "<rehearsal>", "exec"), {}
        )
    except ZeroDivisionError as error:
        faults.described(error, "/nonexistent")


def _own_chance() -> None:
    """Unseeded draws shall differ from child to child, as they would in fresh processes."""
    random = sys.modules.get("numpy.random")
    if random is not None:
        random.seed(int.from_bytes(os.urandom(4), "little"))
