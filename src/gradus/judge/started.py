"""One example as it runs: a greenlet that stops where it needs an answer.

What it asks meanwhile is laid out at once, and crosses when whoever runs it sends it.
"""

from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial

from greenlet import GreenletExit, getcurrent, greenlet

from gradus.check.far import Awaited, Outcome, Text, Unmet
from gradus.core.verdict import Finding
from gradus.sandbox.child import Ask, Prepared

_SEES = frozenset({"get", "item", "fetch"})
"""Operations that show what calls of other examples may have changed."""
_LOOKS = _SEES | {"put", "arguments"}
"""Operations after which the next call finds nothing changed."""


@dataclass(slots=True)
class Ran:
    """What became of one example."""

    held: bool = False
    """Whether it raised nothing."""
    n_calls: int = 0
    """How often it asked for what may leave something behind."""
    n_looks: int = 0
    """How often it looked, after that, at what others may have changed, or gave functions."""
    unmet: Finding | None = None
    """What it did not allow."""

    @property
    def finding(self) -> Finding | None:
        """What is no fault of the others beside it: it shows what one call answered, no more."""
        return self.unmet if self.n_calls == 1 and not self.n_looks else None


@dataclass(eq=False, slots=True)
class Asked:
    """One operation, and what came of it."""

    op: str
    prepared: Prepared
    outcome: Outcome | None = None

    def by(self, asker: int) -> Ask:
        """Return it as one of several that cross in one message."""
        return Ask(self.op, self.prepared, asker)


@dataclass(eq=False, slots=True)
class _Wait:
    """How an example waits. It does not hold the example, which ends where nobody does."""

    hub: greenlet
    is_over: bool = False

    def until_heard(self, asked: Asked) -> Outcome:
        while asked.outcome is None:
            if self.is_over:
                raise GreenletExit
            self.hub.switch()
        return asked.outcome


class Started(greenlet):
    """An example on its way."""

    def __init__(self, test: Callable[[], None]) -> None:
        super().__init__(test)
        self.gr_context = copy_context()
        self.ran = Ran()
        self.asked: list[Asked] = []
        """What nobody has sent yet."""
        self.doing: Text = ""
        """The call under way when it last asked."""
        self._wait = _Wait(getcurrent())

    def go_on(self) -> None:
        """Run until it needs an answer that is not there, or to its end."""
        if self.dead:
            return
        with suppress(Exception):
            try:
                self.switch()
            except Unmet as unmet:
                self.ran.unmet = unmet.finding
                return
            self.ran.held = self.dead

    def give_up(self) -> None:
        """End it where it waits, as the claim's own `with` and `finally` expect."""
        self._wait.is_over = True
        self.throw(GreenletExit)

    def ask(self, op: str, prepared: Prepared, gave_functions: bool) -> Awaited:
        """Take an operation of the example, which is running."""
        ran = self.ran
        ran.n_looks += gave_functions + (ran.n_calls > 0 and op in _SEES)
        ran.n_calls += op not in _LOOKS
        asked = Asked(op, prepared)
        self.asked.append(asked)
        return Awaited(partial(self._wait.until_heard, asked))
