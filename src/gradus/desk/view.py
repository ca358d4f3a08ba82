"""What the pages show: one frozen type for each thing that a person sees.

These are answers, not decisions: nothing here reads a file or computes a state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradus.core.verdict import ClaimOutcome
from gradus.planner.mastery import Standing as Standing


@dataclass(frozen=True, slots=True)
class LabRef:
    """A lab or a planned lab, as it is named on other pages."""

    address: str
    """Its curriculum id, such as `M01`, or its folder's name where it has none."""
    title: str
    """What a person reads."""
    minutes: int
    """Estimated minutes, ours."""
    kinds: tuple[str, ...]
    """What sort of work it is."""
    layer: str
    """Id of its layer."""
    standing: Standing
    """How far the learner is with it."""
    stale: bool = False
    """Whether a pass does not count any more because what judges has changed."""
    fading: bool = False
    """Whether it was passed, and the last review of it by doing did not hold."""
    skills: int = 0
    """How many skills it covers."""
    waits_for: tuple[str, ...] = ()
    """Addresses of the labs that come first and are not passed yet."""

    lacks: tuple[str, ...] = ()
    """For a lab in two parts that was begun: what its files lack, `claims` and proofs by name."""

    @property
    def exists(self) -> bool:
        """Whether it can be opened."""
        return self.standing is not Standing.NO_LAB_YET


@dataclass(frozen=True, slots=True)
class ToolRef:
    """A tool, as it is named beside a skill."""

    name: str
    """Its own spelling."""
    what_for: str
    """What an ML engineer uses it for."""


@dataclass(frozen=True, slots=True)
class SkillView:
    """One skill with all that the map says of it."""

    id: str
    """Stable id."""
    label: str
    """A short name for the card."""
    can_do: str
    """What a person can do who has it."""
    layer: str
    """Id of its layer."""
    standing: Standing
    """How far the learner is with it."""
    stale: bool
    """Whether it was shown once by a pass that does not count any more."""
    ours: bool
    """True where no source roadmap names it."""
    needs: tuple[str, ...]
    """Ids of the skills that come before it."""
    opens: tuple[str, ...]
    """Ids of the skills that need it."""
    sources: tuple[str, ...]
    """Where the source roadmaps ask for it."""
    labs: tuple[LabRef, ...]
    """Labs that cover it, planned ones included."""
    tools: tuple[ToolRef, ...]
    """Tools that those labs practise."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many skills stand where."""

    total: int = 0
    shown: int = 0
    in_progress: int = 0
    in_reach: int = 0
    locked: int = 0
    no_lab_yet: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class LayerView:
    """One storey of the map."""

    id: str
    """Stable id."""
    title: str
    """What a person reads."""
    order: int
    """Place from the ground, starting at 1."""
    skills: tuple[SkillView, ...]
    """Its skills in the catalogue's order."""
    counts: Counts
    """How many of them stand where."""


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The whole map."""

    layers: tuple[LayerView, ...]
    """From the ground."""
    counts: Counts
    """Over all layers."""
    labs: tuple[LabRef, ...]
    """Every lab and planned lab in the curriculum's order."""
    next_lab: LabRef | None
    """What to do next: the lab begun last, or the first in reach."""

    def skill(self, name: str) -> SkillView | None:
        """Return the skill with that id."""
        return next((s for layer in self.layers for s in layer.skills if s.id == name), None)


@dataclass(frozen=True, slots=True)
class LessonPart:
    """One part of a lesson, as Markdown."""

    title: str
    """Its heading."""
    markdown: str
    """What stands below the heading."""


@dataclass(frozen=True, slots=True)
class LearnerFile:
    """One file of the learner's folder."""

    path: str
    """Relative POSIX path."""
    digest: str
    """`sha256:…` over its bytes: what an edit is based on."""
    text: str | None
    """Its content, or None where it cannot be edited in the page."""
    because: str = ""
    """Why it cannot be edited in the page."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the learner guessed before reading on."""

    text: str
    """Their own words."""
    at: str
    """When, as UTC ISO time."""


@dataclass(frozen=True, slots=True)
class VerdictView:
    """An answer of the judge on this lab."""

    verdict: str
    """The answer."""
    seed: int
    """What every hidden draw was made from; replays the attempt."""
    seconds: float
    """Seconds from the submission to the verdict."""
    claims: tuple[ClaimOutcome, ...] = ()
    """Every claim in the check's order."""
    mistake_says: str = ""
    """What is said about the known mistake that the behaviour matches."""
    reason: str = ""
    """One sentence for a verdict without a failed claim."""
    frames: tuple[str, ...] = ()
    """The learner's own frames that belong to `reason`."""
    printed: str = ""
    """The last part of what the submission printed."""
    number: int = 0
    """Which attempt on this lab it was, from 1; 0 where it is not kept."""
    current: bool = True
    """Whether what was judged is what lies in the folder now."""


@dataclass(frozen=True, slots=True)
class ProofPart:
    """One proof that a lab asks for, and what became of it on the files as they lie there now."""

    name: str
    """Such as `latency`."""
    sentence: str
    """What it shows."""
    passed_at: str = ""
    """When a pass that counts was made, as ISO time; empty where there is none."""
    last: str = ""
    """The last verdict, whether it counts or not; empty where it was not run."""
    last_at: str = ""
    """When that was, as ISO time."""
    shows_nothing: str = ""
    """Why the last run shows nothing, where it does not."""


