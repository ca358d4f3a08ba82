"""Keeps warm parents ready, one for each environment and set of imports, and gives memory back."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np  # noqa: F401  (its BLAS has to be there before it can be limited)
from threadpoolctl import threadpool_limits

from gradus.core.errors import SandboxError
from gradus.core.lab import Lab, Limits, Profile
from gradus.sandbox import Runtime, WarmParent
from gradus.sandbox.child import Child
from gradus.sandbox.parent import BEST_METHOD

MOST_PARENTS = 6
"""Parents kept at a time."""
MOST_MB = 1536
"""MiB that all parents may hold together, as the kernel shares it out, before one goes."""
IDLE_SECONDS = 900.0
"""How long a parent is kept after its last child was asked for."""

FindRuntime = Callable[[str, tuple[str, ...]], Runtime]
Mark = tuple[tuple[int, int] | None, ...]


@dataclass(slots=True)
class Kept:
    """A parent with what is known of its use."""

    parent: WarmParent
    """The parent."""
    mark: Mark
    """What its environment looked like on disk when it had started."""
    used: float = field(init=False)
    """When a child was last asked for."""
    children: list[Child] = field(default_factory=list)
    """Children that may still run."""

    @property
    def busy(self) -> bool:
        """Whether a child of it is in use."""
        self.children = [each for each in self.children if not each.closed]
        return bool(self.children)


class Pool:
    """Warm parents by environment and imports.

    The least used one goes when there are too many or when they hold too much memory, and each
    one goes when nothing was asked of it for a while; never one whose children run. A parent
    whose environment has changed on disk is replaced. `find_runtime(environment, imports)`
    gives the interpreter; it raises `PrerequisiteError` where the environment is not installed.
    `strict` judges behind every layer, or not at all.
    """

    def __init__(
        self,
        find_runtime: FindRuntime,
        method: Literal["fork", "spawn"] | None = None,
        *,
        strict: bool = False,
        idle_seconds: float = IDLE_SECONDS,
        most_mb: float = MOST_MB,
    ) -> None:
        self._find = find_runtime
        self._method = method
        self._strict = strict
        self._idle_seconds = idle_seconds
        self._most_mb = most_mb
        self._parents: OrderedDict[tuple[Path, tuple[str, ...]], Kept] = OrderedDict()
        self._retired: list[Kept] = []
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        self.spent = 0.0
        """CPU seconds of all children that did their work and were ended."""
        _compute_on_one_thread()

    def runtime(self, lab: Lab) -> Runtime:
        """Return the lab's interpreter; raises `PrerequisiteError` where it is not installed."""
        return self._find(lab.environment, lab.imports)

    def child(self, lab: Lab, folder: Path, limits: Limits, profile: Profile) -> Child:
        """Return a fresh child in `folder`; a dead parent is replaced once."""
        runtime = self.runtime(lab)
        with self._lock:
            try:
                return self._child(runtime, folder, limits, profile)
            except SandboxError:
                self._drop(runtime)
                return self._child(runtime, folder, limits, profile)

    def _child(self, runtime: Runtime, folder: Path, limits: Limits, profile: Profile) -> Child:
        kept = self._kept(runtime)
        child = kept.parent.child(folder, limits, profile)
        kept.children = [each for each in (*kept.children, child) if not each.closed]
        return child

    def spend(self, seconds: float) -> None:
        """Note what children that were ended have used."""
        with self._lock:
            self.spent += seconds

    def warm(self, lab: Lab) -> None:
        """Start the lab's parent now, so that the first check does not wait for it."""
        with self._lock:
            self._kept(self.runtime(lab))

    def held_mb(self) -> float:
        """Return the MiB that the parents hold; what is shared counts for each by its share."""
        with self._lock:
            return sum(each.parent.held_mb() for each in self._parents.values())

    def sweep(self) -> None:
        """Close the parents of which nothing was asked for a while."""
        with self._lock:
            now = time.monotonic()
            for key, kept in list(self._parents.items()):
                if now - kept.used >= self._idle_seconds and not kept.busy:
                    self._parents.pop(key).parent.close()
            for kept in [each for each in self._retired if not each.busy]:
                self._retired.remove(kept)
                kept.parent.close()
            self._timer = None
            if self._parents or self._retired:
                self._sweep_later()

    def _sweep_later(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(max(1.0, self._idle_seconds / 4), self.sweep)
            self._timer.daemon = True
            self._timer.start()

    def _kept(self, runtime: Runtime) -> Kept:
        key = (runtime.python, runtime.imports)
        kept = self._parents.get(key)
        if kept is not None and not (kept.parent.alive and kept.mark == environment_mark(runtime)):
            self._drop(runtime)
            kept = None
        if kept is None:
            parent = self._start(runtime)
            kept = self._parents[key] = Kept(parent, environment_mark(runtime))
            self._make_room()
        kept.used = time.monotonic()
        self._parents.move_to_end(key)
        self._sweep_later()
        return kept

    def _make_room(self) -> None:
        """Close the least used parents while there are too many; the newest stays."""
        for key, kept in list(self._parents.items())[:-1]:
            if len(self._parents) <= MOST_PARENTS and self.held_mb() <= self._most_mb:
                return
            if not kept.busy:
                self._parents.pop(key).parent.close()

    def _start(self, runtime: Runtime) -> WarmParent:
        return WarmParent(runtime, method=self._method or BEST_METHOD, strict=self._strict)

    def _drop(self, runtime: Runtime) -> None:
        """Give a parent up; where children of it run, it is closed after them."""
        kept = self._parents.pop((runtime.python, runtime.imports), None)
        if kept is None:
            return
        if kept.parent.alive and kept.busy:
            self._retired.append(kept)
        else:
            kept.parent.close()

    def close(self) -> None:
        """End every parent."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            for kept in (*self._parents.values(), *self._retired):
                kept.parent.close()
            self._parents.clear()
            self._retired.clear()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def _compute_on_one_thread() -> None:
    """Keep the oracles' arithmetic off the cores on which children work.

    Threads of a BLAS wait for the next small product by spinning, which costs more than it gains.
    """
    threadpool_limits(limits=1, user_api="blas")


def environment_mark(runtime: Runtime) -> Mark:
    """Return what changes on disk when packages of an environment come, go or are replaced."""
    prefix = runtime.python.parent.parent
    packages = sorted(prefix.glob("lib/python*/site-packages"))
    return mark_of([runtime.python, prefix / "pyvenv.cfg", *packages])


def mark_of(paths: Iterable[Path]) -> Mark:
    """Return what changes on disk when one of the files or folders does."""
    marks: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            seen = path.stat()
        except OSError:
            marks.append(None)
        else:
            marks.append((seen.st_mtime_ns, seen.st_ino))
    return tuple(marks)
