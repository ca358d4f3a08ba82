"""The `[prove]` part of a project's `gradus.toml` becomes a noun, or sentences with their lines.

Nothing is started and nothing is sent here.
"""

import dataclasses
import hashlib
import json
import math
import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.catalogue.service_parts import read_guards, read_labels, read_promises
from gradus.core.errors import ContentError, ContentErrors
from gradus.core.lab import LabProof
from gradus.core.names import did_you_mean
from gradus.core.service import (
    AlertKind,
    Alerts,
    ContractTerms,
    Guards,
    Labels,
    PredictionLog,
    Promises,
    ServiceDeclaration,
    Split,
)

FILE = "gradus.toml"
AT_LEAST = ("rate",)
"""Promises of which the larger one is the stronger."""
PLACES = {
    "start": {"port"},
    "offline": {"rows", "predictions"},
    "retrain": {"labels"},
    "promote": {"version"},
    "rollback": set[str](),
}
"""What may stand in braces in each command."""


@dataclasses.dataclass(frozen=True, slots=True)
class ByLab:
    """What a lab says in the place of a project."""

    proof: LabProof
    """Labels, guards and the weakest promises."""
    rows: Sequence[Mapping[str, Any]]
    """Valid rows."""
    labelled: Sequence[Mapping[str, Any]]
    """Rows with their truth, where the lab declares labels."""


def read_service(
    folder: Path, contracts: Collection[str], by_lab: ByLab | None = None
) -> ServiceDeclaration:
    """Read a project's declaration; raises ContentErrors with everything that is wrong in it.

    What a lab says takes the place of the project's rows, labels and guards, and of the promises
    that the project does not make; a promise weaker than the lab's is a fault.
    """
    document = read_document(folder / FILE)
    faults: list[ContentError] = []
    section = Section(document, faults).table("prove")
    declared = _declared(folder, section, contracts, by_lab)
    if "prove" in document.content and bool(declared.start) == bool(declared.url):
        section.fault("start-or-url", "Give either 'start' or 'url'.")
    _files_exist(section, declared)
    _all_below(section, declared)
    if faults:
        raise ContentErrors(faults)
    sent = by_lab.rows if by_lab else read_rows(folder / declared.rows)
    _fields_exist(section, declared, set(sent[0]))
    if by_lab is None and declared.labels is not None:
        _labels_exist(section, declared, declared.labels, set(sent[0]))
    if faults:
        raise ContentErrors(faults)
    return _with_digest(declared, document.content["prove"], by_lab)


def _declared(
    folder: Path, section: Section, contracts: Collection[str], by_lab: ByLab | None
) -> ServiceDeclaration:
    promises = section.table("promises", required=False)
    declared = ServiceDeclaration(
        name=section.text("name", folder.resolve().name),
        folder=folder.resolve(),
        start=_command(section, "start"),
        contract=_contract(section.table("contract"), contracts),
        rows=section.text("rows", "") if by_lab else section.text("rows"),
        digest="",
        promises=read_promises(promises, _weakest(by_lab)),
        url=section.text("url", ""),
        offline=_command(section, "offline"),
        version=_path(section, "version"),
        alerts=_alerts(section),
        log=_log(section),
        retrain=_command(section, "retrain"),
        promote=_command(section, "promote"),
        rollback=_command(section, "rollback"),
        labels=_labels(section),
        split=_split_of_users(section),
        guards=_guards(section),
    )
    section.nothing_else()
    if by_lab is None:
        return declared
    _not_weaker(promises, by_lab.proof)
    guards = by_lab.proof.guards or declared.guards
    return dataclasses.replace(declared, rows="", labels=by_lab.proof.labels, guards=guards)


