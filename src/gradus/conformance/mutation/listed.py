"""`equivalent.toml`: mutants that are the reference in other words, each with the reason why."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.catalogue.document import Document, read_document
from gradus.conformance.mutation.mutant import Mutant, Name

FILE = "equivalent.toml"
FEWEST_WORDS = 4
"""A reason with fewer words says nothing."""
KEYS = {"file", "operator", "line", "becomes", "occurrence", "reason"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one entry."""

    message: str
    """What is wrong."""
    line: int | None
    """Where."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One mutant that is said to be equal to the reference."""

    name: Name
    """The mutant."""
    reason: str
    """Why it is equal."""
    at: int | None
    """The line of its entry."""


def read_listed(path: Path, mutants: list[Mutant]) -> tuple[list[Listed], list[Fault]]:
    """Return what is listed, and what is malformed; raises `ContentError` where it is no TOML.

    `file` may be left out where the reference has one file that is changed.
    """
    if not path.is_file():
        return [], []
    document = read_document(path)
    files = {each.name.file for each in mutants}
    only = next(iter(files)) if len(files) == 1 else ""
    listed: list[Listed] = []
    faults: list[Fault] = []
    for key in document.content:
        if key != "equivalent":
            faults.append(
                Fault(
                    f"'{key}' is no [[equivalent]].",
                    document.line((key,)) or document.line((key, 0)),
                )
            )
    for place, entry in enumerate(document.content.get("equivalent", [])):
        said = _wrong(entry, only)
        if said:
            faults.append(Fault(said, document.line(("equivalent", place))))
        else:
            listed += _entry(document, place, entry, only)
    return listed, faults


def _wrong(entry: Any, only: str) -> str:
    """Return what is wrong with an entry, in one sentence, or nothing."""
    if not isinstance(entry, dict):
        return "An entry is a table under [[equivalent]]."
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        return f"'{unknown[0]}' is no key of an entry; they are {', '.join(sorted(KEYS))}."
    for key in ("operator", "line", "reason", *([] if only else ["file"])):
        if not isinstance(entry.get(key), str):
            return f"An entry needs a text '{key}'."
    becomes = entry.get("becomes")
    texts = becomes if isinstance(becomes, list) else [becomes]
    if not texts or not all(isinstance(each, str) for each in texts):
        return "An entry needs 'becomes': the line that stands there instead, or a list of them."
    if not isinstance(entry.get("occurrence", 1), int):
        return "'occurrence' is a whole number."
    if len(entry["reason"].split()) < FEWEST_WORDS:
        return f"The change of '{entry['line']}' is listed without a reason."
    return ""


def _entry(document: Document, place: int, entry: dict[str, Any], only: str) -> list[Listed]:
    becomes = entry["becomes"] if isinstance(entry["becomes"], list) else [entry["becomes"]]
    at = document.line(("equivalent", place))
    file, nth = entry.get("file", only), entry.get("occurrence", 1)
    return [
        Listed(Name(file, entry["operator"], entry["line"], each, nth), entry["reason"], at)
        for each in becomes
    ]
