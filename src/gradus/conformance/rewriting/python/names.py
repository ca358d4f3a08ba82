"""Other names for what nobody outside the file asks for.

A name is changed everywhere in its scope at once, and only where it is never met as a text.
"""

import ast

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    Function,
    every_function,
    fresh,
    functions,
    holds,
    looks_at_names,
    own,
    parameters,
    read,
    replace,
    statement,
    stored,
    top,
)


@rewrite()
def locals_renamed(page: Page) -> bool:
    """Local variables get other names."""
    changed = False
    for function in every_function(page.tree):
        for name in sorted(_renamable(function)):
            _rename(function, name, fresh(page.tree, f"{name}_here"))
            changed = True
    return changed


def _renamable(function: Function) -> set[str]:
    """Return the local variables of a function that are written by plain assignment alone."""
    if looks_at_names(function) or holds(function, ast.ClassDef, ast.Global, ast.Nonlocal):
        return set()
    written = {
        each.id
        for each in own(function.body)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    return written - _written_otherwise(function) - set(parameters(function))


def _written_otherwise(function: Function) -> set[str]:
    """Return names that a parameter, an import, a function or a pattern writes below."""
    found: set[str] = set()
    for each in ast.walk(function):
        if isinstance(each, ast.ExceptHandler):
            found.add(each.name or "")
        elif isinstance(each, ast.arg | ast.alias | ast.MatchAs | ast.MatchStar):
            found |= stored([each])
        elif isinstance(each, ast.MatchMapping):
            found.add(each.rest or "")
        elif isinstance(each, Function) and each is not function:
            found.add(each.name)
    return found


def _rename(tree: ast.AST, old: str, new: str) -> None:
    for each in ast.walk(tree):
        if isinstance(each, ast.Name) and each.id == old:
            each.id = new


@rewrite()
def helpers_renamed(page: Page) -> bool:
    """Functions that only the file itself calls get other names."""
    if page.collected or looks_at_names(page.tree):
        return False
    changed = False
    for function in functions(page.tree):
        old = function.name
        if page.is_public(old) or not _is_alone(page.tree, function):
            continue
        new = fresh(page.tree, f"{old.strip('_')}_of_mine")
        _rename(page.tree, old, new)
        function.name = new
        changed = True
    return changed


@rewrite()
def constants_renamed(page: Page) -> bool:
    """Values that only the file itself reads get other names."""
    if page.collected or looks_at_names(page.tree):
        return False
    changed = False
    for each in page.tree.body:
        target = each.targets[0] if isinstance(each, ast.Assign) else None
        if not isinstance(target, ast.Name) or page.is_public(target.id):
            continue
        if not _is_alone(page.tree, target):
            continue
        new = fresh(page.tree, f"{target.id.strip('_')}_AS_SAID".upper())
        _rename(page.tree, target.id, new)
        changed = True
    return changed


def _is_alone(tree: ast.Module, binder: ast.FunctionDef | ast.Name) -> bool:
    """Return whether a name of the file is bound there and nowhere else, in no class either."""
    name = binder.name if isinstance(binder, ast.FunctionDef) else binder.id
    others = 0
    for each in ast.walk(tree):
        if each is binder:
            continue
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            continue
        if isinstance(each, ast.Name):
            others += each.id == name
        elif isinstance(each, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            others += each.name == name
        elif isinstance(each, ast.MatchMapping):
            others += each.rest == name
        elif isinstance(each, ast.arg | ast.alias | ast.Global | ast.Nonlocal):
            others += name in stored([each])
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            others += each.name == name
        elif isinstance(each, ast.Constant) and each.value == name:
            others += 1
    return others == 0


@rewrite()
def numbers_named(page: Page) -> bool:
    """Numbers inside functions become constants of the file."""
    bare = [
        (each, each.value)
        for function in functions(page.tree)
        for each in _numbers_of(function)
        if isinstance(each.value, int | float) and not isinstance(each.value, bool)
    ]
    named = {value for _, value in bare if abs(value) not in (0, 1, 2)}
    pairs: list[tuple[ast.AST, ast.AST]] = []
    place = top(page.tree)
    for number, value in enumerate(sorted(named), 1):
        name = fresh(page.tree, f"NUMBER_{number}")
        page.tree.body.insert(place, statement(f"{name} = {value!r}"))
        pairs += [
            (each, read(name))
            for each, known in bare
            if known == value and type(known) is type(value)
        ]
    return replace(page.tree, pairs)


def _numbers_of(function: ast.FunctionDef) -> list[ast.Constant]:
    """Return the numbers of a function's body that are expressions of their own."""
    found: list[ast.Constant] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant):
            found.append(node)
        if isinstance(node, ast.JoinedStr | ast.match_case | ast.arguments | ast.AnnAssign):
            continue
        if isinstance(node, ast.ClassDef | ast.Lambda):
            continue
        waiting += list(ast.iter_child_nodes(node))
    return found
