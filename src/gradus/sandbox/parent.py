"""The warm parent of one environment: children in milliseconds, for as long as it lives."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from ..core.errors import SandboxError
from ..core.lab import Limits, Profile
from . import kernel
from .child import Child
from .outcomes import Runtime
from .starters import ForkStarter, SpawnStarter, Starter

Method = Literal["fork", "spawn"]


def best_method() -> Method:
    """Return how children are made on this system."""
    return "fork" if sys.platform == "linux" else "spawn"


BEST_METHOD = best_method()


def missing_layers(in_force: tuple[str, ...], profile: Profile) -> list[str]:
    """Return the layers that strict mode asks for and that a child, by its own word, is not behind.

    The word was given before any line of the learner's ran.
    """
    asked = ["limits", "landlock", "seccomp"]
    asked.append("own namespaces" if profile is Profile.TOOLS else "namespaces")
    known = {*in_force, *(["namespaces"] if "own namespaces" in in_force else [])}
    return [each for each in asked if each not in known]


@contextmanager
def _our_failures() -> Iterator[None]:
    """A full disk or too many open files here are never the learner's doing."""
    try:
        yield
    except OSError as error:
        raise SandboxError(f"The sandbox cannot be prepared: {error}.") from error


class WarmParent:
    """One process of an environment's interpreter that imported its libraries and never computes.

    `method` is `fork` (Linux: children are forked) or `spawn` (a fresh interpreter for each
    child, started ahead of time). `strict` refuses every child that is not behind every layer.
    Raises SandboxError where the environment cannot be started.
    """

    def __init__(
        self, runtime: Runtime, *, method: Method = BEST_METHOD, strict: bool = False
    ) -> None:
        self.runtime = runtime
        self.strict = strict
        self.method = method
        with _our_failures():
            self.starter: Starter = (
                ForkStarter(runtime) if method == "fork" else SpawnStarter(runtime)
            )

    def child(self, folder: Path | None, limits: Limits, profile: Profile) -> Child:
        """Start a child whose only writable place is `folder`, which becomes its directory."""
        if not self.alive:
            raise SandboxError(f"The warm parent of {self.runtime.name} is no longer running.")
        if folder is not None and not folder.is_dir():
            raise SandboxError(f"The child's folder {folder} does not exist.")
        with _our_failures():
            child = Child(self.starter, self.starter.start(), folder, limits, profile)
        missing = missing_layers(child.layers, profile) if self.strict else []
        if missing:
            child.close()
            raise SandboxError(
                f"Strict mode judges nothing here: the child is not behind {', '.join(missing)}."
            )
        return child

    @property
    def alive(self) -> bool:
        """Whether children can still be started."""
        return self.starter.alive

    def held_mb(self) -> float:
        """Return the MiB that it and its children hold; shared memory counts by its shares."""
        pids = [each for pid in self.starter.pids() for each in kernel.family(pid)]
        return sum(kernel.share_kb(each) for each in pids) / 1024

    def close(self) -> None:
        """Kill the warm parent and all its children."""
        self.starter.close()

    def __enter__(self) -> "WarmParent":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