@dataclass(frozen=True, slots=True)
class LabProofs:
    """Both parts of a lab that asks for proofs."""

    claims_passed: bool
    """Whether a pass of the claims counts for the files as they lie there now."""
    parts: tuple[ProofPart, ...]
    """Its proofs, in the order in which they run."""
    core: tuple[str, ...]
    """Names of those that are short."""
    command: str
    """What runs those that are missing; empty where none is."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the proofs that are not passed."""
        return tuple(each.name for each in self.parts if not each.passed_at)


@dataclass(frozen=True, slots=True)
class LabPage:
    """All that the page of one lab shows; what may not be shown yet is not in it."""

    lab: LabRef
    """Its name and standing."""
    id: str
    """Its folder's name."""
    entry: str
    """What is handed in, such as `function`."""
    names: tuple[str, ...]
    """Names that the learner's file must define."""
    folder: str
    """Where the learner's files lie, as a person reads it."""
    started: bool
    """Whether the starter has been copied."""
    missing_environment: str
    """The one command that installs what it runs in; empty where nothing is missing."""
    environment: str
    """Name of the environment that it runs in."""
    skills: tuple[SkillView, ...]
    """What a pass shows."""
    tools: tuple[ToolRef, ...]
    """What it is practised with."""
    needs: tuple[LabRef, ...]
    """What comes before it."""
    parts: tuple[LessonPart, ...]
    """The lesson up to where it may be read now."""
    guess: Guess | None
    """What the learner guessed, if they did."""
    files: tuple[LearnerFile, ...]
    """The learner's files, the entry first."""
    gone: str
    """Name of the file that they hand in where it was removed; else empty."""
    verdict: VerdictView | None
    """The last answer of the judge."""
    attempts: int
    """How many attempts there were."""
    hints: tuple[str, ...] = ()
    """Hints taken so far, as Markdown."""
    hints_left: int = 0
    """Hints not taken yet."""
    passed: bool = False
    """Whether a pass is in the record, of whatever version."""
    revealed: bool = False
    """Whether the reference was shown on request."""
    counts_from: str = ""
    """After a reveal: from which moment a pass counts, as UTC ISO time; else empty."""
    going_on: str = ""
    """The last part of the lesson, as Markdown; empty before a pass."""
    reference: tuple[LearnerFile, ...] = ()
    """The reference; empty before a pass or a request."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """SVG text of the lesson's pictures by their path in the lesson."""
    next_lab: LabRef | None = None
    """What to do after it."""
    proofs: LabProofs | None = None
    """What a running service has to show; None for a lab that the claims judge alone."""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt on the timeline."""

    at: str
    """When, as UTC ISO time."""
    address: str
    """Of which lab."""
    title: str
    """That lab's title."""
    verdict: str
    """The answer."""
    claims_held: int
    """How many claims held."""
    claims: int
    """How many claims there were."""
    seconds: float
    """Seconds from the submission to the verdict."""
    seed: int
    """What replays it."""
    mistake_says: str = ""
    """What was said of a known mistake."""


@dataclass(frozen=True, slots=True)
class ShownSkill:
    """A skill that was shown, and by what."""

    id: str
    """Stable id."""
    label: str
    """A short name."""
    can_do: str
    """What a person can do who has it."""
    at: str
    """When the pass that shows it was made, as UTC ISO time."""
    stale: bool
    """Whether that pass does not count any more."""
    labs: tuple[LabRef, ...]
    """The labs that show it."""
    fading: bool = False
    """Whether the last review by doing of one of them did not hold."""


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """What was done on one day."""

    day: str
    """ISO date, in the learner's time zone."""
    passed: int
    """Attempts that passed."""
    other: int
    """Attempts that did not."""
    minutes: float
    """Minutes at work that were measured."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the learner has done."""

    layers: tuple[LayerView, ...]
    """Every layer with its counts."""
    counts: Counts
    """Over all layers."""
    labs_passed: int
    """Labs with a pass that counts."""
    labs_there: int
    """Labs that exist."""
    labs_planned: int
    """Labs and proofs in the curriculum."""
    minutes: float
    """Minutes at work that were measured."""
    minutes_seen: tuple[tuple[str, float], ...]
    """How these minutes were seen, in words, and how many of them each way."""
    attempts: tuple[AttemptView, ...]
    """Every attempt, the newest first."""
    days: tuple[DayOfWork, ...]
    """Every day from the first to today."""
    skills: tuple[ShownSkill, ...]
    """Skills shown, the newest first."""
    next_lab: LabRef | None
    """What to do next."""
    in_parts: tuple[LabRef, ...] = ()
    """Labs in two parts that were begun and lack something."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A lab of the curriculum that does not exist yet."""

    lab: LabRef
    """What is planned."""
    skills: tuple[SkillView, ...]
    """What it will show."""
    needs: tuple[LabRef, ...]
    """What comes before it."""
    meanwhile: tuple[LabRef, ...]
    """Labs of its layer that are there."""
