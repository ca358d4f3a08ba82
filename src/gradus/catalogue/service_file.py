"""The `[prove]` part of a project's `gradus.toml` becomes a noun, or sentences with their lines.

Nothing is started and nothing is sent here.
"""

import dataclasses
import hashlib
import json
import re
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import Any

from gradus.catalogue.document import read_document
from gradus.catalogue.section import Section
from gradus.core.errors import ContentError, ContentErrors
from gradus.core.service import (
    AlertKind,
    Alerts,
    ContractTerms,
    PredictionLog,
    Promises,
    ServiceDeclaration,
)

FILE = "gradus.toml"
PLACES = {
    "start": {"port"},
    "offline": {"rows", "predictions"},
    "retrain": {"labels"},
    "promote": {"version"},
    "rollback": set[str](),
}
"""What may stand in braces in each command."""


def read_service(folder: Path, contracts: Collection[str]) -> ServiceDeclaration:
    """Read a project's declaration; raises ContentErrors with everything that is wrong in it."""
    document = read_document(folder / FILE)
    faults: list[ContentError] = []
    whole = Section(document, faults)
    section = whole.table("prove")
    rows = section.text("rows")
    declared = ServiceDeclaration(
        name=section.text("name", folder.resolve().name),
        folder=folder.resolve(),
        start=_command(section, "start"),
        contract=_contract(section.table("contract"), contracts),
        rows=rows,
        digest="",
        promises=_promises(section.table("promises", required=False)),
        url=section.text("url", ""),
        offline=_command(section, "offline"),
        version=section.text("version", ""),
        alerts=_alerts(section),
        log=_log(section),
        retrain=_command(section, "retrain"),
        promote=_command(section, "promote"),
        rollback=_command(section, "rollback"),
    )
    section.nothing_else()
    if "prove" in document.content and bool(declared.start) == bool(declared.url):
        section.fault("start-or-url", "Give either 'start' or 'url'.")
    if rows and not (folder / rows).is_file():
        section.fault("no-rows", f"The file of rows '{rows}' does not exist.", "rows")
    if faults:
        raise ContentErrors(faults)
    read_rows(folder / rows)
    return _with_digest(declared, document.content["prove"])


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a JSON Lines file of rows, all with the same fields; raises ContentError otherwise."""
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as fault:
            raise ContentError("no-json", f"{fault}.", path=path, line=number) from None
        if not isinstance(row, dict) or (rows and set(row) != set(rows[0])):
            said = "A row is an object with the same fields as the first one."
            raise ContentError("no-row", said, path=path, line=number)
        rows.append(row)
    if len(rows) < 2:
        raise ContentError("too-few-rows", "At least two valid rows are needed.", path=path)
    return rows


def _command(section: Section, key: str) -> tuple[str, ...]:
    given = section.content.get(key)
    words = section.texts(key, ()) if isinstance(given, list) else _split(section, key)
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


def _promises(section: Section) -> Promises:
    ours = Promises()
    promises = Promises(
        p99_ms=section.number("p99_ms", ours.p99_ms, above=0),
        rate=section.number("rate", ours.rate, above=0),
        ready_seconds=section.number("ready_seconds", ours.ready_seconds, above=0),
        rollback_seconds=section.number("rollback_seconds", ours.rollback_seconds, above=0),
        cpu_seconds=section.number("cpu_seconds", ours.cpu_seconds, above=0),
        memory_mb=section.number("memory_mb", ours.memory_mb, above=0),
    )
    section.nothing_else()
    return promises


def _alerts(section: Section) -> Alerts | None:
    if "alerts" not in section.content:
        section.mapping("alerts")
        return None
    table = section.table("alerts")
    kind = table.one_of("kind", [str(each) for each in AlertKind])
    place = table.text("place")
    table.nothing_else()
    return Alerts(AlertKind(kind), place) if kind else None


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


def _with_digest(declared: ServiceDeclaration, content: Any) -> ServiceDeclaration:
    said = json.dumps(content, sort_keys=True).encode()
    rows = (declared.folder / declared.rows).read_bytes()
    digest = hashlib.sha256(said + b"\0" + rows).hexdigest()
    return dataclasses.replace(declared, digest=f"sha256:{digest}")
