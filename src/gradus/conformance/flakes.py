"""Never flaky: right work on many seeds never fails, wrong work never passes.

It judges in the sizes that a learner meets, and keeps what it needs to show a failure again.
"""

import json
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gradus.check.margins import Margin, margins
from gradus.conformance.bench import for_claims
from gradus.conformance.kept import Kept, key_of, side_by_side
from gradus.conformance.styles import right_works, why_not
from gradus.conformance.tails import Tail, tail_of
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.core.verdict import Verdict
from gradus.judge import Pool, judge, render, replay, starter_submission, variant_submissions
from gradus.judge.examples import draw_examples
from gradus.judge.running import Runner
from gradus.judge.sources import pack
from gradus.judge.specification import load_specification
from gradus.judge.submissions import Handed
from gradus.judge.trouble import DoesNotLoad, Stopped

SEEDS, TRAINING_SEEDS = 1000, 100
"""Seeds for right work, and for that of labs whose claims rest on statistics."""
WRONG_SHARE = 5
"""Wrong work gets one seed for so many of right work."""
MOST_MISSES = 1e-3
"""The chance of a miss that all statistics of one judging may have together."""

_OF_ONE_RUN = re.compile(r"\S+/\S+|[+-]?\d+(\.\d+)?")

Report = Callable[[str], None]


@dataclass
class FlakeTally:
    """What became of one lab on many seeds."""

    lab: str
    """Lab id."""
    right: int = 0
    """How many judgings of right work are done."""
    wrong: int = 0
    """How many judgings of wrong work are done."""
    due: int = 0
    """How many of both there are to do."""
    flaky: list[dict[str, Any]] = field(default_factory=list)
    """Right work that did not pass, wrong work that did."""
    tails: dict[str, dict[tuple[str, str], Tail]] = field(default_factory=dict)
    """By right work, then by claim and statistic: how likely a miss is."""

    @property
    def is_done(self) -> bool:
        """Whether every judging is done."""
        return self.right + self.wrong == self.due

    def chance(self, work: str) -> float:
        """Return a bound on the chance that any statistic of a right work misses."""
        return sum(tail.chance for tail in self.tails[work].values())

    @property
    def worst(self) -> str | None:
        """The right work that is nearest to a miss; None where no claim rests on a statistic."""
        return max(self.tails, key=self.chance, default=None)


@dataclass(frozen=True, slots=True)
class _Due:
    family: str
    handed: Handed
    seed: int

    @property
    def name(self) -> str:
        return f"{self.family}/{self.handed.name}/{self.seed}"


def measure_flakes(
    lab: Lab,
    pool: Pool,
    *,
    state: Path,
    n_seeds: int | None = None,
    until: float | None = None,
    workers: int = 2,
    report: Report = lambda line: None,
) -> FlakeTally:
    """Judge a lab's right and wrong work on many seeds; goes on where `state` was left.

    `until` is a moment of `time.monotonic` after which nothing more is begun.
    """
    variants = for_claims(lab, load_specification(lab), variant_submissions(lab, "wrong"))
    wrong = [Handed("starter", starter_submission(lab)), *variants]
    works = right_works(lab)
    digests = [each.submission.digest for each in (*works, *wrong)]
    kept = Kept(state, key_of(lab.version, *digests))
    first = _Due("right", works[0], 1)
    if first.name not in kept:
        kept.keep(first.name, **_judged(first, lab, pool, state))
    if n_seeds is None:
        n_seeds = TRAINING_SEEDS if kept[first.name]["margins"] else SEEDS
    waiting = list(_all_due(works, wrong, n_seeds))
    left = [each for each in waiting if each.name not in kept]

    def work(each: _Due) -> None:
        if until is None or time.monotonic() < until:
            kept.keep(each.name, **_judged(each, lab, pool, state))

    begun = len(waiting) - len(left)
    for number, _ in enumerate(side_by_side(work, left, workers), begun + 1):
        report(f"{lab.id}: {number} of {len(waiting)}")
    return _tally(lab, waiting, kept)


