"""Texts put together in another way, and sequences made in another way."""

import ast

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import is_builtin, replace

CONVERSIONS = {-1: "", 115: "!s", 114: "!r", 97: "!a"}


@rewrite()
def formatted(page: Page) -> bool:
    """An f-string becomes a `format`."""
    inside = {
        id(node)
        for each in ast.walk(page.tree)
        if isinstance(each, ast.FormattedValue)
        for node in ast.walk(each)
    }
    pairs = []
    for each in ast.walk(page.tree):
        if isinstance(each, ast.JoinedStr) and id(each) not in inside:
            made = _as_format(each)
            if made is not None:
                pairs.append((each, made))
    return replace(page.tree, pairs)


def _as_format(node: ast.JoinedStr) -> ast.expr | None:
    text, values = "", []
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
            continue
        assert isinstance(part, ast.FormattedValue)
        spec = _constant(part.format_spec)
        if spec is None:
            return None
        text += f"{{{CONVERSIONS[part.conversion]}{':' + spec if spec else ''}}}"
        values.append(part.value)
    if not values:
        return None
    return ast.Call(ast.Attribute(ast.Constant(text), "format", ast.Load()), values, [])


def _constant(spec: ast.expr | None) -> str | None:
    """Return a format's text where nothing in it is worked out."""
    if spec is None:
        return ""
    parts = spec.values if isinstance(spec, ast.JoinedStr) else [spec]
    if not all(isinstance(each, ast.Constant) for each in parts):
        return None
    text = "".join(str(each.value) for each in parts)  # type: ignore[attr-defined]
    return None if set(text) & {"{", "}"} else text


@rewrite()
def sequences_by_star(page: Page) -> bool:
    """`list(x)` becomes `[*x]`, `tuple(x)` becomes `(*x,)`."""
    made = {"list": ast.List, "tuple": ast.Tuple}
    pairs = []
    for each in ast.walk(page.tree):
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Name):
            continue
        kind = made.get(each.func.id)
        if kind is None or each.keywords or len(each.args) != 1 or _is_starred(each):
            continue
        if is_builtin(page.tree, each.func.id):
            pairs.append((each, kind([ast.Starred(each.args[0], ast.Load())], ast.Load())))
    return replace(page.tree, pairs[-1:])


def _is_starred(call: ast.Call) -> bool:
    return isinstance(call.args[0], ast.Starred)


@rewrite()
def sequences_by_name(page: Page) -> bool:
    """`[]` becomes `list()`, `{}` becomes `dict()`."""
    pairs = []
    for each in ast.walk(page.tree):
        name = "list" if isinstance(each, ast.List) and not each.elts else ""
        name = "dict" if isinstance(each, ast.Dict) and not each.keys else name
        is_read = not isinstance(getattr(each, "ctx", None), ast.Store | ast.Del)
        if name and is_read and is_builtin(page.tree, name):
            pairs.append((each, ast.Call(ast.Name(name, ast.Load()), [], [])))
    return replace(page.tree, pairs)