def _files_exist(section: Section, declared: ServiceDeclaration) -> None:
    """Note every declared file of rows that is not there."""
    if declared.rows and not (declared.folder / declared.rows).is_file():
        said = f"The file of rows '{declared.rows}' does not exist."
        section.fault("no-rows", said, "rows")
    path = declared.labels.path if declared.labels else ""
    if path and not (declared.folder / path).is_file():
        section.fault(
            "no-rows", f"The file of labelled rows '{path}' does not exist.", "labels", "path"
        )


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a JSON Lines file of rows, all with the same fields; raises ContentError otherwise."""
    rows: list[dict[str, Any]] = []
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise ContentError("not-utf-8", "This is not UTF-8 text.", path=path) from None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
        except (ValueError, RecursionError) as fault:
            raise ContentError("no-json", f"{fault}.", path=path, line=number) from None
        if not isinstance(row, dict) or (rows and set(row) != set(rows[0])):
            said = "A row is an object with the same fields as the first one."
            raise ContentError("no-row", said, path=path, line=number)
        rows.append(row)
    if len(rows) < 2:
        raise ContentError("too-few-rows", "At least two valid rows are needed.", path=path)
    return rows


def _weakest(by_lab: ByLab | None) -> Promises:
    """Return the promises that hold where a project makes none."""
    return dataclasses.replace(Promises(), **by_lab.proof.promises) if by_lab else Promises()


def _not_weaker(section: Section, proof: LabProof) -> None:
    """Note every promise that is weaker than what the lab asks for."""
    for key, asked in proof.promises.items():
        given = section.content.get(key)
        if not isinstance(given, int | float):
            continue
        if given < asked if key in AT_LEAST else given > asked:
            bound = "at least" if key in AT_LEAST else "at most"
            said = f"'{key}' is {given:g}; the lab asks for {bound} {asked:g}."
            section.fault("weaker-promise", said, key)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not in JSON; write null")


def _finite(text: str) -> float:
    """Return a number that can be sent and reckoned with; JSON alone knows larger ones."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is larger than any number that can be sent")
    return value


def _whole(text: str) -> int:
    _finite(text)
    return int(text)


def _all_below(section: Section, declared: ServiceDeclaration) -> None:
    """Note every file outside the project's folder: what a proof writes goes to a copy of it."""
    files: dict[tuple[str, ...], str] = {("rows",): declared.rows}
    if declared.labels is not None:
        files["labels", "path"] = declared.labels.path
    if declared.log is not None:
        files["log", "path"] = declared.log.path
    inside = declared.folder.resolve()
    for way, file in files.items():
        if file and not (declared.folder / file).parent.resolve().is_relative_to(inside):
            section.fault("outside", f"'{file}' is not below the project's folder.", *way)


def _command(section: Section, key: str) -> tuple[str, ...]:
    given = section.content.get(key)
    is_list = isinstance(given, list)
    words = section.texts(key, (), doubles=True) if is_list else _split(section, key)
    for word in words:
        for place in _braces(word) - PLACES[key]:
            known = ", ".join(f"{{{each}}}" for each in sorted(PLACES[key])) or "none"
            said = f"'{{{place}}}' is not known in '{key}'; known: {known}."
            section.fault("unknown-place", said, key)
    return words


def _split(section: Section, key: str) -> tuple[str, ...]:
    text = section.text(key, "")
    try:
        return tuple(shlex.split(text))
    except ValueError as fault:
        section.fault("no-command", f"'{key}' is no command: {fault}.", key)
        return ()


def _braces(word: str) -> set[str]:
    return set(re.findall(r"{([a-z_]+)}", word))


def _contract(section: Section, known: Collection[str]) -> ContractTerms:
    terms = ContractTerms(
        name=section.one_of("name", known),
        path=_path(section, "path"),
        ready=_path(section, "ready"),
        openapi=_path(section, "openapi"),
        model=section.text("model", "model"),
        columns=section.texts("columns", ()),
        field=section.text("field", ""),
        output=section.text("output", ""),
        single=section.flag("single", False),
        echo=section.text("echo", ""),
    )
    section.nothing_else()
    return terms


def _path(section: Section, key: str) -> str:
    value = section.text(key, "")
    if value and not value.startswith("/"):
        section.fault("no-path", f"'{key}' is a path and begins with '/'.", key)
    return value


def _alerts(section: Section) -> Alerts | None:
    if "alerts" not in section.content:
        section.mapping("alerts")
        return None
    table = section.table("alerts")
    kind = table.one_of("kind", [str(each) for each in AlertKind])
    place = table.text("place")
    columns = table.texts("columns", ())
    table.nothing_else()
    return Alerts(AlertKind(kind), place, columns) if kind else None


