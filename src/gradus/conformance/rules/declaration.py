"""Rules about `lab.toml`."""

from collections.abc import Iterator

from gradus.catalogue.crosscheck import Known, check_names
from gradus.catalogue.lab_file import read_lab
from gradus.catalogue.section import Section
from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.errors import ContentError
from gradus.judge.specification import draws_cases


@rule(
    "lab-file",
    reason="Everything else rests on what lab.toml declares.",
    remedy="Mend the line; docs/authors has every key.",
    after=("required-files",),
)
def lab_file(bench: Bench) -> Iterator[Sighting]:
    """`lab.toml` reads without a fault."""
    faults: list[ContentError] = []
    read_lab(bench.folder, faults, bench.root)
    for fault in faults:
        yield Sighting(f"{fault.message} ({fault.code})", fault.path, fault.line)


@rule(
    "names-known",
    reason="A lab that names a skill or a need that does not exist is on nobody's map.",
    remedy="Use an id of content/skills, content/tools.toml or content/curriculum.toml.",
    after=("lab-file",),
)
def names_known(bench: Bench) -> Iterator[Sighting]:
    """Layer, skills, needs, tools and curriculum id exist, and no other lab has that id."""
    faults: list[ContentError] = []
    section = Section(bench.declaration, faults)
    check_names(bench.lab, section, Known.of(bench.catalogue))
    item = bench.lab.curriculum_id
    for other in bench.catalogue.labs.values():
        if item and other.curriculum_id == item and other.id != bench.lab.id:
            section.fault("double", f"'{item}' is the lab '{other.id}' already.", "curriculum")
    for fault in faults:
        yield Sighting(fault.message, fault.path, fault.line)


@rule(
    "curriculum-row",
    reason="A lab covers the whole of its row: a skill left out would have no lab at all.",
    remedy="Add the skill to lab.toml and judge it, or change content/curriculum.toml.",
    after=("names-known",),
)
def curriculum_row(bench: Bench) -> Iterator[Sighting]:
    """The lab has the layer and every source skill of its curriculum row."""
    item = bench.catalogue.curriculum.get(bench.lab.curriculum_id)
    if item is None:
        return
    if item.layer != bench.lab.layer:
        said = f"The row {item.id} is in the layer '{item.layer}', not '{bench.lab.layer}'."
        yield Sighting(said, bench.declaration.path, bench.declaration.line(("layer",)))
    for name in item.skills:
        skill = bench.catalogue.skills[name]
        if name not in bench.lab.skills and not skill.ours:
            said = f"The row {item.id} covers '{name}', and the lab does not."
            yield Sighting(said, bench.declaration.path, bench.declaration.line(("skills",)))


@rule(
    "entry-handed-in",
    reason="The judge takes the file that entry.path names; without it nothing can be judged.",
    remedy="Give the starter, or the reference, that file, or correct entry.path.",
    after=("lab-file",),
)
def entry_handed_in(bench: Bench) -> Iterator[Sighting]:
    """Starter and reference hold the file that is judged."""
    entry = bench.lab.entry
    if entry.path == ".":
        return
    for family in ("starter", "reference"):
        folder = bench.folder / family
        builds = (folder / "build.py").is_file() or (family == "starter" and draws_cases(bench.lab))
        if not (folder / entry.path).is_file() and not builds:
            yield Sighting(f"{family}/{entry.path} is missing.", folder)
