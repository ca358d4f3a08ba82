"""Searches for the smallest counterexample, with Hypothesis, after a claim has failed."""

import gc
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from random import Random
from typing import Any

from gradus.check import Claim
from gradus.check.draw import Unfit
from gradus.judge.examples import Example
from gradus.judge.sources import HypothesisSource

MOST_TRIES = 300
MOST_SECONDS = 40.0


class Enough(KeyboardInterrupt):
    """The search has had its tries: Hypothesis lets an interrupt, and nothing else, end it."""


@cache
def get_ready() -> None:
    """Import Hypothesis, which takes long, and keep what is imported from being looked through.

    A search makes so many small objects that Python looks for garbage again and again, a fourth
    of the time, and nearly all that it goes through is modules that stay for good.
    """
    import_module("hypothesis")
    gc.collect()
    gc.freeze()


def smallest(claim: Claim, failing: Example, fails: Callable[[Example], bool]) -> Example:
    """Return the smallest example found for which `fails`; `failing` where none is smaller.

    Bounded by a count of tries, so that the same seed gives the same example; the bound
    in seconds is there for submissions that are very slow.
    """
    if not claim.inputs:
        return failing
    get_ready()
    from hypothesis import HealthCheck, Phase, find, reject, settings, strategies
    from hypothesis.errors import Flaky, NoSuchExample

    until = time.monotonic() + MOST_SECONDS
    tried = 0
    best = failing

    @strategies.composite
    def inputs(draw: Callable[[Any], Any]) -> Example:
        nonlocal tried
        tried += 1
        if tried > MOST_TRIES or time.monotonic() > until:
            raise Enough
        values: dict[str, Any] = {}
        record: dict[str, Any] = {}
        for name, each in claim.inputs:
            n_declared = len(each.declared)
            place = draw(strategies.integers(0, n_declared)) if n_declared else 0
            if place:
                values[name], record[name] = each.declared[place - 1], place - 1
                continue
            source = HypothesisSource(draw)
            try:
                values[name], record[name] = each.sample(source), source.choices
            except Unfit:
                reject()
        entropy = failing.entropy
        return Example(values, {"inputs": record, "entropy": list(entropy)}, entropy)

    def holds(example: Example) -> bool:
        nonlocal best
        if not fails(example):
            return False
        best = example
        return True

    rules = settings(
        max_examples=100,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    try:
        return find(inputs(), holds, settings=rules, random=Random(0))
    except (NoSuchExample, Flaky, Enough):  # work that answers now so, now so, is flaky
        return best
