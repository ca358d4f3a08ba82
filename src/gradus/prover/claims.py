"""Recording claims while a proof runs: what was measured, and what was seen that is not allowed.

It decides one thing only: a claim holds where nothing was found against it.
"""

import contextlib
from collections.abc import Iterator

from gradus.core.proof import Figure, ProofClaim, amount
from gradus.core.verdict import Finding
from gradus.sandbox.printing import printable


class InvalidRun(Exception):
    """The run says nothing about the service; the text says why, in one sentence."""


class BrokenService(Exception):
    """The service did something after which the proof cannot go on; it fails with this finding."""

    def __init__(self, sentence: str, finding: Finding) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.finding = finding


class Claim:
    """One claim while it is looked at."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self._finding: Finding | None = None
        self._figures: list[Figure] = []
        self._n_found = 0

    @property
    def holds(self) -> bool:
        """Say whether nothing was found against it so far."""
        return self._finding is None

    def found(self, call: str, returned: str, expected: str = "", note: str = "") -> None:
        """Record something that the claim does not allow; the first one is shown, all count."""
        self._n_found += 1
        if self._finding is None:
            self._finding = Finding(
                printable(call), printable(returned), printable(expected), note=printable(note)
            )

    def figure(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        limit: float | None = None,
        confidence: float | None = None,
    ) -> None:
        """Record something measured; it decides nothing."""
        self._figures.append(Figure(name, value, unit, limit, confidence))

    def at_most(
        self, name: str, value: float, unit: str, limit: float, confidence: float | None = None
    ) -> None:
        """Record an upper bound; above its limit it speaks against the claim."""
        self.figure(name, value, unit, limit=limit, confidence=confidence)
        if not value <= limit:
            self.found(name, amount(value, unit), f"at most {amount(limit, unit)}")

    def at_least(
        self, name: str, value: float, unit: str, limit: float, confidence: float | None = None
    ) -> None:
        """Record a lower bound; below its limit it speaks against the claim."""
        self.figure(name, value, unit, limit=limit, confidence=confidence)
        if not value >= limit:
            self.found(name, amount(value, unit), f"at least {amount(limit, unit)}")

    def outcome(self) -> ProofClaim:
        """Return what became of it."""
        finding = self._finding
        if finding is not None and self._n_found > 1:
            more = f"It is the first of {self._n_found}."
            note = f"{finding.note} {more}".strip()
            finding = Finding(finding.call, finding.returned, finding.expected, note=note)
        return ProofClaim(self.sentence, finding is None, finding, tuple(self._figures))


class Claims:
    """Every claim of one proof, in the order in which they were reached."""

    def __init__(self) -> None:
        self._reached: list[Claim] = []

    @contextlib.contextmanager
    def claim(self, sentence: str) -> Iterator[Claim]:
        """Look at one claim; it is recorded unless the run turns out to be invalid meanwhile."""
        claim = Claim(sentence)
        yield claim
        self._reached.append(claim)

    def broken(self, fault: BrokenService) -> None:
        """Record the claim that ended the proof."""
        claim = Claim(fault.sentence)
        seen = fault.finding
        claim.found(seen.call, seen.returned, seen.expected, seen.note)
        self._reached.append(claim)

    def outcomes(self) -> tuple[ProofClaim, ...]:
        """Return what became of each."""
        return tuple(each.outcome() for each in self._reached)
