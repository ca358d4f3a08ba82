"""Proving a project's service: what was declared, the run, its raw logs, and the record.

It must not prove anything itself.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradus
from gradus.catalogue.service_file import FILE, read_rows, read_service
from gradus.core.errors import LedgerError, PrerequisiteError, UsageError
from gradus.core.proof import ProofReport
from gradus.core.service import Quoted, ServiceDeclaration
from gradus.desk.environments import interpreter_of_tool
from gradus.desk.record import PROOF, open_record
from gradus.desk.view import LabProofs
from gradus.desk.workspace import find_workspace
from gradus.ledger import Ledger
from gradus.prover.contract import contract_names
from gradus.prover.derived import ENVIRONMENT
from gradus.prover.ownership import must_be_owned, target_of
from gradus.prover.process import LINUX_NEEDED, reads_processes
from gradus.prover.proof import find_proofs
from gradus.prover.running import Asked, prove

Say = Callable[[str], None]
"""Is told what is being proved."""
NO_WORKSPACE = "There is no workspace yet; `gradus start` makes one."
NOTHING_PROVED = "Nothing was proved."
KEPT_IN = Path(".gradus") / "proofs"
TOKEN_FILE = Path(".gradus") / "proof-token"
NOT_IN_GIT = "*\n"


@dataclass(frozen=True, slots=True)
class ProvedLab:
    """What a run of a lab's proofs means for the lab."""

    address: str
    """Its curriculum id, or its folder's name."""
    changed: tuple[str, ...]
    """Files of the project that changed while it ran."""
    shows_nothing: str
    """Why the run is no evidence, where it is none."""
    proofs: LabProofs
    """Where the files that were proved stand after it."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A run of proofs, and where it is kept."""

    report: ProofReport
    """What became of each proof."""
    seed: int
    """What everything was drawn from."""
    logs: Path
    """The folder with the raw logs and the whole report as JSON."""
    not_recorded: str = ""
    """Why the record does not hold it, where it does not."""
    lab: ProvedLab | None = None
    """What it means for a lab, where a lab was proved."""


def prove_project(
    place: str, names: tuple[str, ...], seed: int | None, quick: bool, say: Say
) -> Proved:
    """Prove the service of a project's folder, or the deployed one at an address.

    An address is that of the project around the current folder. Raises UsageError for a name that
    is none and for a service that is not the owner's, ContentErrors for a bad declaration.
    """
    find_proofs(names)  # a wrong name is said before anything is started
    declared = declared_service(place)
    rows = read_rows(declared.folder / declared.rows)
    asked = Asked(names, drawn_seed() if seed is None else seed, quick)
    report, logs = run_proofs(declared, rows, asked, say)
    return Proved(report, asked.seed, logs, _record(declared, report, quick))


def run_proofs(
    declared: ServiceDeclaration,
    rows: Sequence[Mapping[str, Any]],
    asked: Asked,
    say: Say,
    labelled: Sequence[Mapping[str, Any]] | None = None,
    quoted: Quoted | None = None,
) -> tuple[ProofReport, Path]:
    """Run proofs; return the report and the folder in which raw logs and the report are kept."""
    if declared.url:
        asyncio.run(must_be_owned(declared.url, _token(declared.folder)))
    elif not reads_processes():
        raise PrerequisiteError(*LINUX_NEEDED)
    logs = _kept_place(declared.folder)
    if declared.contract.openapi:  # nothing else asks for the tool
        asked = replace(asked, schemathesis=interpreter_of_tool(ENVIRONMENT))
    report = asyncio.run(prove(declared, rows, asked, logs, say, labelled, quoted=quoted))
    logs.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(facts_of(report, quick=asked.quick), indent=1)
    (logs / "report.json").write_text(whole, encoding="utf-8")
    return report, logs


def drawn_seed() -> int:
    """Return a fresh seed."""
    return secrets.randbelow(2**31)


def declared_service(place: str) -> ServiceDeclaration:
    """Return what is declared in a folder, or here for a service at an address."""
    is_url = "://" in place
    folder = Path.cwd() if is_url else Path(place)
    if not (folder / FILE).is_file():
        where = "this folder" if is_url else f"'{place}'"
        raise UsageError(
            f"There is no {FILE} in {where}. A project to be proved has one, with a part [prove]."
        )
    declared = read_service(folder, contract_names())
    if is_url:
        target_of(place)  # what is no address is said before anything else
        return replace(declared, url=place, start=())
    if declared.url:
        target_of(declared.url)
    return declared


def facts_of(report: ProofReport, *, quick: bool) -> dict[str, Any]:
    """Return what is kept of a report."""
    return {**report.as_json(), "quick": quick, "engine_version": gradus.__version__}


def core_names() -> tuple[str, ...]:
    """Return the proofs that every service has to pass."""
    return tuple(each.name for each in find_proofs(()) if each.core)


def lab_object(proved: ProvedLab) -> dict[str, Any]:
    """Return what `--json` says of a lab after a run of its proofs."""
    return {
        "address": proved.address,
        "shows_nothing": proved.shows_nothing,
        "changed": list(proved.changed),
        "claims_passed": proved.proofs.claims_passed,
        "passed": [each.name for each in proved.proofs.parts if each.passed_at],
        "missing": list(proved.proofs.missing),
    }


def _record(declared: ServiceDeclaration, report: ProofReport, quick: bool) -> str:
    """Append the report to the record of the workspace; return why not, where it cannot be."""
    workspace = find_workspace(declared.folder)
    if workspace is None:
        return NO_WORKSPACE
    if not report.outcomes:
        return NOTHING_PROVED
    facts = facts_of(report, quick=quick)
    blobs = {
        "report": json.dumps(facts, sort_keys=True).encode(),
        "declaration": (declared.folder / FILE).read_bytes(),
        "rows": (declared.folder / declared.rows).read_bytes(),
    }
    try:
        with contextlib.closing(open_record(workspace)) as ledger:
            return append_report(ledger, facts, blobs)
    except LedgerError as fault:
        return str(fault)


def append_report(ledger: Ledger, facts: Mapping[str, Any], blobs: Mapping[str, bytes]) -> str:
    """Append what a run has shown, without its plots; return why not, where it cannot be."""
    short = [{k: v for k, v in each.items() if k != "plots"} for each in facts["proofs"]]
    try:
        ledger.append(PROOF, {**facts, "proofs": short}, blobs)
    except LedgerError as fault:
        return str(fault)
    return ""


def _kept_place(folder: Path) -> Path:
    """Return a new folder for raw logs in the project, which Git does not see."""
    kept = folder / KEPT_IN
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        kept.mkdir(parents=True, exist_ok=True)
        if not (kept / ".gitignore").exists():
            (kept / ".gitignore").write_text(NOT_IN_GIT, encoding="utf-8")
    except OSError as fault:
        raise UsageError(f"{kept} cannot be written: {fault.strerror or fault}.") from fault
    number, place = 1, kept / moment
    while place.exists():
        number += 1
        place = kept / f"{moment}-{number}"
    return place


def _token(folder: Path) -> str:
    """Return the token of a project, drawn when it is first asked for."""
    path = folder / TOKEN_FILE
    try:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"gradus-{secrets.token_hex(16)}\n", encoding="utf-8")
        return path.read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror or fault}.") from fault
