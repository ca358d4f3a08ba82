"""What the rules look at: one lab with everything in its folder, each thing read or judged once."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gradus.catalogue.document import Document, read_document
from gradus.catalogue.lab_file import root_of
from gradus.catalogue.lesson import parse_lesson, read_text
from gradus.conformance.mutation import Mutant, Mutation
from gradus.conformance.seen import Seen
from gradus.conformance.yardstick import LARGE, speed, speed_of_starts
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab
from gradus.core.lesson import Lesson
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement
from gradus.judge import (
    Pool,
    draw_ahead,
    judge,
    reference_submission,
    starter_submission,
    variant_submissions,
)
from gradus.judge.sharing import Shared
from gradus.judge.specification import Specification, load_specification
from gradus.judge.submissions import Handed

FEEDBACK_SEED = 0
"""The seed of the quick depth and of the texts under `feedback/`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One part of a lab folder with what the judge says about it."""

    handed: Handed
    """The submission and its name."""
    judgement: Judgement
    """The judge's answer."""
    cost: "Cost"
    """What it took."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What judging took, in CPU seconds of the reference machine."""

    whole: float
    """The judge and all children: verdict, smallest counterexample and name."""
    work: float
    """The submission's own processes up to the verdict."""


@dataclass
class Bench:
    """One lab under examination."""

    lab: Lab
    """The lab."""
    catalogue: Catalogue
    """All that there is, for the names that the lab uses."""
    pool: Pool | None = None
    """Warm parents; None where nothing is judged."""
    n_seeds: int = 20
    """Seeds of the thorough depth."""
    state: Path | None = None
    """File in which the thorough depth keeps what is done."""
    report: Callable[[str], None] = lambda line: None
    """Gets a line of progress."""
    seen: list[Seen] | None = field(default=None, init=False)
    """What the thorough depth saw, once it has run."""
    mutants: list[Mutant] | None = field(default=None, init=False)
    """Every mutant of the reference, once somebody has asked."""
    mutation: Mutation | None = field(default=None, init=False)
    """What became of them, once they were tried."""
    _judged: dict[str, tuple[Judgement, Cost]] = field(default_factory=dict, init=False)
    _shared: Shared = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing that variants could share."""
        self._shared = Shared(self.lab)

    @property
    def folder(self) -> Path:
        """The lab's folder."""
        return self.lab.folder

    @cached_property
    def root(self) -> Path:
        """The content folder that the lab belongs to."""
        return root_of(self.folder)

    @cached_property
    def declaration(self) -> Document:
        """`lab.toml` with the lines of its keys."""
        return read_document(self.folder / "lab.toml")

    @cached_property
    def lesson(self) -> Lesson:
        """The lesson, cut at its headings."""
        return parse_lesson(self.text("lesson.md"))

    @cached_property
    def specification(self) -> Specification:
        """The claims of `check.py`."""
        return load_specification(self.lab)

    @property
    def starter(self) -> Judged:
        """The starter, judged at the seed of the feedback."""
        return self._look_at(Handed("starter", starter_submission(self.lab)))

    @property
    def reference(self) -> Judged:
        """The reference, judged at the seed of the feedback."""
        return self._look_at(Handed("reference", reference_submission(self.lab)))

    @property
    def right(self) -> tuple[Judged, ...]:
        """Every other right way, judged at the seed of the feedback."""
        return tuple(self._look_at(each) for each in self.ways)

    @property
    def wrong(self) -> tuple[Judged, ...]:
        """Every variant that a claim has to fail, judged at the seed of the feedback."""
        return tuple(self._look_at(each) for each in self.for_claims)

    @property
    def only_proved(self) -> tuple[Judged, ...]:
        """Every variant that only a proof catches, judged at the seed of the feedback."""
        seen = {each.name for each in self.for_claims}
        return tuple(self._look_at(each) for each in self.variants if each.name not in seen)

    @cached_property
    def ways(self) -> tuple[Handed, ...]:
        """Every submission under `right/`."""
        return tuple(variant_submissions(self.lab, "right"))

    @cached_property
    def variants(self) -> tuple[Handed, ...]:
        """Every submission under `wrong/`."""
        return tuple(variant_submissions(self.lab, "wrong"))

    @cached_property
    def for_claims(self) -> tuple[Handed, ...]:
        """Every submission under `wrong/` that a claim has to fail."""
        return tuple(for_claims(self.lab, self.specification, self.variants))

    def everything_judged(self) -> Iterator[Judged]:
        """Yield starter, reference, right and wrong, judging one after the other."""
        yield self.starter
        yield self.reference
        yield from (self._look_at(each) for each in (*self.ways, *self.variants))

    def text(self, name: str) -> str:
        """Return one text file of the folder; raises `ContentError` if it cannot be read."""
        return read_text(self.lab, name)

    def judge(
        self,
        submission: Submission,
        seed: int,
        *,
        name_mistakes: bool,
        shrink: bool = True,
        shared: Shared | None = None,
        ahead: bool = False,
    ) -> Judgement:
        """Judge one submission in the quick sizes; `ahead` as where Gradus keeps running."""
        if self.pool is None:
            raise RuntimeError("nothing is judged without a pool")
        return judge(
            self.lab,
            submission,
            seed=seed,
            pool=self.pool,
            quick=True,
            name_mistakes=name_mistakes,
            shrink=shrink,
            shared=shared,
            drawn=draw_ahead(self.lab, seed) if ahead else None,
        )

    def seconds(self) -> float:
        """Return the CPU seconds of the reference machine that judging the whole folder took."""
        return sum(each.cost.whole for each in self.everything_judged())

    def measure_again(self) -> None:
        """Judge everything once more and keep, of each, what took less.

        A neighbour on the machine adds to what is measured and never takes away from it.
        """
        everything = list(self.everything_judged())
        self._shared = Shared(self.lab)
        for number, each in enumerate(everything, start=1):
            self.report(f"{self.lab.id}: {each.handed.name} ({number}, measured again)")
            _, cost = self._measured(each.handed)
            if cost.whole < each.cost.whole:
                self._judged[each.handed.submission.digest] = (each.judgement, cost)

    def files(self) -> Iterator[Path]:
        """Yield every file of the folder but those that tools leave behind."""
        for path in sorted(self.folder.rglob("*")):
            relative = path.relative_to(self.folder)
            if path.is_file() and not LEFT_BEHIND & set(relative.parts):
                yield path

    def _look_at(self, handed: Handed) -> Judged:
        digest = handed.submission.digest
        if digest not in self._judged:
            self._judged[digest] = self._measured(handed)
        return Judged(handed, *self._judged[digest])

    def _measured(self, handed: Handed) -> tuple[Judgement, Cost]:
        """Judge at the seed of the feedback; say what that took.

        What is made once and serves every lab, as a warm parent, is no lab's cost.
        """
        if self.pool is None:
            raise RuntimeError("nothing is judged without a pool")
        self.pool.warm(self.lab)
        speed_before, spent = self._speed(), self.pool.spent
        before = time.process_time()
        judgement = self.judge(
            handed.submission,
            FEEDBACK_SEED,
            name_mistakes=True,
            shared=self._shared if handed in self.variants else None,
            ahead=handed in (*self.ways, *self.variants)[::2],
        )
        whole = time.process_time() - before + self.pool.spent - spent
        worth = (speed_before + self._speed()) / 2
        work = judgement.figures.get("cpu_seconds", 0.0)
        return judgement, Cost(whole * worth, work * worth)

    def _speed(self) -> float:
        """Return what a second is worth now; for large libraries and tables, the less of both."""
        if self.lab.environment in LARGE or self.lab.quick:
            return min(speed(), self._speed_of_starts)
        return speed()

    @cached_property
    def _speed_of_starts(self) -> float:
        return speed_of_starts()


def for_claims(
    lab: Lab, specification: Specification, variants: Iterable[Handed]
) -> Iterator[Handed]:
    """Yield the variants that a claim has to fail: all but those that only a proof catches."""
    only_proved = lab.proof.variants if lab.proof else frozenset()
    for each in variants:
        if each.name not in only_proved or specification.naming(each.name):
            yield each


LEFT_BEHIND = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}
"""Names that tools leave behind and that Git does not keep."""
