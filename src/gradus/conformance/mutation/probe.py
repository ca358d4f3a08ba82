"""A mutant's line broken for good, to learn which claims use that line at all.

No tracing is needed in the learner's process: a claim that holds all the same does not use it.
"""

import ast

from gradus.conformance.mutation.mutant import Mutant
from gradus.conformance.mutation.python_source import PythonSource

BROKEN = 'raise RuntimeError("this line is never used")'


def probe(mutant: Mutant) -> str:
    """Return the file with what stands at the changed line made useless."""
    if mutant.name.file.endswith(".py"):
        return _python(mutant)
    if mutant.name.file.endswith(".sql"):
        return "select 1 as nothing"
    rows = mutant.before.splitlines()
    return "\n".join([*rows[: mutant.at - 1], *rows[mutant.at :]])


def _python(mutant: Mutant) -> str:
    source = PythonSource(mutant.before)
    node = _statement_at(source, mutant.at)
    if node is None:
        return BROKEN
    start, end = source.span(node)
    if isinstance(source.parent(node), ast.Module):
        instead = "\n".join(f"{name} = None" for name in _names(node)) or BROKEN
    else:
        instead = BROKEN
    return mutant.before[:start] + instead + mutant.before[end:]


def _statement_at(source: PythonSource, line: int) -> ast.stmt | None:
    """Return the smallest statement that holds a line; a header of a block stands for all of it."""
    around = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return min(around, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    ]
