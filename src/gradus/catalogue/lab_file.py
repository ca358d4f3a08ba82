"""`lab.toml` becomes a `Lab`; what it names elsewhere is checked in `crosscheck`."""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from gradus.catalogue.document import read_document
from gradus.catalogue.place import content_root
from gradus.catalogue.proof_part import read_proof
from gradus.catalogue.section import Section
from gradus.catalogue.version import lab_version
from gradus.core.errors import ContentError
from gradus.core.lab import Entry, EntryKind, Lab, LabProof, Limits, Naming, Profile, Styles
from gradus.core.names import did_you_mean

FORMAT = 1
"""The format of lab folders that this Gradus reads."""

LAB_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_SUFFIXES = {
    EntryKind.FUNCTION: ".py",
    EntryKind.MODULE: ".py",
    EntryKind.SERVICE: ".py",
    EntryKind.SQL: ".sql",
    EntryKind.ANSWERS: ".toml",
}
_WHOLE_FOLDER = (EntryKind.FOLDER, EntryKind.REPOSITORY)
_MAY_BE_FOLDER = (*_WHOLE_FOLDER, EntryKind.SQL, EntryKind.COMMAND)


@dataclass(frozen=True, slots=True)
class LabFile:
    """A `lab.toml` that was read, with the places of its fields for further faults."""

    lab: Lab
    """What it declares."""
    section: Section
    """Its fields; faults noted here are the lab's."""


def load_lab(folder: Path, root: Path | None = None) -> Lab:
    """Read one lab folder; raises the first `ContentError` in it, with path and line."""
    faults: list[ContentError] = []
    read = read_lab(folder, faults, root or root_of(folder))
    if faults or read is None:
        raise faults[0]
    return read.lab


def root_of(folder: Path) -> Path:
    """Return the content folder that a lab folder belongs to."""
    above = folder.resolve().parents
    if len(above) > 1 and (above[1] / "environments").is_dir():
        return above[1]
    return content_root()


def read_lab(folder: Path, faults: list[ContentError], root: Path) -> LabFile | None:
    """Read one lab folder, noting every fault; returns None where it cannot be a lab."""
    path = folder / "lab.toml"
    if not LAB_ID.fullmatch(folder.name):
        said = f"'{folder.name}' is no lab id: small letters, digits and single hyphens."
        faults.append(ContentError("bad-lab-id", said, path=folder))
    try:
        document = read_document(path)
    except ContentError as error:
        faults.append(error)
        return None
    before = len(faults)
    section = Section(document, faults)
    lab = _read_fields(folder, section, root)
    section.nothing_else()
    if len(faults) > before:
        return None
    lock = root / "environments" / f"{lab.environment}.lock"
    lock_text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return LabFile(replace(lab, version=lab_version(lab, lock_text)), section)


def _read_fields(folder: Path, section: Section, root: Path) -> Lab:
    found = section.whole("format")
    if found not in (0, FORMAT):
        said = f"This is format {found}; this Gradus reads format {FORMAT}."
        section.fault("unknown-format", said, "format")
    profile = _profile(section)
    simulators = _simulators(section, root)
    entry = _entry(section.table("entry"))
    return Lab(
        id=folder.name,
        title=section.text("title"),
        curriculum_id=section.text("curriculum", ""),
        layer=section.text("layer"),
        entry=entry,
        skills=section.texts("skills"),
        needs=section.texts("needs", ()),
        minutes=section.whole("minutes", least=1),
        environment=_environment(section, root),
        imports=_modules(section, "imports"),
        profile=profile,
        limits=_limits(section.table("limits", required=False), profile),
        folder=folder,
        version="",
        naming=Naming(section.one_of("naming", list(Naming), Naming.BEHAVIOUR) or "behaviour"),
        opening=section.flag("opening", False),
        tools=section.texts("tools", ()),
        sizes=_numbers(section, "sizes"),
        quick=_quick(section),
        compatible=_versions(section),
        simulators=simulators,
        hands_out=_hands_out(section, folder, simulators),
        styles=_styles(section.table("styles", required=False)),
        proof=_proof(section, entry),
    )


def _profile(section: Section) -> Profile:
    return Profile(section.one_of("profile", list(Profile), Profile.COMPUTE) or "compute")


def _environment(section: Section, root: Path) -> str:
    name = section.text("environment")
    places = (root / "environments").glob("*.*")
    known = sorted({each.stem for each in places if each.suffix in (".toml", ".lock")})
    if name and name not in known:
        section.unknown("environment", name, known)
    return name


def _entry(section: Section) -> Entry:
    kind = EntryKind(section.one_of("kind", list(EntryKind)) or "module")
    entry = Entry(
        kind=kind,
        path=section.text("path"),
        names=section.texts("names", ()),
        command=tuple(section.texts("command", ())),
        forbid=_modules(section, "forbid"),
    )
    section.nothing_else()
    if entry.path:
        _check_entry_path(section, entry)
    _check_entry_names(section, entry)
    return entry


