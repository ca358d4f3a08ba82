"""Runs examples side by side, so that what they ask crosses in few messages.

Each example is a greenlet that runs until it needs an answer. Some of them compute here what should
come while the child works for others. Where anything but "holds" comes of an example, it has to be
run again, alone; a wrong answer to its only call counts even if it does not come again.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from gradus.check.far import Awaited, Outcome, Unmet
from gradus.core.verdict import Finding
from gradus.judge.far_child import ChildFar
from gradus.sandbox.child import Ask, Message

FITS = 2**15
"""Bytes of messages that a pipe holds at once."""
PARTY = 8
"""Examples whose operations cross together."""


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
class _Asked:
    """One operation, and what came of it."""

    ask: Ask
    outcome: Outcome | None = None


@dataclass(eq=False, slots=True)
class _Party:
    """The examples whose operations cross together."""

    examples: list[greenlet] = field(default_factory=list)
    asked: list[_Asked] = field(default_factory=list)
    """What will cross with the next message."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message that was not answered yet."""

    party: _Party
    message: Message
    asked: list[_Asked]


class Together:
    """The examples that run side by side in one child, and what they wait for."""

    def __init__(self, far: ChildFar) -> None:
        self._far = far
        self._askers: dict[greenlet, tuple[int, _Party]] = {}
        self._sent: deque[_Sent] = deque()
        self._over = False
        self._ran: list[Ran] = []
        self._hub = getcurrent()

    def hold(self, tests: Sequence[Callable[[], None]]) -> list[Ran]:
        """Run every test to its end and return what became of each.

        Raises what the child raises when it ends: then, too, they have to be run again.
        """
        self._ran = [Ran() for _ in tests]
        parties = [_Party() for _ in range(0, len(tests), PARTY)]
        for place, test in enumerate(tests):
            each = greenlet(partial(_run, test, self._ran[place]))
            each.gr_context = copy_context()
            party = parties[place // PARTY]
            party.examples.append(each)
            self._askers[each] = place + 1, party
        self._far.together = self
        try:
            for party in parties:
                self._go_on(party)
            while self._sent:
                self._settle()
        finally:
            self._give_up()
            self._far.together = None
        return self._ran

    def ask(self, op: str, fields: dict[str, Any]) -> Awaited:
        """Take an operation of the example that is running; it crosses with those of others."""
        asker, party = self._askers[getcurrent()]
        ran = self._ran[asker - 1]
        ran.n_looks += ran.n_calls > 0 and op in _SEES
        ran.n_calls += op not in _LOOKS
        asked = _Asked(self._far.ask_of(asker, op, fields))
        ran.n_looks += self._far.calls_back
        party.asked.append(asked)
        return Awaited(partial(self._wait, asked))

    def _wait(self, asked: _Asked) -> Outcome:
        while asked.outcome is None:
            if self._over:
                raise GreenletExit
            self._hub.switch()
        return asked.outcome

    def _go_on(self, party: _Party) -> None:
        """Run each example until it needs an answer, then send what they ask.

        To switch to one that has ended does nothing.
        """
        for each in party.examples:
            each.switch()
        if not party.asked:
            return
        asked, party.asked = party.asked, []
        message = self._far.message([each.ask for each in asked])
        while self._sent and not self._fits_beside(message):
            self._settle()
        self._far.send(message)
        self._sent.append(_Sent(party, message, asked))

    def _fits_beside(self, message: Message) -> bool:
        """Whether a message may be sent that the child reads only after it answered others."""
        n_bytes = message.n_bytes + sum(each.message.n_bytes for each in self._sent)
        return not self._far.calls_back and n_bytes <= FITS

    def _settle(self) -> None:
        """Hear what came of the oldest message, and let its examples go on."""
        sent = self._sent.popleft()
        outcomes = self._far.hear_several(sent.message)
        for asked, outcome in zip(sent.asked, outcomes, strict=True):
            asked.outcome = outcome
        self._go_on(sent.party)

    def _give_up(self) -> None:
        """End the examples that still wait, as the claims' own `with` and `finally` expect."""
        self._over = True
        for each in self._askers:
            each.throw(GreenletExit)


def _run(test: Callable[[], None], ran: Ran) -> None:
    with suppress(Exception):
        try:
            test()
        except Unmet as unmet:
            ran.unmet = unmet.finding
            return
        ran.held = True
