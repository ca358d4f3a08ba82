"""Lines that are missing, and things in the wrong order."""

import ast
from collections.abc import Iterator

from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator
from gradus.conformance.mutation.python_source import PythonSource


@operator("python")
def removed_statement(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A line is missing: a call, a change in place, a second assignment, a `raise`, a `break`."""
    gone = ast.Expr | ast.AugAssign | ast.Raise | ast.Break | ast.Continue | ast.Delete
    if isinstance(node, gone) or (isinstance(node, ast.Assign) and _is_again(source, node)):
        yield Edit(*source.span(node), "pass")


def _is_again(source: PythonSource, node: ast.Assign) -> bool:
    """Return whether everything that is assigned has had a value before."""
    if all(isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets):
        return True
    names = {
        each.id
        for target in node.targets
        for each in ast.walk(target)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    around: ast.AST | None = source.parent(node)
    while around is not None and not isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
        around = source.parent(around)
    if around is None:
        return False
    known = {each.arg for each in ast.walk(around.args) if isinstance(each, ast.arg)}
    known |= {
        each.id
        for each in ast.walk(around)
        if isinstance(each, ast.Name)
        and isinstance(each.ctx, ast.Store)
        and each.lineno < node.lineno
    }
    return bool(names) and names <= known


@operator("python")
def removed_branch(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """An `if` without `else` is never, or always, taken."""
    if isinstance(node, ast.If) and not node.orelse:
        yield source.replaced(node.test, "False")
        yield source.replaced(node.test, "True")


@operator("python")
def broken_loop(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`break` becomes `continue`, and `continue` becomes `break`."""
    if isinstance(node, ast.Break | ast.Continue):
        yield Edit(*source.span(node), "continue" if isinstance(node, ast.Break) else "break")


@operator("python")
def early_return(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A loop ends after its first round."""
    if isinstance(node, ast.For):
        yield source.replaced(node.iter, f"list({source.of(node.iter)})[:1]")


@operator("python")
def swapped_arguments(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """Two neighbouring arguments of a call change places."""
    if isinstance(node, ast.Call):
        for left, right in zip(node.args, node.args[1:], strict=False):
            if not isinstance(left, ast.Starred) and not isinstance(right, ast.Starred):
                yield _swapped(source, left, right)


@operator("python")
def swapped_results(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """Two values that are returned, or assigned together, change places."""
    if isinstance(node, ast.Return | ast.Assign) and isinstance(node.value, ast.Tuple):
        for left, right in zip(node.value.elts, node.value.elts[1:], strict=False):
            yield _swapped(source, left, right)


def _swapped(source: PythonSource, left: ast.AST, right: ast.AST) -> Edit:
    start, middle = source.span(left)
    after, end = source.span(right)
    return Edit(start, end, source.of(right) + source.text[middle:after] + source.of(left))


@operator("python")
def dropped_keyword(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """An argument with a name is not given: the function falls back on its default."""
    if isinstance(node, ast.Call):
        parts: list[ast.AST] = [*node.args, *node.keywords]
        for each in node.keywords:
            if each.arg not in (None, "strict", "encoding"):
                yield source.without(node, parts, each)


@operator("python")
def default_argument(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A parameter has no default any more."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        parameters = [*node.args.posonlyargs, *node.args.args]
        given = node.args.defaults
        for parameter, value in zip(parameters[len(parameters) - len(given) :], given, strict=True):
            yield Edit(source.span(parameter)[1], source.span(value)[1], "")
