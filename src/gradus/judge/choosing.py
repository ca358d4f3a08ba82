"""Which claims of a lab can be asked for alone, the smallest first.

It must not judge: it says in which order to try.
"""

import ast
import hashlib

from gradus.check import Claim
from gradus.core.lab import EntryKind, Lab
from gradus.core.submission import Submission
from gradus.judge.examples import CHEAP
from gradus.judge.specification import load_specification
from gradus.judge.submissions import starter_submission


def small_claims(lab: Lab, seed: int) -> tuple[Claim, ...]:
    """Return a lab's claims in an order that a seed decides, those that cost little first.

    A claim is small where its examples are cheap, or where it has but one that nothing is drawn
    for; the others train a model or start programs. Raises `ContentError` as the check does.
    """

    def place(claim: Claim) -> tuple[bool, bytes]:
        name = f"{seed} {claim.name}".encode()
        return not _is_small(claim), hashlib.sha256(name).digest()

    return tuple(sorted(load_specification(lab).claims, key=place))


def hollow_submissions(lab: Lab, case_seed: int) -> tuple[Submission, ...]:
    """Return what hands in nothing: the starter, and for Python what returns None or its input.

    A claim that one of them keeps says little of whether something is still known.
    """
    starter = starter_submission(lab, case_seed)
    found = [starter]
    entry = lab.entry
    if entry.kind in (EntryKind.FUNCTION, EntryKind.MODULE) and entry.path in starter.files:
        for gives_input in (False, True):
            text = _hollow(starter.files[entry.path].decode(), gives_input)
            files = {**starter.files, entry.path: text.encode()}
            found.append(Submission(files, case_seed))
    return tuple(found)


def _hollow(source: str, gives_input: bool) -> str:
    """Return a module in which every function returns None, or its first argument."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args if each.arg != "self"]
            value = ast.Name(names[0], ast.Load()) if gives_input and names else None
            node.body = [ast.Return(value)]
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_small(claim: Claim) -> bool:
    if {"another", "place"} & set(claim.given):
        return False
    return claim.examples >= CHEAP or not (claim.inputs or "rng" in claim.given)
