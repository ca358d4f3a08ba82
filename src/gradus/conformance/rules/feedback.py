"""The rule about `feedback/`: what a learner reads is committed and reviewed like prose."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.lab import Lab, Naming
from gradus.judge import render

MEASURED = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
"""A number with digits after its point, as a measured figure has them."""
MEASURED_SLACK = 0.02
"""By what share a figure of a trained model may differ from one processor to another."""
LAST_DIGITS = 1e-5
"""By what share one of single precision may, which is what torch computes in."""
_PADDING = re.compile(r" +(?=[],])")
"""What fills an array's shorter figures up."""


@rule(
    "feedback-current",
    reason="What a learner reads after a mistake is reviewed like prose, so it has to be kept.",
    remedy="Run `gradus lab check --write-feedback LAB`, then read what it wrote.",
    after=("judged",),
    judges=True,
)
def feedback_current(bench: Bench) -> Iterator[Sighting]:
    """feedback/ holds what a learner sees for the starter and for each variant."""
    told = feedback_texts(bench)
    kept = {path.name: path for path in _kept(bench)}
    for name, text in told.items():
        path = bench.folder / "feedback" / name
        if name not in kept:
            yield Sighting(f"feedback/{name} is missing.", path)
        elif (line := _first_difference(bench, path.read_text(encoding="utf-8"), text)) is not None:
            yield Sighting(f"feedback/{name} is not what a learner sees now.", path, line)
    for name, path in kept.items():
        if name not in told:
            yield Sighting(f"feedback/{name} belongs to no variant.", path)


def feedback_texts(bench: Bench) -> dict[str, str]:
    """Return what a learner sees for the starter and each variant, by file name."""
    return {
        f"{each.handed.name}.txt": render(each.judgement) for each in (bench.starter, *bench.wrong)
    }


def write_feedback(bench: Bench) -> list[Path]:
    """Write what a learner sees and remove what belongs to no variant; return what changed."""
    folder = bench.folder / "feedback"
    told = feedback_texts(bench)
    folder.mkdir(exist_ok=True)
    changed = []
    for path in _kept(bench):
        if path.name not in told:
            path.unlink()
            changed.append(path)
    for name, text in told.items():
        path = folder / name
        kept = path.read_text(encoding="utf-8") if path.is_file() else ""
        if _first_difference(bench, kept, text) is not None:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _kept(bench: Bench) -> list[Path]:
    return sorted((bench.folder / "feedback").glob("*.txt"))


def _first_difference(bench: Bench, kept: str, told: str) -> int | None:
    """Return the first line of the kept text that differs; None if the texts are the same.

    Sums end in other digits on another processor, so figures may differ by `MEASURED_SLACK` in
    labs with randomness in training, by `LAST_DIGITS` in others that use torch, and no word may.
    """
    slack = _slack(bench.lab)
    ours, theirs = kept.splitlines(), told.splitlines()
    pairs = zip(ours, theirs, strict=False)
    for number, (one, other) in enumerate(pairs, start=1):
        if one != other and not (slack and reads_alike(one, other, slack)):
            return number
    return None if len(ours) == len(theirs) else min(len(ours), len(theirs)) + 1


def _slack(lab: Lab) -> float:
    if lab.naming is Naming.PATTERN:
        return MEASURED_SLACK
    return LAST_DIGITS if "torch" in lab.imports else 0.0


def reads_alike(one: str, other: str, slack: float) -> bool:
    """Return whether two lines have the same words, and figures within a share of each other."""
    one, other = (_PADDING.sub("", each) for each in (one, other))
    if MEASURED.sub("#", one) != MEASURED.sub("#", other):
        return False
    figures = zip(MEASURED.findall(one), MEASURED.findall(other), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=slack) for a, b in figures)
