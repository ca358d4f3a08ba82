"""A child may send any bytes at all: the judge gets a reply, or the child has ended."""

import os
import traceback
from pathlib import Path
from typing import Any

import msgpack
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.lab import Limits, Profile
from gradus.sandbox import ChildEnded, Raised, Returned
from gradus.sandbox.child import Child
from gradus.sandbox.inside import frames
from gradus.sandbox.starters import Ending, Seed, make_pipes


class Scripted:
    """A starter whose child has already said all that it will say."""

    alive = True
    namespaces = ()

    def __init__(self, said: bytes) -> None:
        self.said = said

    def start(self) -> Seed:
        pipes = make_pipes()
        began = {"seq": 0, "began": [], "levels": 0}
        began |= {"base_kb": 0, "start_kb": 0, "start_cpu": 0.0}
        os.write(pipes.theirs[1], b"".join(frames.pack(began)) + self.said)
        for fd in pipes.theirs[1:]:
            os.close(fd)
        self.request_fd = pipes.theirs[0]
        return Seed(1, os.getpid(), pipes)

    def end(self, seed: Seed, grace: float) -> Ending:
        return Ending(0, 0.0, 0, False)

    def drop(self, seed: Seed) -> None:
        os.close(self.request_fd)

    def close(self) -> None:
        pass


def ask(said: bytes) -> Any:
    """Ask a child that says `said` for one thing, and return what came of it."""
    starter = Scripted(said)
    child = Child(
        starter, starter.start(), None, Limits(seconds=1e9, memory_mb=10**6), Profile.COMPUTE
    )
    try:
        return child.request("put", value=1, stubs={1: lambda *a, **k: a}, timeout=0.5)
    except ChildEnded as ended:
        os.close(starter.request_fd)
        return ended
    finally:
        child.close()


def test_a_good_reply_is_a_reply() -> None:
    assert ask(b"".join(frames.pack({"seq": 1, "ok": 3, "value": 4}))) == Returned(3, 4)


def test_of_what_is_malformed_nothing_is_kept() -> None:
    body = msgpack.packb({"seq": 1, "ok": "no number"})
    ended = ask(frames.PRELUDE.pack(frames.MAGIC, len(body), 0) + body)
    assert ended.reason == "malformed"
    kept = [dict(each.f_locals) for each, _ in traceback.walk_tb(ended.__context__.__traceback__)]
    assert len(kept) > 1
    assert not any("header" in names for names in kept)


def test_a_reply_to_another_request_is_malformed() -> None:
    ended = ask(b"".join(frames.pack({"seq": 2, "ok": 3, "value": 4})))
    assert ended.reason == "malformed"


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_any_bytes_end_the_child(said: bytes) -> None:
    assert isinstance(ask(said), ChildEnded)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=4) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
HEADERS = st.fixed_dictionaries(
    {"seq": st.just(1) | ANYTHING},
    optional={
        "ok": st.integers(-(2**63), 2**63 - 1) | ANYTHING,
        "value": st.just(["t", ["l"], ["d"]]) | ANYTHING,
        "callback": st.just(1) | ANYTHING,
        "raised": st.fixed_dictionaries(
            {"types": ANYTHING, "message": st.text() | ANYTHING, "frames": ANYTHING}
        )
        | ANYTHING,
    },
)


@settings(deadline=None, max_examples=300)
@given(HEADERS)
def test_any_header_is_a_reply_or_the_end(header: dict[str, Any]) -> None:
    body = msgpack.packb(header)
    said = frames.PRELUDE.pack(frames.MAGIC, len(body), 0) + body
    assert isinstance(ask(said), (Returned, Raised, ChildEnded))


def test_a_child_that_announces_and_never_sends_ends_in_time(tmp_path: Path) -> None:
    said = frames.PRELUDE.pack(frames.MAGIC, 2**20, 1000)
    assert ask(said).reason in {"exit", "time"}
