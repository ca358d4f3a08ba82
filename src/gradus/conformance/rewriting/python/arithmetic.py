"""Arithmetic on plain variables, written in another way."""

import ast
import copy

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    Function,
    every_function,
    holds,
    is_simple,
    looks_at_names,
    own,
    own_blocks,
    parameters,
    read,
    replace,
    write,
)

SAFE_AROUND = (ast.BinOp, ast.Compare, ast.Return, ast.UnaryOp, ast.FormattedValue, ast.Subscript)
"""What may be around a variable without keeping the object that it stands for."""


@rewrite()
def augmented_to_plain(page: Page) -> bool:
    """`total += x` becomes `total = total + x`, where total began as a number."""
    changed = False
    for function in every_function(page.tree):
        numbers = _counted(function)
        for body in own_blocks(function):
            for place, each in enumerate(body):
                if isinstance(each, ast.AugAssign) and _name(each.target) in numbers:
                    name = _name(each.target)
                    value = ast.BinOp(read(name), each.op, each.value)
                    body[place] = ast.Assign([write(name)], value)
                    changed = True
    return changed


@rewrite()
def plain_to_augmented(page: Page) -> bool:
    """`total = total + x` becomes `total += x`, where total began as a number."""
    changed = False
    for function in every_function(page.tree):
        numbers = _counted(function)
        for body in own_blocks(function):
            for place, each in enumerate(body):
                name = _grown(each)
                if name in numbers and isinstance(each, ast.Assign):
                    grown = each.value
                    assert isinstance(grown, ast.BinOp)
                    body[place] = ast.AugAssign(write(name), grown.op, grown.right)
                    changed = True
    return changed


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _grown(node: ast.AST) -> str:
    """Return the variable that a statement sets to itself and something more."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
        return ""
    name = _name(node.targets[0])
    return name if len(node.targets) == 1 and _name(node.value.left) == name else ""


def _counted(function: Function) -> set[str]:
    """Return local variables that begin as numbers, grow, and are never handed on as objects."""
    if holds(function, ast.Global, ast.Nonlocal, ast.Lambda) or looks_at_names(function):
        return set()
    inner = [each for each in ast.walk(function) if isinstance(each, Function)]
    if len(inner) > 1:
        return set()
    begun: set[str] = set()
    unsure = set(parameters(function))
    for each in own(function.body):
        for child in ast.iter_child_nodes(each):
            if not isinstance(child, ast.Name):
                continue
            if isinstance(child.ctx, ast.Load):
                if not isinstance(each, SAFE_AROUND):
                    unsure.add(child.id)
                continue
            value = each.value if isinstance(each, ast.Assign) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                begun.add(child.id)
            elif not isinstance(each, ast.AugAssign) and _grown(each) != child.id:
                unsure.add(child.id)
    return begun - unsure


@rewrite()
def squares_multiplied(page: Page) -> bool:
    """`x ** 2` becomes `x * x`."""
    pairs = [
        (each, ast.BinOp(copy.deepcopy(each.left), ast.Mult(), copy.deepcopy(each.left)))
        for each in ast.walk(page.tree)
        if isinstance(each, ast.BinOp)
        and isinstance(each.op, ast.Pow)
        and isinstance(each.left, ast.Name)
        and isinstance(each.right, ast.Constant)
        and each.right.value == 2
        and type(each.right.value) is int
    ]
    return replace(page.tree, pairs)


@rewrite()
def products_as_squares(page: Page) -> bool:
    """`x * x` becomes `x ** 2`."""
    pairs = [
        (each, ast.BinOp(each.left, ast.Pow(), ast.Constant(2)))
        for each in ast.walk(page.tree)
        if isinstance(each, ast.BinOp)
        and isinstance(each.op, ast.Mult)
        and isinstance(each.left, ast.Name)
        and _name(each.left) == _name(each.right)
    ]
    return replace(page.tree, pairs)


@rewrite()
def factors_swapped(page: Page) -> bool:
    """`a * b` becomes `b * a`, where both are plain variables or numbers."""
    changed = False
    for each in ast.walk(page.tree):
        if not isinstance(each, ast.BinOp) or not isinstance(each.op, ast.Mult):
            continue
        if is_simple(each.left) and is_simple(each.right):
            each.left, each.right = each.right, each.left
            changed = True
    return changed


@rewrite()
def halves_divided(page: Page) -> bool:
    """`0.5` becomes `1 / 2`."""
    changed = False
    for each in ast.walk(page.tree):
        if isinstance(each, ast.BinOp):
            for side in ("left", "right"):
                node = getattr(each, side)
                if isinstance(node, ast.Constant) and node.value == 0.5:
                    setattr(each, side, ast.BinOp(ast.Constant(1), ast.Div(), ast.Constant(2)))
                    changed = True
    return changed
