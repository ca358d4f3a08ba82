"""Runs examples of one claim side by side, so that what they ask crosses in few messages.

Each example is a greenlet that runs until it needs an answer. One half of them computes here what
should come while the child works for the other. Nothing is decided here: where anything but
"holds" comes of an example, all of them have to be run again, one after another.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from gradus.check.far import Awaited, Outcome
from gradus.judge.far_child import ChildFar
from gradus.sandbox.child import Ask, Message

FITS = 2**15
"""Bytes of two messages that a pipe holds at once."""


@dataclass(eq=False, slots=True)
class _Asked:
    """One operation, and what came of it."""

    ask: Ask
    outcome: Outcome | None = None


@dataclass(eq=False, slots=True)
class _Half:
    """The examples whose operations cross together."""

    examples: list[greenlet] = field(default_factory=list)
    asked: list[_Asked] = field(default_factory=list)
    """What will cross with the next message."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message that was not answered yet."""

    half: _Half
    message: Message
    asked: list[_Asked]


class Together:
    """The examples that run side by side in one child, and what they wait for."""

    def __init__(self, far: ChildFar) -> None:
        self._far = far
        self._askers: dict[greenlet, tuple[int, _Half]] = {}
        self._sent: deque[_Sent] = deque()
        self._over = False
        self._hub = getcurrent()

    def all_hold(self, tests: Sequence[Callable[[], None]]) -> bool:
        """Run every test to its end and return whether none raised.

        Raises what the child raises when it ends: then, too, they have to be run again.
        """
        held: list[Callable[[], None]] = []
        halves = _Half(), _Half()
        for place, test in enumerate(tests):
            each = greenlet(partial(_run, test, held))
            half = halves[place % 2]
            half.examples.append(each)
            self._askers[each] = place + 1, half
        self._far.together = self
        try:
            for half in halves:
                self._go_on(half)
            while self._sent:
                self._settle()
        finally:
            self._give_up()
            self._far.together = None
        return len(held) == len(tests)

    def ask(self, op: str, fields: dict[str, Any]) -> Awaited:
        """Take an operation of the example that is running; it crosses with those of others."""
        asker, half = self._askers[getcurrent()]
        asked = _Asked(self._far.ask_of(asker, op, fields))
        half.asked.append(asked)
        return Awaited(partial(self._wait, asked))

    def _wait(self, asked: _Asked) -> Outcome:
        while asked.outcome is None:
            if self._over:
                raise GreenletExit
            self._hub.switch()
        return asked.outcome

    def _go_on(self, half: _Half) -> None:
        """Run each example until it needs an answer, then send what they ask.

        To switch to one that has ended does nothing.
        """
        for each in half.examples:
            each.switch()
        if not half.asked:
            return
        asked, half.asked = half.asked, []
        message = self._far.message([each.ask for each in asked])
        while self._sent and not self._fits_beside(message):
            self._settle()
        self._far.send(message)
        self._sent.append(_Sent(half, message, asked))

    def _fits_beside(self, message: Message) -> bool:
        """Whether a message may be sent that the child reads only after it answered another."""
        both = message.n_bytes + self._sent[0].message.n_bytes
        return not self._far.calls_back and both <= FITS

    def _settle(self) -> None:
        """Hear what came of the oldest message, and let its examples go on."""
        sent = self._sent.popleft()
        outcomes = self._far.hear_several(sent.message)
        for asked, outcome in zip(sent.asked, outcomes, strict=True):
            asked.outcome = outcome
        self._go_on(sent.half)

    def _give_up(self) -> None:
        """End the examples that still wait, as the claims' own `with` and `finally` expect."""
        self._over = True
        for each in self._askers:
            each.throw(GreenletExit)


def _run(test: Callable[[], None], held: list[Callable[[], None]]) -> None:
    with suppress(Exception):
        test()
        held.append(test)
