"""Labs that ask for proofs, in the kill matrix: right projects pass, and wrong ones fail.

Each project of a lab folder is laid into a folder of its own and proved with rows that the lab
draws, as a learner's is.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from gradus.catalogue import load_catalogue
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab
from gradus.core.proof import ProofOutcome, ProofVerdict
from gradus.core.submission import Submission
from gradus.desk.environments import commands_path, interpreter_of_tool, is_installed
from gradus.desk.lab_proving import declared_for
from gradus.judge import read_submission, reference_submission, variant_submissions
from gradus.judge.proof_rows import draw_rows, quoted_rows
from gradus.judge.submissions import Handed
from gradus.prover.derived import ENVIRONMENT
from gradus.prover.proof import find_proofs
from gradus.prover.running import Asked, prove

START = "start"


@dataclass(frozen=True)
class LabCell:
    """One run: a proof, a project of a lab folder, a seed."""

    proof: str
    lab: str
    project: str
    """`reference`, a way of `right/`, or a variant of `wrong/`."""
    is_wrong: bool
    run: int

    @property
    def key(self) -> str:
        """Return its name among what was kept."""
        return f"{self.proof}/{self.lab}/{self.project}/{self.run}"


@cache
def catalogue() -> Catalogue:
    """Return the content of this checkout."""
    return load_catalogue()


def lab_cells(runs: int, only: list[str], whole: Catalogue | None = None) -> Iterator[LabCell]:
    """Yield every variant and every right way once, and the reference as often as asked."""
    for lab in (whole or catalogue()).labs.values():
        if lab.proof is None:
            continue
        named = [each.name for each in find_proofs(lab.proof.names)]
        names = [each for each in named if not only or each in only]
        for name in names:
            for variant in lab.proof.catches.get(name, ()):
                yield LabCell(name, lab.id, variant, True, 0)
        for way in variant_submissions(lab, "right"):
            yield from (LabCell(name, lab.id, way.name, False, 0) for name in names)
        for run in range(runs):
            for name in names:
                if name in lab.proof.core or run < 2:
                    yield LabCell(name, lab.id, "reference", False, run)


def project(lab: Lab, name: str) -> Handed:
    """Return a project of a lab folder by its name."""
    handed = [Handed("reference", reference_submission(lab))]
    handed += [*variant_submissions(lab, "right"), *variant_submissions(lab, "wrong")]
    return next(each for each in handed if each.name == name)


@cache
def version(cell: LabCell, prover: str) -> str:
    """Return a digest of what the outcome of a cell depends on; `prover` is that of the proof."""
    lab = catalogue().labs[cell.lab]
    digest = project(lab, cell.project).submission.digest
    return hashlib.sha256(f"{prover} {lab.version} {digest}".encode()).hexdigest()[:16]


def why_not(cell: LabCell) -> str:
    """Return the command without which a cell cannot be run; empty where it can."""
    environment = catalogue().labs[cell.lab].environment
    return "" if is_installed(catalogue(), environment) else f"gradus install {environment}"


def outcomes(cell: LabCell, lab: Lab, path: dict[str, str], *, quick: bool) -> list[ProofOutcome]:
    """Prove a project and return what came out: of the proof, and of `start` before it."""
    names = (cell.proof,) if cell.proof == START else (START, cell.proof)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        lay(project(lab, cell.project).submission, folder)
        return proved(lab, folder, Asked(names, 1000 + cell.run, quick=quick), path)


def lay(submission: Submission, folder: Path) -> None:
    """Write what is handed in into a folder."""
    for name, content in submission.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def proved(lab: Lab, folder: Path, asked: Asked, path: dict[str, str]) -> list[ProofOutcome]:
    """Prove the project of a folder with rows that the lab draws; logs lie beside the folder."""
    drawn = draw_rows(lab, asked.seed)
    declared = declared_for(lab, folder, drawn, path)
    asked = replace(asked, schemathesis=interpreter_of_tool(ENVIRONMENT))
    logs = folder.with_name("logs")
    quoted = quoted_rows(lab, read_submission(lab, folder).files, drawn.sent[0])
    told = prove(declared, drawn.sent, asked, logs, labelled=drawn.labelled, quoted=quoted)
    report = asyncio.run(told)
    return list(report.outcomes)


def seen_of_lab(cell: LabCell, lab: Lab | None = None, *, quick: bool = True) -> dict[str, object]:
    """Run one cell and return what is kept; what a quick run misses is met in a whole one.

    A variant is named by the proof that catches it only if its service starts: one that never
    comes up fails everything and shows nothing of the proof.
    """
    lab = lab or catalogue().labs[cell.lab]
    came = outcomes(cell, lab, commands_path(catalogue(), lab), quick=quick)
    found = {each.proof: each for each in came}
    if cell.proof not in found:
        return {"quick": quick, "verdict": "SKIPPED", "named": False, "said": "not declared"}
    outcome = found[cell.proof]
    if quick and cell.is_wrong and outcome.verdict is ProofVerdict.PASSED:
        return seen_of_lab(cell, lab, quick=False)
    starts = cell.proof == START or found[START].verdict is ProofVerdict.PASSED
    failed = outcome.verdict is ProofVerdict.FAILED
    return {
        "quick": quick,
        "verdict": str(outcome.verdict),
        "named": failed and starts,
        "said": said(outcome),
    }


def said(outcome: ProofOutcome) -> str:
    """Return the first claim that did not hold, with what was seen, or why a run says nothing."""
    for claim in outcome.claims:
        if not claim.held:
            finding = claim.finding
            seen = f" {finding.call}: {finding.returned}" if finding else ""
            return f"{claim.sentence}{seen}".replace("\n", " ")[:300]
    return outcome.reason


def report_labs(wanted: list[LabCell], kept: dict[str, dict[str, object]]) -> int:
    """Print what became of every project; return how many are not as they have to be."""
    wrong = 0
    if not wanted:
        return 0
    print("\n| lab | proof | project | has to | verdicts | named | said |")
    print("|---|---|---|---|---|---|---|")
    for cell in dict.fromkeys((c.lab, c.proof, c.project, c.is_wrong) for c in wanted):
        lab, proof, name, is_wrong = cell
        own = [c.key for c in wanted if (c.lab, c.proof, c.project, c.is_wrong) == cell]
        seen = [kept[key] for key in own if key in kept]
        verdicts = [str(each["verdict"]) for each in seen]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts)) or "not run"
        bad = [each for each in seen if _is_bad(each, is_wrong)]
        wrong += len(bad)
        told = str((bad or seen or [{"said": ""}])[0]["said"]).replace("|", "\\|")
        named = "" if not is_wrong else "yes" if seen and seen[0]["named"] else "no"
        has_to = "fail" if is_wrong else "pass"
        print(f"| {lab} | `{proof}` | {name} | {has_to} | {counts} | {named} | {told} |")
    return wrong


def _is_bad(seen: dict[str, object], is_wrong: bool) -> bool:
    """Say whether a run is not as it has to be; one that says nothing is only run again."""
    if seen["verdict"] == ProofVerdict.INVALID:
        return False
    return not seen["named"] if is_wrong else seen["verdict"] != ProofVerdict.PASSED
