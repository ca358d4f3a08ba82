"""The context of each page: what its template may use, and nothing else.

A field that no template uses, or a name in a template that is no field, fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from gradus.desk.pace_view import Pace
from gradus.desk.placement import Answered, PlacedGroup, Placement
from gradus.desk.plan_view import PlanPage, TodayPage
from gradus.desk.review_view import AgainPage, ReviewPage
from gradus.desk.track_view import ProfileForm, TrackPage, TracksPage
from gradus.desk.view import (
    AttemptView,
    LabPage,
    LabRef,
    LayerView,
    Progress,
    Roadmap,
    SkillView,
    VerdictView,
)
from gradus.web.charts import DaysChart, Stairs
from gradus.web.map_picture import MapPicture
from gradus.web.pace_charts import BurnUp, WeeksChart
from gradus.web.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page has around it."""

    here: str
    """Which entry of the navigation this page belongs to."""
    token: str
    """What a request that changes something must bring."""
    nonce: str
    """What allows the editor's style element under the content security policy."""
    theme: str
    """`light`, `dark`, or empty for what the system prefers."""
    version: str
    """Version of Gradus."""
    workspace: str
    """Where the learner's files lie."""
    built: bool
    """Whether the front end has been built."""


@dataclass(frozen=True, slots=True)
class MapContext:
    """The map: every skill by layer."""

    shell: Shell
    roadmap: Roadmap
    """Layers, skills and counts."""
    stairs: Stairs
    """One step for each layer, filled as far as it was shown."""
    picture: MapPicture
    """Where each card and edge is drawn; empty in the list."""
    view: str
    """`both` (the list on a phone, the graph elsewhere), `list` or `graph`."""
    layers: tuple[LayerView, ...]
    """The layers of the list, filtered by what was searched."""
    query: str
    """What was searched."""
    standing: str
    """Which standing was asked for; empty for all."""
    found: int
    """How many skills the list holds."""
    selected: SkillView | None
    """The skill whose particulars are shown."""
    near: Mapping[str, SkillView]
    """The skills before and after the selected one, by id."""
    layer_titles: Mapping[str, str]
    """Title of each layer by its id."""


@dataclass(frozen=True, slots=True)
class SkillContext:
    """The particulars of one skill."""

    shell: Shell
    selected: SkillView
    """The skill."""
    near: Mapping[str, SkillView]
    """The skills before and after it, by id."""
    layer_titles: Mapping[str, str]
    """Title of each layer by its id."""


@dataclass(frozen=True, slots=True)
class LabsContext:
    """Every lab, there or planned."""

    shell: Shell
    groups: tuple[tuple[LayerView, tuple[LabRef, ...]], ...]
    """Labs by layer."""
    there: int
    """How many labs can be opened."""
    planned: int
    """How many are in the curriculum."""
    passed: int
    """How many were passed."""
    hours: float
    """Hours of the whole curriculum."""
    next_lab: LabRef | None
    """What to do next."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a lesson as a page shows it."""

    anchor: str
    """Its id on the page."""
    title: str
    """Its heading."""
    html: Markup
    """Sanitised."""


@dataclass(frozen=True, slots=True)
class LabContext:
    """One lab: lesson, files, verdict, help."""

    shell: Shell
    page: LabPage
    """All that desk says of it."""
    parts: tuple[Part, ...]
    """The lesson, up to where it may be read now."""
    going_on: Markup
    """The part after the pass; empty before."""
    hints: tuple[Markup, ...]
    """Hints taken."""
    verdict: VerdictView | None
    """The last answer."""
    judging: bool
    """Whether a check is running."""
    trouble: Trouble | None
    """Why the last check gave no verdict, if it gave none."""
    languages: Mapping[str, str]
    """Language of each file, for the editor and for code."""
    where: Mapping[str, str]
    """Title of each layer by its id."""


@dataclass(frozen=True, slots=True)
class PlannedContext:
    """A lab of the curriculum that does not exist yet."""

    shell: Shell
    lab: LabRef
    """What is planned."""
    skills: tuple[SkillView, ...]
    """What it will show."""
    needs: tuple[LabRef, ...]
    """What comes before it."""
    meanwhile: tuple[LabRef, ...]
    """Labs of its layer that are there."""


@dataclass(frozen=True, slots=True)
class ProgressContext:
    """What the learner has done."""

    shell: Shell
    progress: Progress
    """Counts, attempts, days and skills."""
    stairs: Stairs
    """One step for each layer."""
    chart: DaysChart
    """Attempts by day."""
    pace: Pace | None
    """How the work goes beside the plan; None where nothing can be planned."""
    no_plan: str
    """Why nothing can be planned; else empty."""
    weeks: WeeksChart | None
    """Hours by week against the plan."""
    burn: BurnUp | None
    """What was finished, with the forecast."""
    attempts: tuple[AttemptView, ...]
    """The newest attempts."""
    more: int
    """How many older ones there are."""


@dataclass(frozen=True, slots=True)
class WelcomeContext:
    """The first page: three questions, each of which can be left out."""

    shell: Shell
    first_lab: LabRef | None
    """Where it leads."""
    counts: Mapping[str, int]
    """Skills, labs that are there, and hours, for the first sentence."""
    backgrounds: tuple[tuple[str, str], ...]
    """Value and label of each answer to the first question."""
    reasons: tuple[tuple[str, str], ...]
    """Value and label of each answer to the third question."""


@dataclass(frozen=True, slots=True)
class TodayContext:
    """What to do now."""

    shell: Shell
    today: TodayPage
    """All that desk says of it."""


@dataclass(frozen=True, slots=True)
class PlanContext:
    """The plan, a month at a time."""

    shell: Shell
    plan: PlanPage
    """All that desk says of it."""


@dataclass(frozen=True, slots=True)
class TracksContext:
    """Every track."""

    shell: Shell
    tracks: TracksPage
    """All that desk says of them."""


@dataclass(frozen=True, slots=True)
class TrackContext:
    """One track: its stages, and where the source roadmaps disagree."""

    shell: Shell
    track: TrackPage
    """All that desk says of it."""


@dataclass(frozen=True, slots=True)
class ProfileContext:
    """The questions of the profile, each of which can be left out."""

    shell: Shell
    form: ProfileForm
    """The questions with the answers so far, and what is wrong with them."""


@dataclass(frozen=True, slots=True)
class PlacementContext:
    """One question of a placement, and what was found so far."""

    shell: Shell
    placement: Placement
    """Where it stands."""
    told: Answered | None
    """What is said of the answer before, if there was one."""
    text: Markup
    """The question, sanitised."""
    heard: tuple[PlacedGroup, ...]
    """The groups about which something is known."""
    labs: tuple[str, ...]
    """Addresses of the labs that would show what was placed."""


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """Review: the card that is asked, and what else comes back."""

    shell: Shell
    page: ReviewPage
    """All that desk says of it."""
    began: str
    """When the card was first shown, as seconds since 1970."""


@dataclass(frozen=True, slots=True)
class AgainContext:
    """One claim of a passed lab that is written anew."""

    shell: Shell
    again: AgainPage
    """The claim and the files."""
    verdict: VerdictView | None
    """The last answer."""


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """Something could not be done."""

    shell: Shell
    title: str
    """What happened, in a few words."""
    message: str
    """A sentence for a person."""
    command: str
    """What the person can run, if anything."""
