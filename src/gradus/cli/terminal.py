"""What the command prints to and how: colour, JSON, and a sign of life while a person waits.

It must not know what any command does.
"""

import contextlib
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

GREEN, RED, YELLOW, DIM, BOLD, RESET = (
    "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m",
)  # fmt: skip
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
PATIENCE_SECONDS = 1.0
"""After this long without a word, a person is told that something is going on."""


def has_colour(stream: TextIO) -> bool:
    """Say whether a stream shows colour: a terminal, and `NO_COLOR` is not set."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def paint(code: str, text: str, *, colour: bool) -> str:
    """Return text in a colour, or as it is."""
    return f"{code}{text}{RESET}" if colour else text


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command speaks."""

    as_json: bool = False
    """Whether standard output is for a program and not for a person."""

    @property
    def colour(self) -> bool:
        """Whether standard output shows colour."""
        return not self.as_json and has_colour(sys.stdout)

    def say(self, text: str) -> None:
        """Print text for a person; a program that reads JSON does not get it."""
        if not self.as_json:
            write(sys.stdout, text if text.endswith("\n") else text + "\n")

    def tell(self, text: str) -> None:
        """Print progress or a warning to standard error, whoever reads standard output."""
        write(sys.stderr, text if text.endswith("\n") else text + "\n")

    def give(self, answer: Any) -> None:
        """Print one JSON object on a line of its own, where that was asked for."""
        if self.as_json:
            write(sys.stdout, json.dumps(answer, ensure_ascii=False, default=str) + "\n")

    @contextlib.contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Show that something is going on, as soon as it lasts longer than a second."""
        done = threading.Event()
        thread = threading.Thread(target=_show_life, args=(what, done), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


class Status:
    """One line of progress: rewritten in place on a terminal, said now and then elsewhere."""

    def __init__(self, every: float = 10.0) -> None:
        self._every = every
        self._said = time.monotonic()
        self._live = sys.stderr.isatty()

    def show(self, where: str, what: str) -> None:
        """Say what is being done at this moment."""
        text = f"{where} {what}"
        if self._live:
            write(sys.stderr, f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}")
        elif time.monotonic() - self._said > self._every:
            self._said = time.monotonic()
            write(sys.stderr, f"{text} …\n")

    def clear(self) -> None:
        """Take the line away, where it is rewritten in place."""
        if self._live:
            write(sys.stderr, "\r\x1b[K")

    def keep(self, text: str) -> None:
        """Say what was done, on a line that stays."""
        write(sys.stderr, f"\r\x1b[K{text}\n" if self._live else f"{text}\n")


def write(stream: TextIO, text: str) -> None:
    """Write text whatever the stream's encoding; what it cannot show becomes a question mark."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


def _show_life(what: str, done: threading.Event) -> None:
    began = time.monotonic()
    if done.wait(PATIENCE_SECONDS):
        return
    with contextlib.suppress(OSError, ValueError):
        if not sys.stderr.isatty():
            write(sys.stderr, f"{what} …\n")
            return
        place = 0
        while not done.wait(0.1):
            seconds = time.monotonic() - began
            write(sys.stderr, f"\r{FRAMES[place % len(FRAMES)]} {what} ({seconds:.0f} s) ")
            place += 1
        write(sys.stderr, "\r\x1b[K")
