"""Questions about syntax trees that several rewrites ask.

Where an answer is not certain, it is the one that makes a rewrite refuse.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
LOOKS_AT_NAMES = {"locals", "globals", "vars", "dir", "eval", "exec", "getattr", "setattr"}
"""Builtins through which a name can be met as a text."""
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions of the file itself, in their order."""
    return [each for each in tree.body if isinstance(each, ast.FunctionDef)]


def every_function(tree: ast.AST) -> list[Function]:
    """Return every function and method."""
    return [each for each in ast.walk(tree) if isinstance(each, Function)]


def names_in(tree: ast.AST) -> set[str]:
    """Return everything that is a name anywhere below: variables, parameters, attributes, words."""
    found: set[str] = set()
    for each in ast.walk(tree):
        for field in ("id", "name", "asname", "arg", "attr", "rest", "module"):
            value = getattr(each, field, None)
            if isinstance(value, str):
                found |= set(value.split("."))
        if isinstance(each, ast.Global | ast.Nonlocal):
            found |= set(each.names)
        if isinstance(each, ast.MatchClass):
            found |= set(each.kwd_attrs)
    return found


def fresh(tree: ast.AST, wish: str) -> str:
    """Return a name like `wish` that occurs nowhere in the file."""
    taken = names_in(tree) | set(dir(builtins)) | set(texts_in(tree))
    name, number = wish, 2
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    return name


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Yield every text constant."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def loads(tree: ast.AST, name: str) -> int:
    """Return how often a name is read."""
    return sum(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load)
        for each in ast.walk(tree)
    )


def occurrences(tree: ast.AST, name: str) -> int:
    """Return how often a name stands anywhere, read or written."""
    return sum(isinstance(each, ast.Name) and each.id == name for each in ast.walk(tree))


def stored(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are written below some nodes, by whatever means."""
    found: set[str] = set()
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                found.add(each.id)
            elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(each.name)
            elif isinstance(each, ast.arg):
                found.add(each.arg)
            elif isinstance(each, ast.alias):
                found.add((each.asname or each.name).split(".")[0])
            elif isinstance(each, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and each.name:
                found.add(each.name)
            elif isinstance(each, ast.MatchMapping) and each.rest:
                found.add(each.rest)
            elif isinstance(each, ast.Global | ast.Nonlocal):
                found |= set(each.names)
    return found


def parameters(function: Function | ast.Lambda) -> list[str]:
    """Return the names of all parameters."""
    args = function.args
    found = [each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return found + [each.arg for each in (args.vararg, args.kwarg) if each is not None]


def is_plain(function: Function) -> bool:
    """Return whether all parameters are positional or keyword, and nothing decorates it."""
    args = function.args
    special = args.posonlyargs or args.kwonlyargs or args.vararg or args.kwarg
    return not special and not function.decorator_list


def holds(node: ast.AST, *kinds: type[ast.AST]) -> bool:
    """Return whether a node of these kinds lies below."""
    return any(isinstance(each, kinds) for each in ast.walk(node))


def holds_own(nodes: Iterable[ast.AST], *kinds: type[ast.AST]) -> bool:
    """Return whether such a node lies below and not inside another function or class."""
    return any(isinstance(each, kinds) for each in own(nodes))


def own(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield every node below, without going into other functions and classes."""
    for node in nodes:
        yield node
        if not isinstance(node, Scope):
            yield from own(ast.iter_child_nodes(node))


def looks_at_names(node: ast.AST) -> bool:
    """Return whether names might be met as texts below."""
    return any(isinstance(each, ast.Name) and each.id in LOOKS_AT_NAMES for each in ast.walk(node))


def imports_of(tree: ast.Module) -> set[str]:
    """Return the first parts of all modules that the file imports."""
    found: set[str] = set()
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            found |= {alias.name.split(".")[0] for alias in each.names}
        elif isinstance(each, ast.ImportFrom) and each.module:
            found.add(each.module.split(".")[0])
    return found


def name_of_module(tree: ast.Module, module: str) -> str | None:
    """Return under which name a module is imported at the top of the file, if it surely is."""
    for each in tree.body:
        for alias in each.names if isinstance(each, ast.Import) else ():
            name = alias.asname or alias.name
            if alias.name == module and "." not in name and is_bound_once(tree, name):
                return name
    return None


def is_bound_once(tree: ast.Module, name: str) -> bool:
    """Return whether a name is written in one place of the whole file and is no parameter."""
    binders = (each for each in ast.walk(tree) if isinstance(each, _BINDERS))
    return sum(name in _bound_here(each) for each in binders) == 1


_BINDERS = (
    ast.Name,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.arg,
    ast.alias,
    ast.ExceptHandler,
    ast.MatchAs,
    ast.MatchStar,
    ast.MatchMapping,
    ast.Global,
    ast.Nonlocal,
)


def _bound_here(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    if isinstance(node, ast.arg):
        return {node.arg}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).split(".")[0]}
    if isinstance(node, ast.Global | ast.Nonlocal):
        return set(node.names)
    if isinstance(node, ast.MatchMapping):
        return {node.rest or ""}
    return {getattr(node, "name", None) or ""}


def is_builtin(tree: ast.Module, name: str) -> bool:
    """Return whether a name still means the builtin everywhere in the file."""
    return name not in stored(tree.body)


def is_simple(node: ast.AST) -> bool:
    """Return whether reading an expression twice, or in another order, can change nothing."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.Name | ast.Constant)


def blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield every list of statements, outermost first; changing a list changes the tree."""
    for each in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(each, field, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def own_blocks(function: Function) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements of a function, without those of functions inside it."""
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop()
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, field, None)
            if not isinstance(below, list):
                continue
            if below and isinstance(below[0], ast.stmt):
                yield below
            waiting += [each for each in below if not isinstance(each, Scope)]


def after_docstring(body: list[ast.stmt]) -> int:
    """Return the place behind a docstring."""
    first = body[0] if body else None
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return int(is_text and isinstance(first.value.value, str))  # type: ignore[union-attr]


def top(tree: ast.Module) -> int:
    """Return the place behind the docstring and the imports at the head of the file."""
    place = after_docstring(tree.body)
    while place < len(tree.body) and isinstance(tree.body[place], ast.Import | ast.ImportFrom):
        place += 1
    return place


def always_ends(body: list[ast.stmt]) -> bool:
    """Return whether nothing behind a block can be reached through it."""
    last = body[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and always_ends(last.body) and always_ends(last.orelse)
    return isinstance(last, ENDS)


def statement(source: str) -> ast.stmt:
    """Return one statement from its text."""
    return ast.parse(source).body[0]


def expression(source: str) -> ast.expr:
    """Return one expression from its text."""
    return ast.parse(source, mode="eval").body


def read(name: str) -> ast.Name:
    """Return a name that is read."""
    return ast.Name(name, ast.Load())


def write(name: str) -> ast.Name:
    """Return a name that is written."""
    return ast.Name(name, ast.Store())


class Replaced(ast.NodeTransformer):
    """Puts other nodes in the place of some, found by identity."""

    def __init__(self, instead: dict[int, ast.AST]) -> None:
        self._instead = instead

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the other node, or this one with its parts visited."""
        return self._instead.get(id(node)) or super().generic_visit(node)


def replace(tree: ast.AST, pairs: Iterable[tuple[ast.AST, ast.AST]]) -> bool:
    """Put the second of each pair in the place of the first; return whether there was a pair."""
    instead = {id(old): new for old, new in pairs}
    Replaced(instead).visit(tree)
    return bool(instead)
