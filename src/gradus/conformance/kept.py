"""What a measurement has done already: one line of JSON for each thing, so that it can go on.

It must not know what is measured.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """Lines of a file by their name; a file of another key is begun anew."""

    def __init__(self, path: Path | None, key: str) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Any]] = {}
        if path is None:
            return
        lines = _lines(path)
        if lines and lines[0].get("key") == key:
            self._known = {each["name"]: each for each in lines[1:] if "name" in each}
            if not path.read_bytes().endswith(b"\n"):
                with path.open("a", encoding="utf-8") as file:
                    file.write("\n")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"key": key}) + "\n", encoding="utf-8")

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self._known[name]

    def keep(self, name: str, **facts: Any) -> dict[str, Any]:
        """Keep what was found of one thing, on disk at once."""
        line = {"name": name, **facts}
        with self._lock:
            self._known[name] = line
            if self.path is not None:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
        return line


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines that are whole; the last may have been broken off."""
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def key_of(*parts: str) -> str:
    """Return a hash over everything that a measurement rests on."""
    whole = sha256()
    for each in parts:
        whole.update(f"{len(each)} {each}".encode())
    return f"sha256:{whole.hexdigest()}"


def sources_of(*folders: Path) -> str:
    """Return a hash over the Python files below some folders."""
    files = sorted(path for each in folders for path in each.rglob("*.py"))
    return key_of(*(path.read_text(encoding="utf-8") for path in files))


def side_by_side(work: Callable[[T], None], things: Iterable[T], workers: int) -> Iterator[None]:
    """Do the same with many things, `workers` at a time; yields after each of them."""
    with ThreadPoolExecutor(max_workers=workers) as threads:
        waiting = [threads.submit(work, each) for each in things]
        try:
            for each in waiting:
                yield each.result()
        except BaseException:
            for each in waiting:
                each.cancel()
            raise
