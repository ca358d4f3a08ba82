"""Reads single keys from a terminal without holding up anything else.

It must not know what a key means, beyond Enter and q.
"""

import contextlib
import os
import queue
import select
import sys
import threading
from collections.abc import Iterator

POLL_SECONDS = 0.2


@contextlib.contextmanager
def keys(into: "queue.Queue[str]") -> Iterator[bool]:
    """Put `enter` or `q` into a queue as they are pressed; gives False where there is no terminal.

    The terminal is left as it was found, whatever happens.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows: a whole line is read
        yield sys.stdin.isatty()
        return
    if not sys.stdin.isatty():
        yield False
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    over = threading.Event()
    thread = threading.Thread(target=_read, args=(descriptor, into, over), daemon=True)
    tty.setcbreak(descriptor)
    try:
        thread.start()
        yield True
    finally:
        over.set()
        thread.join()
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _read(descriptor: int, into: "queue.Queue[str]", over: threading.Event) -> None:
    while not over.is_set():
        ready, _, _ = select.select([descriptor], [], [], POLL_SECONDS)
        if not ready:
            continue
        pressed = os.read(descriptor, 1)
        if pressed in (b"\n", b"\r"):
            into.put("enter")
        elif pressed in (b"q", b"Q", b""):
            into.put("q")
            return


def one_key() -> str:
    """Wait for one key and return it; where there is no terminal, a line's first character.

    Enter is the empty text, and the end of the input is `q`.
    """
    if not sys.stdin.isatty():
        return _first_of_line()
    try:
        import termios
        import tty
    except ImportError:  # Windows: a whole line is read
        return _first_of_line()
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor, termios.TCSADRAIN)  # a key that was pressed early is kept
    try:
        pressed = os.read(descriptor, 8)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
    if pressed in (b"", b"\x04"):
        return "q"
    return pressed.decode("utf-8", "replace").strip("\r\n").lower()


def _first_of_line() -> str:
    line = sys.stdin.readline()
    return line.rstrip("\r\n")[:1].lower() if line else "q"