def _all_due(works: list[Handed], wrong: list[Handed], n_seeds: int) -> Iterator[_Due]:
    """Yield everything that is judged, seed after seed, so that a broken-off run covers all."""
    for seed in range(1, n_seeds + 1):
        yield from (_Due("right", each, seed) for each in works)
        if seed <= max(1, n_seeds // WRONG_SHARE):
            yield from (_Due("wrong", each, seed) for each in wrong)


def _judged(due: _Due, lab: Lab, pool: Pool, state: Path) -> dict[str, Any]:
    if due.family == "wrong" and _fails_somewhere(due, lab, pool):
        return {"verdict": str(Verdict.FAILED)}
    with margins() as found:
        judgement = judge(
            lab,
            due.handed.submission,
            seed=due.seed,
            pool=pool,
            name_mistakes=False,
            shrink=False,
        )
    facts: dict[str, Any] = {"verdict": str(judgement.verdict)}
    if due.family == "right":
        facts["margins"] = _smallest(found, lab)
    if _is_flaky(due.family, str(judgement.verdict)):
        facts |= {"why": why_not(judgement), "place": str(_laid(due, lab, state))}
    return facts


def _fails_somewhere(due: _Due, lab: Lab, pool: Pool) -> bool:
    """Return whether wrong work fails a claim: those that name it first, and no more than one."""
    specification = load_specification(lab)
    named = specification.naming(due.handed.name)
    places = sorted(range(len(specification.claims)), key=lambda each: each not in named)
    runner = Runner(lab, due.handed.submission, pool, dict(lab.sizes))
    try:
        for place in places:
            claim = specification.claims[place]
            for example in draw_examples(claim, due.seed, place):
                if runner.run(claim, example).finding is not None:
                    return True
    except DoesNotLoad:
        return True
    except Stopped:
        return False
    finally:
        runner.close()
    return False


def _smallest(found: list[Margin], lab: Lab) -> list[list[Any]]:
    """Return the smallest room of each statistic; numbers and paths in a label are of one run."""
    random = {
        claim.sentence
        for claim in load_specification(lab).claims
        if claim.inputs or "rng" in claim.given
    }
    rooms: dict[tuple[str, str], float] = {}
    for each in found:
        if each.claim in random:
            key = (each.claim, _OF_ONE_RUN.sub("#", each.label))
            rooms[key] = min(each.room, rooms.get(key, each.room))
    return [[claim, label, room] for (claim, label), room in rooms.items()]


def _is_flaky(family: str, verdict: str) -> bool:
    return (verdict != Verdict.PASSED) if family == "right" else (verdict != Verdict.FAILED)


def _laid(due: _Due, lab: Lab, state: Path) -> Path:
    """Keep the inputs of a flaky judging, so that it can be shown again."""
    inputs = pack(
        [
            [place, example.record]
            for place, claim in enumerate(load_specification(lab).claims)
            for example in draw_examples(claim, due.seed, place)
        ]
    )
    place = state.with_suffix("") / f"{due.family}-{due.handed.name}-{due.seed}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "lab": lab.id,
        "family": due.family,
        "name": due.handed.name,
        "digest": due.handed.submission.digest,
        "seed": due.seed,
        "inputs": b64encode(inputs).decode(),
    }
    place.write_text(json.dumps(facts), encoding="utf-8")
    return place


def replayed(lab: Lab, stored: dict[str, Any], pool: Pool) -> tuple[str, str]:
    """Judge again what was kept of a flaky judging; return the verdict and the whole text.

    Raises `UsageError` where the work has changed since.
    """
    handed = [*right_works(lab), Handed("starter", starter_submission(lab))]
    handed += variant_submissions(lab, "wrong")
    same = [each for each in handed if each.submission.digest == stored["digest"]]
    if not same:
        raise UsageError(f"'{stored['name']}' of {lab.id} has changed since that was kept.")
    inputs = b64decode(stored["inputs"])
    judgement = replay(lab, same[0].submission, stored["seed"], inputs, pool)
    title = f"{stored['family']} {stored['name']}, seed {stored['seed']}"
    return str(judgement.verdict), render(judgement, title=title)


def _tally(lab: Lab, waiting: list[_Due], kept: Kept) -> FlakeTally:
    tally = FlakeTally(lab.id, due=len(waiting))
    rooms: dict[str, dict[tuple[str, str], list[float]]] = {}
    for each in waiting:
        if each.name not in kept:
            continue
        found = kept[each.name]
        tally.right += each.family == "right"
        tally.wrong += each.family == "wrong"
        if _is_flaky(each.family, found["verdict"]):
            tally.flaky.append(found)
        for claim, label, room in found.get("margins", []):
            own = rooms.setdefault(each.handed.name, {})
            own.setdefault((claim, label), []).append(room)
    for work, statistics in rooms.items():
        tally.tails[work] = {key: tail_of(np.array(many)) for key, many in statistics.items()}
    return tally
