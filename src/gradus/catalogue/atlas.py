"""Skills, tools, the curriculum and the environments on disk become nouns.

The files are read one by one here; what they name in one another is checked in `crosscheck`.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.core.curriculum import CurriculumItem
from gradus.core.environment import EnvironmentSpec
from gradus.core.errors import ContentError
from gradus.core.skill import Layer, Skill, Tool

KINDS = (
    "function",
    "artefact",
    "training",
    "quiz",
    "service",
    "debugging",
    "design",
    "proof",
    "sql",
)
"""The kinds of work that a curriculum item may ask for."""


@dataclass(slots=True)
class Atlas:
    """Everything but the labs, with the place where each thing was declared."""

    layers: dict[str, Layer] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)
    tools: dict[str, Tool] = field(default_factory=dict)
    curriculum: dict[str, CurriculumItem] = field(default_factory=dict)
    environments: dict[str, EnvironmentSpec] = field(default_factory=dict)
    places: dict[tuple[str, str], Section] = field(default_factory=dict)
    """The section of each thing, by what it is and its id."""

    def claim(self, what: str, name: str, section: Section) -> bool:
        """Note where a thing was declared; False and a fault if it was declared before."""
        before = self.places.get((what, name))
        if before is not None:
            line = before.document.line(before.keys)
            place = f"{before.document.path.name}:{line}" if line else before.document.path.name
            section.fault("double", f"The {what} '{name}' stands in {place} already.")
            return False
        self.places[what, name] = section
        return True


def read_atlas(root: Path, faults: list[ContentError]) -> Atlas:
    """Read everything but the labs, noting every fault."""
    atlas = Atlas()
    for path in _layers(root / "skills", faults):
        if section := _open(path, faults):
            _read_layer(section, atlas)
    atlas.layers = dict(sorted(atlas.layers.items(), key=lambda each: each[1].order))
    atlas.skills = _by_layer(atlas)
    if section := _open(root / "tools.toml", faults):
        _read_tools(section, atlas)
    if section := _open(root / "curriculum.toml", faults):
        _read_curriculum(section, atlas)
    for path in sorted((root / "environments").glob("*.toml")):
        if section := _open(path, faults):
            _read_environment(section, atlas)
    return atlas


def _layers(folder: Path, faults: list[ContentError]) -> list[Path]:
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        said = "There is no layer in it: one file '<layer>.toml' for each."
        faults.append(ContentError("missing-file", said, path=folder))
    return paths


def _open(path: Path, faults: list[ContentError]) -> Section | None:
    try:
        return Section(read_document(path), faults)
    except ContentError as error:
        faults.append(error)
        return None


def _by_layer(atlas: Atlas) -> dict[str, Skill]:
    order = {layer: place for place, layer in enumerate(atlas.layers)}
    return dict(sorted(atlas.skills.items(), key=lambda each: order[each[1].layer]))


def _read_layer(section: Section, atlas: Atlas) -> None:
    layer = Layer(
        id=section.document.path.stem,
        title=section.text("title"),
        order=section.whole("order", least=1),
    )
    for other in atlas.layers.values():
        if other.order == layer.order:
            said = f"The layer '{other.id}' has the order {layer.order} already."
            section.fault("double", said, "order")
    atlas.layers[layer.id] = layer
    for name, each in section.each_table("skills"):
        skill = Skill(
            id=name,
            can_do=each.text("can_do"),
            layer=layer.id,
            needs=each.texts("needs"),
            sources=each.texts("sources"),
            ours=each.flag("ours", False),
        )
        each.nothing_else()
        if bool(skill.sources) == skill.ours:
            said = (
                "A skill of our own names no source."
                if skill.ours
                else "A skill without a source has to say 'ours = true'."
            )
            each.fault("sources-and-ours", said, "sources")
        if atlas.claim("skill", name, each):
            atlas.skills[name] = skill
    section.nothing_else()


def _read_tools(section: Section, atlas: Atlas) -> None:
    for name, each in section.each_table("tools"):
        tool = Tool(
            id=name,
            name=each.text("name"),
            group=each.text("group"),
            what_for=each.text("what_for"),
            sources=each.texts("sources"),
            labs=each.texts("labs"),
        )
        each.nothing_else()
        if atlas.claim("tool", name, each):
            atlas.tools[name] = tool
    section.nothing_else()


def _read_curriculum(section: Section, atlas: Atlas) -> None:
    for each in section.tables("items"):
        item = CurriculumItem(
            id=each.text("id"),
            title=each.text("title"),
            kind=each.texts("kind"),
            layer=each.text("layer"),
            minutes=each.whole("minutes", least=1),
            needs=each.texts("needs"),
            skills=each.texts("skills"),
        )
        each.nothing_else()
        if item.id and atlas.claim("curriculum id", item.id, each):
            atlas.curriculum[item.id] = item
    section.nothing_else()


def _read_environment(section: Section, atlas: Atlas) -> None:
    path = section.document.path
    lock = _lock(path.with_suffix(".lock"), section.faults)
    spec = EnvironmentSpec(
        name=path.stem,
        summary=section.text("summary"),
        python=section.text("python"),
        lock=lock,
        digest=f"sha256:{hashlib.sha256(lock.encode()).hexdigest()}",
        imports=section.texts("imports", ()),
        tested_on=_one_or_more(section, "tested_on"),
    )
    section.nothing_else()
    if atlas.claim("environment", spec.name, section):
        atlas.environments[spec.name] = spec


def _lock(path: Path, faults: list[ContentError]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        said = "An environment without a lock cannot be installed."
        faults.append(ContentError("missing-file", said, path=path))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(ContentError("unreadable-file", f"It cannot be read: {error}.", path=path))
    return ""


def _one_or_more(section: Section, key: str) -> tuple[str, ...]:
    value: Any = section.content.get(key)
    if isinstance(value, str):
        return (section.text(key),)
    return section.texts(key, ())