def _log(section: Section) -> PredictionLog | None:
    if "log" not in section.content:
        section.mapping("log")
        return None
    table = section.table("log")
    log = PredictionLog(
        path=table.text("path"),
        identifier=table.text("identifier"),
        prediction=table.text("prediction", ""),
        table=table.text("table", ""),
    )
    table.nothing_else()
    return log


def _labels(section: Section) -> Labels | None:
    if "labels" not in section.content:
        section.mapping("labels")
        return None
    table = section.table("labels")
    return read_labels(table, table.text("path"))


def _split_of_users(section: Section) -> Split | None:
    if "split" not in section.content:
        section.mapping("split")
        return None
    table = section.table("split")
    split = Split(
        variant=table.text("variant"),
        shares=_shares(table),
        field=table.text("field", ""),
        header=table.text("header", ""),
        margin=table.number("margin", 0.05, above=0),
    )
    if bool(split.field) == bool(split.header):
        table.fault("field-or-header", "Give the user's id either as 'field' or as 'header'.")
    table.nothing_else()
    return split


def _shares(table: Section) -> dict[str, float]:
    given = table.mapping("shares")
    numbers = {name: each for name, each in given.items() if isinstance(each, int | float)}
    if len(numbers) < 2 or numbers != given or not all(each > 0 for each in numbers.values()):
        table.fault("no-shares", "'shares' is a table of at least two shares above 0.", "shares")
    elif abs(sum(numbers.values()) - 1) > 1e-6:
        said = f"The shares are {sum(numbers.values()):g} together; they have to be 1."
        table.fault("no-shares", said, "shares")
    return numbers


def _guards(section: Section) -> Guards | None:
    if "guards" not in section.content:
        section.mapping("guards")
        return None
    return read_guards(section.table("guards"))


def _fields_exist(section: Section, declared: ServiceDeclaration, fields: set[str]) -> None:
    """Note every field that is named and stands in no row."""
    named = {("contract", "columns"): declared.contract.columns}
    if declared.guards is not None:
        for key in ("banned", "personal", "unbounded"):
            named["guards", key] = getattr(declared.guards, key)
    if declared.alerts is not None:
        named["alerts", "columns"] = declared.alerts.columns
    if declared.split is not None:
        named["split", "field"] = (declared.split.field,)
    _all_known(section, named, fields, declared.rows or "the lab's rows")


def _labels_exist(
    section: Section, declared: ServiceDeclaration, labels: Labels, fields: set[str]
) -> None:
    """Note what the labelled rows lack, and a truth that would be sent."""
    labelled = set(read_rows(declared.folder / labels.path)[0])
    lost = sorted(fields - labelled)
    if lost:
        said = f"The labelled rows have no '{lost[0]}', which every row has."
        section.fault("no-field", said, "labels", "path")
    for key, name in (("label", labels.label), ("baseline", labels.baseline)):
        if name and name in fields:
            said = f"'{name}' must not stand in {declared.rows}: those rows are sent."
            section.fault("label-is-sent", said, "labels", key)
    of_labels: dict[tuple[str, str], tuple[str, ...]] = {
        ("labels", "label"): (labels.label,),
        ("labels", "baseline"): (labels.baseline,),
        ("labels", "slices"): labels.slices,
    }
    _all_known(section, of_labels, labelled, labels.path)


def _all_known(
    section: Section,
    named: Mapping[tuple[str, str], tuple[str, ...]],
    known: set[str],
    file: str,
) -> None:
    for way, names in named.items():
        for name in names:
            if name and name not in known:
                said = f"There is no field '{name}' in {file}.{did_you_mean(name, known)}"
                section.fault("no-field", said, *way)


def _with_digest(
    declared: ServiceDeclaration, content: Any, by_lab: ByLab | None
) -> ServiceDeclaration:
    said = json.dumps(content, sort_keys=True).encode()
    if by_lab is not None:
        asked = [dataclasses.asdict(by_lab.proof), list(by_lab.rows), list(by_lab.labelled)]
        rows = json.dumps(asked, sort_keys=True).encode()
    else:
        files = [declared.rows, *([declared.labels.path] if declared.labels else [])]
        rows = b"\0".join((declared.folder / each).read_bytes() for each in files)
    digest = hashlib.sha256(said + b"\0" + rows).hexdigest()
    return dataclasses.replace(declared, digest=f"sha256:{digest}")
