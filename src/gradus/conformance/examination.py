"""Examining a lab: every rule that its depth asks for, in order."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gradus.catalogue import problems
from gradus.catalogue.lab_file import read_lab, root_of
from gradus.conformance.bench import Bench
from gradus.conformance.rule import RULES, Depth, Failure, Rule, Sighting
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError, UsageError
from gradus.core.lab import Lab
from gradus.judge import Pool

MALFORMED = "lab-file"
"""The code under which everything malformed in `lab.toml` is reported."""
MAP_REASON = "Labs, pages and plans rest on what the map and the tracks declare."

Report = Callable[[str], None]


def check_lab(
    lab: Lab,
    catalogue: Catalogue,
    pool: Pool | None,
    depth: Depth = Depth.QUICK,
    *,
    n_seeds: int = 20,
    state: Path | None = None,
    report: Report = lambda line: None,
) -> list[Failure]:
    """Return every rule that does not hold for a lab, in the order of the rules.

    Without a pool nothing is judged and only the rules that read are looked at. `state` is the
    file from which a broken-off thorough run goes on; `report` gets a line of progress.
    Raises `PrerequisiteError` where the lab's environment is not installed.
    """
    bench = Bench(lab, catalogue, pool, n_seeds, state, report)
    failures: list[Failure] = []
    failed: set[str] = set()
    for each in RULES.values():
        if each.depth > depth or (each.judges and pool is None):
            continue
        if failed & set(each.after):
            failed.add(each.code)
            continue
        sightings = _look(each, bench)
        if sightings:
            failed.add(each.code)
        failures.extend(_failure(each, lab, sighting) for sighting in sightings)
    return failures


def check_folder(
    folder: Path,
    catalogue: Catalogue,
    pool: Pool | None,
    depth: Depth = Depth.QUICK,
    *,
    n_seeds: int = 20,
    state: Path | None = None,
    report: Report = lambda line: None,
) -> list[Failure]:
    """Do as `check_lab`, starting from a folder whose `lab.toml` may be malformed."""
    lab, failures = lab_in(folder)
    if lab is None:
        return failures
    return check_lab(lab, catalogue, pool, depth, n_seeds=n_seeds, state=state, report=report)


def lab_in(folder: Path) -> tuple[Lab | None, list[Failure]]:
    """Return the lab in a folder; where it is malformed, None and why."""
    faults: list[ContentError] = []
    read = read_lab(folder, faults, root_of(folder))
    if read is None or faults:
        return None, [from_content_error(fault, folder.name) for fault in faults]
    return read.lab, []


def check_map(root: Path | None = None) -> list[Failure]:
    """Return everything malformed in the content outside the lab folders, tracks included."""
    return [
        replace(from_content_error(fault, ""), reason=MAP_REASON)
        for fault in problems(root)
        if "labs" not in fault.path.parts[-3:]
    ]


def from_content_error(fault: ContentError, lab: str) -> Failure:
    """Return a malformed file as a failure."""
    return Failure(
        code=MALFORMED,
        lab=lab,
        message=f"{fault.message} ({fault.code})",
        path=fault.path,
        line=fault.line,
        reason=RULES[MALFORMED].reason,
        remedy=fault.remedy or RULES[MALFORMED].remedy,
    )


def _look(rule: Rule, bench: Bench) -> list[Sighting]:
    """Return what a rule saw; content that cannot be read is what it saw."""
    try:
        return list(rule.look(bench))
    except ContentError as error:
        message = f"{error.message} {error.remedy}".strip()
        return [Sighting(message, error.path, error.line)]
    except UsageError as error:
        return [Sighting(str(error))]


def _failure(rule: Rule, lab: Lab, sighting: Sighting) -> Failure:
    return Failure(
        code=rule.code,
        lab=lab.id,
        message=sighting.message,
        path=sighting.path or lab.folder,
        line=sighting.line,
        reason=rule.reason,
        remedy=rule.remedy,
    )
