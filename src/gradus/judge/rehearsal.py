"""Examples that begin before anybody saves: each runs until it needs what is handed in.

By then it has worked out what should come, in most claims, and laid out its first call. It asks a
stand-in, which assumes what a child answers that has loaded a module; where that does not hold,
what was rehearsed is not used.
"""

import time
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from greenlet import getcurrent

from gradus.check import Answer, Claim
from gradus.check.far import Outcome
from gradus.core.lab import EntryKind, Lab
from gradus.core.values import Handle
from gradus.judge.examples import CHEAP, Example, fresh, hidden_rng
from gradus.judge.far_child import ChildFar
from gradus.judge.started import Started

QUIET = partial(np.errstate, all="ignore")
"""Keeps NumPy's warnings about the learner's numbers out of the judge."""
MOST_SECONDS, MOST_BYTES = 1.0, 2**25
"""What one rehearsal may take, and what the calls that it lays out may hold."""
_KINDS = frozenset({EntryKind.FUNCTION, EntryKind.MODULE})
_KNOWN_BEFORE = frozenset({"rng"})
"""What a claim may be given and still begin before there is a submission."""
_OF_ITS_OWN = frozenset({"rng", "case", "sizes", "module"})
"""What a claim may be given and still run beside its other examples: nothing that they share."""
_MODULE = 1
"""A child's number for what it imports first; the names that are looked up follow it."""


def may_run_beside(kind: EntryKind, claim: Claim) -> bool:
    """Return whether examples of a claim may run side by side.

    Not where one may end or change what others see, or takes long.
    """
    return kind in _KINDS and claim.examples >= CHEAP and _OF_ITS_OWN.issuperset(claim.given)


class Rehearsal:
    """The examples of one attempt that have begun, for a child that does not exist yet.

    They can go on in the thread in which they began, and in no other.
    """

    def __init__(self, lab: Lab) -> None:
        self.far = ChildFar(None, lab.limits.wall_seconds)
        self.n_bytes = 0
        """What the calls that are laid out hold in arrays."""
        self._hub = getcurrent()
        self._begun: dict[Example, tuple[Started, frozenset[str]]] = {}
        self._assumed = dict(zip(lab.entry.names, count(_MODULE + 1), strict=False))
        self._found: set[str] = set()
        self.far.assume_functions(_MODULE, self._assumed)
        self._work = Answer("", Outcome(_MODULE, Handle(_MODULE, "module", "")), self.far)
        self._needed = lab.entry.names if lab.entry.kind is EntryKind.FUNCTION else ()
        for name in self._needed:
            self._work = self._work.__getattr__(name)

    def begin(self, claim: Claim, example: Example) -> None:
        """Run an example until it needs what is handed in.

        It has not begun where it comes to an end before, or gives functions of the check along.
        """
        far = self.far
        far.doing = ""
        far.asked = {*self._needed}
        given = {"rng": hidden_rng(example)} if "rng" in claim.given else {}
        with QUIET():
            started = Started(partial(run_test, claim, self._work, example, given))
        far.gathers = True
        started.go_on()
        if far.calls_back:
            started.give_up()
            far.release()
        far.gathers = False
        if not started.dead:
            self.n_bytes += sum(len(raw) for each in started.asked for raw in each.prepared.buffers)
            self._begun[example] = started, frozenset(far.asked & self._assumed.keys())

    def meet(self) -> None:
        """Look at what a child has loaded: which functions are there, under the right numbers."""
        found = self.far.functions(_MODULE).items() & self._assumed.items()
        self._found = {name for name, _ in found}

    def take(self, example: Example) -> Started | None:
        """Return an example that has begun, once, if it may go on with the child."""
        started, asked = self._begun.get(example, (None, frozenset()))
        if getcurrent() is not self._hub or not asked <= self._found:
            return None
        self._begun.pop(example, None)
        return started

    def close(self) -> None:
        """Give up what nobody took."""
        self.far.gathers = True
        for started, _ in self._begun.values():
            if getcurrent() is self._hub:
                started.give_up()
        self._begun.clear()


def rehearse(lab: Lab, waiting: Iterable[tuple[Claim, Example]]) -> Rehearsal | None:
    """Begin with examples of a lab's claims, as far as there is time and room."""
    if lab.entry.kind not in _KINDS:
        return None
    rehearsal = Rehearsal(lab)
    until = time.monotonic() + MOST_SECONDS
    for claim, example in waiting:
        if time.monotonic() > until or rehearsal.n_bytes > MOST_BYTES:
            break
        if _KNOWN_BEFORE.issuperset(claim.given):
            rehearsal.begin(claim, example)
    return rehearsal


def run_test(claim: Claim, work: Any, example: Example, given: Mapping[str, Any]) -> None:
    """Run a claim on an example, whose values it may change; raises what it raises."""
    claim.test(work, **{name: fresh(each) for name, each in example.values.items()}, **given)
