"""Questions that are asked in another way."""

import ast
from collections.abc import Iterator

from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator
from gradus.conformance.mutation.python_source import PythonSource

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_TURNED = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
}


@operator("python")
def boundary(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """The boundary changes sides: `<` and `<=`, `>` and `>=`."""
    yield from _compared(source, node, _BOUNDARY)


@operator("python")
def comparison(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A comparison is turned round: `<` and `>`, `==` and `!=`, `in` and `not in`."""
    yield from _compared(source, node, _TURNED)


def _compared(source: PythonSource, node: ast.AST, other: dict[str, str]) -> Iterator[Edit]:
    if not isinstance(node, ast.Compare):
        return
    sides = [node.left, *node.comparators]
    for place, each in enumerate(node.ops):
        sign = _SIGNS[type(each)]
        if sign in other:
            start, end = source.span(sides[place])[1], source.span(sides[place + 1])[0]
            gap = source.text[start:end]
            yield Edit(start, end, gap.replace(sign, other[sign], 1))


@operator("python")
def dropped_comparison(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """One end of a chained comparison is forgotten: `0 <= x < 1` becomes `0 <= x`."""
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        start, end = source.span(node)
        yield Edit(source.span(node.comparators[-2])[1], end, "")
        yield Edit(start, source.span(node.comparators[0])[0], "")


@operator("python")
def negated_condition(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A condition is asked the other way round."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield source.replaced(node.test, f"not {source.atom(node.test)}")
    if isinstance(node, ast.comprehension):
        for each in node.ifs:
            yield source.replaced(each, f"not {source.atom(each)}")


@operator("python")
def one_branch(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """Of a choice between two values only one is left."""
    if isinstance(node, ast.IfExp):
        yield source.instead_of(node, node.body)
        yield source.instead_of(node, node.orelse)


@operator("python")
def dropped_not(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A `not` or a `~` is lost."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield source.instead_of(node, node.operand)


@operator("python")
def and_or(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`and` becomes `or`, and `or` becomes `and`."""
    if isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        whole, (first, _) = source.of(node), source.span(node)
        for left, right in list(zip(node.values, node.values[1:], strict=False))[::-1]:
            start, end = source.span(left)[1] - first, source.span(right)[0] - first
            whole = whole[:start] + whole[start:end].replace(old, new, 1) + whole[end:]
        yield source.replaced(node, whole, loose=True)


@operator("python")
def dropped_condition(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """One of several conditions is forgotten."""
    if isinstance(node, ast.BoolOp):
        for each in node.values:
            rest = [source.atom(other) for other in node.values if other is not each]
            word = " and " if isinstance(node.op, ast.And) else " or "
            yield source.replaced(node, word.join(rest), loose=True)


@operator("python")
def dropped_filter(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A comprehension takes everything: its `if` is forgotten."""
    if isinstance(node, ast.comprehension):
        for each in node.ifs:
            yield source.replaced(each, "True")
