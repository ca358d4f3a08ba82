"""The amount of work: what is left of a track, piece by piece, each with its minutes and reason.

Minutes of lessons, readings and projects are estimates of ours. It must not place anything.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gradus.core.basis import PlanBasis
from gradus.core.curriculum import CurriculumItem
from gradus.core.plan import ItemKind
from gradus.core.track import Project, Reading, Stage
from gradus.planner.estimates import Estimates
from gradus.planner.route import Route, Stop, items_of, route_of
from gradus.planner.worth import ON_THE_WAY, PROJECT, READING, Scale, scale_of

LESSON_SHARE = 0.6
"""Minutes of a lesson for each minute of its lab. The labs are two fifths of the time that the
sources ask for; lessons, readings and projects make up the rest."""
LESSON_MOST = 120
"""Minutes of the longest lesson: a proof of ten hours has no lesson of six."""
STEP = 5
"""Minutes of work are whole multiples of this."""
LEFT_AT_LEAST = 0.2
"""Share of a lab that is still to be done while it is not shown, however long it took so far."""
ASKED_FOR = 0.2
"""Share of the postings from which on a reason names it."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work that is still to be done."""

    kind: ItemKind
    """Lesson, lab, reading or project."""
    ref: str
    """Curriculum id, or id of the reading or project."""
    title: str
    """What a person reads."""
    minutes: int
    """What is left of it, at the learner's own speed."""
    stage: int
    """Place of its stage on the route, from 0."""
    needs: tuple[str, ...]
    """Keys of the work that is finished before it begins."""
    worth: int
    """What it counts for; 0 for a lesson, which goes with its lab."""
    reason: str
    """Why it is there."""
    not_before: date | None = None
    """The first day on which it helps; None for any."""

    @property
    def key(self) -> str:
        """Return what names it: its kind and its id."""
        return f"{self.kind}:{self.ref}"


def work_of(basis: PlanBasis, estimates: Estimates) -> tuple[Work, ...]:
    """Return everything that is left of the basis' track, in the order in which it is done.

    A lesson comes right before its lab. A reading comes before the first lab of its stage that
    it helps with, else at the stage's beginning. A project comes at the end of its stage, after
    the labs up to there that teach what it practises. Raises `UsageError` as `route_of` does.
    """
    return _Amount(
        basis, estimates, scale_of(basis), route_of(basis), _teaching(items_of(basis.catalogue))
    ).all()


def whole_minutes(basis: PlanBasis) -> dict[str, int]:
    """Return the catalogue's estimate of every item with its lesson, every reading and project."""
    stages = basis.catalogue.route(basis.track)
    whole = {
        item.id: item.minutes + lesson_minutes(item.minutes)
        for item in items_of(basis.catalogue).values()
    }
    readings = {each.id: each.minutes for stage in stages for each in stage.readings}
    projects = {each.id: each.minutes for stage in stages for each in stage.projects}
    return {**readings, **projects, **whole}


def _teaching(items: Mapping[str, CurriculumItem]) -> dict[str, list[str]]:
    """Return the items that cover each skill."""
    teaching: dict[str, list[str]] = {}
    for item in items.values():
        for skill in item.skills:
            teaching.setdefault(skill, []).append(item.id)
    return teaching


