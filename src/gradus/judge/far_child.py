"""The far side of a check: one sandboxed child, its answers kept as a trace for naming.

Every way in which the child can end is sorted here into the learner's doing or ours.
"""

import time
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from gradus.check import Answer, Stub
from gradus.check.far import Outcome, Raised, Text
from gradus.core.errors import SandboxError
from gradus.core.values import Handle, Table
from gradus.judge.trouble import Ours, ProcessEnded, Stopped
from gradus.sandbox import ChildEnded
from gradus.sandbox import Raised as ChildRaised
from gradus.sandbox import Stub as ChildStub
from gradus.sandbox.child import Child

CLOSED_IN = (
    "Code in a lab may not start processes, signal others, open sockets or leave its folder."
)
LIMIT_REASONS = {"time", "memory", "output", "processes", "file-size"}


class ChildFar:
    """Operations on objects in a child, with one deadline for all of them.

    `patience` seconds on the clock bound the attempt; `tables_as` changes the kind in which
    tables are sent (`arrow` for SQL, where pandas would turn null numbers into floats).
    """

    def __init__(self, child: Child, patience: float, tables_as: str | None = None) -> None:
        self.child = child
        self.trace: list[tuple[Any, ...]] | None = None
        self.doing: Text = ""
        self._until = time.monotonic() + patience
        self._patience = patience
        self._tables_as = tables_as
        self._stubs: dict[int, Callable[..., Any]] = {}
        self._stub_ids: dict[int, int] = {}
        self._release_due = False
        self._known: dict[tuple[int, str], Outcome] = {}

    def request(self, op: str, **fields: Any) -> Outcome:
        """Send one operation; raises `Stopped`, `ProcessEnded` or `Ours`."""
        if self._release_due:
            self._release_due = False
            fields["release_first"] = True
        left = self._until - time.monotonic()
        if left <= 0:
            raise Stopped(self._too_long())
        try:
            reply = self.child.request(op, stubs=self._stubs, timeout=left, **fields)
        except ChildEnded as ended:
            if ended.reason == "time" and time.monotonic() >= self._until:
                raise Stopped(self._too_long()) from None
            if ended.reason in LIMIT_REASONS:
                raise Stopped(str(ended.detail)) from None
            raise ProcessEnded(str(ended.detail)) from None
        except SandboxError as error:
            raise Ours(str(error)) from error
        if isinstance(reply, ChildRaised):
            return Outcome(raised=_raised(reply))
        return Outcome(reply.ref, reply.value)

    def _too_long(self) -> str:
        return f"It was still running after {self._patience:g} seconds."

    def _traced(self, op: str, outcome: Outcome) -> Outcome:
        if self.trace is not None:
            raised = outcome.raised.types[:1] if outcome.raised else None
            self.trace.append((op, outcome.value, raised))
        return outcome

    def get(self, ref: int, name: str) -> Outcome:
        """Read an attribute."""
        known = self._known.get((ref, name))
        outcome = known or self.request("get", ref=ref, name=name)
        return self._traced("get", outcome)

    def remember(self, ref: int, name: str) -> Outcome:
        """Read an attribute that stays what it is, such as a function of a module."""
        outcome = self.request("get", ref=ref, name=name)
        if isinstance(outcome.value, Handle):
            self._known[ref, name] = outcome
        return outcome

    def set(self, ref: int, name: str, value: Any) -> Outcome:
        """Write an attribute."""
        return self.request("set", ref=ref, name=name, value=self._sent(value))

    def item(self, ref: int, key: Any) -> Outcome:
        """Read an item."""
        return self._traced("item", self.request("item", ref=ref, key=self._sent(key)))

    def call(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
        """Call an object."""
        sent = [self._sent(each) for each in args]
        named = {name: self._sent(each) for name, each in kwargs.items()}
        return self._traced("call", self.request("call", ref=ref, args=sent, kwargs=named))

    def iterate(self, ref: int) -> Outcome:
        """Make an iterator."""
        return self.request("iterate", ref=ref)

    def next(self, ref: int) -> Outcome:
        """Take the next item of an iterator."""
        return self._traced("next", self.request("next", ref=ref))

    def enter(self, ref: int) -> Outcome:
        """Enter a context manager."""
        return self.request("enter", ref=ref)

    def exit(self, ref: int) -> Outcome:
        """Leave a context manager."""
        return self.request("exit", ref=ref)

    def put(self, value: Any) -> Outcome:
        """Send a value and keep it in the child."""
        return self.request("put", value=self._sent(value))

    def fetch(self, ref: int) -> Outcome:
        """Read an object as it is now."""
        return self._traced("fetch", self.request("fetch", ref=ref))

    def arguments(self, ref: int) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of the call that made `ref`, as they are now."""
        value = self._plain(self.request("arguments", ref=ref))
        args, kwargs = value
        return list(args), dict(kwargs)

    def names(self, ref: int) -> list[dict[str, Any]]:
        """Return what a module defines."""
        listed = self._plain(self.request("names", ref=ref))
        return [
            {"name": name, "kind": kind, "parameters": parameters}
            for name, kind, parameters in listed
        ]

    def usage(self) -> tuple[float, float]:
        """Return CPU seconds and peak MiB of the child, read from the kernel."""
        used = self.child.usage()
        return used.cpu_seconds, used.peak_mb

    def mark(self) -> None:
        """Keep every object made so far."""
        self.request("mark")

    def release(self) -> None:
        """Drop the objects made since the mark, and the stubs; told with the next operation."""
        self._stubs.clear()
        self._stub_ids.clear()
        self._release_due = True

    def _plain(self, outcome: Outcome) -> Any:
        if outcome.raised is not None:
            raise ProcessEnded(f"Your code broke the process it ran in: {outcome.raised.told}.")
        return outcome.value

    def _sent(self, value: Any) -> Any:
        """Return a value as it is sent: answers by reference, functions as stubs."""
        if isinstance(value, Answer):
            ref = value._ref_on(self)
            if ref is not None:
                return Handle(ref, "", "")
            return self._sent(value.as_value())
        if isinstance(value, Stub | FunctionType | MethodType | BuiltinFunctionType):
            return self._stub(value)
        if isinstance(value, Table) and self._tables_as:
            return Table(value.arrow, self._tables_as)
        if isinstance(value, list):
            return [self._sent(each) for each in value]
        if isinstance(value, tuple):
            return tuple(self._sent(each) for each in value)
        if isinstance(value, dict):
            return {key: self._sent(each) for key, each in value.items()}
        return value

    def _stub(self, function: Any) -> ChildStub:
        number = self._stub_ids.get(id(function))
        if number is None:
            number = len(self._stubs) + 1
            self._stub_ids[id(function)] = number
            self._stubs[number] = function
        return ChildStub(number, getattr(function, "name", getattr(function, "__name__", "f")))


def _raised(reply: ChildRaised) -> Raised:
    message = reply.message
    if reply.types[:1] == ("PermissionError",):
        message = f"{message}\n{CLOSED_IN}"
    return Raised(tuple(reply.types), message, _folded(tuple(reply.frames)))


def _folded(frames: tuple[str, ...]) -> tuple[str, ...]:
    """Return frames without their repeats, as an endless recursion makes them."""
    folded: list[str] = []
    for frame in frames:
        if frame in folded and frame == frames[0]:
            continue
        folded.append(frame)
    repeated = len(folded) < len(frames)
    return tuple(folded) if repeated else frames
