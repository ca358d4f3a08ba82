"""Python text with its tree: every node knows where it stands and what stands around it."""

import ast
from collections.abc import Iterator
from functools import cached_property

from gradus.conformance.mutation.edit import Edit

_LOOSE = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Lambda,
    ast.NamedExpr,
    ast.Await,
)
_BINDING = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Attribute,
    ast.Subscript,
    ast.Await,
)


class PythonSource:
    """A text, its tree, and the edits that are possible without touching what is around them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {
            child: parent
            for parent in ast.walk(self.tree)
            for child in ast.iter_child_nodes(parent)
        }

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node that a node is part of."""
        return self._parents.get(node)

    def nodes(self) -> Iterator[ast.AST]:
        """Yield every node that is code: no docstring, no annotation, no message of an error."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(list(_code_below(node))))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends, in characters."""
        return (
            self._place(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._place(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def _place(self, line: int, byte: int) -> int:
        before = self._lines[line - 1].encode()[:byte].decode()
        return self._starts[line - 1] + len(before)

    def of(self, node: ast.AST) -> str:
        """Return a node as it is written."""
        start, end = self.span(node)
        return self.text[start:end]

    def atom(self, node: ast.AST) -> str:
        """Return a node so that nothing written beside it can pull it apart."""
        return f"({self.of(node)})" if isinstance(node, _LOOSE) else self.of(node)

    def replaced(self, node: ast.AST, text: str, *, loose: bool = False) -> Edit:
        """Return the edit that puts a text in a node's place, in brackets where they are needed."""
        parent = self.parent(node)
        tight = isinstance(parent, _BINDING) and getattr(parent, "slice", None) is not node
        tight = tight or (isinstance(parent, ast.Call) and parent.func is node)
        return Edit(*self.span(node), f"({text})" if loose and tight else text)

    def instead_of(self, node: ast.AST, part: ast.AST) -> Edit:
        """Return the edit that leaves only a part of a node."""
        return self.replaced(node, self.of(part), loose=isinstance(part, _LOOSE))

    def between(self, node: ast.AST, left: ast.AST, right: ast.AST, old: str, new: str) -> Edit:
        """Return the edit that changes the sign between two parts of a node."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = self.text[start:end].replace(old, new, 1)
        outer, finish = self.span(node)
        whole = self.text[outer:start] + gap + self.text[end:finish]
        return self.replaced(node, whole, loose=True)

    def without(self, node: ast.AST, parts: list[ast.AST], part: ast.AST) -> Edit:
        """Return the edit that takes one of the parts of a list out, with its comma."""
        place = parts.index(part)
        start, end = self.span(part)
        if place + 1 < len(parts):
            end = self.span(parts[place + 1])[0]
        elif place:
            start = self.span(parts[place - 1])[1]
        return Edit(start, end, "")


def _code_below(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "ctx", "msg"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and not _is_docstring(each):
                yield each


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
