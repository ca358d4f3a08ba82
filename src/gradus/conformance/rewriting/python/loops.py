"""Loops as comprehensions, comprehensions as loops, loops by hand."""

import ast

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    Function,
    every_function,
    fresh,
    holds,
    is_builtin,
    occurrences,
    own_blocks,
    read,
    replace,
    statement,
    stored,
    write,
)

UNSURE = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.AsyncFor)
WHOLE = ("list", "tuple", "set", "sorted", "sum", "min", "max")
"""Builtins that read every item of what they are given."""


@rewrite()
def loops_to_comprehensions(page: Page) -> bool:
    """A list that a loop appends to becomes a comprehension."""
    changed = False
    for function in every_function(page.tree):
        if holds(function, ast.Try, ast.Global, ast.Nonlocal):
            continue
        for body in own_blocks(function):
            for place in range(len(body) - 1):
                made = _comprehension(function, body, place)
                if made is not None:
                    body[place : place + 2] = [made]
                    changed = True
                    break
    return changed


def _comprehension(function: Function, body: list[ast.stmt], place: int) -> ast.stmt | None:
    first, loop = body[place], body[place + 1]
    name = _empty_list(first)
    if name is None or not isinstance(loop, ast.For) or loop.orelse or len(loop.body) != 1:
        return None
    inner, tests = loop.body[0], []
    if isinstance(inner, ast.If) and not inner.orelse and len(inner.body) == 1:
        tests, inner = [inner.test], inner.body[0]
    item = _appended(inner, name)
    if item is None or holds(loop, *UNSURE, ast.Lambda):
        return None
    if any(occurrences(each, name) for each in (item, loop.iter, *tests)):
        return None
    own = stored([loop.target])
    if any(occurrences(function, each) != occurrences(loop, each) for each in own):
        return None
    if any(occurrences(loop.iter, each) for each in own) or holds(loop.target, ast.Attribute):
        return None
    if holds(loop.target, ast.Subscript):
        return None
    generator = ast.comprehension(loop.target, loop.iter, tests, 0)
    return ast.Assign([write(name)], ast.ListComp(item, [generator]))


def _empty_list(node: ast.stmt) -> str | None:
    target: ast.expr
    if isinstance(node, ast.AnnAssign):
        target, value = node.target, node.value
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
    else:
        return None
    is_empty = isinstance(value, ast.List) and not value.elts
    return target.id if is_empty and isinstance(target, ast.Name) else None


def _appended(node: ast.stmt, name: str) -> ast.expr | None:
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 1:
        return None
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "append":
        return None
    is_ours = isinstance(function.value, ast.Name) and function.value.id == name
    return call.args[0] if is_ours and not isinstance(call.args[0], ast.Starred) else None


@rewrite()
def comprehensions_to_loops(page: Page) -> bool:
    """A comprehension that is returned or assigned becomes a loop that appends."""
    changed = False
    for function in every_function(page.tree):
        for body in own_blocks(function):
            for place, each in enumerate(body):
                if not isinstance(each, ast.Return | ast.Assign):
                    continue
                value = each.value
                if not isinstance(value, ast.ListComp) or not _is_sure(value):
                    continue
                name = fresh(page.tree, "gathered")
                loop = _loop(page, value, name)
                each.value = read(name)
                body[place:place] = [statement(f"{name} = []"), loop]
                changed = True
                break
    return changed


def _is_sure(value: ast.ListComp) -> bool:
    if holds(value, *UNSURE, ast.Lambda) or any(each.is_async for each in value.generators):
        return False
    inner = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return sum(isinstance(each, inner) for each in ast.walk(value)) == 1


def _loop(page: Page, value: ast.ListComp, name: str) -> ast.stmt:
    """Return the loops of a comprehension whose variables have names of their own."""
    names = {
        old: fresh(page.tree, f"{old}_of_{name}")
        for each in value.generators
        for old in stored([each.target])
    }
    first, *_ = value.generators
    outside = {id(node) for node in ast.walk(first.iter)}
    for node in ast.walk(value):
        if isinstance(node, ast.Name) and node.id in names and id(node) not in outside:
            node.id = names[node.id]
    append = ast.Attribute(read(name), "append", ast.Load())
    inner: ast.stmt = ast.Expr(ast.Call(append, [value.elt], []))
    for each in reversed(value.generators):
        for test in reversed(each.ifs):
            inner = ast.If(test, [inner], [])
        inner = ast.For(each.target, each.iter, [inner], [])
    return inner


@rewrite()
def loops_unpack_inside(page: Page) -> bool:
    """`for a, b in pairs` becomes a loop that unpacks in its first line."""
    changed = False
    for each in ast.walk(page.tree):
        if isinstance(each, ast.For) and isinstance(each.target, ast.Tuple):
            name = fresh(page.tree, "whole_item")
            each.body.insert(0, ast.Assign([each.target], read(name)))
            each.target = write(name)
            changed = True
    return changed and not _in_class(page.tree)


def _in_class(tree: ast.Module) -> bool:
    """Return whether a loop stands in a class itself, where its variables are attributes."""
    return any(
        isinstance(each, ast.For)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for each in node.body
    )


@rewrite()
def loops_by_hand(page: Page) -> bool:
    """A `for` becomes a `while` that asks an iterator."""
    if not all(is_builtin(page.tree, each) for each in ("iter", "next", "StopIteration")):
        return False
    changed = False
    for function in every_function(page.tree):
        for body in own_blocks(function):
            for place, each in enumerate(body):
                if isinstance(each, ast.For) and not each.orelse:
                    body[place : place + 1] = _by_hand(page, each)
                    changed = True
                    break
    return changed


def _by_hand(page: Page, loop: ast.For) -> list[ast.stmt]:
    steps, item = fresh(page.tree, "steps"), fresh(page.tree, "next_item")
    start = statement(f"{steps} = iter(0)")
    start.value.args = [loop.iter]  # type: ignore[attr-defined]
    whole = ast.parse(
        f"while True:\n    try:\n        {item} = next({steps})\n"
        "    except StopIteration:\n        break\n"
    ).body[0]
    assert isinstance(whole, ast.While)
    whole.body += [ast.Assign([loop.target], read(item)), *loop.body]
    return [start, whole]


@rewrite()
def generators_to_lists(page: Page) -> bool:
    """`sum(x for …)` becomes `sum([x for …])`."""
    pairs = []
    for each in ast.walk(page.tree):
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Name) or not each.args:
            continue
        first = each.args[0]
        if each.func.id in WHOLE and isinstance(first, ast.GeneratorExp):
            inner = (ast.GeneratorExp, *UNSURE)
            alone = sum(isinstance(node, inner) for node in ast.walk(first)) == 1
            if alone and is_builtin(page.tree, each.func.id):
                pairs.append((first, ast.ListComp(first.elt, first.generators)))
    return replace(page.tree, pairs)
