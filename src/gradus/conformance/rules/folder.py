"""Rules about which files lie in a lab folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.names import did_you_mean

STILL_TO_WRITE = "TO WRITE:"
"""What the scaffold puts wherever an author has to write something."""

REQUIRED = ("lab.toml", "lesson.md", "hints.md", "check.py", "cards.toml")
OPTIONAL = ("reader.py", "make_case.py", "rows.py", "figures.py", "equivalent.toml")
REQUIRED_FOLDERS = ("starter", "reference", "wrong", "right")
GENERATED = {"figures": ".svg", "feedback": ".txt"}
FEWEST_VARIANTS = 4
FEWEST_WAYS = 2

_VARIANT_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MACHINE_PATH = re.compile(r"(?<![\w./~-])(/(?:home|Users|root|mnt)/\w|[A-Za-z]:\\\w)")


@rule(
    "required-files",
    reason="A lab teaches, judges and asks: none of its parts can be missing.",
    remedy="Add what is missing; `gradus lab new` lays an example of each.",
)
def required_files(bench: Bench) -> Iterator[Sighting]:
    """Every file and folder that each lab has is there."""
    for name in REQUIRED:
        if not (bench.folder / name).is_file():
            yield Sighting(f"The file {name} is missing.", bench.folder / name)
    for name in REQUIRED_FOLDERS:
        if not any((bench.folder / name).glob("*")):
            yield Sighting(f"The folder {name}/ is missing or empty.", bench.folder / name)


@rule(
    "expected-files",
    reason="A file that nothing reads is a file that nobody checks.",
    remedy="Remove it, or put it where its kind belongs.",
)
def expected_files(bench: Bench) -> Iterator[Sighting]:
    """The folder has only the files that a lab may have."""
    known = (*REQUIRED, *OPTIONAL, *REQUIRED_FOLDERS, *GENERATED)
    for path in bench.files():
        inside = path.relative_to(bench.folder)
        first = inside.parts[0]
        if len(inside.parts) == 1 and first not in (*REQUIRED, *OPTIONAL):
            yield Sighting(f"{first} belongs to no lab.{did_you_mean(first, known)}", path)
        elif len(inside.parts) > 1 and first not in (*REQUIRED_FOLDERS, *GENERATED):
            yield Sighting(f"{first}/ belongs to no lab.{did_you_mean(first, known)}", path)
        elif first in GENERATED and (len(inside.parts) > 2 or path.suffix != GENERATED[first]):
            said = f"{first}/ holds only generated {GENERATED[first]} files, not {inside.name}."
            yield Sighting(said, path)


@rule(
    "still-to-write",
    reason="What the scaffold left open is not written yet.",
    remedy=f"Write it, then remove the line with '{STILL_TO_WRITE}'.",
)
def still_to_write(bench: Bench) -> Iterator[Sighting]:
    """No mark of the scaffold is left."""
    for path in bench.files():
        for number, row in enumerate(_rows(path), start=1):
            if STILL_TO_WRITE in row:
                what = row.split(STILL_TO_WRITE, 1)[1].strip().rstrip('">-# ')
                yield Sighting(f"Still to write: {what}", path, number)


@rule(
    "four-variants",
    reason="A check is known to be good only by the wrong work that it refuses.",
    remedy="Add mistakes that people really make under wrong/.",
)
def four_variants(bench: Bench) -> Iterator[Sighting]:
    """At least four known-wrong variants lie under wrong/."""
    count = len(bench.variants)
    if count < FEWEST_VARIANTS:
        said = f"{count} known-wrong variants are there; at least {FEWEST_VARIANTS} are needed."
        yield Sighting(said, bench.folder / "wrong")


@rule(
    "two-ways",
    reason="A check that takes only one way of being right refuses right work.",
    remedy="Add other correct ways under right/: loops, vectorised, library calls.",
)
def two_ways(bench: Bench) -> Iterator[Sighting]:
    """At least two other right ways lie under right/."""
    count = len(bench.ways)
    if count < FEWEST_WAYS:
        said = f"{count} other right ways are there; at least {FEWEST_WAYS} are needed."
        yield Sighting(said, bench.folder / "right")


@rule(
    "variant-names",
    reason="A variant's file name is the name of the mistake, in `catches` and in `--json`.",
    remedy="Rename it in small letters and underscores, such as row_alias.py.",
)
def variant_names(bench: Bench) -> Iterator[Sighting]:
    """Variants and right ways have names that can be written in a check."""
    for family, handed in (("wrong", bench.variants), ("right", bench.ways)):
        for each in handed:
            if not _VARIANT_NAME.fullmatch(each.name):
                yield Sighting(f"'{each.name}' is no such name.", bench.folder / family)
        names = [each.name for each in handed]
        for name in sorted({each for each in names if names.count(each) > 1}):
            yield Sighting(f"'{name}' is there twice.", bench.folder / family)


@rule(
    "variant-says",
    reason="When the mistake is recognised, this sentence is all that the learner is told.",
    remedy="Let the first docstring line (or mistake.txt) say what the learner did: 'You …'.",
)
def variant_says(bench: Bench) -> Iterator[Sighting]:
    """Every variant says in a whole sentence, to the learner, what was done."""
    for each in bench.variants:
        place = _variant_path(bench, each.name)
        if not each.says:
            yield Sighting(f"'{each.name}' does not say what the learner did.", place)
        elif not re.search(r"\byou(r|rs)?\b", each.says, re.IGNORECASE):
            yield Sighting(f"'{each.name}' does not speak to the learner: {each.says}", place)
        elif each.says[-1] not in ".!?" or not each.says[0].isupper():
            yield Sighting(f"'{each.name}' does not say a whole sentence: {each.says}", place)


@rule(
    "no-machine-paths",
    reason="A path of somebody's own machine works on no other.",
    remedy="Name files relative to the folder, or let the check hand them over.",
)
def no_machine_paths(bench: Bench) -> Iterator[Sighting]:
    """No file but the wrong ones and the lesson names a path of one machine."""
    for path in bench.files():
        family = path.relative_to(bench.folder).parts[0]
        if family in ("wrong", "lesson.md", "hints.md", "cards.toml"):
            continue
        for number, row in enumerate(_rows(path), start=1):
            if found := _MACHINE_PATH.search(row):
                yield Sighting(f"'{found[0]}…' is a path of one machine.", path, number)


def _rows(path: Path) -> list[str]:
    """Return the lines of a text file; a file that is no text has none."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, OSError):
        return []


def _variant_path(bench: Bench, name: str) -> Path:
    """Return the file or folder of a variant."""
    found = sorted((bench.folder / "wrong").glob(f"{name}*"))
    exact = [path for path in found if name in (path.stem, path.name)]
    return exact[0] if exact else bench.folder / "wrong"
