"""Comparisons written the other way round, and chains taken apart."""

import ast
import copy

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import is_simple, replace

MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


@rewrite()
def chains_split(page: Page) -> bool:
    """`a < b < c` becomes `a < b and b < c`."""
    pairs = []
    for each in ast.walk(page.tree):
        if not isinstance(each, ast.Compare) or len(each.ops) < 2:
            continue
        sides = [each.left, *each.comparators]
        if all(map(is_simple, sides[1:-1])):
            parts: list[ast.expr] = [
                ast.Compare(copy.deepcopy(left), [op], [copy.deepcopy(right)])
                for left, op, right in zip(sides, each.ops, sides[1:], strict=False)
            ]
            pairs.append((each, ast.BoolOp(ast.And(), parts)))
    return replace(page.tree, pairs[:1])


@rewrite()
def comparisons_mirrored(page: Page) -> bool:
    """`a < b` becomes `b > a`, where both are plain variables or constants."""
    changed = False
    for each in ast.walk(page.tree):
        if not isinstance(each, ast.Compare) or len(each.ops) != 1:
            continue
        right, mirrored = each.comparators[0], MIRRORED.get(type(each.ops[0]))
        if mirrored is not None and is_simple(each.left) and is_simple(right):
            each.left, each.comparators, each.ops = right, [each.left], [mirrored()]
            changed = True
    return changed


@rewrite()
def conditions_denied_twice(page: Page) -> bool:
    """`if a and b` becomes `if not (not a or not b)`."""
    changed = False
    for each in ast.walk(page.tree):
        if not isinstance(each, ast.If | ast.While) or not isinstance(each.test, ast.BoolOp):
            continue
        test = each.test
        other = ast.Or() if isinstance(test.op, ast.And) else ast.And()
        denied: list[ast.expr] = [ast.UnaryOp(ast.Not(), part) for part in test.values]
        each.test = ast.UnaryOp(ast.Not(), ast.BoolOp(other, denied))
        changed = True
    return changed
