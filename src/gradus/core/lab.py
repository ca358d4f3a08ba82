"""A lab as it is declared: what is handed in, where it runs and what bounds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from gradus.core.service import Guards, Labels


class EntryKind(StrEnum):
    """What a learner hands in."""

    FUNCTION = "function"
    MODULE = "module"
    SQL = "sql"
    ANSWERS = "answers"
    FOLDER = "folder"
    REPOSITORY = "repository"
    COMMAND = "command"
    SERVICE = "service"


class Profile(StrEnum):
    """What the code in the child may do."""

    COMPUTE = "compute"
    SERVICE = "service"
    TOOLS = "tools"


class Naming(StrEnum):
    """How a known mistake is recognised."""

    BEHAVIOUR = "behaviour"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Entry:
    """The thing that a learner writes."""

    kind: EntryKind
    """What kind of thing it is."""
    path: str
    """File name inside the learner's folder (`matmul.py`), or `.` for the folder itself."""
    names: tuple[str, ...] = ()
    """Names that it must define; for a function, exactly one."""
    command: tuple[str, ...] = ()
    """For a command: the words to run, the first being a program of the environment."""
    forbid: tuple[str, ...] = ()
    """Modules that the submission may not import, such as `torch`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one attempt; a bound that is hit makes the verdict `STOPPED`."""

    seconds: float = 10.0
    """CPU seconds of one child."""
    wall_seconds: float = 30.0
    """Seconds on the clock for the claims of one attempt."""
    memory_mb: int = 1024
    """MiB that one child may hold above what its warm parent held."""
    processes: int = 1
    """Processes of the child, itself included; more than one needs the profile `tools`."""
    output_kb: int = 256
    """KiB printed to stdout and stderr together."""
    file_mb: int = 64
    """MiB of one written file."""


@dataclass(frozen=True, slots=True)
class Styles:
    """What the lesson says of ways to write the same work; it judges nothing."""

    allows: tuple[str, ...] = ()
    """Rewrites that not every lab allows, such as `lists_for_arrays`."""
    refuses: tuple[str, ...] = ()
    """Rewrites that are wrong in this lab, such as `hints_removed` where hints are the lesson."""


@dataclass(frozen=True, slots=True)
class LabProof:
    """What a lab asks of the running service, besides what its claims see in the files."""

    names: tuple[str, ...]
    """Proofs that have to be passed, as the prover calls them."""
    core: tuple[str, ...] = ()
    """Those of them that come first, because they are short."""
    n_rows: int = 400
    """How many rows of `rows.py` are sent."""
    n_labelled: int = 2000
    """How many labelled rows of `rows.py` there are, where `labels` says what they hold."""
    labels: Labels | None = None
    """What the labelled rows hold; its path is empty: they are drawn and lie nowhere."""
    guards: Guards | None = None
    """What may not get in or out."""
    promises: Mapping[str, Any] = field(default_factory=dict)
    """The weakest promises that a project may make, by the names that `Promises` has."""
    catches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By proof: the known-wrong variants that fail it, as far as files do not show them."""

    @property
    def variants(self) -> frozenset[str]:
        """Names of the variants that only running shows."""
        return frozenset(name for names in self.catches.values() for name in names)


@dataclass(frozen=True, slots=True)
class Lab:
    """A folder that teaches and tests a few skills."""

    id: str
    """The folder's name; permanent."""
    title: str
    """What a person reads; may change."""
    curriculum_id: str
    """Such as `M05`."""
    layer: str
    """Id of the layer on the map."""
    entry: Entry
    """What the learner hands in."""
    skills: tuple[str, ...]
    """Ids of the skills that a pass shows."""
    needs: tuple[str, ...]
    """Curriculum ids of the labs that come before."""
    minutes: int
    """Estimated minutes, ours."""
    environment: str
    """Name of the environment that it runs in."""
    imports: tuple[str, ...]
    """Libraries that the warm parent imports before it forks."""
    profile: Profile
    """What the child may do."""
    limits: Limits
    """Bounds on one attempt."""
    folder: Path
    """Where it lies on disk."""
    version: str
    """`sha256:…` over what judges, and over nothing else."""
    naming: Naming = Naming.BEHAVIOUR
    """How a known mistake is recognised; `pattern` for labs with randomness in training."""
    opening: bool = False
    """True for the labs of the first week, open without prerequisites."""
    tools: tuple[str, ...] = ()
    """Ids of the tools that it is practised with."""
    sizes: Mapping[str, Any] = field(default_factory=dict)
    """Sizes that the check reads (rounds, rows, steps)."""
    quick: Mapping[str, Any] = field(default_factory=dict)
    """Sizes that replace them at the quick depth of conformance."""
    compatible: tuple[str, ...] = ()
    """Earlier versions whose passes still count."""
    simulators: tuple[Path, ...] = ()
    """Shared simulator files; `check.py` imports them as `simulators.<stem>`."""
    hands_out: Mapping[str, Path] = field(default_factory=dict)
    """Simulators that the learner gets as well, by the name of the file in the starter."""
    styles: Styles = Styles()
    """Which harmless rewrites of right work have to pass, besides the usual ones."""
    proof: LabProof | None = None
    """What has to be shown by a running service as well; None where the claims say all."""
