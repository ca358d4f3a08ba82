"""The kill matrix: every proof against every defect that is planted for it, and honest services.

python -m benchmarks.kill_matrix [--honest] [--core] [--labs] [--runs N] [--only PROOF]
                                 [--minutes N]

Prints proofs by defects, how often an honest service failed, how often a run said nothing, and
what a round costs; then, for every lab that asks for proofs, whether its right projects pass and
each variant fails the proof that names it. Goes on where it was stopped, also by kill -9: what was
seen stands in the user's cache folder, and is forgotten when a proof, a service, a defect, a lab
or a project changes. A run that said nothing is made once more each time this is started; it is
counted all the same.
"""

import argparse
import asyncio
import hashlib
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
from tests.prover.twins import (
    HERE,
    Twin,
    declaration,
    findings,
    honest,
    promises_of,
    twins,
    with_document,
)

import gradus.prover
from gradus.catalogue import content_root
from gradus.catalogue.service_file import read_rows
from gradus.core.proof import ProofOutcome, ProofVerdict
from gradus.desk.environments import interpreter_of_tool
from gradus.prover.bounds import share_at_most
from gradus.prover.derived import ENVIRONMENT
from gradus.prover.proof import find_proofs
from gradus.prover.running import Asked, prove
from gradus.prover.scratch import scratch

from .lab_matrix import LabCell, lab_cells, report_labs, seen_of_lab, why_not
from .lab_matrix import version as lab_version

FILE = "kill-matrix.jsonl"
SURE = 0.95


@dataclass(frozen=True)
class Cell:
    """One run: a proof, a service, a seed."""

    proof: str
    script: str
    defect: str
    """Empty for an honest service."""
    run: int

    @property
    def key(self) -> str:
        """Return its name among what was kept."""
        return f"{self.proof}/{self.script}/{self.defect}/{self.run}"


@dataclass
class Kept:
    """What was seen so far, of the proofs and services as they are now."""

    last: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The last record of each cell, by its key."""
    invalid: Counter[str] = field(default_factory=Counter)
    """How many runs of each cell said nothing."""

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        self.last[record["key"]] = record
        self.invalid[record["key"]] += record["verdict"] == ProofVerdict.INVALID

    def verdict(self, cell: Cell | LabCell) -> str:
        """Return the last verdict of a cell; empty where it was never run."""
        return str(self.last.get(cell.key, {}).get("verdict", ""))

    def is_open(self, cell: Cell | LabCell) -> bool:
        """Say whether a cell is still to be run, or to be run once more."""
        return self.verdict(cell) in ("", ProofVerdict.INVALID)


def read_kept(place: Path, stamps: dict[str, str]) -> Kept:
    """Read what was kept; a line that a kill tore is left out, and ended for what comes next."""
    kept = Kept()
    text = place.read_text(encoding="utf-8", errors="replace") if place.exists() else ""
    if text and not text.endswith("\n"):
        with place.open("a", encoding="utf-8") as stream:
            stream.write("\n")
    for line in text.split("\n"):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if record["version"] == stamps.get(record["key"]):
            kept.add(record)
    return kept


def cells(
    runs: int, only: Sequence[str], *, planted: bool = True, core: bool = False
) -> list[Cell]:
    """Return every run: each defect once, each honest service as often as asked, in turns."""
    is_core = {each.name: each.core for each in find_proofs([])}
    wanted = [
        each
        for each in twins()
        if (not only or each.proof in only) and (is_core[each.proof] or not core)
    ]
    found = [Cell(each.proof, each.script, each.defect, 0) for each in wanted if planted]
    for run in range(runs):
        for name in dict.fromkeys(each.proof for each in wanted):
            if is_core[name] or run < 2:
                found += [Cell(name, script, "", run) for script in honest(name)]
    return found


@cache
def version(proof: str) -> str:
    """Return a digest of everything that an outcome of a proof depends on."""
    digest = hashlib.sha256()
    room = Path(gradus.prover.__file__).parent
    own = [room / "proofs" / f"{proof.replace('-', '_')}.py", HERE / "defects" / f"{proof}.toml"]
    shared = [each for each in room.rglob("*.py") if each.parent.name != "proofs"]
    served = [*(HERE / "services").rglob("*.py"), *HERE.glob("twins.py")]
    served += (content_root() / "environments").glob(f"{ENVIRONMENT}.lock")
    for path in sorted([*own, *shared, *served]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def seen(cell: Cell, planted: dict[tuple[str, str], Twin], *, quick: bool = True) -> dict[str, Any]:
    """Run one cell and return what is kept; a defect that a quick run misses is met in a whole."""
    twin = planted.get((cell.proof, cell.defect))
    began, cpu = time.monotonic(), cpu_seconds()
    with scratch() as folder:
        declared = declaration(folder, cell.script, cell.defect, promises_of(cell.proof))
        if twin.openapi if twin else not cell.script.startswith("payments"):
            declared = with_document(declared)
        seed, tool = 1000 + cell.run, interpreter_of_tool(ENVIRONMENT)
        asked = Asked((cell.proof,), seed, quick=quick, schemathesis=tool)
        rows = read_rows(declared.folder / declared.rows)
        report = asyncio.run(prove(declared, rows, asked, folder / "logs"))
    if not report.outcomes:
        return {"verdict": "SKIPPED", "named": False, "said": report.skipped[cell.proof]}
    (outcome,) = report.outcomes
    if quick and cell.defect and outcome.verdict is ProofVerdict.PASSED:
        return seen(cell, planted, quick=False)
    return {
        "quick": quick,
        "verdict": str(outcome.verdict),
        "named": twin is not None and twin.says in findings(outcome),
        "said": _said(outcome),
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(cpu_seconds() - cpu, 2),
    }


def cpu_seconds() -> float:
    """Return CPU seconds of this process and of all that it has started and waited for."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in own)


