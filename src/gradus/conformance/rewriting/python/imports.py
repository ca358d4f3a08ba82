"""Other ways to import the same things.

Only modules whose names stay what they were when they were imported.
"""

import ast

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    fresh,
    is_bound_once,
    looks_at_names,
    name_of_module,
    read,
    replace,
    statement,
)

STEADY = ("numpy", "math", "itertools", "functools", "collections", "statistics", "operator", "re")
"""Modules whose attributes nobody replaces."""


@rewrite()
def modules_by_full_name(page: Page) -> bool:
    """`import numpy as np` becomes `import numpy`."""
    changed = False
    for each in page.tree.body:
        for alias in each.names if isinstance(each, ast.Import) else ():
            short, full = alias.asname, alias.name
            if short is None or "." in full:
                continue
            taken = [n for n in ast.walk(page.tree) if isinstance(n, ast.Name) and n.id == full]
            if taken or not is_bound_once(page.tree, short) or looks_at_names(page.tree):
                continue
            if full in _words(page.tree):
                continue
            for name in ast.walk(page.tree):
                if isinstance(name, ast.Name) and name.id == short:
                    name.id = full
            alias.asname = None
            changed = True
    return changed


def _words(tree: ast.Module) -> set[str]:
    """Return every parameter and local import."""
    return {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}


@rewrite()
def modules_by_another_name(page: Page) -> bool:
    """`import numpy as np` becomes `import numpy as` something else."""
    changed = False
    for each in page.tree.body:
        for alias in each.names if isinstance(each, ast.Import) else ():
            old = alias.asname or alias.name
            if "." in old or not is_bound_once(page.tree, old) or looks_at_names(page.tree):
                continue
            alias.asname = fresh(page.tree, f"{alias.name.split('.')[-1]}_lib")
            for name in ast.walk(page.tree):
                if isinstance(name, ast.Name) and name.id == old:
                    name.id = alias.asname
            changed = True
    return changed


@rewrite()
def names_from_modules(page: Page) -> bool:
    """`import numpy as np` becomes `from numpy import …`."""
    changed = False
    for module in STEADY:
        name = name_of_module(page.tree, module)
        if name is None or looks_at_names(page.tree):
            continue
        used = _attributes(page.tree, name)
        if not used or _is_used_otherwise(page.tree, name):
            continue
        names = {attr: fresh(page.tree, f"{module}_{attr}") for attr in sorted(used)}
        replace(
            page.tree, [(node, read(names[node.attr])) for many in used.values() for node in many]
        )
        taken = ", ".join(f"{attr} as {new}" for attr, new in names.items())
        place = next(i for i, each in enumerate(page.tree.body) if _imports(each, name))
        page.tree.body.insert(place, statement(f"from {module} import {taken}"))
        changed = True
    return changed


def _imports(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Import) and any((a.asname or a.name) == name for a in node.names)


def _attributes(tree: ast.Module, name: str) -> dict[str, list[ast.Attribute]]:
    found: dict[str, list[ast.Attribute]] = {}
    for each in ast.walk(tree):
        if (
            isinstance(each, ast.Attribute)
            and isinstance(each.value, ast.Name)
            and each.value.id == name
            and isinstance(each.ctx, ast.Load)
        ):
            found.setdefault(each.attr, []).append(each)
    return found


def _is_used_otherwise(tree: ast.Module, name: str) -> bool:
    """Return whether the module itself is handed on, or an attribute of it is written."""
    attributes = sum(map(len, _attributes(tree, name).values()))
    names = sum(isinstance(each, ast.Name) and each.id == name for each in ast.walk(tree))
    return names != attributes


@rewrite()
def modules_for_names(page: Page) -> bool:
    """`from math import sqrt` becomes `import math` and `math.sqrt`."""
    changed = False
    for place, each in enumerate(page.tree.body):
        if not isinstance(each, ast.ImportFrom) or each.level or each.module not in STEADY:
            continue
        names = {alias.asname or alias.name: alias.name for alias in each.names}
        if "*" in names or not all(is_bound_once(page.tree, name) for name in names):
            continue
        if looks_at_names(page.tree):
            continue
        module = fresh(page.tree, f"{each.module}_module")
        replace(
            page.tree,
            [
                (node, ast.Attribute(read(module), names[node.id], ast.Load()))
                for node in ast.walk(page.tree)
                if isinstance(node, ast.Name) and node.id in names
            ],
        )
        page.tree.body[place] = statement(f"import {each.module} as {module}")
        changed = True
    return changed
