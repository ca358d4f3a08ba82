"""Keeps warm parents ready, one for each environment and set of imports."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from gradus.core.errors import SandboxError
from gradus.core.lab import Lab, Limits, Profile
from gradus.sandbox import Runtime, WarmParent
from gradus.sandbox.child import Child

MOST_PARENTS = 6

FindRuntime = Callable[[str, tuple[str, ...]], Runtime]


class Pool:
    """Warm parents by environment and imports; the least used one goes when there are too many.

    `find_runtime(environment, imports)` gives the interpreter; it raises `PrerequisiteError`
    where the environment is not installed.
    """

    def __init__(
        self, find_runtime: FindRuntime, method: Literal["fork", "spawn"] | None = None
    ) -> None:
        self._find = find_runtime
        self._method = method
        self._parents: OrderedDict[tuple[Path, tuple[str, ...]], WarmParent] = OrderedDict()
        self._lock = threading.RLock()

    def runtime(self, lab: Lab) -> Runtime:
        """Return the lab's interpreter; raises `PrerequisiteError` where it is not installed."""
        return self._find(lab.environment, lab.imports)

    def child(self, lab: Lab, folder: Path, limits: Limits, profile: Profile) -> Child:
        """Return a fresh child in `folder`; a dead parent is replaced once."""
        runtime = self.runtime(lab)
        with self._lock:
            try:
                return self._parent(runtime).child(folder, limits, profile)
            except SandboxError:
                self._drop(runtime)
                return self._parent(runtime).child(folder, limits, profile)

    def warm(self, lab: Lab) -> None:
        """Start the lab's parent now, so that the first check does not wait for it."""
        with self._lock:
            self._parent(self.runtime(lab))

    def _parent(self, runtime: Runtime) -> WarmParent:
        key = (runtime.python, runtime.imports)
        parent = self._parents.get(key)
        if parent is not None and not parent.alive:
            self._drop(runtime)
            parent = None
        if parent is None:
            parent = self._start(runtime)
            self._parents[key] = parent
            while len(self._parents) > MOST_PARENTS:
                self._parents.popitem(last=False)[1].close()
        self._parents.move_to_end(key)
        return parent

    def _start(self, runtime: Runtime) -> WarmParent:
        if self._method is None:
            return WarmParent(runtime)
        return WarmParent(runtime, method=self._method)

    def _drop(self, runtime: Runtime) -> None:
        parent = self._parents.pop((runtime.python, runtime.imports), None)
        if parent is not None:
            parent.close()

    def close(self) -> None:
        """End every parent."""
        with self._lock:
            while self._parents:
                self._parents.popitem()[1].close()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
