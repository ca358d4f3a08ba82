"""Rules about the proofs that a lab asks for; nothing is proved here, the kill matrix does that."""

from collections.abc import Iterator

from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.lab import LabProof
from gradus.core.names import did_you_mean
from gradus.judge import reference_submission
from gradus.judge.proof_rows import draw_rows, quoted_rows
from gradus.prover.proof import all_proofs

SEEDS = (1, 2)
"""Seeds whose rows are compared."""
OF_THE_LAB = ("labels", "guards")
"""What a lab declares itself, so that no project chooses by what it is measured."""


@rule(
    "proof-known",
    reason="A proof that does not exist, or that lacks what it needs, can be passed by nobody.",
    remedy="Use names of docs/proving, and declare [proof.labels] and [proof.guards] for those "
    "that need them.",
    after=("lab-file",),
)
def proof_known(bench: Bench) -> Iterator[Sighting]:
    """Every proof that a lab asks for exists, and the lab declares by what it is measured."""
    if (asked := bench.lab.proof) is None:
        return
    known = {each.name: each for each in all_proofs()}
    for name in asked.names:
        if name not in known:
            said = f"There is no proof '{name}'.{did_you_mean(name, known)}"
            yield _at(bench, said, "names", value=name)
            continue
        for part, lacks in _lacking(asked, known[name].needs):
            yield _at(bench, f"'{name}' needs {lacks}.", part)


@rule(
    "proof-catches",
    reason="A proof that no known-wrong project fails may pass for everything.",
    remedy="Name in [proof.catches] the variants that fail it, or add one under wrong/.",
    after=("proof-known",),
)
def proof_catches(bench: Bench) -> Iterator[Sighting]:
    """Every proof of a lab catches a variant, and every name that it catches exists."""
    if (asked := bench.lab.proof) is None:
        return
    known = [each.name for each in bench.variants]
    for proof in asked.names:
        if not asked.catches.get(proof):
            yield _at(bench, f"'{proof}' catches nothing.", "catches")
        for name in asked.catches.get(proof, ()):
            if name not in known:
                said = f"There is no variant '{name}'.{did_you_mean(name, known)}"
                yield _at(bench, said, "catches", proof, value=name)


@rule(
    "proof-rows",
    reason="Rows that are always the same can be learnt by heart, and rows that a seed does not "
    "give again make a run that nobody can repeat.",
    remedy="Draw everything in rows.py from its seed.",
    after=("check-imports", "proof-known"),
)
def proof_rows(bench: Bench) -> Iterator[Sighting]:
    """`rows.py` gives other rows for another seed, and the same for the same one."""
    if bench.lab.proof is None:
        return
    first, other = (draw_rows(bench.lab, seed) for seed in SEEDS)
    path = bench.folder / "rows.py"
    if draw_rows(bench.lab, SEEDS[0]) != first:
        yield Sighting("The same seed gives other rows when it is drawn again.", path)
    if first.sent == other.sent or (first.labelled and first.labelled == other.labelled):
        yield Sighting("Another seed gives the same rows.", path)
    files = reference_submission(bench.lab).files
    quoted = quoted_rows(bench.lab, files, first.sent[0])
    if quoted is not None and quoted.fault:
        yield Sighting(f"Of the reference it quotes nothing: {quoted.fault}.", path)


def _lacking(asked: LabProof, needs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a proof needs and the lab does not declare: its part, and how that is called."""
    for part in OF_THE_LAB:
        if any(each.split(".")[0] == part for each in needs) and getattr(asked, part) is None:
            yield part, f"a part [proof.{part}]"
    if "labels.baseline" in needs and asked.labels is not None and not asked.labels.baseline:
        yield "labels", "'baseline' in [proof.labels]"


def _at(bench: Bench, message: str, *way: str, value: str | None = None) -> Sighting:
    keys = ("proof", *way)
    declared = bench.declaration
    line = declared.line_of_value(keys, value) if value else declared.line(keys)
    return Sighting(message, declared.path, line)
