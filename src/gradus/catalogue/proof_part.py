"""The `[proof]` part of a `lab.toml`: what a lab asks of the running service.

Which proofs there are is not known here; conformance says which names are none.
"""

from collections.abc import Mapping

from gradus.catalogue.section import Section
from gradus.catalogue.service_parts import read_guards, read_labels, read_promises
from gradus.core.lab import Entry, EntryKind, LabProof
from gradus.core.names import did_you_mean

ROWS_FILE = "rows.py"
_OF_A_PROJECT = (EntryKind.FOLDER, EntryKind.COMMAND)


def read_proof(section: Section, entry: Entry) -> LabProof:
    """Read what a lab asks of the running service."""
    names = section.texts("names")
    if not names and "names" in section.content:
        section.fault("no-proofs", "'names' is empty: name at least one proof.", "names")
    core = section.texts("core", ())
    for name in core:
        _must_be_named(section, name, names, "core", value=name)
    promises = section.table("promises", required=False)
    read_promises(promises)
    usual = LabProof(names)
    proof = LabProof(
        names=names,
        core=core,
        n_rows=section.whole("n_rows", usual.n_rows, least=2),
        n_labelled=section.whole("n_labelled", usual.n_labelled, least=2),
        labels=read_labels(section.table("labels"), "") if _has(section, "labels") else None,
        guards=read_guards(section.table("guards")) if _has(section, "guards") else None,
        promises=dict(promises.content),
        catches=_catches(section, names),
    )
    section.nothing_else()
    _check_whole(section, entry)
    return proof


def _catches(section: Section, names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    table = section.table("catches", required=False)
    for name in table.content:
        _must_be_named(table, name, names, name)
    return {name: table.texts(name) for name in table.content}


def _must_be_named(
    section: Section, name: str, names: tuple[str, ...], key: str, value: object = None
) -> None:
    if name not in names:
        said = f"'{name}' is not among the proof's 'names'.{did_you_mean(name, names)}"
        section.fault("proof-not-named", said, key, value=value)


def _check_whole(section: Section, entry: Entry) -> None:
    """Note what does not go together with a proof."""
    if entry.kind not in _OF_A_PROJECT or entry.path != ".":
        said = "A service is proved in a project's folder: the entry is a folder, or a command '.'."
        section.fault("proof-needs-folder", said)
    if not (section.document.path.parent / ROWS_FILE).is_file():
        section.fault("no-rows", f"A proof sends rows that {ROWS_FILE} draws; there is none.")


def _has(section: Section, key: str) -> bool:
    section.mapping(key)
    return isinstance(section.content.get(key), dict)