@dataclass(frozen=True, slots=True)
class _Amount:
    """The parts that all kinds of work are made from."""

    basis: PlanBasis
    estimates: Estimates
    scale: Scale
    route: Route
    teaching: Mapping[str, Sequence[str]]

    def all(self) -> tuple[Work, ...]:
        """Return the work stage by stage."""
        place = {stop.item.id: self._along(number) for number, stop in enumerate(self.route.stops)}
        by_stage: dict[int, list[Stop]] = {}
        for stop in self.route.stops:
            by_stage.setdefault(stop.stage, []).append(stop)
        found: list[Work] = []
        met: set[str] = set(self.basis.record.finished)
        for number, stage in enumerate(self.route.stages):
            stops = by_stage.get(number, [])
            at = place[stops[0].item.id] if stops else self._along_stage(number)
            readings = [each for each in stage.readings if self._is_open(each, met)]
            met.update(each.id for each in readings)
            found += self._stage_work(number, stops, readings, place)
            for project in stage.projects:
                if project.id not in met:
                    met.add(project.id)
                    found.append(self._project(project, number, at))
        return tuple(found)

    def _stage_work(
        self,
        number: int,
        stops: Iterable[Stop],
        readings: Iterable[Reading],
        place: Mapping[str, float],
    ) -> list[Work]:
        """Return lessons and labs of a stage with each reading before the first that it helps."""
        waiting = list(readings)
        skills = {skill for stop in stops for skill in stop.item.skills}
        found = [
            self._reading(each, number) for each in waiting if not skills.intersection(each.skills)
        ]
        waiting = [each for each in waiting if skills.intersection(each.skills)]
        for stop in stops:
            now = [each for each in waiting if set(each.skills).intersection(stop.item.skills)]
            waiting = [each for each in waiting if each not in now]
            found += [self._reading(each, number) for each in now]
            found += self._lesson_and_lab(stop, place[stop.item.id])
        return found

    def _lesson_and_lab(self, stop: Stop, along: float) -> list[Work]:
        """Return what is left of an item; what was spent on it counts for its lesson first."""
        item, record = stop.item, self.basis.record
        factor = self.estimates.factor(item.layer)
        lesson = lesson_minutes(item.minutes) * factor
        spent = record.minutes.get(item.id, 0.0)
        on_lab = max(0.0, spent - lesson)
        lesson_left = 0.0 if item.id in record.begun else max(0.0, lesson - spent)
        lab = max(item.minutes * factor - on_lab, item.minutes * factor * LEFT_AT_LEAST)
        needs = tuple(f"{ItemKind.LAB}:{need}" for need in stop.needs)
        worth = self.scale.worth(
            item.skills, along, ON_THE_WAY if stop.needed_by else 1.0, item.layer
        )
        reason = self._reason(stop.stage, item.skills, stop.needed_by)
        make = self._maker(item.id, item.title, stop.stage, reason)
        found = []
        if lesson_left >= STEP / 2:
            found.append(make(ItemKind.LESSON, lesson_left, needs, 0, None))
            needs = (found[0].key,)
        counts_from = record.counts_from.get(item.id)
        return [*found, make(ItemKind.LAB, lab, needs, worth, counts_from)]

    def _reading(self, reading: Reading, stage: int) -> Work:
        worth = self.scale.worth(reading.skills, self._along_stage(stage), READING)
        left = self._left(reading.id, reading.minutes)
        reason = self._reason(stage, reading.skills)
        make = self._maker(reading.id, reading.title, stage, reason)
        return make(ItemKind.READING, left, (), worth, None)

    def _project(self, project: Project, stage: int, along: float) -> Work:
        """Return a project; it waits for the labs of the route so far that teach its skills."""
        needs = tuple(
            f"{ItemKind.LAB}:{stop.item.id}"
            for stop in self.route.stops
            if stop.stage <= stage and set(stop.item.skills).intersection(project.skills)
        )
        worth = self.scale.worth(project.skills, along, PROJECT)
        left = self._left(project.id, project.minutes)
        reason = self._reason(stage, project.skills)
        make = self._maker(project.id, project.title, stage, reason)
        return make(ItemKind.PROJECT, left, needs, worth, None)

    def _left(self, ref: str, minutes: int) -> float:
        whole = minutes * self.estimates.factor()
        return max(whole - self.basis.record.minutes.get(ref, 0.0), whole * LEFT_AT_LEAST)

    def _maker(self, ref: str, title: str, stage: int, reason: str) -> Callable[..., Work]:
        def make(
            kind: ItemKind,
            minutes: float,
            needs: tuple[str, ...],
            worth: int,
            not_before: date | None,
        ) -> Work:
            whole = max(STEP, STEP * math.ceil(round(minutes / STEP, 6)))
            return Work(kind, ref, title, whole, stage, needs, worth, reason, not_before)

        return make

    def _is_open(self, reading: Reading, met: set[str]) -> bool:
        """Return whether a reading is still to be read: some lab that it helps with is open."""
        if reading.id in met:
            return False
        taught = {item for skill in reading.skills for item in self.teaching.get(skill, ())}
        return not taught or not self.basis.record.finished.issuperset(taught)

    def _reason(self, stage: int, skills: Iterable[str], needed_by: str = "") -> str:
        asked = self.scale.most_asked(skills)
        parts = [f"needed by {needed_by}" if needed_by else when(self.route.stages[stage])]
        if asked >= ASKED_FOR:
            parts.append(f"asked for by {asked:.0%} of your postings".replace("%", " %"))
        return "; ".join(parts)

    def _along(self, number: int) -> float:
        return number / max(1, len(self.route.stops) - 1)

    def _along_stage(self, number: int) -> float:
        return number / max(1, len(self.route.stages) - 1)


def lesson_minutes(lab_minutes: int) -> int:
    """Return the estimated minutes of a lesson from those of its lab."""
    return STEP * round(min(LESSON_MOST, lab_minutes * LESSON_SHARE) / STEP)


def when(stage: Stage) -> str:
    """Return where a stage stands in its track, such as `month 4 of the track`."""
    if stage.first is None or not stage.unit:
        return f"part of '{stage.title}'"
    first, last = stage.first, stage.last if stage.last is not None else stage.first
    if last > first:
        return f"{stage.unit}s {first:g} to {last:g} of the track"
    return f"{stage.unit} {first:g} of the track"
