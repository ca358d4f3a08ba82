"""Mutants of a lab with proofs: its program is changed a little, checked, and proved as a whole.

python -m benchmarks.proof_mutants [--lab LAB] [--file PATH] [--draw N] [--minutes N] [--whole]

What lives costs two minutes, so mutants come in an order that is drawn, and the first ones are a
fair sample of all. Where the training is changed, the project is trained anew first, as whoever
wrote it would have done; the version and the AUC are put where the old ones stood. A mutant is dead
where it does not train, where the check fails it, or where a proof does, in its short run unless
`--whole` is asked for. Tests of the project are not changed, since nothing that judges runs them.
Goes on where it was stopped.
"""

import argparse
import hashlib
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from gradus.conformance.mutation.mutant import Mutant
from gradus.conformance.mutation.mutants import mutants_of_file
from gradus.core.lab import Lab
from gradus.core.proof import ProofVerdict
from gradus.core.submission import Submission
from gradus.core.verdict import Verdict
from gradus.desk.environments import commands_path, find_runtime
from gradus.judge import Pool, judge, read_submission, reference_submission
from gradus.prover.bounds import share_at_most
from gradus.prover.proof import find_proofs
from gradus.prover.running import Asked

from .lab_matrix import START, catalogue, lay, proved, said

FILE = "proof-mutants.jsonl"
SEED = 1000
TRAINS_WITHIN = 60.0
"""Seconds, of which the reference takes five."""
DEAD, ALIVE, UNCLEAR = "dead", "alive", "unclear"
SURE = 0.95


@dataclass(frozen=True)
class Fate:
    """What became of one mutant."""

    fate: str
    """`dead`, `alive`, or `unclear` where a run said nothing."""
    by: str = ""
    """`training`, `check`, or the proof that decided."""
    why: str = ""
    """What was seen."""


def mutants(lab: Lab, only: str = "") -> list[Mutant]:
    """Return every mutant of the Python files of a reference, without those of its tests."""
    whole = reference_submission(lab)
    found: list[Mutant] = []
    for path, content in sorted(whole.files.items()):
        is_test = path.split("/")[0] == "tests"
        if path.endswith(".py") and not is_test and only in ("", path):
            found += mutants_of_file(whole, path, content.decode(), "python")
    return found


