"""Rules about `check.py` as a text and as a specification."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from gradus.check import Claim
from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.names import did_you_mean

TRUSTED_FILES = ("check.py", "make_case.py", "rows.py")
ALLOWED = {"numpy", "pyarrow", "simulators"}
FEWEST_WORDS = 3


@rule(
    "check-imports",
    reason="The oracle may not come from the learner, and the judge has no other library.",
    remedy="Import the standard library, NumPy, gradus.check, and simulators that lab.toml names.",
    after=("required-files",),
)
def check_imports(bench: Bench) -> Iterator[Sighting]:
    """What runs in the judge imports nothing of the learner's and nothing that is not there."""
    named = {f"simulators.{path.stem}" for path in bench.lab.simulators}
    for path, tree in _trusted(bench):
        for node, module in _imports(tree):
            root = module.split(".")[0]
            if root == "simulators" and module not in named:
                said = f"lab.toml does not name the simulator '{module}'."
                yield Sighting(said, path, node.lineno)
            elif module == "gradus.check" or module.startswith("gradus.check."):
                continue
            elif root not in ALLOWED and root not in sys.stdlib_module_names:
                yield Sighting(f"It imports '{module or '.'}'.", path, node.lineno)


@rule(
    "no-bare-assert",
    reason="An assert stops the judge instead of telling the learner what was wrong.",
    remedy="Say it with an answer: `f(x).must_equal(y)`, or observe(…).must_….",
    after=("required-files",),
)
def no_bare_assert(bench: Bench) -> Iterator[Sighting]:
    """No assert stands in what runs in the judge."""
    for path, tree in _trusted(bench):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert):
                yield Sighting("Here is a bare assert.", path, node.lineno)


@rule(
    "check-loads",
    reason="A check that does not load judges nobody.",
    remedy="Mend it until it loads and declares a claim.",
    after=("check-imports",),
)
def check_loads(bench: Bench) -> Iterator[Sighting]:
    """check.py loads and declares at least one claim."""
    _ = bench.specification
    yield from ()


@rule(
    "check-says",
    reason="The first sentence of a check says what it judges.",
    remedy="Begin check.py with a docstring of one sentence.",
    after=("check-loads",),
)
def check_says(bench: Bench) -> Iterator[Sighting]:
    """check.py says in one sentence what it judges."""
    path, tree = next(iter(_trusted(bench)))
    said = (ast.get_docstring(tree) or "").strip()
    first = said.split("\n\n")[0]
    if not first.endswith(".") or len(first) < len("A sentence."):
        yield Sighting("Its docstring does not say in a sentence what is judged.", path, 1)


@rule(
    "claim-sentence",
    reason="A claim is what the learner reads: true of correct work, and said once.",
    remedy="Write one whole sentence that no other claim of the lab has.",
    after=("check-loads",),
)
def claim_sentence(bench: Bench) -> Iterator[Sighting]:
    """Every claim is a sentence of its own."""
    seen: set[str] = set()
    for claim in bench.specification.claims:
        sentence = claim.sentence
        if sentence in seen:
            yield _at(bench, claim, f"'{sentence}' is claimed twice.")
        elif not sentence.endswith(".") or len(sentence.split()) < FEWEST_WORDS:
            yield _at(bench, claim, f"'{sentence}' is no whole sentence.")
        seen.add(sentence)


@rule(
    "claim-catches",
    reason="A claim that no known-wrong work fails may hold for everything.",
    remedy="Name in `catches` the variants that fail it, or add one under wrong/.",
    after=("check-loads",),
)
def claim_catches(bench: Bench) -> Iterator[Sighting]:
    """Every claim catches a variant, and every name that it catches exists."""
    known = [each.name for each in bench.variants]
    for claim in bench.specification.claims:
        if not claim.catches:
            yield _at(bench, claim, f"'{claim.sentence}' catches nothing.")
        for name in (*claim.catches, *claim.may_catch):
            if name not in known:
                hint = did_you_mean(name, known)
                yield _at(bench, claim, f"There is no variant '{name}'.{hint}")


@rule(
    "variant-caught",
    reason="A variant that no claim names shows nothing about the check.",
    remedy="Name it in the `catches` of the claim, or of the proof, that it fails, or remove it.",
    after=("check-loads",),
)
def variant_caught(bench: Bench) -> Iterator[Sighting]:
    """Every variant belongs to the mistakes that a claim, or a proof of the lab, knows."""
    caught = {name for claim in bench.specification.claims for name in claim.catches}
    caught |= bench.lab.proof.variants if bench.lab.proof else set()
    known = [each.name for each in bench.variants]
    for name in known:
        if name not in caught:
            yield Sighting(f"No claim catches '{name}'.", bench.folder / "wrong")
    for each in bench.specification.diagnostics:
        if each.variant not in known:
            hint = did_you_mean(each.variant, known)
            said = f"A diagnostic is for '{each.variant}', which is no variant.{hint}"
            yield Sighting(said, bench.folder / "check.py", each.test.__code__.co_firstlineno)


def _at(bench: Bench, claim: Claim, message: str) -> Sighting:
    line = claim.test.__code__.co_firstlineno
    return Sighting(message, bench.folder / "check.py", line)


def _trusted(bench: Bench) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the files that run in the judge, parsed; one that does not parse is left to load."""
    for name in TRUSTED_FILES:
        path = bench.folder / name
        if path.is_file():
            try:
                yield path, ast.parse(bench.text(name))
            except (SyntaxError, ValueError):
                yield path, ast.Module(body=[], type_ignores=[])


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield node, each.name
        elif isinstance(node, ast.ImportFrom):
            module = "" if node.level else node.module or ""
            if module == "simulators":
                for each in node.names:
                    yield node, f"simulators.{each.name}"
            else:
                yield node, module
