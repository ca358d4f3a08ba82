"""What a proof says of a running service: claims with bounds, and three verdicts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gradus.core.verdict import Finding


class ProofVerdict(StrEnum):
    """The three answers of a proof."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INVALID = "INVALID"
    """The run says nothing: our generator was late, or the machine too busy."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured, beside the bound that it is held to."""

    name: str
    """What it is, such as `p99 latency`."""
    value: float
    """The bound that the observations allow at the confidence, never a point estimate."""
    unit: str
    """Such as `ms`, `requests/s` or `share`."""
    limit: float | None = None
    """What was declared; None where it is only told."""
    confidence: float | None = None
    """How sure the value is, such as 0.99; None where it was counted and not inferred."""


@dataclass(frozen=True, slots=True)
class ProofClaim:
    """What became of one claim about a service."""

    sentence: str
    """The claim, as a person reads it."""
    held: bool
    """Whether it held."""
    finding: Finding | None = None
    """What was seen instead, where it did not."""
    figures: tuple[Figure, ...] = ()
    """What was measured for it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that was done to the service, or that it did, on the timeline of a proof."""

    at: float
    """Seconds from the proof's start."""
    what: str
    """In a few words."""
    ours: bool = True
    """Whether we did it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one row of bars, of a plot."""

    name: str
    """What it shows, as its legend says."""
    points: tuple[tuple[float, float], ...]
    """Its points; of bars the left edge and the height."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Something that a person sees better than reads; it decides nothing."""

    title: str
    """What it shows."""
    x: str
    """What lies along, with its unit."""
    y: str
    """What rises, with its unit."""
    lines: tuple[Line, ...]
    """What is drawn."""
    bars: bool = False
    """Whether the first line is bars, as in a histogram."""
    limits: tuple[tuple[str, float], ...] = ()
    """Upright lines at a declared bound or a moment, with their names."""


@dataclass(frozen=True, slots=True)
class ProofOutcome:
    """The whole answer of one proof."""

    proof: str
    """Its name, such as `latency`."""
    verdict: ProofVerdict
    """The answer."""
    seed: int
    """What the traffic was drawn from."""
    seconds: float
    """How long it took."""
    claims: tuple[ProofClaim, ...] = ()
    """Every claim that was reached."""
    reason: str = ""
    """What no claim says: why the run is invalid, how far it came, or what was not looked at."""
    moments: tuple[Moment, ...] = ()
    """What was done and what happened."""
    plots: tuple[Plot, ...] = ()
    """What the report draws."""

    def as_json(self) -> dict[str, Any]:
        """Return the plain values of it."""
        return {
            "proof": self.proof,
            "verdict": str(self.verdict),
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "reason": self.reason,
            "claims": [_claim_json(each) for each in self.claims],
            "moments": [{"at": m.at, "what": m.what, "ours": m.ours} for m in self.moments],
            "plots": [_plot_json(each) for each in self.plots],
        }


@dataclass(frozen=True, slots=True)
class ProofReport:
    """All proofs of one run over a project."""

    project: str
    """Its declared name."""
    declaration: str
    """Digest of what was declared."""
    outcomes: tuple[ProofOutcome, ...]
    """In the order in which they ran."""
    machine: Mapping[str, str] = field(default_factory=dict)
    """Where it ran: system, cores, load before."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Proofs that could not be run, each with a sentence that says what to declare."""

    @property
    def verdict(self) -> ProofVerdict:
        """Return the worst answer; a failure is worse than a run that says nothing."""
        said = {each.verdict for each in self.outcomes}
        for verdict in (ProofVerdict.FAILED, ProofVerdict.INVALID):
            if verdict in said:
                return verdict
        return ProofVerdict.PASSED if said else ProofVerdict.INVALID

    def as_json(self) -> dict[str, Any]:
        """Return the object that `gradus prove --json` prints."""
        return {
            "project": self.project,
            "declaration": self.declaration,
            "verdict": str(self.verdict),
            "machine": dict(self.machine),
            "proofs": [each.as_json() for each in self.outcomes],
            "skipped": dict(self.skipped),
        }


def amount(value: float, unit: str) -> str:
    """Return a figure as a person reads it; what has no end is no number."""
    if math.isinf(value):
        return "without bound"
    return f"{value:.4g} {unit}".strip()


def _claim_json(claim: ProofClaim) -> dict[str, Any]:
    told: dict[str, Any] = {"sentence": claim.sentence, "held": claim.held}
    if claim.finding is not None:
        finding = claim.finding
        told["finding"] = {
            "call": finding.call,
            "returned": finding.returned,
            "expected": finding.expected,
            "note": finding.note,
        }
    told["figures"] = [
        {
            "name": f.name,
            # JSON has no infinity: a bound that the observations do not allow is null.
            "value": f.value if math.isfinite(f.value) else None,
            "unit": f.unit,
            "limit": f.limit,
            "sure": f.confidence,
        }
        for f in claim.figures
    ]
    return told


def _plot_json(plot: Plot) -> dict[str, Any]:
    return {
        "title": plot.title,
        "x": plot.x,
        "y": plot.y,
        "bars": plot.bars,
        "lines": [{"name": e.name, "points": [list(p) for p in e.points]} for e in plot.lines],
        "limits": [{"name": name, "at": at} for name, at in plot.limits],
    }
