"""Calls of the file's own functions with arguments by name or by place."""

import ast

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    functions,
    is_bound_once,
    is_plain,
    is_simple,
    parameters,
)


@rewrite()
def arguments_by_name(page: Page) -> bool:
    """`f(a, b)` becomes `f(a, y=b)`."""
    changed = False
    for call, names in _own_calls(page):
        if call.args and not call.keywords and len(call.args) <= len(names):
            value = call.args.pop()
            call.keywords.append(ast.keyword(names[len(call.args)], value))
            changed = True
    return changed


@rewrite()
def arguments_by_place(page: Page) -> bool:
    """`f(a, y=b)` becomes `f(a, b)`."""
    changed = False
    for call, names in _own_calls(page):
        place = len(call.args)
        while call.keywords and place < len(names) and call.keywords[0].arg == names[place]:
            call.args.append(call.keywords.pop(0).value)
            place += 1
            changed = True
    return changed


@rewrite()
def arguments_in_another_order(page: Page) -> bool:
    """`f(x=a, y=b)` becomes `f(y=b, x=a)`, where the values are plain."""
    changed = False
    for each in ast.walk(page.tree):
        words = each.keywords if isinstance(each, ast.Call) else []
        if len(words) > 1 and all(word.arg and is_simple(word.value) for word in words):
            words.reverse()
            changed = True
    return changed


def _own_calls(page: Page) -> list[tuple[ast.Call, list[str]]]:
    """Return the calls of plain functions of the file, with the names of their parameters."""
    known = {
        each.name: parameters(each)
        for each in functions(page.tree)
        if is_plain(each) and is_bound_once(page.tree, each.name)
    }
    return [
        (each, known[each.func.id])
        for each in ast.walk(page.tree)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id in known
        and not any(isinstance(arg, ast.Starred) for arg in each.args)
        and all(word.arg for word in each.keywords)
    ]
