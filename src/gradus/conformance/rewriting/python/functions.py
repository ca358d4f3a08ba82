"""Functions taken out, put in, wrapped, nested, and written as lambdas.

The file's own functions stay there under their names; what they do stays as it was.
"""

import ast
import copy

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    after_docstring,
    every_function,
    fresh,
    functions,
    holds,
    is_bound_once,
    is_plain,
    is_simple,
    looks_at_names,
    occurrences,
    parameters,
    read,
    replace,
    statement,
    stored,
    top,
)

UNSURE = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)


@rewrite()
def helpers_extracted(page: Page) -> bool:
    """What a function returns is worked out in a function of its own."""
    changed = False
    for place, function in reversed(list(enumerate(page.tree.body))):
        if not isinstance(function, ast.FunctionDef) or looks_at_names(function):
            continue
        last = function.body[-1]
        if not isinstance(last, ast.Return) or not isinstance(last.value, _WORTH):
            continue
        needs = _needs(function, last.value)
        if needs is None or holds(last.value, *UNSURE):
            continue
        name = fresh(page.tree, f"{function.name.strip('_')}_worked_out")
        helper = statement(f"def {name}({', '.join(needs)}):\n    return None")
        assert isinstance(helper, ast.FunctionDef)
        helper.body = [ast.Return(last.value)]
        last.value = ast.Call(read(name), [read(each) for each in needs], [])
        page.tree.body.insert(place, helper)
        changed = True
    return changed


_WORTH = (ast.BinOp, ast.Call, ast.Tuple, ast.IfExp, ast.Compare, ast.ListComp, ast.Dict)


def _needs(function: ast.FunctionDef, value: ast.expr) -> list[str] | None:
    """Return the local names that an expression reads, where each of them surely has a value."""
    own = stored(function.body) | set(parameters(function))
    read_there = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    inside = stored([value])
    if inside & own:
        return None
    sure = set(parameters(function))
    for each in function.body:
        if isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign):
            if isinstance(each, ast.AnnAssign) and each.value is None:
                continue
            sure |= stored([each])
        if isinstance(each, ast.Delete | ast.Global | ast.Nonlocal):
            return None
    needed = (read_there & own) - inside
    return sorted(needed) if needed <= sure else None


@rewrite()
def helpers_inlined(page: Page) -> bool:
    """A call of a one-line function becomes that line."""
    one_line = {
        each.name: each
        for each in functions(page.tree)
        if is_plain(each) and not each.args.defaults and _line(each) is not None
    }
    pairs: list[tuple[ast.AST, ast.AST]] = []
    for function in functions(page.tree):
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            helper = one_line.get(call.func.id)
            if helper is None or helper is function or pairs:
                continue
            if not is_bound_once(page.tree, helper.name):
                continue
            made = _inlined(helper, call, function)
            if made is not None:
                pairs.append((call, made))
    return replace(page.tree, pairs)


def _line(function: ast.FunctionDef) -> ast.expr | None:
    body = function.body[after_docstring(function.body) :]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    value = body[0].value
    inner = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return None if holds(value, *UNSURE, *inner) else value


def _inlined(helper: ast.FunctionDef, call: ast.Call, function: ast.FunctionDef) -> ast.expr | None:
    names = parameters(helper)
    if call.keywords or len(call.args) != len(names) or not all(map(is_simple, call.args)):
        return None
    value = copy.deepcopy(_line(helper))
    assert value is not None
    free = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)} - set(names)
    around = stored(function.body) | set(parameters(function)) | {helper.name}
    if free & around:
        return None
    given = dict(zip(names, call.args, strict=True))
    whole = ast.Expr(value)
    replace(
        whole,
        [
            (each, copy.deepcopy(given[each.id]))
            for each in ast.walk(value)
            if isinstance(each, ast.Name) and each.id in given
        ],
    )
    return whole.value


@rewrite()
def lambdas_to_functions(page: Page) -> bool:
    """`f = lambda x: …` becomes `def f(x)`."""
    changed = False
    for owner in (page.tree, *every_function(page.tree)):
        for place, each in enumerate(owner.body):
            if not isinstance(each, ast.Assign) or not isinstance(each.value, ast.Lambda):
                continue
            if len(each.targets) == 1 and isinstance(each.targets[0], ast.Name):
                made = statement(f"def {each.targets[0].id}():\n    pass")
                assert isinstance(made, ast.FunctionDef)
                made.args, made.body = each.value.args, [ast.Return(each.value.body)]
                owner.body[place] = made
                changed = True
    return changed


@rewrite()
def functions_to_lambdas(page: Page) -> bool:
    """A one-line function of the file's own becomes a lambda."""
    changed = False
    for place, each in enumerate(page.tree.body):
        if not isinstance(each, ast.FunctionDef) or page.is_public(each.name):
            continue
        if not is_plain(each) or _line(each) is None or each.args.defaults:
            continue
        names = ", ".join(parameters(each))
        made = statement(f"{each.name} = lambda {names}: None")
        made.value.body = _line(each)  # type: ignore[attr-defined]
        page.tree.body[place] = made
        changed = True
    return changed


@rewrite()
def closures(page: Page) -> bool:
    """A function is made by another that returns it."""
    changed = False
    for place, each in reversed(list(enumerate(page.tree.body))):
        if not isinstance(each, ast.FunctionDef) or each.decorator_list or page.collected:
            continue
        maker = fresh(page.tree, f"make_{each.name.strip('_')}")
        made = statement(f"def {maker}():\n    return {each.name}")
        assert isinstance(made, ast.FunctionDef)
        made.body.insert(0, each)
        named = statement(f"{each.name}.__qualname__ = '{each.name}'")
        page.tree.body[place : place + 1] = [made, statement(f"{each.name} = {maker}()"), named]
        changed = True
    return changed


@rewrite()
def wrapped(page: Page) -> bool:
    """Every function gets a decorator that hands everything through."""
    inner = [each for each in functions(page.tree) if not each.decorator_list]
    if not inner:
        return False
    wraps, through = fresh(page.tree, "wraps"), fresh(page.tree, "handed_through")
    for each in inner:
        each.decorator_list = [read(through)]
    lines = (
        f"from functools import wraps as {wraps}\n"
        f"def {through}(function):\n"
        f"    @{wraps}(function)\n"
        "    def inner(*args, **kwargs):\n"
        "        return function(*args, **kwargs)\n"
        "    return inner\n"
    )
    page.tree.body[top(page.tree) : top(page.tree)] = ast.parse(lines).body
    return True


@rewrite()
def definitions_reordered(page: Page) -> bool:
    """Functions that stand together change places."""
    changed, start = False, 0
    body = page.tree.body
    while start < len(body):
        end = start
        while end < len(body) and _can_move(body[end]):
            end += 1
        group = body[start:end]
        names = [each.name for each in group]  # type: ignore[attr-defined]
        are_apart = not any(_head_reads(each, set(names)) for each in group)
        if len(set(names)) == len(names) > 1 and are_apart:
            body[start:end] = group[::-1]
            changed = True
        start = end + 1
    return changed


def _can_move(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.decorator_list


def _head_reads(node: ast.stmt, names: set[str]) -> bool:
    """Return whether a default or a hint of a function reads one of these names."""
    assert isinstance(node, ast.FunctionDef)
    head = [*node.args.defaults, *node.args.kw_defaults, node.returns]
    head += [each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg)]
    return any(occurrences(each, name) for each in head if each is not None for name in names)
