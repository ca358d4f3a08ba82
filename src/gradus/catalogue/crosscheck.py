"""What the files of the content say about one another: missing ids, doubles and cycles."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradus.catalogue.atlas import KINDS, Atlas
from gradus.catalogue.lab_file import LabFile
from gradus.catalogue.section import Section
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab


def check_atlas(atlas: Atlas) -> None:
    """Note every unknown name and every cycle among skills, tools and curriculum items."""
    for skill in atlas.skills.values():
        place = atlas.places["skill", skill.id]
        _all_known(place, "needs", skill.needs, atlas.skills, "skill")
    for tool in atlas.tools.values():
        place = atlas.places["tool", tool.id]
        _all_known(place, "labs", tool.labs, atlas.curriculum, "curriculum id")
    for item in atlas.curriculum.values():
        place = atlas.places["curriculum id", item.id]
        _all_known(place, "needs", item.needs, atlas.curriculum, "curriculum id")
        _all_known(place, "skills", item.skills, atlas.skills, "skill")
        _all_known(place, "layer", [item.layer], atlas.layers, "layer")
        _all_known(place, "kind", item.kind, KINDS, "kind")
    _no_cycle(
        {skill.id: skill.needs for skill in atlas.skills.values()},
        lambda name: atlas.places["skill", name],
    )
    _no_cycle(
        {item.id: item.needs for item in atlas.curriculum.values()},
        lambda name: atlas.places["curriculum id", name],
    )


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that a lab may name."""

    layers: frozenset[str]
    skills: frozenset[str]
    tools: frozenset[str]
    curriculum: frozenset[str]

    @classmethod
    def of(cls, whole: Atlas | Catalogue) -> "Known":
        """Return what an atlas or a catalogue knows."""
        layers = whole.layers
        return cls(
            layers=frozenset(each if isinstance(each, str) else each.id for each in layers),
            skills=frozenset(whole.skills),
            tools=frozenset(whole.tools),
            curriculum=frozenset(whole.curriculum),
        )


def check_names(lab: Lab, place: Section, known: Known) -> None:
    """Note every unknown name in one `lab.toml`."""
    _all_known(place, "layer", [lab.layer], known.layers, "layer")
    _all_known(place, "skills", lab.skills, known.skills, "skill")
    _all_known(place, "needs", lab.needs, known.curriculum, "curriculum id")
    _all_known(place, "tools", lab.tools, known.tools, "tool")
    _all_known(place, "curriculum", [lab.curriculum_id], known.curriculum, "curriculum id")


def check_labs(labs: Mapping[str, LabFile], atlas: Atlas) -> None:
    """Note every unknown name, double and cycle that the labs bring."""
    known = Known.of(atlas)
    owners: dict[str, str] = {}
    for name, each in labs.items():
        check_names(each.lab, each.section, known)
        item = each.lab.curriculum_id
        if item and owners.setdefault(item, name) != name:
            said = f"'{item}' is the lab '{owners[item]}' already."
            each.section.fault("double", said, "curriculum")
    _no_cycle(
        {item: labs[name].lab.needs for item, name in owners.items()},
        lambda item: labs[owners[item]].section,
    )


def find_cycle(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return one cycle as names, the first repeated at the end, or nothing."""
    finished: set[str] = set()
    for start in needs:
        way: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                way.pop()
                finished.add(name)
            elif name in way:
                return (*way[way.index(name) :], name)
            elif name in needs and name not in finished:
                way.append(name)
                stack.append((name, True))
                stack.extend((each, False) for each in reversed(needs[name]))
    return ()


def _no_cycle(needs: Mapping[str, Sequence[str]], place: Callable[[str], Section]) -> None:
    if cycle := find_cycle(needs):
        said = f"The needs go in a circle: {' → '.join(cycle)}."
        place(cycle[0]).fault("cycle", said, "needs", value=cycle[1])


def _all_known(
    place: Section, key: str, names: Iterable[str], known: Iterable[str], what: str
) -> None:
    every = set(known)
    for name in names:
        if name and name not in every:
            place.unknown(key, name, sorted(every), what)
