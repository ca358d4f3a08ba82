"""Numbers, texts and bounds that are a little off."""

import ast
from collections.abc import Iterator

from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator
from gradus.conformance.mutation.python_source import PythonSource

SMALL = 20
"""Whole numbers up to this one are off by one; larger ones, where one more is nothing, double."""
TINY = 1e-3
"""Below it a number is a tolerance: it becomes nothing, or a tenth."""


@operator("python")
def off_by_one(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A whole number is one too large or too small; a large one is doubled."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        near = node.value <= SMALL
        for value in (node.value + 1, node.value - 1) if near else (node.value * 2,):
            yield source.replaced(node, str(value), loose=value < 0)


@operator("python")
def other_number(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A number with a point is doubled; 0.0 becomes 1.0, a tolerance nothing or a tenth."""
    if isinstance(node, ast.Constant) and type(node.value) is float:
        if node.value == 0:
            yield source.replaced(node, "1.0")
        elif abs(node.value) < TINY:
            yield source.replaced(node, "0.0")
            yield source.replaced(node, "0.1")
        else:
            yield source.replaced(node, repr(node.value * 2))


@operator("python")
def flag(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`True` becomes `False`, and `False` becomes `True`."""
    around = source.parent(node)
    if isinstance(around, ast.keyword) and around.arg == "strict":
        return  # zip(strict=True) only says aloud what is so already
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield source.replaced(node, str(not node.value))


@operator("python")
def other_text(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A text is another one."""
    if isinstance(node, ast.Constant) and type(node.value) is str:
        written = source.of(node)
        if written[-1:] in "'\"" and not written.endswith(('"""', "'''")):
            yield source.replaced(node, f"{written[:-1]}_{written[-1]}")


@operator("python")
def bounds(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A range ends one too early or too late."""
    if isinstance(node, ast.Call) and source.of(node.func) == "range" and node.args:
        last = node.args[1] if len(node.args) > 1 else node.args[0]
        if not isinstance(last, ast.Constant):
            yield source.replaced(last, f"{source.of(last)} - 1")
            yield source.replaced(last, f"{source.of(last)} + 1")


@operator("python")
def slice_end(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """One end of a slice, or its step, is forgotten."""
    if isinstance(node, ast.Slice):
        for each in (node.lower, node.upper, node.step):
            if each is not None:
                yield source.replaced(each, "")


@operator("python")
def dropped_item(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """One of the things in a written list, set or dict is missing."""
    if isinstance(node, ast.List | ast.Set) and len(node.elts) > 1:
        parts: list[ast.AST] = list(node.elts)
        for each in parts:
            yield source.without(node, parts, each)
    if isinstance(node, ast.Dict) and len(node.values) > 1 and None not in node.keys:
        keys = [each for each in node.keys if each is not None]
        for place, (key, value) in enumerate(zip(keys, node.values, strict=True)):
            start, end = source.span(key)[0], source.span(value)[1]
            if place + 1 < len(keys):
                end = source.span(keys[place + 1])[0]
            else:
                start = source.span(node.values[place - 1])[1]
            yield Edit(start, end, "")
