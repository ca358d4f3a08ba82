"""What a judging says: verdicts, claims and findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The four answers of the judge."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    STOPPED = "STOPPED"
    UNJUDGED = "UNJUDGED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing observed that a claim did not allow."""

    call: str
    """The call that showed it, such as `softmax([1000.])`."""
    returned: str
    """What came back, or what happened instead."""
    expected: str = ""
    """What the claim allows."""
    frames: tuple[str, ...] = ()
    """The learner's own frames of a traceback, outermost first."""
    note: str = ""
    """One more sentence, where the place of the difference needs saying."""


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """What became of one claim."""

    sentence: str
    """The claim, as a learner reads it."""
    held: bool
    """Whether every example held."""
    examples: int
    """How many examples were run; 0 where the claim was not reached."""
    finding: Finding | None = None
    """The smallest counterexample, where it did not hold."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole answer to one submission."""

    lab: str
    """Lab id."""
    lab_version: str
    """Version of what judged."""
    submission: str
    """Digest of what was handed in."""
    verdict: Verdict
    """The answer."""
    seed: int
    """What every hidden draw was made from; replays the attempt."""
    seconds: float
    """Seconds from the submission to the verdict; naming and shrinking are not in it."""
    claims: tuple[ClaimOutcome, ...]
    """Every claim in the check's order."""
    mistake: str | None = None
    """Name of the known mistake that the behaviour matches."""
    mistake_says: str = ""
    """What the learner is told about that mistake."""
    reason: str = ""
    """One sentence for what is no claim's: a limit, a file that does not load, our failure."""
    frames: tuple[str, ...] = ()
    """The learner's own frames that belong to `reason`."""
    printed: str = ""
    """The last part of what the submission printed."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Seconds of naming and shrinking, peak memory in MiB, and what the check observed."""
    inputs: bytes = b""
    """A failing run's inputs, encoded; a replay uses them and not the generator."""
    trouble: str = ""
    """Our own traceback where the verdict is `UNJUDGED`; it goes to the log, not to the learner."""
    environment: str = ""
    """Name and lock hash of the environment, such as `base@3f2a…`."""

    def as_json(self) -> dict[str, Any]:
        """Return the object that `gradus check --json` prints."""
        claims = []
        for outcome in self.claims:
            claim: dict[str, Any] = {
                "sentence": outcome.sentence,
                "held": outcome.held,
                "examples": outcome.examples,
            }
            if outcome.finding is not None:
                finding = outcome.finding
                claim["finding"] = {
                    "call": finding.call,
                    "returned": finding.returned,
                    "expected": finding.expected,
                    "frames": list(finding.frames),
                    "note": finding.note,
                }
            claims.append(claim)
        return {
            "lab": self.lab,
            "lab_version": self.lab_version,
            "submission": self.submission,
            "environment": self.environment,
            "verdict": str(self.verdict),
            "seed": self.seed,
            "seconds": round(self.seconds, 4),
            "mistake": self.mistake,
            "mistake_says": self.mistake_says,
            "reason": self.reason,
            "frames": list(self.frames),
            "printed": self.printed,
            "figures": dict(self.figures),
            "claims": claims,
        }
