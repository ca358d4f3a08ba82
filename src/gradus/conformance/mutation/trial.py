"""Judges mutants: the usual claims on the usual examples, broken off at the first refusal.

A mutant is alive only if the judge itself says PASSED on every seed. Nothing is shrunk or named.
"""

from dataclasses import replace

from gradus.check import Claim
from gradus.conformance.mutation.mutant import Mutant
from gradus.conformance.mutation.outcome import Fate, Outcome
from gradus.conformance.mutation.probe import probe
from gradus.core.lab import Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import Pool, judge, reference_submission
from gradus.judge.examples import Example, draw_examples
from gradus.judge.running import Runner
from gradus.judge.specification import load_specification
from gradus.judge.submissions import BUILD
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped

CPU_TIMES, CPU_LEAST = 4.0, 2.0
"""CPU seconds of a mutant: this many times those of the reference, and not less than that."""
FIRST_SEED = 1
ENOUGH = 3
"""Examples of a claim that say whether it uses a line."""


class Trials:
    """The trials of one lab's mutants, in one process."""

    def __init__(self, lab: Lab, pool: Pool, n_seeds: int) -> None:
        self._pool = pool
        self._n_seeds = n_seeds
        self._claims = load_specification(lab).claims
        self._order = list(range(len(self._claims)))
        self._sizes = {**lab.sizes, **lab.quick}
        self._lab = _limited(lab, pool)

    def of(self, mutant: Mutant) -> Outcome:
        """Judge one mutant until a claim refuses it, on as many seeds as it takes."""
        refused = self._screened(mutant.submission)
        if refused is not None:
            return _without_script(mutant, refused)
        for seed in range(FIRST_SEED + 1, FIRST_SEED + self._n_seeds):
            said = _whole(self._lab, mutant.submission, seed, self._pool)
            if said.verdict is Verdict.UNJUDGED:
                return Outcome(Fate.UNJUDGED, said.reason, seed)
            if said.verdict is not Verdict.PASSED:
                return Outcome(Fate.DEAD, _first_failed(said), seed)
        nearest, reached = self._nearest(mutant)
        return Outcome(Fate.ALIVE, nearest, self._n_seeds, reached)

    def _screened(self, submission: Submission) -> Outcome | None:
        """Return who refuses a mutant on the first seed, asking the latest refuser first."""
        runner: Runner | None = None
        try:
            runner = Runner(self._lab, submission, self._pool, self._sizes)
            runner.load()
            for place in list(self._order):
                claim = self._claims[place]
                for example in draw_examples(claim, FIRST_SEED, place):
                    if runner.run(claim, example).finding is not None:
                        self._order.remove(place)
                        self._order.insert(0, place)
                        return Outcome(Fate.DEAD, claim.sentence, 1)
        except DoesNotLoad as error:
            return Outcome(Fate.DEAD, error.reason, 1)
        except Stopped as stopped:
            return Outcome(Fate.DEAD, str(stopped), 1)
        except Ours as ours:
            return Outcome(Fate.UNJUDGED, str(ours).splitlines()[0], 1)
        finally:
            if runner is not None:
                runner.close()
        return None

    def _nearest(self, mutant: Mutant) -> tuple[str, int]:
        """Return the claim most of whose examples need the changed line, and how many claims do."""
        shares: list[tuple[float, int]] = []
        submission = mutant.instead(probe(mutant))
        for place, claim in enumerate(self._claims):
            examples = list(draw_examples(claim, FIRST_SEED, place))[:ENOUGH]
            broken = sum(self._is_broken(submission, claim, each) for each in examples)
            if broken:
                shares.append((broken / len(examples), -place))
        if not shares:
            return "", 0
        return self._claims[-max(shares)[1]].sentence, len(shares)

    def _is_broken(self, submission: Submission, claim: Claim, example: Example) -> bool:
        runner: Runner | None = None
        try:
            runner = Runner(self._lab, submission, self._pool, self._sizes)
            return runner.run(claim, example).finding is not None
        except (DoesNotLoad, Stopped, Ours):
            return True
        finally:
            if runner is not None:
                runner.close()


def _without_script(mutant: Mutant, refused: Outcome) -> Outcome:
    """Return a mutant of a script that builds nothing as dead: nothing was handed in."""
    if refused.fate is Fate.UNJUDGED and mutant.name.file == BUILD:
        return Outcome(Fate.DEAD, refused.why, refused.seeds) if BUILD in refused.why else refused
    return refused


def _whole(lab: Lab, submission: Submission, seed: int, pool: Pool) -> Judgement:
    return judge(
        lab, submission, seed=seed, pool=pool, quick=True, name_mistakes=False, shrink=False
    )


def _limited(lab: Lab, pool: Pool) -> Lab:
    """Return the lab with as much CPU as a mutant may need, so that endless ones end soon."""
    said = _whole(lab, reference_submission(lab), FIRST_SEED, pool)
    seconds = max(CPU_LEAST, CPU_TIMES * said.figures.get("cpu_seconds", lab.limits.seconds))
    return replace(lab, limits=replace(lab.limits, seconds=min(lab.limits.seconds, seconds)))


def _first_failed(said: Judgement) -> str:
    failed = [each.sentence for each in said.claims if not each.held]
    return said.reason.splitlines()[0] if said.reason else failed[0]
