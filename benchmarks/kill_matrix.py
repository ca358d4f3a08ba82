"""The kill matrix: every proof against every defect that is planted for it, and honest services.

python -m benchmarks.kill_matrix [--runs N] [--only PROOF] [--minutes N] [--labs]

Prints proofs by defects, and how often an honest service failed; then, for every lab that asks for
proofs, whether its right projects pass and each variant fails the proof that names it. Goes on
where it was stopped: what was seen stands in the user's cache folder, and is forgotten when a
proof, a service, a defect, a lab or a project changes.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
from tests.prover.twins import HERE, Twin, declaration, findings, honest, promises_of, twins

import gradus.prover
from gradus.catalogue.service_file import read_rows
from gradus.core.proof import ProofOutcome, ProofVerdict
from gradus.prover.bounds import share_at_most
from gradus.prover.proof import find_proofs
from gradus.prover.running import Asked, prove

from .lab_matrix import LabCell, lab_cells, report_labs, seen_of_lab, why_not
from .lab_matrix import version as lab_version

FILE = "kill-matrix.jsonl"


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


def cells(runs: int, only: list[str]) -> Iterator[Cell]:
    """Yield every run: each defect once, each honest service as often as asked, in turns."""
    planted = [each for each in twins() if not only or each.proof in only]
    for twin in planted:
        yield Cell(twin.proof, twin.script, twin.defect, 0)
    for run in range(runs):
        for name in dict.fromkeys(each.proof for each in planted):
            is_core = find_proofs([name])[0].core
            if is_core or run < 2:
                for script in honest(name):
                    yield Cell(name, script, "", run)


@cache
def version(proof: str) -> str:
    """Return a digest of everything that an outcome of a proof depends on."""
    digest = hashlib.sha256()
    room = Path(gradus.prover.__file__).parent
    own = [room / "proofs" / f"{proof.replace('-', '_')}.py", HERE / "defects" / f"{proof}.toml"]
    shared = [each for each in room.rglob("*.py") if each.parent.name != "proofs"]
    served = [*(HERE / "services").rglob("*.py"), *HERE.glob("twins.py")]
    for path in sorted([*own, *shared, *served]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def seen(cell: Cell, planted: dict[tuple[str, str], Twin], *, quick: bool = True) -> dict[str, Any]:
    """Run one cell and return what is kept; a defect that a quick run misses is met in a whole."""
    twin = planted.get((cell.proof, cell.defect))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        declared = declaration(folder, cell.script, cell.defect, promises_of(cell.proof))
        asked = Asked((cell.proof,), 1000 + cell.run, quick=quick)
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
    }


def _said(outcome: ProofOutcome) -> str:
    return (findings(outcome) or outcome.reason)[:300]


def main() -> int:
    """Run what is left and print the matrix."""
    parser = argparse.ArgumentParser(prog="make kill-matrix", description=__doc__)
    parser.add_argument("--runs", type=int, default=50, help="runs of each honest service")
    parser.add_argument("--only", action="append", default=[], help="a proof; repeatable")
    parser.add_argument("--labs", action="store_true", help="only the projects of labs")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin nothing after this time")
    asked = parser.parse_args()
    place = Path(platformdirs.user_cache_dir("gradus")) / FILE
    place.parent.mkdir(parents=True, exist_ok=True)
    planted = {(each.proof, each.defect): each for each in twins()}
    services = [] if asked.labs else list(cells(asked.runs, asked.only))
    projects = list(lab_cells(asked.runs, asked.only))
    wanted: list[Cell | LabCell] = [*services, *projects]
    kept = kept_of(place, wanted)
    end = time.monotonic() + asked.minutes * 60
    for number, cell in enumerate(wanted, 1):
        again = kept.get(cell.key, {}).get("verdict") in (None, str(ProofVerdict.INVALID))
        if not again or time.monotonic() > end:
            continue
        if isinstance(cell, LabCell) and (command := why_not(cell)):
            print(f"{number}/{len(wanted)} {cell.key} cannot be run: {command}", flush=True)
            continue
        found = seen_of_lab(cell) if isinstance(cell, LabCell) else seen(cell, planted)
        record = {"version": stamp(cell), "key": cell.key, **found}
        kept[cell.key] = record
        with place.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record) + "\n")
        print(f"{number}/{len(wanted)} {cell.key} {record['verdict']}", flush=True)
    failed = report(services, kept, planted) if services else 0
    return 1 if report_labs(projects, kept) or failed else 0


def stamp(cell: Cell | LabCell) -> str:
    """Return a digest of everything that the outcome of a cell depends on."""
    prover = version(cell.proof)
    return lab_version(cell, prover) if isinstance(cell, LabCell) else prover


def kept_of(place: Path, wanted: list[Cell | LabCell]) -> dict[str, dict[str, Any]]:
    """Return what was seen before and still says something of the cells that are wanted."""
    if not place.exists():
        return {}
    stamps = {each.key: stamp(each) for each in wanted}
    records = map(json.loads, place.read_text(encoding="utf-8").splitlines())
    return {each["key"]: each for each in records if each["version"] == stamps.get(each["key"])}


def report(
    wanted: list[Cell], kept: dict[str, dict[str, Any]], planted: dict[tuple[str, str], Twin]
) -> int:
    """Print proofs by defects, then the honest services; return 1 where anything is wrong."""
    wrong = 0
    print("\n| proof | planted defect: the service | verdict | named |\n|---|---|---|---|")
    for cell in wanted:
        if cell.defect:
            record = kept.get(cell.key)
            verdict = record["verdict"] if record else "not run"
            named = "yes" if record and record["named"] else "no"
            wrong += verdict == ProofVerdict.PASSED or (verdict == "FAILED" and named == "no")
            does = planted[cell.proof, cell.defect].does
            print(f"| `{cell.proof}` | {cell.defect}: {does} | {verdict} | {named} |")
    print(
        "\n| honest service | proof | runs | passed | invalid | failed |\n|---|---|---|---|---|---|"
    )
    failed = total = 0
    for name in dict.fromkeys(each.proof for each in wanted):
        for script in honest(name):
            mine = [c for c in wanted if not c.defect and (c.proof, c.script) == (name, script)]
            verdicts = [kept[each.key]["verdict"] for each in mine if each.key in kept]
            counts = [verdicts.count(v) for v in ("PASSED", "INVALID", "FAILED")]
            print(f"| {script} | `{name}` | {len(verdicts)} | {' | '.join(map(str, counts))} |")
            failed += counts[2]
            total += counts[0] + counts[2]
    if total:
        bound = share_at_most(failed, total, 0.95)
        print(f"\n{failed} of {total} judged runs of honest services failed: at most ", end="")
        print(f"{bound * 100:.2g} % of them, 95 % sure.")
    for key, record in kept.items():
        if "//" in key and record["verdict"] == "FAILED":
            print(f"{key}: {record['said']}")
    return 1 if wrong or failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
