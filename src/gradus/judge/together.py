"""Runs examples side by side, so that what they ask crosses in few messages.

Some of them compute here what should come while the child works for others. Where anything but
"holds" comes of an example, it has to be run again, alone; a wrong answer to its only call counts
even if it does not come again.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradus.judge.far_child import ChildFar
from gradus.judge.started import Asked, Ran, Started
from gradus.sandbox.child import Message

FITS = 2**15
"""Bytes of messages that a pipe holds at once."""
FEW, MANY = 8, 16
"""How many examples ask with one message at first, and later on."""
UNDER_WAY = 8
"""Messages that are not answered yet, so that the child seldom waits for the next one."""

_Numbered = tuple[int, Started]
"""An example with its number, from 1."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message that was not answered yet."""

    message: Message
    examples: list[_Numbered]
    asked: list[Asked]


class Together:
    """The examples that run side by side in one child, and what they wait for."""

    def __init__(self, far: ChildFar) -> None:
        self._far = far
        self._asking: list[_Numbered] = []
        self._sent: deque[_Sent] = deque()

    def hold(self, examples: Sequence[Started]) -> list[Ran]:
        """Run every example to its end and return what became of each.

        What would cross alone crosses in two halves: the child works on one while the other is
        compared here. Raises what the child raises when it ends: then, too, they have to be run
        again.
        """
        coming = deque(enumerate(examples, start=1))
        most = FEW
        self._far.gathers = True
        try:
            while coming or self._asking or self._sent:
                if len(self._sent) == UNDER_WAY:
                    self._settle()
                while coming and len(self._asking) < most:
                    self._go_on([coming.popleft()])
                if self._asking:
                    alone = not self._sent and not coming
                    self._send((len(self._asking) + 1) // 2 if alone else most)
                    most = min(2 * most, MANY)
                elif self._sent:
                    self._settle()
        finally:
            for each in examples:
                each.give_up()
            self._far.gathers = False
        return [each.ran for each in examples]

    def _go_on(self, examples: Iterable[_Numbered]) -> None:
        """Run each example until it needs an answer."""
        for number, each in examples:
            each.go_on()
            if each.asked:
                self._asking.append((number, each))

    def _send(self, n_examples: int) -> None:
        """Send what was asked first, as soon as the child would have read it."""
        examples, self._asking = self._asking[:n_examples], self._asking[n_examples:]
        asks, asked = [], []
        for number, each in examples:
            asks += [one.by(number) for one in each.asked]
            asked += each.asked
            each.asked = []
        message = self._far.message(asks)
        while self._sent and not self._fits_beside(message):
            self._settle()
        self._far.send(message)
        self._sent.append(_Sent(message, examples, asked))

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
        self._go_on(sent.examples)
