"""Naming the mistake, measured: the labs' own variants, those in other styles, and other mistakes.

It judges and counts; how a mistake is named is the judge's business.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradus.judge
from gradus.conformance import mutation, rewriting
from gradus.conformance.bench import for_claims
from gradus.conformance.kept import Kept, key_of, side_by_side, sources_of
from gradus.conformance.rewriting import composed, fitting
from gradus.conformance.styles import has_styles, restyled
from gradus.conformance.thorough import in_other_bytes
from gradus.core.lab import Lab, Naming
from gradus.core.submission import Submission
from gradus.core.verdict import Verdict
from gradus.judge import Pool, judge, reference_submission, variant_submissions
from gradus.judge.naming import behave_alike
from gradus.judge.specification import load_specification
from gradus.judge.submissions import Handed

SEED = 11
"""On whose inputs everything is judged."""
FURTHER = (101, 102, 103)
"""Seeds on which a mutant that is named has to behave as the variant does."""
PATIENCE = 120.0
"""Seconds on the clock for one name: more than a learner's, so that a busy machine counts less."""
STYLES, MUTANTS = 2, 20
"""How many composed styles of each variant, and how many mutants of a lab's reference."""

Report = Callable[[str], None]


@dataclass
class NamingTally:
    """What became of one lab."""

    lab: str
    """Lab id."""
    by_pattern: bool
    """Whether the lab names by the pattern of failed claims."""
    variants: Counter[str] = field(default_factory=Counter)
    """Of variants and their styles: how many are named `right`, `wrong`, `not`."""
    mutants: Counter[str] = field(default_factory=Counter)
    """Of failing mutants: how many are named `alike`, `wrong`, `not`."""
    amiss: list[dict[str, Any]] = field(default_factory=list)
    """Those that are not named as they should be, and wrong work that did not fail."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    name: str
    submission: Submission
    variant: str


def measure_naming(
    lab: Lab,
    pool: Pool,
    *,
    state: Path | None = None,
    n_mutants: int = MUTANTS,
    workers: int = 2,
    report: Report = lambda line: None,
) -> NamingTally:
    """Judge a lab's variants, their styles and mutants; goes on where `state` was left."""
    wrong = variant_submissions(lab, "wrong")
    variants = list(for_claims(lab, load_specification(lab), wrong))
    waiting = [*_own(lab, variants), *_others(lab, n_mutants)]
    kept = Kept(state, _key(lab, variants))
    known = {each.name: each.submission for each in variants}

    def work(each: _Wrong) -> None:
        if each.name not in kept:
            kept.keep(each.name, **_judged(each, lab, known, pool))

    for number, _ in enumerate(side_by_side(work, waiting, workers), 1):
        report(f"{lab.id}: {number} of {len(waiting)}")
    return _tally(lab, waiting, kept)


def _own(lab: Lab, variants: list[Handed]) -> Iterator[_Wrong]:
    """Yield every variant in other bytes, and in composed styles where it is code."""
    for each in variants:
        yield _Wrong(f"own/{each.name}", in_other_bytes(each.submission), each.name)
        for n in range(STYLES if has_styles(lab) else 0):
            usable = fitting(lab)
            style = _style(lab, usable, n)
            submission, applied = restyled(lab, each.submission, style)
            if applied:
                yield _Wrong(f"composed-{n}/{each.name}", submission, each.name)


def _style(
    lab: Lab, usable: list[rewriting.Rewrite], n: int
) -> Callable[[str], tuple[str, list[str]]]:
    return lambda text: composed(text, usable, n, lab)


def _others(lab: Lab, n_mutants: int) -> Iterator[_Wrong]:
    """Yield mutants of the reference, drawn evenly, where behaviour can be compared."""
    if lab.naming is not Naming.BEHAVIOUR or not has_styles(lab):
        return
    mutants = mutation.mutants_of(lab)
    chosen = random.Random(lab.id).sample(range(len(mutants)), min(n_mutants, len(mutants)))
    for place in sorted(chosen):
        each = mutants[place]
        yield _Wrong(f"mutant/{place} {each.name.operator}", each.submission, "")


def _judged(wrong: _Wrong, lab: Lab, variants: dict[str, Submission], pool: Pool) -> dict[str, Any]:
    judgement = judge(
        lab,
        wrong.submission,
        seed=SEED,
        pool=pool,
        quick=True,
        naming_seconds=PATIENCE,
        shrink=False,
    )
    facts: dict[str, Any] = {"verdict": str(judgement.verdict), "named": judgement.mistake}
    facts["seconds"] = judgement.figures.get("naming_seconds", 0.0)
    if judgement.mistake and not wrong.variant:
        other = variants[judgement.mistake]
        facts["alike"] = behave_alike(lab, wrong.submission, other, pool, FURTHER)
    return facts


def _tally(lab: Lab, waiting: list[_Wrong], kept: Kept) -> NamingTally:
    tally = NamingTally(lab.id, lab.naming is Naming.PATTERN)
    for each in waiting:
        found = kept[each.name]
        if found["verdict"] != Verdict.FAILED:
            if each.variant:
                tally.amiss.append(found)
            continue
        if each.variant:
            said = _said(found["named"], each.variant)
            tally.variants[said] += 1
        else:
            said = "not" if not found["named"] else "alike" if found["alike"] else "wrong"
            tally.mutants[said] += 1
        if said == "wrong" or (said == "not" and each.variant):
            tally.amiss.append(found)
    return tally


def _said(named: str | None, variant: str) -> str:
    if not named:
        return "not"
    return "right" if named == variant else "wrong"


def _key(lab: Lab, variants: list[Handed]) -> str:
    """Return a hash over the lab, what is judged, what makes it, and what names it."""
    digests = [
        each.submission.digest for each in (*variants, Handed("", reference_submission(lab)))
    ]
    made = sources_of(Path(rewriting.__file__).parent, Path(mutation.__file__).parent)
    named = (Path(gradus.judge.__file__).parent / "naming.py").read_text(encoding="utf-8")
    return key_of(lab.version, str(lab.styles), made, named, *digests)
