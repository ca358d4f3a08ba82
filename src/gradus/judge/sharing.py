"""Lets known-wrong queries share what became of an example, where they read alike.

It must not be used for Python, whose functions may leave something behind for one another.
"""

from dataclasses import dataclass, field

from gradus.check import Claim
from gradus.core.lab import EntryKind, Lab
from gradus.core.verdict import Finding
from gradus.judge.examples import Example
from gradus.judge.running import Runner

Texts = dict[str, bytes]

_OF_NOBODY = frozenset({"rng", "sizes"})
"""What a claim may be given and still see of the submission its queries alone."""


@dataclass(slots=True)
class Shared:
    """What became of each example of a lab's claims, by the queries that were asked for.

    Each query runs in a database of its own on the tables of the example, so what comes of it
    hangs on its text alone. A variant changes one query of several, and a claim asks for few.
    """

    lab: Lab
    """The lab; all that is judged with this has to be its own, with one seed and one size."""
    _known: dict[tuple[str, tuple[int, ...]], list[tuple[Texts, Finding | None]]] = field(
        default_factory=dict, init=False
    )

    def finding(self, runner: Runner, claim: Claim, example: Example) -> Finding | None:
        """Return what a claim finds on an example of its run, running it where it has to."""
        if self.lab.entry.kind is not EntryKind.SQL or not _OF_NOBODY.issuperset(claim.given):
            return runner.run(claim, example).finding
        own = runner.texts()
        known = self._known.setdefault((claim.name, example.entropy), [])
        for texts, finding in known:
            if all(own.get(name) == text for name, text in texts.items()):
                return finding
        finding = runner.run(claim, example).finding
        asked = {name: text for name, text in own.items() if name in runner.asked()}
        known.append((asked or own, finding))
        return finding
