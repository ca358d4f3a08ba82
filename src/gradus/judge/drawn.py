"""What an attempt tries: the claims and their inputs, which may be drawn before anybody saves.

Inputs depend on the seed alone, so it does not matter when they are drawn, nor when a claim works
out what should come of them. They stay in the judge until their turn comes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from gradus.check import Claim
from gradus.core.lab import Lab
from gradus.judge.ahead import Ahead
from gradus.judge.examples import Example, draw_examples
from gradus.judge.pool import Mark, mark_of
from gradus.judge.rehearsal import Rehearsal, rehearse
from gradus.judge.specification import Specification, load_specification

ExamplesOf = Callable[[Claim, int], Iterator[Example]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The claims of one attempt and their inputs; good for one attempt."""

    lab: Lab
    """Whose claims they are."""
    seed: int
    """What the inputs are drawn from."""
    specification: Specification
    """What the check declared."""
    ahead: Ahead
    """The inputs."""
    mark: Mark
    """What the check looked like on disk."""
    rehearsal: Rehearsal | None = None
    """The examples that have begun."""

    def fits(self, lab: Lab, seed: int) -> bool:
        """Return whether an attempt would come to the same; not where a check was edited since."""
        return (self.lab, self.seed, self.mark) == (lab, seed, _mark(lab))


def load_claims(lab: Lab, seed: int, examples_of: ExamplesOf, claim: str = "") -> Drawn:
    """Load the check, or one claim of it by name, and draw nothing yet; raises as it loads."""
    mark = _mark(lab)
    specification = load_specification(lab)
    if claim:
        specification = specification.only(claim)
    first = specification.first
    ahead = Ahead(specification.claims, lambda each, at: examples_of(each, first + at))
    return Drawn(lab, seed, specification, ahead, mark)


def draw_ahead(lab: Lab, seed: int) -> Drawn:
    """Load a lab's check, draw what an attempt with this seed tries, and begin with it.

    What has begun goes on in the same thread, and is of no use in another. Raises `ContentError`
    where the check does not load.
    """
    drawn = load_claims(lab, seed, lambda claim, place: draw_examples(claim, seed, place))
    while drawn.ahead.draw_one():
        pass
    waiting = [
        (claim, example)
        for place, claim in enumerate(drawn.specification.claims)
        for example in drawn.ahead.waiting(place)
    ]
    return replace(drawn, rehearsal=rehearse(lab, waiting))


def _mark(lab: Lab) -> Mark:
    """Return what changes on disk when the check or what it may import is edited."""
    simulators = (lab.folder.parent.parent / "simulators").rglob("*.py")
    return mark_of([lab.folder / "check.py", *simulators])
