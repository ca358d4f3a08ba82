"""Labs in two parts: what files show, and what only a running service shows, of one submission.

It decides nothing about a single attempt: that one counts was said before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gradus.core.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a submission lacks."""

    claims: bool
    """Whether no pass of the claims counts."""
    proofs: tuple[str, ...]
    """Proofs that it has not passed, in the lab's order."""


def whole_at(
    names: Sequence[str], passes: Iterable[Evidence], proved: Iterable[Evidence]
) -> datetime | None:
    """Return when the first submission had both parts, or None.

    `passes` are those of the claims that count, `proved` those of the proofs; each of `names` is
    needed.
    """
    judged = _earliest(passes)
    of_each = [_earliest(each for each in proved if each.proof == name) for name in names]
    moments = [
        max(at, *(each[submission] for each in of_each))
        for submission, at in judged.items()
        if all(submission in each for each in of_each)
    ]
    return min(moments, default=None)


def lacking(
    names: Sequence[str],
    submission: str,
    passes: Iterable[Evidence],
    proved: Iterable[Evidence],
) -> Lacks:
    """Return what one submission lacks."""
    there = {each.proof for each in proved if each.submission == submission}
    return Lacks(
        claims=all(each.submission != submission for each in passes),
        proofs=tuple(name for name in names if name not in there),
    )


def _earliest(evidence: Iterable[Evidence]) -> dict[str, datetime]:
    """Return the first moment of each submission."""
    found: dict[str, datetime] = {}
    for each in evidence:
        found[each.submission] = min(each.at, found.get(each.submission, each.at))
    return found