def _check_entry_path(section: Section, entry: Entry) -> None:
    path = PurePosixPath(entry.path)
    suffix = _SUFFIXES.get(entry.kind)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.path:
        section.fault("bad-entry-path", f"'{entry.path}' leaves the learner's folder.", "path")
    elif entry.path == ".":
        if entry.kind not in _MAY_BE_FOLDER:
            section.fault("bad-entry-path", f"A {entry.kind} is a file, not a folder.", "path")
    elif entry.kind in _WHOLE_FOLDER:
        said = f"A {entry.kind} is the whole folder: path is '.'."
        section.fault("bad-entry-path", said, "path")
    elif suffix is not None and path.suffix != suffix:
        said = f"'{entry.path}' does not end in '{suffix}', as a {entry.kind} has to."
        section.fault("bad-entry-path", said, "path")


def _check_entry_names(section: Section, entry: Entry) -> None:
    if entry.kind is EntryKind.FUNCTION and len(entry.names) != 1:
        section.fault("bad-entry-names", "A function has exactly one name.", "names")
    if (entry.kind is EntryKind.COMMAND) != bool(entry.command):
        needed = entry.kind is EntryKind.COMMAND
        said = "A command needs its words." if needed else f"A {entry.kind} has no command."
        section.fault("bad-entry-command", said, "command")


def _limits(section: Section, profile: Profile) -> Limits:
    usual = Limits()
    limits = Limits(
        seconds=section.number("seconds", usual.seconds, above=0),
        wall_seconds=section.number("wall_seconds", usual.wall_seconds, above=0),
        memory_mb=section.whole("memory_mb", usual.memory_mb, least=1),
        processes=section.whole("processes", usual.processes, least=1),
        output_kb=section.whole("output_kb", usual.output_kb, least=1),
        file_mb=section.whole("file_mb", usual.file_mb, least=0),
    )
    section.nothing_else()
    if limits.processes > 1 and profile is not Profile.TOOLS:
        said = "More than one process needs the profile 'tools'."
        section.fault("processes-need-tools", said, "processes")
    return limits


def _styles(section: Section) -> Styles:
    styles = Styles(section.texts("allows", ()), section.texts("refuses", ()))
    section.nothing_else()
    return styles


def _proof(section: Section, entry: Entry) -> LabProof | None:
    if "proof" not in section.content:
        section.mapping("proof")
        return None
    return read_proof(section.table("proof"), entry)


def _modules(section: Section, key: str) -> tuple[str, ...]:
    modules = section.texts(key, ())
    for each in modules:
        if not _MODULE.fullmatch(each):
            section.fault("bad-module-name", f"'{each}' is no module name.", key, value=each)
    return modules


def _numbers(section: Section, key: str) -> dict[str, int | float]:
    sizes = section.mapping(key)
    for name, value in sizes.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            section.fault("wrong-type", f"'{key}.{name}' has to be a number.", key, name)
    return sizes


def _quick(section: Section) -> dict[str, int | float]:
    quick = _numbers(section, "quick")
    sizes = section.content.get("sizes", {})
    for name in quick:
        if isinstance(sizes, dict) and name not in sizes:
            said = f"'quick.{name}' replaces nothing: 'sizes' has no '{name}'."
            section.fault("quick-without-size", said, "quick", name)
    return quick


def _versions(section: Section) -> tuple[str, ...]:
    versions = section.texts("compatible", ())
    for each in versions:
        if not re.fullmatch(r"sha256:[0-9a-f]{64}", each):
            said = f"'{each}' is no lab version: 'sha256:' and 64 digits."
            section.fault("bad-version", said, "compatible", value=each)
    return versions


def _simulators(section: Section, root: Path) -> tuple[Path, ...]:
    folder = root / "simulators"
    known = sorted(each.stem for each in folder.glob("*.py") if not each.stem.startswith("_"))
    names = section.texts("simulators", ())
    for name in names:
        if name not in known:
            section.unknown("simulators", name, known, "simulator")
    return tuple(folder / f"{name}.py" for name in names)


def _hands_out(section: Section, folder: Path, simulators: tuple[Path, ...]) -> dict[str, Path]:
    known = {each.stem: each for each in simulators}
    handed: dict[str, Path] = {}
    table = section.table("hands_out", required=False)
    for name in table.content:
        simulator = table.text(name)
        if PurePosixPath(name).name != name:
            table.fault("bad-hands-out", f"'{name}' is no plain file name.", name)
        elif (folder / "starter" / name).exists():
            table.fault("bad-hands-out", f"The starter has a file '{name}' already.", name)
        if simulator in known:
            handed[name] = known[simulator]
        elif simulator:
            hint = did_you_mean(simulator, known)
            said = f"'{simulator}' is not among the lab's 'simulators'.{hint}"
            table.fault("unknown-simulator", said, name)
    return handed
