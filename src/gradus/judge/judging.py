"""From a submission to a verdict.

The order is fixed: load, claims, verdict, then the smallest counterexamples, then the name of
the mistake. Whatever goes wrong on our side becomes `UNJUDGED`; nothing of it becomes evidence.
"""

import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from gradus.check import Claim
from gradus.core.errors import GradusError, PrerequisiteError
from gradus.core.lab import Lab, Naming
from gradus.core.submission import Submission
from gradus.core.verdict import ClaimOutcome, Finding, Judgement, Verdict
from gradus.judge.course import Course
from gradus.judge.drawn import Drawn, ExamplesOf, load_claims
from gradus.judge.examples import CHEAP, Example, draw_examples, recorded_example
from gradus.judge.naming import NAMING_SECONDS, Failed, name_mistake
from gradus.judge.pool import Pool
from gradus.judge.running import Runner
from gradus.judge.sharing import Shared
from gradus.judge.shrinking import smallest
from gradus.judge.sources import pack, unpack
from gradus.judge.specification import Specification
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped


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
    drawn: Drawn | None = None,
) -> Judgement:
    """Judge a submission on fresh inputs drawn from `seed`.

    Raises `PrerequisiteError` where the lab's environment is not installed, and nothing else:
    the learner's faults are findings, ours are `UNJUDGED`. `name_mistakes` and `shrink` turn off
    what comes after the verdict, where nobody reads it; naming gives up after `naming_seconds`.
    `shared` holds what became of the same examples in other work of the lab's own; `drawn` is
    what `draw_ahead` gave, for one attempt.
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
        drawn=drawn,
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

    def recorded(claim: Claim, place: int) -> Iterator[Example]:
        for at, each in unpack(inputs):
            if at == place:
                yield recorded_example(claim, each)

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
    drawn: Drawn | None = None

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
    begun = time.perf_counter()
    try:
        return _judge_claims(attempt, examples_of, empty, begun)
    except PrerequisiteError:
        raise
    except Exception as error:
        known = isinstance(error, Ours | GradusError)
        reason = str(error).splitlines()[0] if known else f"{type(error).__name__}: {error}"
        trouble = traceback.format_exc()
        return replace(empty, seconds=time.perf_counter() - begun, reason=reason, trouble=trouble)


def _judge_claims(
    attempt: _Attempt, examples_of: ExamplesOf, empty: Judgement, begun: float
) -> Judgement:
    drawn = attempt.drawn
    if drawn is not None and not drawn.fits(attempt.lab, attempt.seed):
        drawn = None
    rehearsal = None if drawn is None else drawn.rehearsal
    runner = Runner(attempt.lab, attempt.submission, attempt.pool, attempt.sizes, rehearsal)
    figures: dict[str, float] = {}
    try:
        runner.start()
        if drawn is None:
            drawn = load_claims(attempt.lab, attempt.seed, examples_of, attempt.claim)
        specification = drawn.specification
        runner.meanwhile = drawn.ahead.draw_one
        course = Course(specification.claims, runner, attempt.shared)
        stopped = ""
        try:
            runner.load()
            course.run(drawn.ahead)
        except DoesNotLoad as error:
            return _not_loaded(specification, empty, begun, runner, error)
        except Stopped as error:
            stopped = str(error)
        seconds = time.perf_counter() - begun
        printed = course.printed or runner.printed()
        figures["cpu_seconds"], figures["peak_mb"] = runner.usage()
        if course.failing and not stopped and attempt.shrink:
            before = time.perf_counter()
            _shrink(specification, runner, course)
            figures["shrinking_seconds"] = time.perf_counter() - before
    finally:
        runner.close()
    judgement = _concluded(specification, course, empty, stopped)
    judgement = replace(judgement, seconds=seconds, printed=printed)
    if judgement.verdict is Verdict.FAILED:
        judgement = _named(attempt, specification, course, judgement, figures)
    return replace(judgement, figures={k: round(v, 6) for k, v in figures.items()})


def _not_loaded(
    specification: Specification,
    empty: Judgement,
    begun: float,
    runner: Runner,
    error: DoesNotLoad,
) -> Judgement:
    claims = tuple(ClaimOutcome(each.sentence, False, 0) for each in specification.claims)
    return replace(
        empty,
        verdict=Verdict.FAILED,
        seconds=time.perf_counter() - begun,
        claims=claims,
        reason=error.reason,
        frames=error.frames,
        printed=runner.printed(),
    )


def _shrink(specification: Specification, runner: Runner, course: Course) -> None:
    """Replace each finding by the one of the smallest example that fails the same claim."""
    for place, failing in course.failing.items():
        claim = specification.claims[place]
        if claim.examples < CHEAP:
            continue
        try:
            small = smallest(claim, failing, partial(_fails, runner, claim))
            finding = _found(runner, claim, small) if small is not failing else None
        except (Stopped, DoesNotLoad):
            continue
        if finding is not None:
            course.inputs.append((place, small))
            course.outcomes[place] = replace(course.outcomes[place], finding=finding)


def _fails(runner: Runner, claim: Claim, example: Example) -> bool:
    return _found(runner, claim, example) is not None


def _found(runner: Runner, claim: Claim, example: Example) -> Finding | None:
    runner.give_time()
    return runner.run(claim, example).finding


def _concluded(
    specification: Specification, course: Course, empty: Judgement, stopped: str
) -> Judgement:
    reached = len(course.outcomes)
    rest = specification.claims[reached:]
    claims = (*course.outcomes, *(ClaimOutcome(each.sentence, False, 0) for each in rest))
    if stopped:
        reason = f"{stopped}\nThe claim: {rest[0].sentence}"
        return replace(empty, verdict=Verdict.STOPPED, claims=claims, reason=reason)
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
