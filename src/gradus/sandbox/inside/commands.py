"""Runs a program of the environment and keeps what it prints, up to a bound.

It must not decide what too much printing means: what is beyond the bound goes to this process's
own stdout, where the other side counts it.
"""

import os
import selectors
import subprocess
import time
from typing import Any

_PIECE = 2**16
_LOOK_SECONDS = 0.02
_QUIET_SECONDS = 0.05
_LATE = "the program was still running after its time"


def run(
    argv: list[str], env: dict[str, str], stdin: bytes, seconds: float | None, most: int
) -> dict[str, Any]:
    """Run a program in the current folder; return exit status, stdout and stderr as text.

    Raises TimeoutError where it takes longer than `seconds`. What the program leaves
    running behind it is not waited for.
    """
    process = subprocess.Popen(
        argv,
        env={**os.environ, **env},
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            printed = _Printed(process, stdin, most)
            printed.take_until(None if seconds is None else time.monotonic() + seconds)
        except BaseException:
            process.kill()
            raise
        return {
            "exit": process.returncode,
            "stdout": printed.text(process.stdout),
            "stderr": printed.text(process.stderr),
        }


class _Printed:
    """What a running program prints, taken as it comes while its stdin is fed."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, most: int) -> None:
        self.process, self.stdin, self.most = process, memoryview(stdin), most
        self.taken: dict[Any, bytearray] = {}
        self.n_bytes = 0
        self.selector = selectors.DefaultSelector()
        for stream in (process.stdout, process.stderr):
            self.taken[stream] = bytearray()
            self._watch(stream, selectors.EVENT_READ)
        if process.stdin is not None:
            self._watch(process.stdin, selectors.EVENT_WRITE)

    def _watch(self, stream: Any, event: int) -> None:
        os.set_blocking(stream.fileno(), False)
        self.selector.register(stream, event)

    def take_until(self, deadline: float | None) -> None:
        """Take what is printed until the program ends and is quiet; raises TimeoutError."""
        quiet_since = time.monotonic()
        while self.selector.get_map():
            now = time.monotonic()
            if deadline is not None and now > deadline:
                raise TimeoutError(_LATE)
            if self.process.poll() is not None and now - quiet_since > _QUIET_SECONDS:
                break
            for key, _ in self.selector.select(_LOOK_SECONDS):
                quiet_since = time.monotonic()
                if key.fileobj is self.process.stdin:
                    self._feed()
                else:
                    self._take(key.fileobj)
        self.selector.close()
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            self.process.wait(left)
        except subprocess.TimeoutExpired:
            raise TimeoutError(_LATE) from None

    def _feed(self) -> None:
        assert self.process.stdin is not None
        try:
            self.stdin = self.stdin[os.write(self.process.stdin.fileno(), self.stdin) :]
        except BrokenPipeError:
            self.stdin = self.stdin[:0]
        if not self.stdin:
            self.selector.unregister(self.process.stdin)
            self.process.stdin.close()

    def _take(self, stream: Any) -> None:
        piece = os.read(stream.fileno(), _PIECE)
        if not piece:
            self.selector.unregister(stream)
            return
        self.n_bytes += len(piece)
        if self.n_bytes > self.most:
            os.write(1, piece)
        else:
            self.taken[stream] += piece

    def text(self, stream: Any) -> str:
        """Return what was taken from one stream."""
        return self.taken[stream].decode("utf-8", "replace")
