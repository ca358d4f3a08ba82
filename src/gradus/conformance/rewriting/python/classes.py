"""A class in the place of a function, where only calls tell them apart."""

import ast

from gradus.conformance.rewriting.rewrite import CALLED, Page, rewrite
from gradus.conformance.rewriting.tree import (
    fresh,
    is_builtin,
    looks_at_names,
    names_in,
    statement,
)


@rewrite(kinds=CALLED)
def callable_objects(page: Page) -> bool:
    """A function becomes an object with `__call__`."""
    changed = False
    for place, each in reversed(list(enumerate(page.tree.body))):
        if not _may_move(page, each):
            continue
        assert isinstance(each, ast.FunctionDef)
        owner, me = fresh(page.tree, f"{each.name.strip('_').title()}Call"), fresh(page.tree, "me")
        whole = statement(f"class {owner}:\n    pass")
        assert isinstance(whole, ast.ClassDef)
        made = statement(f"{each.name} = {owner}()")
        each.name = "__call__"
        each.args.args.insert(0, ast.arg(me))
        whole.body = [each]
        page.tree.body[place : place + 1] = [whole, made]
        changed = True
    return changed


@rewrite(kinds=CALLED)
def static_methods(page: Page) -> bool:
    """A function becomes a static method."""
    if not is_builtin(page.tree, "staticmethod"):
        return False
    changed = False
    for place, each in reversed(list(enumerate(page.tree.body))):
        if not _may_move(page, each):
            continue
        assert isinstance(each, ast.FunctionDef)
        owner = fresh(page.tree, f"{each.name.strip('_').title()}Holder")
        whole = statement(f"class {owner}:\n    pass")
        assert isinstance(whole, ast.ClassDef)
        each.decorator_list = [ast.Name("staticmethod", ast.Load())]
        whole.body = [each]
        made = statement(f"{each.name} = {owner}.{each.name}")
        page.tree.body[place : place + 1] = [whole, made]
        changed = True
    return changed


def _may_move(page: Page, node: ast.stmt) -> bool:
    """Return whether a function can stand in a class: undecorated, without private names."""
    if not isinstance(node, ast.FunctionDef) or node.decorator_list or page.collected:
        return False
    if node.args.posonlyargs or looks_at_names(node):
        return False
    mangled = [each for each in names_in(node) if each.startswith("__")]
    return all(each.endswith("__") for each in mangled) and "__class__" not in mangled