def fate(
    lab: Lab, mutant: Mutant, pool: Pool, path: dict[str, str], *, whole: bool = False
) -> Fate:
    """Train, check and prove a mutant until something notices it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        lay(mutant.submission, folder)
        if mutant.name.file in record_of(folder)[1].get("code", {}):
            why = train_anew(folder, path)
            if why:
                return Fate(DEAD, "training", why)
        refused = checked(lab, read_submission(lab, folder), pool)
        return refused or met(lab, folder, path, whole=whole)


def record_of(folder: Path) -> tuple[str, dict[str, Any]]:
    """Return the path and the content of the record of a project."""
    declared = tomllib.loads((folder / "gradus.toml").read_text(encoding="utf-8"))
    name = declared["project"]["record"]
    return name, json.loads((folder / name).read_text(encoding="utf-8"))


def train_anew(folder: Path, path: dict[str, str]) -> str:
    """Make a version with the project's own command and put it into service; return why not."""
    name, before = record_of(folder)
    declared = tomllib.loads((folder / "gradus.toml").read_text(encoding="utf-8"))
    shutil.rmtree((folder / name).parent)
    try:
        ran = subprocess.run(
            shlex.split(declared["project"]["train"]),
            cwd=folder,
            env={**os.environ, **path},
            capture_output=True,
            text=True,
            timeout=TRAINS_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it does not come to an end"
    version = (ran.stdout.split() or [""])[-1]
    if ran.returncode or not version:
        return (ran.stderr.splitlines() or ["it prints no version"])[-1][:300]
    _replace(folder, before["version"], version)
    try:
        after = record_of(folder)[1]
        for figure in ("auc", "baseline_auc"):
            _replace(folder, f"{before['metrics'][figure]:.3f}", f"{after['metrics'][figure]:.3f}")
    except (OSError, ValueError, KeyError, TypeError) as fault:
        return f"no record of {version}: {type(fault).__name__}: {fault}"
    return ""


def _replace(folder: Path, old: str, new: str) -> None:
    """Put a word in the place of another in what a person writes by hand, and in what serves."""
    for path in (*folder.glob("*.md"), folder / "gradus.toml", *folder.glob("*/current")):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def checked(lab: Lab, submission: Submission, pool: Pool) -> Fate | None:
    """Return who refuses a project before any proof; None where it passes."""
    seen = judge(lab, submission, seed=1, pool=pool, quick=True, name_mistakes=False, shrink=False)
    if seen.verdict is Verdict.PASSED:
        return None
    failed = [each.sentence for each in seen.claims if not each.held]
    why = (seen.reason.splitlines() or failed)[0]
    return Fate(UNCLEAR if seen.verdict is Verdict.UNJUDGED else DEAD, "check", why)


def met(lab: Lab, folder: Path, path: dict[str, str], *, whole: bool = False) -> Fate:
    """Prove a project proof by proof until one fails."""
    assert lab.proof is not None, f"{lab.id} asks for no proof"
    silent = []
    for each in find_proofs(lab.proof.names):
        asked = Asked((each.name,), SEED, quick=not whole)
        for outcome in proved(lab, folder, asked, path):
            if outcome.verdict is ProofVerdict.FAILED:
                return Fate(DEAD, outcome.proof, said(outcome))
            if outcome.verdict is ProofVerdict.INVALID:
                silent.append(outcome.proof)
        shutil.rmtree(folder.with_name("logs"), ignore_errors=True)
    return Fate(UNCLEAR, ", ".join(silent), "said nothing") if silent else Fate(ALIVE)


def stamp(lab: Lab, *, whole: bool = False) -> str:
    """Return a digest of everything that a fate depends on, beside the mutant."""
    from .kill_matrix import version

    assert lab.proof is not None, f"{lab.id} asks for no proof"
    parts = [lab.version, str(whole), *(version(each) for each in (START, *lab.proof.names))]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def drawn(found: list[Mutant], seed: int) -> list[Mutant]:
    """Return mutants in an order of chance."""
    return random.Random(seed).sample(found, len(found))


def read_kept(place: Path, version: str) -> dict[str, Fate]:
    """Return what is known of mutants, by their digest; a line that a kill tore is left out."""
    kept = {}
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    if text and not text.endswith("\n"):
        with place.open("a", encoding="utf-8") as stream:
            stream.write("\n")
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if record["version"] == version:
            kept[record["mutant"]] = Fate(record["fate"], record["by"], record["why"])
    return kept


def report(found: list[Mutant], kept: dict[str, Fate]) -> str:
    """Return who noticed how many, and each mutant that nobody noticed, as a diff."""
    tried = [(m, one) for m in found if (one := kept.get(m.submission.digest)) is not None]
    lines = [
        "| file | mutants | tried | dead | alive | unclear |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name in sorted({each.name.file for each in found}):
        own = Counter(one.fate for each, one in tried if each.name.file == name)
        n_all = sum(each.name.file == name for each in found)
        cells = (n_all, own.total(), own[DEAD], own[ALIVE], own[UNCLEAR])
        lines.append(f"| `{name}` | {' | '.join(map(str, cells))} |")
    by = Counter(one.by for _, one in tried if one.fate == DEAD)
    lines += ["", "Dead by: " + ", ".join(f"{name} {n}" for name, n in by.most_common()) + "."]
    n_alive, n_judged = (
        sum(one.fate in of for _, one in tried) for of in ((ALIVE,), (ALIVE, DEAD))
    )
    if n_judged:
        most = share_at_most(n_alive, n_judged, SURE)
        lines.append(f"Alive: {n_alive} of {n_judged}, at most {most:.1%} of all, {SURE:.0%} sure.")
    for mutant, one in tried:
        if one.fate != DEAD:
            lines += ["", f"{mutant.name.file}:{mutant.at}: {mutant.name.operator}: {one.fate}"]
            lines += [f"    {line}" for line in [*mutant.diff().splitlines(), one.by] if line]
    return "\n".join(lines)


def is_open(mutant: Mutant, kept: dict[str, Fate]) -> bool:
    """Say whether a mutant is still to be tried, or to be tried once more."""
    one = kept.get(mutant.submission.digest)
    return one is None or one.fate == UNCLEAR


def main() -> int:
    """Try what is left of the order, as long as there is time, and print what became of it."""
    parser = argparse.ArgumentParser(prog="proof_mutants", description=__doc__)
    parser.add_argument("--lab", default="raw-data-to-live-api", help="a lab with proofs")
    parser.add_argument("--file", default="", help="one file of its reference")
    parser.add_argument("--draw", type=int, default=1, help="what the order is drawn from")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin nothing after this time")
    parser.add_argument("--whole", action="store_true", help="whole proofs, not the short ones")
    asked = parser.parse_args()
    lab = catalogue().labs[asked.lab]
    path = commands_path(catalogue(), lab)
    place = Path(platformdirs.user_cache_dir("gradus")) / FILE
    place.parent.mkdir(parents=True, exist_ok=True)
    version = stamp(lab, whole=asked.whole)
    kept = read_kept(place, version)
    found = drawn(mutants(lab, asked.file), asked.draw)
    end = time.monotonic() + asked.minutes * 60
    with Pool(find_runtime(catalogue())) as pool:
        for number, each in enumerate(found, 1):
            if not is_open(each, kept) or time.monotonic() > end:
                continue
            began = time.monotonic()
            one = kept[each.submission.digest] = fate(lab, each, pool, path, whole=asked.whole)
            record = {"version": version, "mutant": each.submission.digest, **asdict(one)}
            with place.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(record) + "\n")
            took = f"{time.monotonic() - began:.0f} s"
            print(
                f"{number}/{len(found)} {each.name.file}:{each.at} {one.fate} {one.by} {took}",
                flush=True,
            )
    print(report(found, kept))
    return 0


if __name__ == "__main__":
    sys.exit(main())
