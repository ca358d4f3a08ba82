"""Rules of the thorough depth: what holds on one seed has to hold on every other."""

from collections.abc import Iterator

from gradus.conformance.bench import Bench
from gradus.conformance.rule import Depth, Sighting, rule
from gradus.conformance.seen import Trouble
from gradus.conformance.thorough import run_seeds

_READY = ("reference-passes", "right-passes", "starter-fails", "variant-fails")


@rule(
    "seeds-right",
    reason="Right work that fails on an unlucky seed is a learner's evening.",
    remedy="Loosen the bound with a reason, or draw inputs on which the claim is true.",
    after=_READY,
    judges=True,
    depth=Depth.THOROUGH,
)
def seeds_right(bench: Bench) -> Iterator[Sighting]:
    """Reference and every right way pass on every seed."""
    yield from _seen(bench, Trouble.RIGHT_REFUSED)


@rule(
    "seeds-wrong",
    reason="Wrong work that passes on a lucky seed is evidence of nothing.",
    remedy="Declare the revealing input as an edge case, or draw more examples.",
    after=_READY,
    judges=True,
    depth=Depth.THOROUGH,
)
def seeds_wrong(bench: Bench) -> Iterator[Sighting]:
    """Every variant fails on every seed."""
    yield from _seen(bench, Trouble.WRONG_PASSED)


@rule(
    "seeds-again",
    reason="A verdict that changes on the same seed cannot be re-run by a stranger.",
    remedy="Take every random choice from the draws and from rng, none from the clock.",
    after=_READY,
    judges=True,
    depth=Depth.THOROUGH,
)
def seeds_again(bench: Bench) -> Iterator[Sighting]:
    """The same seed gives the same verdict again."""
    yield from _seen(bench, Trouble.NOT_THE_SAME)


@rule(
    "seeds-naming",
    reason="A learner who makes a known mistake is told which.",
    remedy="Add the input that tells two variants apart, or make two alike into one.",
    after=_READY,
    judges=True,
    depth=Depth.THOROUGH,
)
def seeds_naming(bench: Bench) -> Iterator[Sighting]:
    """Where behaviour names the mistake, every variant is called by its own name."""
    yield from _seen(bench, Trouble.NAMED_OTHERWISE)


def _seen(bench: Bench, trouble: Trouble) -> Iterator[Sighting]:
    for each in run_seeds(bench):
        if each.trouble is trouble:
            yield Sighting(each.message, bench.folder / each.family)
