"""The rule about `feedback/`: what a learner reads is committed and reviewed like prose."""

from collections.abc import Iterator
from pathlib import Path

from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.judge import render


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
        elif (line := _first_difference(path.read_text(encoding="utf-8"), text)) is not None:
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
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _kept(bench: Bench) -> list[Path]:
    return sorted((bench.folder / "feedback").glob("*.txt"))


def _first_difference(kept: str, told: str) -> int | None:
    """Return the first line of the kept text that differs; None if the texts are the same."""
    if kept == told:
        return None
    ours, theirs = kept.splitlines(), told.splitlines()
    pairs = zip(ours, theirs, strict=False)
    return next(
        (number for number, (one, other) in enumerate(pairs, start=1) if one != other),
        min(len(ours), len(theirs)) + 1,
    )
