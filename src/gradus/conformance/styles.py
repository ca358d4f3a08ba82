"""Right work in any style: every harmless rewrite of right work has to pass.

It judges what the rewrites made and changes no lab.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradus.conformance import rewriting
from gradus.conformance.kept import Kept, key_of, side_by_side, sources_of
from gradus.conformance.rewriting import Rewrite, composed, fitting, rewritten
from gradus.conformance.rewriting.rewrite import CODE
from gradus.core.errors import ContentError
from gradus.core.lab import EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import Pool, judge, reference_submission, variant_submissions
from gradus.judge.submissions import Handed

COMPOSED = 10
"""How many composed styles each right work is put into."""
SEED = 5
"""On whose inputs every style is judged."""

Report = Callable[[str], None]


@dataclass
class StyleTally:
    """What became of the styles of one lab."""

    lab: str
    """Lab id."""
    works: int = 0
    """How many right works were rewritten."""
    styles: int = 0
    """How many rewritten works were judged."""
    rewrites: set[str] = field(default_factory=set)
    """Rewrites that changed at least one work."""
    refused: list[dict[str, Any]] = field(default_factory=list)
    """Those that did not pass: name, the rewrites, verdict, why, and where the text lies."""


def has_styles(lab: Lab) -> bool:
    """Return whether a lab's work is a text that the rewrites know."""
    return lab.entry.kind in CODE or lab.entry.kind is EntryKind.SQL


def right_works(lab: Lab) -> list[Handed]:
    """Return the reference and every other right way."""
    first = Handed("reference", reference_submission(lab))
    return [first, *variant_submissions(lab, "right")]


def restyled(
    lab: Lab, submission: Submission, style: Callable[[str], tuple[str, list[str]]]
) -> tuple[Submission, list[str]]:
    """Return a submission whose entry is rewritten, and what was applied; the others stay."""
    files = dict(submission.files)
    applied: list[str] = []
    for path in entry_files(lab, files):
        text, names = style(files[path].decode("utf-8"))
        files[path] = text.encode("utf-8")
        applied += [each for each in names if each not in applied]
    return Submission(files, submission.case_seed), applied


def entry_files(lab: Lab, files: dict[str, bytes]) -> list[str]:
    """Return the paths of a submission that are rewritten."""
    if lab.entry.kind is EntryKind.SQL:
        return sorted(each for each in files if each.endswith(".sql") and "/" not in each)
    return [lab.entry.path] if lab.entry.path in files else []


def measure_styles(
    lab: Lab,
    pool: Pool,
    *,
    state: Path | None = None,
    n_composed: int = COMPOSED,
    workers: int = 2,
    report: Report = lambda line: None,
) -> StyleTally:
    """Judge every right work of a lab in every style; goes on where `state` was left."""
    known_styles(lab)
    works = right_works(lab)
    kept = Kept(state, _key(lab, works, n_composed))
    tally = StyleTally(lab.id, works=len(works))
    waiting = list(_styles(lab, works, n_composed))

    def work(each: "_Style") -> None:
        if each.name not in kept:
            kept.keep(each.name, **_judged(each, lab, pool, state))

    for number, _ in enumerate(side_by_side(work, waiting, workers), 1):
        report(f"{lab.id}: style {number} of {len(waiting)}")
    for each in waiting:
        found = kept[each.name]
        tally.styles += 1
        tally.rewrites |= set(found["rewrites"])
        if found["verdict"] != Verdict.PASSED:
            tally.refused.append(found)
    return tally


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    submission: Submission
    rewrites: tuple[str, ...]


def _styles(lab: Lab, works: list[Handed], n_composed: int) -> Iterator[_Style]:
    """Yield every style that differs from the work itself: single rewrites, then composed ones."""
    usable = fitting(lab)
    for each in works:
        single = [(rewrite.name, _alone(rewrite, lab)) for rewrite in usable]
        many = [(f"composed-{n}", _together(usable, n, lab)) for n in range(n_composed)]
        for name, style in (*single, *many):
            submission, applied = restyled(lab, each.submission, style)
            if applied:
                yield _Style(f"{each.name}+{name}", submission, tuple(applied))


def _alone(rewrite: Rewrite, lab: Lab) -> Callable[[str], tuple[str, list[str]]]:
    return lambda text: rewritten(text, [rewrite], SEED, lab)


def _together(usable: list[Rewrite], n: int, lab: Lab) -> Callable[[str], tuple[str, list[str]]]:
    return lambda text: composed(text, usable, n, lab)


def _judged(style: _Style, lab: Lab, pool: Pool, state: Path | None) -> dict[str, Any]:
    judgement = judge(
        lab, style.submission, seed=SEED, pool=pool, quick=True, name_mistakes=False, shrink=False
    )
    found: dict[str, Any] = {"verdict": str(judgement.verdict), "rewrites": list(style.rewrites)}
    if judgement.verdict is not Verdict.PASSED:
        found["why"] = why_not(judgement)
        if state is not None:
            found["place"] = str(_laid(style, lab, state))
    return found


def _laid(style: _Style, lab: Lab, state: Path) -> Path:
    """Write a style that did not pass beside the record, where an author can look at it."""
    place = state.with_suffix("") / style.name
    for path, content in style.submission.files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place if lab.entry.path == "." else place / lab.entry.path


def why_not(judgement: Judgement) -> str:
    """Return in one line why a judgement is no pass."""
    if judgement.reason:
        return judgement.reason.splitlines()[0]
    for outcome in judgement.claims:
        if not outcome.held and outcome.finding is not None:
            finding = outcome.finding
            seen = f"{finding.call} returned {finding.returned}, expected {finding.expected}"
            return f"{outcome.sentence} {seen}".replace("\n", " ")[:300]
    return ""


def known_styles(lab: Lab) -> None:
    """Raise `ContentError` where `[styles]` of a lab names a rewrite that there is not."""
    unknown = {*lab.styles.allows, *lab.styles.refuses} - set(rewriting.every_rewrite())
    if unknown:
        said = f"[styles] names rewrites that there are not: {', '.join(sorted(unknown))}."
        raise ContentError("unknown-style", said, path=lab.folder / "lab.toml")


def _key(lab: Lab, works: list[Handed], n_composed: int) -> str:
    digests = [each.submission.digest for each in works]
    rewrites = sources_of(Path(rewriting.__file__).parent)
    return key_of(lab.version, str(lab.styles), str(n_composed), rewrites, *digests)
