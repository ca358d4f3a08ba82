"""Harmless rewrites: right work in another style is right work, and this makes the other styles.

A rewrite keeps behaviour by construction and refuses where it cannot be sure. The folders are the
registry. Nothing here judges, and nothing here runs what it rewrites.
"""

import ast
import random
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from gradus.conformance.rewriting import python, sql
from gradus.conformance.rewriting.rewrite import CODE, Page, Rewrite
from gradus.conformance.rewriting.tree import stored
from gradus.core.lab import EntryKind, Lab

__all__ = ["Rewrite", "composed", "every_rewrite", "fitting", "rewritten"]


@cache
def every_rewrite() -> dict[str, Rewrite]:
    """Return every rewrite by its name: those of trees first, in the order of the modules."""
    found: list[Rewrite] = []
    for package in (python, sql):
        for module in sorted(each.name for each in iter_modules(package.__path__)):
            loaded = import_module(f"{package.__name__}.{module}")
            found += [each for each in vars(loaded).values() if isinstance(each, Rewrite)]
    found.sort(key=lambda each: each.change is None)
    return {each.name: each for each in found}


def fitting(lab: Lab) -> list[Rewrite]:
    """Return the rewrites that a lab's entry and its `[styles]` allow."""
    allowed, refused = set(lab.styles.allows), set(lab.styles.refuses)
    return [
        each
        for each in every_rewrite().values()
        if lab.entry.kind in each.kinds
        and each.name not in refused
        and (not each.asks or each.name in allowed)
    ]


def rewritten(
    source: str, rewrites: Iterable[Rewrite], seed: int, lab: Lab
) -> tuple[str, list[str]]:
    """Return a text after some rewrites, and the names of those that changed it.

    Those of trees come first, since they write the text anew.
    """
    rng = random.Random(f"{seed} {lab.id}")
    ordered = sorted(rewrites, key=lambda each: each.change is None)
    applied = []
    for each in ordered:
        changed = _one(each, source, rng, lab)
        if changed is not None and changed != source:
            source = changed
            applied.append(each.name)
    return source, applied


def composed(
    source: str, rewrites: Sequence[Rewrite], seed: int, lab: Lab, most: int = 8
) -> tuple[str, list[str]]:
    """Return a text after several rewrites in a drawn order, and the names of those."""
    rng = random.Random(f"composed {seed} {lab.id}")
    chosen = rng.sample(rewrites, min(len(rewrites), rng.randint(most // 2, most)))
    return rewritten(source, chosen, seed, lab)


def _one(each: Rewrite, source: str, rng: random.Random, lab: Lab) -> str | None:
    if each.change_text is not None:
        return each.change_text(source, rng)
    assert each.change is not None
    collected = lab.entry.kind in CODE and not lab.entry.names
    collected = collected or lab.entry.kind in (EntryKind.SERVICE, EntryKind.COMMAND)
    page = Page(ast.parse(source), rng, _public(lab), collected)
    if not each.change(page):
        return None
    return ast.unparse(ast.fix_missing_locations(page.tree)) + "\n"


def _public(lab: Lab) -> frozenset[str]:
    """Return the names that a check may ask for: those of the entry, and all of the starter."""
    names = set(lab.entry.names)
    starter = lab.folder / "starter" / lab.entry.path
    if starter.is_file():
        for each in ast.parse(starter.read_text(encoding="utf-8")).body:
            names |= stored([each])
    return frozenset(names)
