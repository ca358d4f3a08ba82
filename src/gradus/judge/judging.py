"""From a submission to a verdict.

The order is fixed: load, claims, verdict, then the smallest counterexamples, then the name of
the mistake. Whatever goes wrong on our side becomes `UNJUDGED`; nothing of it becomes evidence.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from gradus.check import Claim
from gradus.core.errors import GradusError, PrerequisiteError
from gradus.core.lab import Lab, Naming
from gradus.core.submission import Submission
from gradus.core.verdict import ClaimOutcome, Finding, Judgement, Verdict
from gradus.judge.ahead import Ahead
from gradus.judge.examples import CHEAP, Example, draw_examples, recorded_example
from gradus.judge.naming import NAMING_SECONDS, Failed, name_mistake
from gradus.judge.pool import Pool
from gradus.judge.running import Runner, Stopwatch
from gradus.judge.sharing import Shared
from gradus.judge.shrinking import smallest
from gradus.judge.sources import pack, unpack
from gradus.judge.specification import Specification, load_specification
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped

GROUP = 32
"""How many examples run side by side at the most."""
ExamplesOf = Callable[[Claim, int], Iterable[Example]]


@dataclass(slots=True)
class Course:
    """What has been observed so far in one attempt."""

    outcomes: list[ClaimOutcome] = field(default_factory=list)
    inputs: list[tuple[int, Example]] = field(default_factory=list)
    failing: dict[int, Example] = field(default_factory=dict)
    stopped: str = ""


def judge(
    lab: Lab,
    submission: Submission,
    *,
    seed: int,
    pool: Pool,
    quick: bool = False,
    name_mistakes: bool = True,
    naming_seconds: float = NAMING_SECONDS,
    shrink: bool = True,
    shared: Shared | None = None,
) -> Judgement:
    """Judge a submission on fresh inputs drawn from `seed`.

    Raises `PrerequisiteError` where the lab's environment is not installed, and nothing else:
    the learner's faults are findings, ours are `UNJUDGED`. `name_mistakes` and `shrink` turn off
    what comes after the verdict, where nobody reads it; naming gives up after `naming_seconds`.
    `shared` holds what became of the same examples in other work of the lab's own.
    """
    attempt = _Attempt(
        lab,
        submission,
        seed,
        pool,
        quick,
        name_mistakes,
        shrink,
        naming_seconds=naming_seconds,
        shared=shared,
    )
    return _judge(attempt, lambda claim, place: draw_examples(claim, seed, place))


def judge_claim(
    lab: Lab, submission: Submission, claim: str, *, seed: int, pool: Pool
) -> Judgement:
    """Judge one claim of a lab, by its function's name, on the inputs that `judge` would draw.

    A mistake is named by its behaviour only: a pattern needs every claim. Raises as `judge` does.
    """
    by_behaviour = lab.naming is Naming.BEHAVIOUR
    attempt = _Attempt(lab, submission, seed, pool, name_mistakes=by_behaviour, claim=claim)
    return _judge(attempt, lambda each, place: draw_examples(each, seed, place))


def replay(
    lab: Lab, submission: Submission, seed: int, inputs: bytes, pool: Pool, claim: str = ""
) -> Judgement:
    """Judge a submission, or one claim of it, on the stored inputs of an earlier, failing run."""

    def recorded(claim: Claim, place: int) -> Iterable[Example]:
        known = unpack(inputs)
        return [recorded_example(claim, each) for at, each in known if at == place]

    return _judge(_Attempt(lab, submission, seed, pool, claim=claim), recorded)


@dataclass(frozen=True, slots=True)
class _Attempt:
    lab: Lab
    submission: Submission
    seed: int
    pool: Pool
    quick: bool = False
    name_mistakes: bool = True
    shrink: bool = True
    claim: str = ""
    naming_seconds: float = NAMING_SECONDS
    shared: Shared | None = None

    @property
    def sizes(self) -> dict[str, Any]:
        return {**self.lab.sizes, **(self.lab.quick if self.quick else {})}

    def empty(self) -> Judgement:
        runtime = self.pool.runtime(self.lab)
        return Judgement(
            lab=self.lab.id,
            lab_version=self.lab.version,
            submission=self.submission.digest,
            verdict=Verdict.UNJUDGED,
            seed=self.seed,
            seconds=0.0,
            claims=(),
            environment=runtime.name,
        )


def _judge(attempt: _Attempt, examples_of: ExamplesOf) -> Judgement:
    empty = attempt.empty()
    watch = Stopwatch()
    try:
        return _judge_claims(attempt, examples_of, empty, watch)
    except PrerequisiteError:
        raise
    except Exception as error:
        known = isinstance(error, Ours | GradusError)
        reason = str(error).splitlines()[0] if known else f"{type(error).__name__}: {error}"
        trouble = traceback.format_exc()
        return replace(empty, seconds=watch.seconds, reason=reason, trouble=trouble)


def _judge_claims(
    attempt: _Attempt, examples_of: ExamplesOf, empty: Judgement, watch: Stopwatch
) -> Judgement:
    runner = Runner(attempt.lab, attempt.submission, attempt.pool, attempt.sizes)
    course = Course()
    figures: dict[str, float] = {}
    try:
        runner.start()
        specification = load_specification(attempt.lab)
        if attempt.claim:
            specification = specification.only(attempt.claim)
        first = specification.first
        ahead = Ahead(specification.claims, lambda claim, at: examples_of(claim, first + at))
        runner.meanwhile = ahead.draw_one
        try:
            runner.load()
            _run_claims(specification, runner, ahead, course, attempt.shared)
        except DoesNotLoad as error:
            return _not_loaded(specification, empty, watch, runner, error)
        except Stopped as stopped:
            course.stopped = str(stopped)
        seconds = watch.seconds
        printed = runner.printed()
        figures["cpu_seconds"], figures["peak_mb"] = runner.usage()
        if course.failing and not course.stopped and attempt.shrink:
            before = time.perf_counter()
            _shrink(specification, runner, course)
            figures["shrinking_seconds"] = time.perf_counter() - before
    finally:
        runner.close()
    judgement = _concluded(specification, course, empty)
    judgement = replace(judgement, seconds=seconds, printed=printed)
    if judgement.verdict is Verdict.FAILED:
        judgement = _named(attempt, specification, course, judgement, figures)
    return replace(judgement, figures={k: round(v, 6) for k, v in figures.items()})


def _not_loaded(
    specification: Specification,
    empty: Judgement,
    watch: Stopwatch,
    runner: Runner,
    error: DoesNotLoad,
) -> Judgement:
    claims = tuple(ClaimOutcome(each.sentence, False, 0) for each in specification.claims)
    return replace(
        empty,
        verdict=Verdict.FAILED,
        seconds=watch.seconds,
        claims=claims,
        reason=error.reason,
        frames=error.frames,
        printed=runner.printed(),
    )


def _run_claims(
    specification: Specification,
    runner: Runner,
    ahead: Ahead,
    course: Course,
    shared: Shared | None,
) -> None:
    def finding_of(claim: Claim, example: Example) -> Finding | None:
        if shared is not None:
            return shared.finding(runner, claim, example)
        return runner.run(claim, example).finding

    for place, claim in enumerate(specification.claims):
        count = 0
        finding: Finding | None = None
        for group in _groups(ahead.examples(place), runner.may_join(claim)):
            joined = len(group) > 1 and finding is None
            certain = joined and runner.all_hold(claim, group)
            for example in group:
                course.inputs.append((place, example))
                count += 1
                if certain or finding is not None:
                    continue
                finding = finding_of(claim, example)
                if finding is not None:
                    course.failing[place] = example
            if joined and finding is None and (finding := runner.left_over(claim)) is not None:
                course.failing[place] = group[-1]
            if finding is not None and claim.examples < CHEAP:
                break
        n_run = count if finding is None else _place_of(course, place)
        course.outcomes.append(ClaimOutcome(claim.sentence, finding is None, n_run, finding))


def _groups(examples: Iterator[Example], join: bool) -> Iterator[list[Example]]:
    """Yield examples in the groups that may run side by side; the first and the last run alone.

    The first finds work that never answers. What a call leaves behind for the next one, within
    one example, is seen by the last, which is drawn like any other.
    """
    if not join:
        yield from ([each] for each in examples)
        return
    yield from ([each] for each in islice(examples, 1))
    group = [*islice(examples, GROUP)]
    while following := [*islice(examples, GROUP)]:
        yield group
        group = following
    yield from (part for part in (group[:-1], group[-1:]) if part)


def _place_of(course: Course, place: int) -> int:
    """Return how many examples of a claim were run up to its failing one."""
    own = [example for at, example in course.inputs if at == place]
    failing = course.failing[place]
    return next(at for at, each in enumerate(own, 1) if each is failing)


def _shrink(specification: Specification, runner: Runner, course: Course) -> None:
    """Replace each finding by the one of the smallest example that fails the same claim."""
    for place, failing in course.failing.items():
        claim = specification.claims[place]
        if claim.examples < CHEAP:
            continue
        try:
            small = smallest(claim, failing, partial(_fails, runner, claim))
            runner.give_time()
            attempted = runner.run(claim, small)
        except (Stopped, DoesNotLoad):
            continue
        if attempted.finding is not None and small is not failing:
            course.inputs.append((place, small))
            outcome = course.outcomes[place]
            course.outcomes[place] = replace(outcome, finding=attempted.finding)


def _fails(runner: Runner, claim: Claim, example: Example) -> bool:
    runner.give_time()
    return runner.run(claim, example).finding is not None


def _concluded(specification: Specification, course: Course, empty: Judgement) -> Judgement:
    reached = len(course.outcomes)
    rest = specification.claims[reached:]
    claims = (*course.outcomes, *(ClaimOutcome(each.sentence, False, 0) for each in rest))
    if course.stopped:
        during = f"\nThe claim: {rest[0].sentence}" if rest else ""
        return replace(
            empty, verdict=Verdict.STOPPED, claims=claims, reason=course.stopped + during
        )
    if course.failing:
        first = specification.first
        inputs = pack([[first + place, example.record] for place, example in course.inputs])
        return replace(empty, verdict=Verdict.FAILED, claims=claims, inputs=inputs)
    if any(each.examples == 0 for each in claims):
        raise Ours("a claim was never run")
    return replace(empty, verdict=Verdict.PASSED, claims=claims)


def _named(
    attempt: _Attempt,
    specification: Specification,
    course: Course,
    judgement: Judgement,
    figures: dict[str, float],
) -> Judgement:
    if not attempt.name_mistakes:
        return judgement
    before = time.perf_counter()
    failure = Failed(
        lab=attempt.lab,
        specification=specification,
        submission=attempt.submission,
        inputs=course.inputs,
        failed=frozenset(course.failing),
        seed=attempt.seed,
        sizes=attempt.sizes,
    )
    mistake = name_mistake(failure, attempt.pool, attempt.naming_seconds)
    figures["naming_seconds"] = time.perf_counter() - before
    if mistake is None:
        return judgement
    return replace(judgement, mistake=mistake.name, mistake_says=mistake.says)
