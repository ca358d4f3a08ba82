"""Proving a lab: the learner's project meets rows that the lab draws, and the record is told.

It must not prove anything itself.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gradus.catalogue.service_file import FILE, ByLab, read_service
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.core.names import did_you_mean
from gradus.core.service import ServiceDeclaration
from gradus.core.submission import Submission
from gradus.desk.desk import Desk
from gradus.desk.environments import commands_path
from gradus.desk.lab_proofs import lab_proofs
from gradus.desk.pages import address
from gradus.desk.proving import (
    NO_WORKSPACE,
    NOTHING_PROVED,
    Proved,
    ProvedLab,
    Say,
    append_report,
    drawn_seed,
    facts_of,
    run_proofs,
)
from gradus.desk.record import FILE as OF_FILE
from gradus.desk.record import shows_nothing
from gradus.judge import read_submission
from gradus.judge.proof_rows import ProofRows, draw_rows, quoted_rows
from gradus.prover.contract import contract_names
from gradus.prover.proof import find_proofs
from gradus.prover.running import Asked


@dataclass(frozen=True, slots=True)
class LabAsked:
    """How a lab is to be proved."""

    names: tuple[str, ...] = ()
    """Some of its proofs; none means all of them."""
    core: bool = False
    """Whether only those that it calls short are meant, where no names are given."""
    seed: int | None = None
    """What everything is drawn from; None draws one, and only then a run shows anything."""
    quick: bool = False
    """Whether shorter runs with wider bounds are asked for."""
    folder: Path | None = None
    """The project's folder; None means the learner's own of the lab."""


def asks_for_proofs(desk: Desk, place: str) -> bool:
    """Say whether a place names a lab that asks for proofs, and no folder in other words."""
    wanted = place.strip().casefold()
    labs = (each for each in desk.catalogue.labs.values() if each.proof is not None)
    return any(wanted in (each.id.casefold(), each.curriculum_id.casefold()) for each in labs)


def prove_lab(desk: Desk, name: str, asked: LabAsked, say: Say, tell: Say) -> Proved:
    """Prove a lab on the learner's folder with rows that the lab draws, and record what it shows.

    `tell` is told at once where a file of the project changes, so that nobody waits in vain.
    Raises UsageError for a proof that the lab does not ask for and for a folder that is not open,
    ContentErrors for a bad declaration.
    """
    lab = desk.catalogue.lab(name)
    names = _names(lab, asked)
    folder = asked.folder if asked.folder is not None else _own_folder(desk, lab)
    seed = drawn_seed() if asked.seed is None else asked.seed
    drawn = draw_rows(lab, seed)
    before = read_submission(lab, folder)
    declared = declared_for(lab, folder, drawn, commands_path(desk.catalogue, lab))
    quoted = quoted_rows(lab, before.files, drawn.sent[0])
    wanted = Asked(names, seed, asked.quick)
    look = _Eye(lab, folder, before, tell).looking(say)
    report, logs = run_proofs(declared, drawn.sent, wanted, look, drawn.labelled, quoted)
    facts = {
        **facts_of(report, quick=asked.quick),
        "lab": lab.id,
        "lab_version": lab.version,
        "submission": before.digest,
        "fresh": asked.seed is None,
        "changed": _changed_at_last(lab, folder, before),
        "origin": "workspace" if asked.folder is None else "file",
    }
    not_recorded = _record(desk, declared, drawn, before, facts)
    return Proved(
        report,
        seed,
        logs,
        not_recorded,
        ProvedLab(
            address(lab),
            tuple(facts["changed"]),
            shows_nothing(facts),
            lab_proofs(desk, lab, before.digest),
        ),
    )


def declared_for(
    lab: Lab, folder: Path, drawn: ProofRows, environment: Mapping[str, str]
) -> ServiceDeclaration:
    """Return what a project declares, with what the lab says in its place."""
    if not (folder / FILE).is_file():
        raise UsageError(f"There is no {FILE} in '{folder}'. It declares the service: [prove].")
    assert lab.proof is not None, f"{lab.id} asks for no proof"
    by_lab = ByLab(lab.proof, drawn.sent, drawn.labelled)
    declared = read_service(folder, contract_names(), by_lab)
    if declared.url:
        raise UsageError(
            "A lab is proved on the files that you hand in, and a deployed service may run others. "
            f"Give 'start' and not 'url' in {folder / FILE}."
        )
    return replace(declared, environment=environment)


def _names(lab: Lab, asked: LabAsked) -> tuple[str, ...]:
    if lab.proof is None:
        raise UsageError(f"The lab {lab.id} asks for no proof; `gradus check {lab.id}` judges it.")
    for name in asked.names:
        if name not in lab.proof.names:
            known = f"It asks for {', '.join(lab.proof.names)}."
            hint = did_you_mean(name, lab.proof.names)
            raise UsageError(f"{address(lab)} does not ask for '{name}'.{hint} {known}")
    find_proofs(lab.proof.names)  # what the author misspelt is said before anything is started
    return asked.names or (lab.proof.core if asked.core else ()) or lab.proof.names


def _own_folder(desk: Desk, lab: Lab) -> Path:
    if not desk.here().is_open(lab):
        raise UsageError(
            f"The lab {lab.id} is not open yet. `gradus open {lab.id}` lays its files."
        )
    return desk.here().folder(lab)


@dataclass
class _Eye:
    """Looks, before each proof, whether a file of the project has changed, and says so once."""

    lab: Lab
    folder: Path
    before: Submission
    tell: Say
    told: bool = False

    def looking(self, say: Say) -> Say:
        """Return what is to be called before each proof."""

        def look(name: str) -> None:
            say(name)
            with contextlib.suppress(UsageError):  # a file that came and went is no change
                changed = [] if self.told else _changed(self.lab, self.folder, self.before)
                if changed:
                    self.told = True
                    self.tell(_early(changed))

        return look


def _early(changed: list[str]) -> str:
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return (
        f"{changed[0]}{more} changed since this run began, so it will show nothing. If your "
        "service writes there, name it in .gitignore."
    )


def _changed_at_last(lab: Lab, folder: Path, before: Submission) -> list[str]:
    """Return the files that are not as they were; where they cannot be read any more, why."""
    try:
        return _changed(lab, folder, before)
    except UsageError as fault:  # such as a log that has grown beyond what can be handed in
        return [f"{folder} ({fault})"]


def _changed(lab: Lab, folder: Path, before: Submission) -> list[str]:
    """Return the files that are not as they were, by name."""
    after = read_submission(lab, folder).files
    names = sorted({*before.files, *after})
    return [name for name in names if before.files.get(name) != after.get(name)]


def _record(
    desk: Desk,
    declared: ServiceDeclaration,
    drawn: ProofRows,
    submission: Submission,
    facts: Mapping[str, Any],
) -> str:
    """Append a run with the rows and every file that was proved; return why not, where not."""
    if desk.workspace is None:
        return NO_WORKSPACE
    if not facts["proofs"]:
        return NOTHING_PROVED
    blobs = {
        "report": json.dumps(facts, sort_keys=True).encode(),
        "declaration": (declared.folder / FILE).read_bytes(),
        "rows": _lines(drawn.sent),
        "labelled": _lines(drawn.labelled),
    }
    blobs |= {f"{OF_FILE}{path}": content for path, content in submission.files.items()}
    return append_report(desk.ledger(), facts, blobs)


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
