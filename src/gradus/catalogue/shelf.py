"""What tracks draw on: readings, projects, the sources' disagreements, roles to aim at.

Each is declared once, in a file of its own, and named by its id everywhere else.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError
from gradus.core.role import Role
from gradus.core.track import Disagreement, Project, Reading

SOURCES = ("000", "001", "002", "003", "004")
"""Keys of the source roadmaps."""


@dataclass(slots=True)
class Shelf:
    """Everything that tracks name by id."""

    readings: dict[str, Reading] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    disagreements: dict[str, Disagreement] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    sections: dict[tuple[str, str], Section] = field(default_factory=dict)
    """Where each thing was declared, by what it is and its id."""

    def copy(self) -> "Shelf":
        """Return a shelf to which a track adds what is its own."""
        return Shelf(
            dict(self.readings),
            dict(self.projects),
            dict(self.disagreements),
            dict(self.roles),
            dict(self.sections),
        )

    def claim(self, what: str, name: str, section: Section) -> bool:
        """Note where a thing is declared; False and a fault if it was declared before."""
        before = self.sections.get((what, name))
        if before is not None:
            place = f"{before.document.path.name}:{before.document.line(before.keys)}"
            section.fault("double", f"The {what} '{name}' stands in {place} already.", "id")
            return False
        if name in self.readings or name in self.projects:
            section.fault("double", f"There is a reading or project '{name}' already.", "id")
            return False
        self.sections[what, name] = section
        return True


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that a track and what it draws on may name."""

    items: Collection[str]
    skills: Collection[str]
    layers: Collection[str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Known":
        """Return what a catalogue knows."""
        return cls(
            tuple(catalogue.curriculum),
            tuple(catalogue.skills),
            tuple(layer.id for layer in catalogue.layers),
        )


def read_shelf(root: Path, known: Known, faults: list[ContentError]) -> Shelf:
    """Read the four files of a content folder, noting every fault; a file may be absent."""
    shelf = Shelf()
    if section := _open(root / "readings.toml", faults):
        read_readings(section, shelf, known)
        section.nothing_else()
    if section := _open(root / "projects.toml", faults):
        read_projects(section, shelf, known)
        section.nothing_else()
    if section := _open(root / "disagreements.toml", faults):
        _read_disagreements(section, shelf, known)
    if section := _open(root / "roles.toml", faults):
        _read_roles(section, shelf, known)
    return shelf


def read_readings(section: Section, shelf: Shelf, known: Known) -> None:
    """Read every `[[readings]]` of a table."""
    for each in section.tables("readings"):
        reading = Reading(
            id=each.text("id"),
            title=each.text("title"),
            minutes=each.whole("minutes", least=1),
            by=each.text("by", ""),
            source=each.text("source", ""),
            skills=names(each, "skills", known.skills, "skill"),
        )
        each.nothing_else()
        if reading.id and shelf.claim("reading", reading.id, each):
            shelf.readings[reading.id] = reading


def read_projects(section: Section, shelf: Shelf, known: Known) -> None:
    """Read every `[[projects]]` of a table."""
    for each in section.tables("projects"):
        project = Project(
            id=each.text("id"),
            title=each.text("title"),
            minutes=each.whole("minutes", least=1),
            source=each.text("source", ""),
            skills=names(each, "skills", known.skills, "skill"),
        )
        each.nothing_else()
        if project.id and shelf.claim("project", project.id, each):
            shelf.projects[project.id] = project


def names(
    section: Section, key: str, known: Collection[str], what: str, *, required: bool = False
) -> tuple[str, ...]:
    """Read a list of ids of a closed set; those that are not known are noted and left out."""
    given = section.texts(key) if required else section.texts(key, ())
    for name in dict.fromkeys(given):
        if name not in known:
            section.unknown(key, name, sorted(known), what)
    return tuple(name for name in given if name in known)


def source_key(place: str) -> str:
    """Return the key of a source from a place in it, such as `001` of `001 L28`."""
    return place.split(maxsplit=1)[0] if place.split() else ""


def _read_disagreements(section: Section, shelf: Shelf, known: Known) -> None:
    for each in section.tables("disagreements"):
        views = each.table("views")
        said = []
        for place in views.content:
            said.append((place, views.text(place)))
            if source_key(place) not in SOURCES:
                views.fault("unknown-source", f"There is no source '{place}'.", place)
        matter = Disagreement(
            id=each.text("id"),
            matter=each.text("matter"),
            views=tuple(said),
            ours=each.text("ours"),
            skills=names(each, "skills", known.skills, "skill"),
        )
        each.nothing_else()
        if len(said) < 2:
            each.fault("one-view", "A disagreement has at least two views.", "views")
        if matter.id and shelf.claim("disagreement", matter.id, each):
            shelf.disagreements[matter.id] = matter
    section.nothing_else()


def _read_roles(section: Section, shelf: Shelf, known: Known) -> None:
    for each in section.tables("roles"):
        role = Role(
            id=each.text("id"),
            title=each.text("title"),
            about=each.text("about"),
            source=each.text("source"),
            heavy=names(each, "heavy", known.layers, "layer"),
            light=names(each, "light", known.layers, "layer"),
            track=each.text("track", ""),
        )
        each.nothing_else()
        if role.id and shelf.claim("role", role.id, each):
            shelf.roles[role.id] = role
    section.nothing_else()


def _open(path: Path, faults: list[ContentError]) -> Section | None:
    if not path.exists():
        return None
    try:
        return Section(read_document(path), faults)
    except ContentError as error:
        faults.append(error)
        return None
