"""The learner's profile as `gradus.toml` has it, with the line of whatever is wrong in it.

It must not write, and must not know what day it is: it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError, ContentErrors, UsageError
from gradus.core.learner import DaysOff, LearnerProfile
from gradus.core.names import did_you_mean
from gradus.desk import answers
from gradus.desk.workspace import MARK, Workspace, not_toml

KEYS = (
    "background", "hours", "hours_per_week", "start", "target", "role", "track", "days_off",
    "known",
)  # fmt: skip
"""Keys of `[profile]` that Gradus reads."""
OTHER_KEYS = ("first_run", "reason")
"""Keys that the first page writes and that nothing plans by."""


@dataclass(frozen=True, slots=True)
class ProfileRead:
    """What `gradus.toml` says, as far as it can be understood."""

    profile: LearnerProfile
    """What is right, with the usual for what is not."""
    wrong: tuple[tuple[str, str], ...] = ()
    """Key and sentence, with its place in the file, of everything that is wrong."""
    notes: tuple[str, ...] = ()
    """What is strange and stops nothing: a key that looks like a misspelt one."""

    @property
    def sentences(self) -> str:
        """Everything that is wrong, a line each."""
        return "\n".join(sentence for _, sentence in self.wrong)


def read_learner(workspace: Workspace, catalogue: Catalogue, on: date) -> ProfileRead:
    """Read the profile of a workspace as it is on a day."""
    faults: list[ContentError] = []
    try:
        document = read_document(workspace.root / MARK)
    except ContentError as fault:
        raise UsageError(not_toml(fault)) from fault
    section = Section(document, faults).table("profile", required=False)
    reader = _Reader(section, catalogue)
    profile = LearnerProfile(
        background=reader.text("background", None),
        minutes=reader.hours(),
        start=reader.day("start"),
        target=reader.day("target"),
        track=reader.text("track", ""),
        role=reader.text("role", ""),
        days_off=reader.days_off(),
        said=reader.known(),
    )
    for key, said in answers.contradictions(profile, on):
        section.fault(key, said, key if key in section.content else "hours_per_week")
    wrong = tuple((fault.code, _placed(fault)) for fault in faults)
    return ProfileRead(profile, wrong, _misspelt(section))


class _Reader:
    """Reads one key after another; what is wrong is noted under the key's name."""

    def __init__(self, section: Section, catalogue: Catalogue) -> None:
        self.section = section
        self.content: Mapping[str, Any] = section.content
        self.catalogue = catalogue

    def text(self, key: str, otherwise: Any) -> Any:
        """Return what a text stands for."""
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self._wrong(key, f"'{key}' has to be a text in quotation marks.")
            return otherwise
        if not value.strip():
            return otherwise
        return self._taken(key, lambda: answers.READERS[key](value, self.catalogue), otherwise)

    def day(self, key: str, content: Mapping[str, Any] | None = None, *way: str | int) -> Any:
        """Return a day, written as a date or as a text."""
        value = (self.content if content is None else content).get(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str):
            return self._taken(key, lambda: answers.day(value), None, *way)
        said = f"'{key}' has to be a day, such as {key} = 2027-03-01."
        self._wrong(way[0] if way else key, said, *(way or (key,)))
        return None

    def hours(self) -> answers.Minutes:
        """Return the minutes of a week, from `[profile.hours]` or `hours_per_week`."""
        usual = LearnerProfile().minutes
        by_day, whole = self.content.get("hours"), self.content.get("hours_per_week")
        if by_day is not None and whole is not None:
            self._wrong("hours", "Hours stand both by weekday and as 'hours_per_week'. Keep one.")
        if by_day is None:
            return usual if whole is None else self._hours_of_week(whole, usual)
        if not isinstance(by_day, dict):
            self._wrong("hours", "'hours' has to be a table by weekday: [profile.hours].")
            return usual
        minutes = [0] * 7
        for name, number in by_day.items():
            if isinstance(number, bool) or not isinstance(number, int | float):
                self._wrong("hours", f"'{name}' has to be a number of hours.", "hours", name)
                continue
            place = self._taken("hours", lambda n=name: answers.weekday(n), None, "hours", name)
            if place is not None:
                minutes[place] = self._taken(
                    "hours", lambda n=number: answers.hours_a_day(n), usual[place], "hours", name
                )
        return answers.week(minutes)

    def days_off(self) -> tuple[DaysOff, ...]:
        """Return `[[profile.days_off]]`."""
        tables = self.content.get("days_off", [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._wrong("days_off", "'days_off' has to be a list of tables: [[profile.days_off]].")
            return ()
        found = []
        for place, each in enumerate(tables):
            way = ("days_off", place)
            first = self.day("first", each, *way)
            last = self.day("last", each, *way) if "last" in each else first
            if "first" not in each:
                self._wrong("days_off", "Days off have a 'first' day.", *way)
            if first is None or last is None:
                continue
            off = DaysOff(first, last, str(each.get("name", "")))
            if said := answers.turned_round(off):
                self._wrong("days_off", said, *way, "last")
            else:
                found.append(off)
        return tuple(found)

    def known(self) -> tuple[str, ...]:
        """Return the skills that are said to be known."""
        names = self.content.get("known", [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            self._wrong("known", "'known' has to be a list of skill ids.")
            return ()
        found = [self._known_skill(name) for name in dict.fromkeys(names)]
        return tuple(name for name in found if name)

    def _known_skill(self, name: str) -> str:
        try:
            return answers.skill(name, self.catalogue)
        except UsageError as fault:
            self.section.fault("known", str(fault), "known", value=name)
            return ""

    def _hours_of_week(self, value: Any, usual: answers.Minutes) -> answers.Minutes:
        """Return the minutes of hours a week, which the first page wrote as a text once."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            self._wrong("hours", "'hours_per_week' has to be a number.", "hours_per_week")
            return usual
        taken = self._taken("hours", lambda: answers.hours(str(value)), usual, "hours_per_week")
        return usual if taken is None else taken

    def _taken(self, key: str, read: Any, otherwise: Any, *way: str | int) -> Any:
        try:
            return read()
        except ContentErrors as fault:
            for each in fault.errors:  # of a track of the learner's own, with its place there
                self.section.faults.append(
                    ContentError(key, each.message, path=each.path, line=each.line)
                )
        except UsageError as fault:
            self._wrong(way[0] if way else key, str(fault), *(way or (key,)))
        return otherwise

    def _wrong(self, code: Any, said: str, *way: str | int) -> None:
        self.section.fault(str(code), said, *(way or (str(code),)))


def _placed(fault: ContentError) -> str:
    place = f"{fault.path}:{fault.line}" if fault.line else str(fault.path)
    return f"{place}: {fault.message}"


def _misspelt(section: Section) -> tuple[str, ...]:
    notes = []
    for key in section.content:
        if key not in (*KEYS, *OTHER_KEYS) and (hint := did_you_mean(key, KEYS)):
            line = section.document.line((*section.keys, key))
            notes.append(f"{section.document.path}:{line}: '{key}' is not read.{hint}")
    return tuple(notes)
