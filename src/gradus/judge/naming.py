"""Names the mistake: compares how a failed submission behaves with the lab's known-wrong ones.

Naming comes after the verdict and rather says nothing than guesses. It ends after a count of runs,
so that the same seed gives the same name however busy the machine is.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from gradus.check import Diagnostic
from gradus.check.compare import close_difference
from gradus.core.lab import Lab, Naming
from gradus.core.submission import Submission
from gradus.core.values import Handle
from gradus.judge.examples import CHEAP, Example, draw_examples
from gradus.judge.pool import Pool
from gradus.judge.running import Runner
from gradus.judge.specification import Specification, load_specification
from gradus.judge.submissions import Handed, starter_submission, variant_submissions
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped

MOST_TRACES = 6000
"""How many runs of inputs or diagnostics a name may cost, on a busy machine as on an idle one."""
NAMING_SECONDS = 30.0
"""On the clock: the last stop, for work that takes long over each input."""
TIE_SEEDS = 10
"""How many rounds of fresh inputs are searched for one that tells tied variants apart."""

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


def name_mistake(failure: Failed, pool: Pool, seconds: float = NAMING_SECONDS) -> Handed | None:
    """Return the known mistake that the submission makes, or None where that takes too long.

    A starter as it was handed out makes no mistake: nothing is done yet.
    """
    case_seed = failure.submission.case_seed
    if failure.submission.digest == starter_submission(failure.lab, case_seed).digest:
        return None
    runs = _Runs(MOST_TRACES, time.monotonic() + seconds)
    variants = list(variant_submissions(failure.lab, "wrong", case_seed))
    for variant in variants:
        if variant.submission.digest == failure.submission.digest:
            return variant
    try:
        if failure.lab.naming is Naming.PATTERN:
            return _by_pattern(failure, variants, pool, runs)
        return _by_behaviour(failure, variants, pool, runs)
    except (Stopped, DoesNotLoad, Ours):
        return None


class _Enough(Stopped):
    """Naming has had its runs or its time."""


class _Runs:
    """How many runs a name may still cost, and until when."""

    def __init__(self, most: float, until: float) -> None:
        self._left = most
        self._until = until

    def take(self) -> None:
        """Take one; raises `_Enough` where none is left."""
        if self._left <= 0 or time.monotonic() > self._until:
            raise _Enough("naming took too long")
        self._left -= 1


def _by_pattern(failure: Failed, variants: list[Handed], pool: Pool, runs: _Runs) -> Handed | None:
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
            if all(_seen(runner, look, example, runs) for look in looks):
                marked.append((len(looks), variant))
    finally:
        runner.close()
    best = [v for n, v in marked if n == max(count for count, _ in marked)]
    return best[0] if len(best) == 1 else None


def _seen(runner: Runner, look: Diagnostic, example: Example, runs: _Runs) -> bool:
    runs.take()
    return runner.diagnose(look, example)


def _by_behaviour(
    failure: Failed, variants: list[Handed], pool: Pool, runs: _Runs
) -> Handed | None:
    """Match every answer on every input of the run; look for an input that tells a tie apart.

    The inputs that failed come last in a run and tell most apart, so they are tried first. One
    that matches has to match on fresh inputs of its own claims too, as it was not looked for.
    """
    near = [v for v in variants if failure.specification.naming(v.name) & failure.failed]
    with _Tried(failure, pool, runs) as tried:
        near = [v for v in near if tried.agree_on(v, failure.inputs[::-1])]
        if len(near) > 1:
            near = _told_apart(near, tried)
        if len(near) != 1 or not tried.agree_on(near[0], _fresh_inputs(failure, near[0])):
            return None
    return near[0]


def _told_apart(tied: list[Handed], tried: "_Tried") -> list[Handed]:
    """Search for inputs on which tied variants differ, and ask the submission only there."""
    for place, example in _more_inputs(tried.failure, tied):
        traces = [tried.trace(each, place, example) for each in tied]
        if all(same_trace(traces[0], each) for each in traces[1:]):
            continue
        own = tried.own_trace(place, example)
        tied = [v for v, trace in zip(tied, traces, strict=True) if same_trace(own, trace)]
        if len(tied) <= 1:
            break
    return tied


class _Tried:
    """A failed submission and variants, each with a child of its own while naming lasts."""

    def __init__(self, failure: Failed, pool: Pool, runs: _Runs) -> None:
        self.failure = failure
        self._pool = pool
        self._runs = runs
        self._own = _Traces(failure, failure.submission, pool)
        self._others: dict[str, _Traces] = {}

    def __enter__(self) -> "_Tried":
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._own, *self._others.values()):
            each.close()

    def own_trace(self, place: int, example: Example) -> tuple[Any, ...]:
        """Return what the submission does on an input; raises `Stopped` where it is enough."""
        return self._traced(self._own, place, example)

    def trace(self, variant: Handed, place: int, example: Example) -> tuple[Any, ...]:
        """Return what a variant does on an input; one that hits a limit is like no other."""
        if variant.name not in self._others:
            self._others[variant.name] = _Traces(self.failure, variant.submission, self._pool)
        traces = self._others[variant.name]
        try:
            return self._traced(traces, place, example)
        except _Enough:
            raise
        except (Stopped, DoesNotLoad) as ended:
            return ((type(ended).__name__, variant.name, None),)

    def _traced(self, traces: "_Traces", place: int, example: Example) -> tuple[Any, ...]:
        if traces.has(place, example):
            return traces.of(place, example)
        self._runs.take()
        return traces.of(place, example)

    def agree_on(self, variant: Handed, inputs: Inputs) -> bool:
        """Return whether the submission does what a variant does, on each of these inputs."""
        agree = all(
            same_trace(self.own_trace(place, example), self.trace(variant, place, example))
            for place, example in inputs
        )
        if not agree:
            self._others.pop(variant.name).close()
        return agree


class _Traces:
    """Traces of one submission, each made once."""

    def __init__(self, failure: Failed, submission: Submission, pool: Pool) -> None:
        self._claims = failure.specification.claims
        self._runner = Runner(failure.lab, submission, pool, failure.sizes)
        self._known: dict[tuple[int, Example], tuple[Any, ...]] = {}

    def has(self, place: int, example: Example) -> bool:
        return (place, example) in self._known

    def of(self, place: int, example: Example) -> tuple[Any, ...]:
        key = (place, example)
        if key not in self._known:
            self._runner.give_time()
            attempted = self._runner.run(self._claims[place], example, traced=True)
            self._known[key] = (*attempted.trace, ("held", attempted.finding is None, None))
        return self._known[key]

    def close(self) -> None:
        self._runner.close()


def _more_inputs(failure: Failed, tied: Sequence[Handed]) -> Iterator[tuple[int, Example]]:
    """Yield fresh inputs as a search for one that tells tied variants apart.

    Claims that name some of them and not the others promise most, so they come first.
    """
    named = [failure.specification.naming(each.name) for each in tied]
    promising = frozenset.union(*named) - frozenset.intersection(*named)
    claims = list(enumerate(failure.specification.claims))
    claims.sort(key=lambda pair: pair[0] not in promising)
    for extra in range(1, TIE_SEEDS + 1):
        for place, claim in claims:
            for example in draw_examples(claim, failure.seed + 7919 * extra, place):
                yield place, example


def _fresh_inputs(failure: Failed, variant: Handed) -> Inputs:
    """Return inputs that the run did not draw, of the cheap claims that name a variant."""
    return [
        (place, example)
        for place in sorted(failure.specification.naming(variant.name))
        if failure.specification.claims[place].examples >= CHEAP
        for example in draw_examples(
            failure.specification.claims[place], failure.seed + 104729, place
        )
    ]


def behave_alike(
    lab: Lab, one: Submission, other: Submission, pool: Pool, seeds: Sequence[int]
) -> bool:
    """Return whether two submissions give the same answers on every input of some seeds."""
    specification = load_specification(lab)
    failure = Failed(lab, specification, one, (), frozenset(), seeds[0], {**lab.sizes, **lab.quick})
    inputs = [
        (place, example)
        for seed in seeds
        for place, claim in enumerate(specification.claims)
        for example in draw_examples(claim, seed, place)
    ]
    with _Tried(failure, pool, _Runs(inf, inf)) as tried:
        return tried.agree_on(Handed("other", other), inputs)


def same_trace(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    """Return whether two traces give the same answers in the same order."""
    return len(left) == len(right) and all(
        one[0] == other[0] and one[2] == other[2] and _same_value(one[1], other[1])
        for one, other in zip(left, right, strict=True)
    )


def _same_value(left: Any, right: Any) -> bool:
    """Return whether two values are close, whichever of them is the measure: True is not 1."""
    one, other = _comparable(left), _comparable(right)
    both_ways = ((one, other), (other, one))
    return all(close_difference(*pair, rtol=1e-6, atol=1e-9) is None for pair in both_ways)


def _comparable(value: Any) -> Any:
    """Return a value in which what stayed in the child counts by its type alone."""
    if isinstance(value, Handle):
        return f"a {value.type}"
    if isinstance(value, list | tuple):
        return [_comparable(each) for each in value]
    if isinstance(value, dict):
        return {key: _comparable(each) for key, each in value.items()}
    return value
