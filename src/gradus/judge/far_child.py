"""The far side of a check: one sandboxed child, its answers kept as a trace for naming.

Every way in which the child can end is sorted here into the learner's doing or ours.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeVar, cast

from greenlet import getcurrent

from gradus.check import Answer, Stub
from gradus.check.far import Awaited, Outcome, Raised, Text
from gradus.core.errors import SandboxError
from gradus.core.values import Handle, Table
from gradus.judge.outcomes import is_found, outcome_of
from gradus.judge.started import Started
from gradus.judge.trouble import DoesNotLoad, MustBeAlone, Ours, ProcessEnded, Stopped
from gradus.sandbox import ChildEnded, Ref
from gradus.sandbox import Stub as ChildStub
from gradus.sandbox.child import Ask, Child, Message, Prepared

BROKEN = "Your code broke the program that answers for it."
FUNCTION = "function"
"""The class of what `def` defines."""
LIMIT_REASONS = {"time", "memory", "output", "processes", "file-size"}


AnOutcome = TypeVar("AnOutcome", bound=Outcome | Awaited)


class ChildFar:
    """Operations on objects in a child, with one deadline for all of them.

    `patience` seconds on the clock bound the attempt, which may have begun earlier and so ends
    at `until`; `tables_as` changes the kind in which tables are sent (`arrow` for SQL, where
    pandas would turn null numbers into floats). Without a child it only gathers what is asked.
    """

    def __init__(
        self,
        child: Child | None,
        patience: float,
        tables_as: str | None = None,
        until: float | None = None,
    ) -> None:
        self._child = child
        self.trace: list[tuple[Any, ...]] | None = None
        self._doing: Text = ""
        self._begun: Awaited | None = None
        self.until = time.monotonic() + patience if until is None else until
        self._patience = patience
        self._tables_as = tables_as
        self._stubs: dict[int, Callable[..., Any]] = {}
        self._stub_ids: dict[int, int] = {}
        self._release_due = False
        self._known: dict[tuple[int, str], Outcome | None] = {}
        self._lasting: set[int] = set()
        self.modules: dict[tuple[str, bytes | None], int] = {}
        self.gathers = False
        """Whether the example that is running keeps what it asks until somebody sends it."""
        self.asked: set[str] = set()

    @property
    def child(self) -> Child:
        """The child; there has to be one by now."""
        assert self._child is not None
        return self._child

    def meet(self, child: Child, until: float | None) -> None:
        """Go on with a child, of which nothing is known."""
        self._child = child
        self._known.clear()
        self.until = time.monotonic() + self._patience if until is None else until

    @property
    def doing(self) -> Text:
        """The call under way, as a learner reads it."""
        return self._doing

    @doing.setter
    def doing(self, doing: Text) -> None:
        self.finish()
        self._doing = doing

    def request(self, op: str, **fields: Any) -> Outcome:
        """Send one operation; raises `Stopped`, `ProcessEnded` or `Ours`."""
        return self.begin_to(op, **fields).heard()

    def give_time(self) -> None:
        """Let the clock of the attempt start again."""
        self.until = time.monotonic() + self._patience

    def finish(self) -> None:
        """Wait for a call that was begun and that nobody looked at."""
        if self._begun is not None:
            begun, self._begun = self._begun, None
            begun.heard()

    def _release_with(self, prepared: Prepared) -> None:
        """Let an operation first drop what is no longer needed, if anything is."""
        if self._release_due:
            self._release_due = False
            prepared.node.extend(("release_first", True))

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise Stopped(self._too_long())
        return left

    def _hear(self) -> Outcome:
        self._begun = None
        with self._sorted():
            return outcome_of(self.child.hear(self._stubs))

    # ── several operations in one message ──

    def message(self, asks: Sequence[Ask]) -> Message:
        """Lay out operations that are done one after another."""
        self._release_with(asks[0].prepared)
        return self.child.message(asks)

    def send(self, message: Message) -> None:
        """Send a message; one more may be sent before it is heard, if a pipe holds both."""
        left = self._left()
        with self._sorted():
            self.child.ask_several(message, left)

    def hear_several(self, message: Message) -> list[Outcome]:
        """Wait for what came of the oldest message; raises as `request` does."""
        with self._sorted():
            return [*map(outcome_of, self.child.hear_several(message, self._stubs))]

    def go_on_alone(self, started: Started) -> None:
        """Run an example to its end, beside no other; raises what its test raises."""
        self.doing = started.doing
        asked, started.asked = started.asked, []
        try:
            message = self.message([each.by(0) for each in asked])
            self.send(message)
            outcomes = self.hear_several(message)
        except Exception as error:
            started.throw(error)
            return
        for each, outcome in zip(asked, outcomes, strict=True):
            each.outcome = outcome
        started.switch()
        if not started.dead:
            raise Ours("an example stopped on its way")

    @property
    def calls_back(self) -> bool:
        """Whether functions of the check were given to the code since the last `release`."""
        return bool(self._stubs)

    @contextmanager
    def _sorted(self) -> Iterator[None]:
        """Say whose doing it was that a child ended."""
        try:
            yield
        except ChildEnded as ended:
            if ended.reason == "time" and time.monotonic() >= self.until:
                raise Stopped(self._too_long()) from None
            if ended.reason in LIMIT_REASONS:
                raise Stopped(str(ended.detail)) from None
            raise ProcessEnded(str(ended.detail)) from None
        except SandboxError as error:
            raise Ours(str(error)) from error

    def _too_long(self) -> str:
        return f"It was still running after {self._patience:g} seconds."

    def _traced(self, op: str, outcome: AnOutcome) -> AnOutcome:
        if self.trace is not None:
            raised = outcome.raised.types[:1] if outcome.raised else None
            self.trace.append((op, outcome.value, raised))
        return outcome

    def get(self, ref: int, name: str) -> Outcome | Awaited:
        """Read an attribute."""
        self.asked.add(name)
        if ref in self._lasting and (ref, name) not in self._known:
            self._known[ref, name] = None
            self.look_up(ref, [name])
        known = self._known.get((ref, name))
        return self._traced("get", known or self._begin("get", ref=ref, name=name))

    def look_up(self, ref: int, names: Sequence[str]) -> list[str]:
        """Remember what stays what it is, such as functions of a module; return what is missing.

        Every object made so far is kept from then on.
        """
        found = self._plain(self.request("look_up", ref=ref, names=list(names)))
        if not is_found(found, len(names)):
            raise ProcessEnded("The code sent something that is not an answer.")
        missing = []
        for name, (number, value) in zip(names, found, strict=True):
            if not number:
                missing.append(name)
            elif isinstance(value, Handle):
                self._known[ref, name] = Outcome(number, value)
        return missing

    def assume_functions(self, ref: int, numbers: Mapping[str, int]) -> None:
        """Take attributes for functions, until a child says what they are."""
        for name, number in numbers.items():
            self._known[ref, name] = Outcome(number, Handle(number, FUNCTION, ""))

    def functions(self, ref: int) -> dict[str, int | None]:
        """Return the numbers of an object's functions that a child has looked up."""
        return {
            name: known.ref
            for (whose, name), known in self._known.items()
            if whose == ref and known is not None and known.value.type == FUNCTION
        }

    def set(self, ref: int, name: str, value: Any) -> Outcome:
        """Write an attribute."""
        return self.request("set", ref=ref, name=name, value=value)

    def item(self, ref: int, key: Any) -> Awaited:
        """Read an item."""
        return self._traced("item", self._begin("item", ref=ref, key=key))

    def call(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
        """Call an object."""
        fields = {"ref": ref, "args": list(args), "kwargs": kwargs}
        return self._traced("call", self.request("call", **fields))

    def begin(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Awaited:
        """Call an object and wait when somebody looks, or before the next operation."""
        fields = {"ref": ref, "args": list(args), "kwargs": kwargs}
        return self._traced("call", self._begin("call", **fields))

    def _begin(self, op: str, **fields: Any) -> Awaited:
        """Send one operation; it is waited for when somebody looks.

        With functions of ours over there, which may be called and looked at from here
        meanwhile, it is waited for at once.
        """
        begun = self.begin_to(op, **fields)
        if self._stubs:
            begun.heard()
        return begun

    def begin_to(self, op: str, **fields: Any) -> Awaited:
        """Send one operation and do not wait."""
        self.finish()
        prepared = Child.prepared(fields, self._sent)
        if self.gathers:  # an example that waited for an argument may have gone on alone
            return self._gathered(op, prepared)
        self._release_with(prepared)
        left = self._left()
        with self._sorted():
            self.child.ask(op, prepared, left)
        self._begun = Awaited(self._hear)
        return self._begun

    def _gathered(self, op: str, prepared: Prepared) -> Awaited:
        laid_out = Prepared(prepared.node, [*map(bytes, prepared.buffers)])
        started = cast(Started, getcurrent())
        started.doing = self._doing
        return started.ask(op, laid_out, self.calls_back)

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

    def put(self, value: Any) -> Awaited:
        """Send a value and keep it in the child."""
        return self._begin("put", value=value)

    def fetch(self, ref: int) -> Outcome:
        """Read an object as it is now."""
        return self._traced("fetch", self.request("fetch", ref=ref))

    def arguments(self, ref: int) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of the call that made `ref`, as they are now."""
        value = self._plain(self.request("arguments", ref=ref))
        match value:
            case [list(args), dict(kwargs)]:
                return args, kwargs
        raise ProcessEnded(BROKEN)

    def names(self, ref: int) -> list[dict[str, Any]]:
        """Return what a module defines."""
        listed = self._plain(self.request("names", ref=ref))
        found = []
        for each in listed if isinstance(listed, list) else [None]:
            match each:
                case [str(name), str(kind), list(parameters)]:
                    found.append({"name": name, "kind": kind, "parameters": parameters})
                case _:
                    raise ProcessEnded(BROKEN)
        return found

    def usage(self) -> tuple[float, float]:
        """Return CPU seconds and peak MiB of the child, read from the kernel."""
        if self.gathers:
            raise MustBeAlone
        self.finish()
        used = self.child.usage()
        return used.cpu_seconds, used.peak_mb

    def mark(self) -> None:
        """Keep every object made so far."""
        self.request("mark")

    def keep(self, ref: int) -> int:
        """Keep a module, with every object made so far; its functions are looked up once."""
        self.mark()
        self._lasting.add(ref)
        return ref

    def release(self) -> None:
        """Drop the objects made since the mark, and the stubs; told with the next operation."""
        self.finish()
        self._stubs.clear()
        self._stub_ids.clear()
        self._release_due = True

    def _plain(self, outcome: Outcome) -> Any:
        if outcome.raised is not None:
            raise ProcessEnded(f"Your code broke the process it ran in: {outcome.raised.told}.")
        return outcome.value

    def _sent(self, value: Any) -> Any:
        """Return what is sent for a value that does not cross: a reference, a stub."""
        if isinstance(value, Answer):
            ref = value._ref_on(self)
            return value.as_value() if ref is None else Ref(ref)
        if isinstance(value, Stub | FunctionType | MethodType | BuiltinFunctionType):
            return self._stub(value)
        if isinstance(value, Table) and self._tables_as and value.kind != self._tables_as:
            return Table(value.arrow, self._tables_as)
        return value

    def _stub(self, function: Any) -> ChildStub:
        number = self._stub_ids.get(id(function))
        if number is None:
            number = len(self._stubs) + 1
            self._stub_ids[id(function)] = number
            self._stubs[number] = function
        return ChildStub(number, getattr(function, "name", getattr(function, "__name__", "f")))


def must_ref(outcome: Outcome | Awaited) -> int:
    """Return the child's number for an object; the child that gives none has failed us."""
    if outcome.ref is None:
        raise Ours("the child gave no object where one was due")
    return outcome.ref


def must_have_started(raised: Raised | None) -> None:
    """Say that a service did not start, where something was raised meanwhile."""
    if raised is not None:
        raise DoesNotLoad(f"The service did not start: {first_line(raised)}", raised.frames)


def first_line(raised: Raised) -> str:
    """Return what a learner reads of an exception where there is one line for it."""
    lines = raised.told.removeprefix("raised ").splitlines()
    return lines[0] if lines and lines[0] else "an exception without a name."
