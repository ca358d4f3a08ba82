"""Warm parents in the interpreter that runs the tests: NumPy and msgpack are all they need."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gradus.core.lab import Limits, Profile
from gradus.sandbox import ChildEnded, Returned, Runtime, WarmParent
from gradus.sandbox.child import Child

OWN = Runtime(Path(sys.executable), ("numpy",), "own")
SECONDS = 5.0
TIGHT = Limits(seconds=2, memory_mb=256, output_kb=64, file_mb=1)


@pytest.fixture(scope="session", params=["fork", "spawn"])
def parent(request: pytest.FixtureRequest) -> Iterator[WarmParent]:
    """A warm parent of either method."""
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("children are forked on Linux only")
    with WarmParent(OWN, method=request.param) as warm:
        yield warm


@pytest.fixture(scope="session")
def forking() -> Iterator[WarmParent]:
    """A warm parent of the best method here."""
    with WarmParent(OWN) as warm:
        yield warm


@pytest.fixture(scope="session")
def spawning() -> Iterator[WarmParent]:
    """A warm parent that spawns, as on macOS."""
    with WarmParent(OWN, method="spawn") as warm:
        yield warm


class Work:
    """A learner's file in a child, asked in as few words as a test can bear."""

    def __init__(self, child: Child, source: str | bytes, folder: Path, **fields: Any) -> None:
        raw = source.encode() if isinstance(source, str) else source
        (folder / "work.py").write_bytes(raw)
        self.child = child
        self.module = self.ask("import_file", path="work.py", name="work", **fields)

    def ask(self, op: str, **fields: Any) -> Any:
        """Send one request; a child that ended is returned as its `ChildEnded`."""
        try:
            return self.child.request(op, **{"timeout": SECONDS, **fields})
        except ChildEnded as ended:
            return ended

    def get(self, name: str) -> int:
        """Return the number of one of the module's names."""
        found = self.ask("get", ref=self.module.ref, name=name)
        assert isinstance(found, Returned)
        return found.ref

    def call(self, name: str, *args: Any, **fields: Any) -> Any:
        """Call one of the module's functions."""
        return self.ask("call", ref=self.get(name), args=list(args), **fields)

    def value(self, name: str, *args: Any, **fields: Any) -> Any:
        """Call one of the module's functions and return the plain value."""
        reply = self.call(name, *args, **fields)
        assert isinstance(reply, Returned), reply
        return reply.value


def _opener(warm: WarmParent, folder: Path) -> Iterator[Callable[..., Work]]:
    children: list[Child] = []

    def open_work(
        source: str | bytes,
        *,
        profile: Profile = Profile.COMPUTE,
        limits: Limits = TIGHT,
        **fields: Any,
    ) -> Work:
        child = warm.child(folder, limits, profile)
        children.append(child)
        return Work(child, source, folder, **fields)

    yield open_work
    for child in children:
        child.close()


@pytest.fixture
def work(forking: WarmParent, tmp_path: Path) -> Iterator[Callable[..., Work]]:
    """Open a source in a fresh child."""
    yield from _opener(forking, tmp_path)


@pytest.fixture
def either_work(parent: WarmParent, tmp_path: Path) -> Iterator[Callable[..., Work]]:
    """Open a source in a fresh child of either method."""
    yield from _opener(parent, tmp_path)
