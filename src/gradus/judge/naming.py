"""Names the mistake: compares how a failed submission behaves with the lab's known-wrong ones.

Naming comes after the verdict, has its own time limit, and rather says nothing than guesses.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradus.check.compare import close_difference, plain
from gradus.core.lab import Lab, Naming
from gradus.core.submission import Submission
from gradus.core.values import Handle
from gradus.judge.examples import Example, draw_examples
from gradus.judge.pool import Pool
from gradus.judge.running import Runner
from gradus.judge.specification import Specification
from gradus.judge.submissions import Handed, variant_submissions
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped

NAMING_SECONDS = 10.0
TIE_SEEDS = 3

Inputs = Sequence[tuple[int, Example]]


@dataclass(frozen=True, slots=True)
class Failed:
    """A failed submission and what is known of its failure."""

    lab: Lab
    """The lab."""
    specification: Specification
    """Its claims."""
    submission: Submission
    """What was handed in."""
    inputs: Inputs
    """Every input of the run with the place of its claim."""
    failed: frozenset[int]
    """Places of the claims that did not hold."""
    seed: int
    """The attempt's seed."""
    sizes: Mapping[str, Any]
    """Sizes that the check reads."""


def name_mistake(failure: Failed, pool: Pool) -> Handed | None:
    """Return the known mistake that the submission makes, or None."""
    until = time.monotonic() + NAMING_SECONDS
    variants = list(variant_submissions(failure.lab, "wrong", failure.submission.case_seed))
    for variant in variants:
        if variant.submission.digest == failure.submission.digest:
            return variant
    try:
        if failure.lab.naming is Naming.PATTERN:
            return _by_pattern(failure, variants, pool)
        return _by_behaviour(failure, variants, pool, until)
    except (Stopped, DoesNotLoad, Ours):
        return None


def _by_pattern(failure: Failed, variants: list[Handed], pool: Pool) -> Handed | None:
    """Match on the set of failed claims, then on the declared diagnostics."""
    specification = failure.specification
    near = [each for each in variants if specification.fits(each.name, failure.failed)]
    if not near:
        return None
    runner = Runner(failure.lab, failure.submission, pool, failure.sizes)
    example = Example({}, {}, (failure.seed, 0, 0))
    try:
        marked = []
        for variant in near:
            looks = [d for d in specification.diagnostics if d.variant == variant.name]
            if all(runner.diagnose(look, example) for look in looks):
                marked.append((len(looks), variant))
    finally:
        runner.close()
    best = [v for n, v in marked if n == max(count for count, _ in marked)]
    return best[0] if len(best) == 1 else None


def _by_behaviour(
    failure: Failed, variants: list[Handed], pool: Pool, until: float
) -> Handed | None:
    """Match every answer on every input of the run; ask for more inputs on a tie.

    The inputs that failed come last in a run and tell most apart, so they are tried first.
    """
    inputs: Inputs = failure.inputs[::-1]
    near = [v for v in variants if failure.specification.naming(v.name) & failure.failed]
    for extra in range(TIE_SEEDS + 1):
        if extra:
            inputs = _more_inputs(failure, extra)
        near = _same_behaviour(failure, near, inputs, pool, until)
        if len(near) <= 1:
            break
    return near[0] if len(near) == 1 else None


def _same_behaviour(
    failure: Failed, variants: list[Handed], inputs: Inputs, pool: Pool, until: float
) -> list[Handed]:
    own = _Traces(failure, failure.submission, pool)
    try:
        return [v for v in variants if _matches(failure, own, v, inputs, pool, until)]
    finally:
        own.close()


def _matches(
    failure: Failed,
    own: "_Traces",
    variant: Handed,
    inputs: Inputs,
    pool: Pool,
    until: float,
) -> bool:
    other = _Traces(failure, variant.submission, pool)
    try:
        for number, (place, example) in enumerate(inputs):
            if time.monotonic() > until:
                raise Stopped("naming took too long")
            if not same_trace(own.of(number, place, example), other.of(number, place, example)):
                return False
        return True
    except DoesNotLoad:
        return False
    finally:
        other.close()


class _Traces:
    """Traces of one submission, each made once."""

    def __init__(self, failure: Failed, submission: Submission, pool: Pool) -> None:
        self._claims = failure.specification.claims
        self._runner = Runner(failure.lab, submission, pool, failure.sizes)
        self._known: dict[int, tuple[Any, ...]] = {}

    def of(self, number: int, place: int, example: Example) -> tuple[Any, ...]:
        if number not in self._known:
            attempted = self._runner.run(self._claims[place], example, traced=True)
            self._known[number] = (*attempted.trace, ("held", attempted.finding is None, None))
        return self._known[number]

    def close(self) -> None:
        self._runner.close()


def _more_inputs(failure: Failed, extra: int) -> Inputs:
    """Return fresh inputs of the same claims, as a look for one that tells variants apart."""
    return [
        (place, example)
        for place, claim in enumerate(failure.specification.claims)
        for example in draw_examples(claim, failure.seed + 7919 * extra, place)
    ]


def same_trace(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    """Return whether two traces give the same answers in the same order."""
    return len(left) == len(right) and all(
        one[0] == other[0] and one[2] == other[2] and _same_value(one[1], other[1])
        for one, other in zip(left, right, strict=True)
    )


def _same_value(left: Any, right: Any) -> bool:
    return close_difference(_comparable(left), _comparable(right), 1e-6, 1e-9) is None


def _comparable(value: Any) -> Any:
    """Return a value in which what stayed in the child counts by its type alone."""
    if isinstance(value, Handle):
        return f"a {value.type}"
    if isinstance(value, list | tuple):
        return [_comparable(each) for each in value]
    if isinstance(value, dict):
        return {key: _comparable(each) for key, each in value.items()}
    return plain(value)