def _said(outcome: ProofOutcome) -> str:
    return (findings(outcome) or outcome.reason)[:300]


def main() -> int:
    """Run what is left and print the matrix."""
    parser = argparse.ArgumentParser(prog="make kill-matrix", description=__doc__)
    parser.add_argument("--runs", type=int, default=50, help="runs of each honest service")
    parser.add_argument("--only", action="append", default=[], help="a proof; repeatable")
    parser.add_argument("--honest", action="store_true", help="no planted defects")
    parser.add_argument("--core", action="store_true", help="only what every service has to pass")
    parser.add_argument("--labs", action="store_true", help="only the projects of labs")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin nothing after this time")
    asked = parser.parse_args()
    if interpreter_of_tool(ENVIRONMENT) is None:
        print(f"schemathesis is not installed:\ngradus install {ENVIRONMENT}", file=sys.stderr)
        return 2
    place = Path(platformdirs.user_cache_dir("gradus")) / FILE
    place.parent.mkdir(parents=True, exist_ok=True)
    planted = {(each.proof, each.defect): each for each in twins()}
    services = cells(asked.runs, asked.only, planted=not asked.honest, core=asked.core)
    projects = [] if asked.honest or asked.core else list(lab_cells(asked.runs, asked.only))
    wanted: list[Cell | LabCell] = [*([] if asked.labs else services), *projects]
    kept = read_kept(place, {each.key: stamp(each) for each in wanted})
    end = time.monotonic() + asked.minutes * 60
    for number, cell in enumerate(wanted, 1):
        if not kept.is_open(cell) or time.monotonic() > end:
            continue
        if isinstance(cell, LabCell) and (command := why_not(cell)):
            print(f"{number}/{len(wanted)} {cell.key} cannot be run: {command}", flush=True)
            continue
        found = seen_of_lab(cell) if isinstance(cell, LabCell) else seen(cell, planted)
        record = {"version": stamp(cell), "key": cell.key, **found}
        kept.add(record)
        with place.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record) + "\n")
        print(f"{number}/{len(wanted)} {cell.key} {record['verdict']}", flush=True)
    wrong = failed = 0
    if not asked.labs:
        wrong = 0 if asked.honest else report_planted(services, kept, planted)
        failed = report_honest([each for each in services if not each.defect], kept)
    return 1 if report_labs(projects, kept.last) or wrong or failed else 0


def stamp(cell: Cell | LabCell) -> str:
    """Return a digest of everything that the outcome of a cell depends on."""
    prover = version(cell.proof)
    return lab_version(cell, prover) if isinstance(cell, LabCell) else prover


def report_planted(wanted: list[Cell], kept: Kept, planted: dict[tuple[str, str], Twin]) -> int:
    """Print proofs by defects; return how many were missed, or caught by other words."""
    wrong = 0
    print("\n| proof | planted defect: the service | verdict | named |\n|---|---|---|---|")
    for cell in wanted:
        if cell.defect:
            verdict = kept.verdict(cell) or "not run"
            named = "yes" if kept.last.get(cell.key, {}).get("named") else "no"
            wrong += verdict == ProofVerdict.PASSED or (verdict == "FAILED" and named == "no")
            does = planted[cell.proof, cell.defect].does
            print(f"| `{cell.proof}` | {cell.defect}: {does} | {verdict} | {named} |")
    return wrong


def report_honest(wanted: list[Cell], kept: Kept) -> int:
    """Print how often honest services failed, how often a run said nothing, and what a round costs.

    A bound is that of Clopper and Pearson. Returns how many failed.
    """
    names = ("honest service", "proof", "passed", "failed", "said nothing", "CPU s", "s")
    print(f"\n| {' | '.join(names)} |\n|{'---|' * len(names)}")
    n_failed = n_judged = n_invalid = 0
    costs = [0.0, 0.0]
    for name, script in dict.fromkeys((each.proof, each.script) for each in wanted):
        mine = [each for each in wanted if (each.proof, each.script) == (name, script)]
        verdicts = [kept.verdict(each) for each in mine]
        passed, failed = verdicts.count("PASSED"), verdicts.count("FAILED")
        invalid = sum(kept.invalid[each.key] for each in mine)
        records = [kept.last[each.key] for each in mine if each.key in kept.last]
        cost = [_mean([each.get(key, 0) for each in records]) for key in ("cpu_seconds", "seconds")]
        row = (script, f"`{name}`", passed, failed, invalid, *(f"{each:.1f}" for each in cost))
        print(f"| {' | '.join(map(str, row))} |")
        n_failed, n_judged, n_invalid = (
            n_failed + failed,
            n_judged + passed + failed,
            n_invalid + invalid,
        )
        costs = [a + b for a, b in zip(costs, cost, strict=True)]
    print(f"\nFalse fails: {_share(n_failed, n_judged, 'runs with a verdict')}")
    print(f"Runs that said nothing: {_share(n_invalid, n_judged + n_invalid, 'runs')}")
    n_left = sum(map(kept.is_open, wanted))
    print(f"Still to be made: {n_left} of {len(wanted)} runs.")
    print(f"A round of honest services: {costs[0]:.0f} CPU seconds, {costs[1]:.0f} s.")
    for each in wanted:
        if kept.verdict(each) == ProofVerdict.FAILED:
            print(f"{each.key}: {kept.last[each.key]['said']}")
    return n_failed


def _share(n: int, of: int, what: str) -> str:
    if not of:
        return f"0 of 0 {what}."
    bound = share_at_most(n, of, SURE)
    return f"{n} of {of} {what}: at most {bound * 100:.2g} %, {SURE * 100:g} % sure."


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
