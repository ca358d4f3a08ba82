"""Numbers that are put together in another way."""

import ast
from collections.abc import Iterator

from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator
from gradus.conformance.mutation.python_source import PythonSource

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
_OTHER = {
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "//": "/",
    "%": "//",
    "**": "*",
    "@": "*",
    "&": "|",
    "|": "&",
}


@operator("python")
def arithmetic(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """An arithmetic sign becomes another: `+` and `-`, `*` and `/`, `@` and `*`, `&` and `|`."""
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        sign = _SIGNS[type(node.op)]
        yield source.between(node, node.left, node.right, sign, _OTHER[sign])


@operator("python")
def augmented(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`+=` becomes `-=` or a plain `=`, and so with its kin."""
    if isinstance(node, ast.AugAssign) and type(node.op) in _SIGNS:
        sign = _SIGNS[type(node.op)]
        start, end = source.span(node.target)[1], source.span(node.value)[0]
        gap = source.text[start:end]
        for new in (f"{_OTHER[sign]}=", "="):
            yield Edit(start, end, gap.replace(f"{sign}=", new, 1))


@operator("python")
def sign(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A minus before a value is lost."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield source.instead_of(node, node.operand)


@operator("python")
def dropped_term(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """One side of a sum or a difference is forgotten."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield source.instead_of(node, node.left)
        yield source.instead_of(node, node.right)


@operator("python")
def dropped_factor(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A factor, a divisor or a power is forgotten: the scaling is gone."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Mult | ast.Div | ast.Pow | ast.FloorDiv | ast.Mod | ast.MatMult):
        yield source.instead_of(node, node.left)
    if isinstance(node.op, ast.Mult | ast.MatMult):
        yield source.instead_of(node, node.right)


@operator("python")
def swapped_operands(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """The two sides of a difference, a quotient, a power or a matrix product change places."""
    kinds = ast.Sub | ast.Div | ast.Pow | ast.MatMult | ast.FloorDiv | ast.Mod
    if isinstance(node, ast.BinOp) and isinstance(node.op, kinds) and not _is_even(source, node):
        swapped = f"{source.atom(node.right)} {_SIGNS[type(node.op)]} {source.atom(node.left)}"
        yield source.replaced(node, swapped, loose=True)


def _is_even(source: PythonSource, node: ast.BinOp) -> bool:
    """Return whether a difference stands in a square or in abs(), where its sign is nothing."""
    around = source.parent(node)
    if not isinstance(node.op, ast.Sub):
        return False
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.Pow) and around.left is node:
        return isinstance(around.right, ast.Constant) and around.right.value == 2
    return isinstance(around, ast.Call) and source.of(around.func).split(".")[-1] in (
        "abs",
        "absolute",
        "fabs",
    )
