"""Branches in another order or another form; what is decided stays as it was."""

import ast

from gradus.conformance.rewriting.rewrite import Page, rewrite
from gradus.conformance.rewriting.tree import (
    Scope,
    after_docstring,
    always_ends,
    blocks,
    every_function,
    fresh,
    holds,
    own,
    own_blocks,
    read,
    write,
)


@rewrite()
def branches_to_expressions(page: Page) -> bool:
    """`if c: x = a` `else: x = b` becomes `x = a if c else b`."""
    changed = False
    for body in blocks(page.tree):
        for place, each in enumerate(body):
            if not isinstance(each, ast.If) or len(each.body) != 1 or len(each.orelse) != 1:
                continue
            made = _one_of(each.test, each.body[0], each.orelse[0])
            if made is not None:
                body[place] = made
                changed = True
    return changed


def _one_of(test: ast.expr, yes: ast.stmt, no: ast.stmt) -> ast.stmt | None:
    if isinstance(yes, ast.Return) and isinstance(no, ast.Return):
        if yes.value is None or no.value is None:
            return None
        return ast.Return(ast.IfExp(test, yes.value, no.value))
    if not isinstance(yes, ast.Assign) or not isinstance(no, ast.Assign):
        return None
    targets = [*yes.targets, *no.targets]
    if len(targets) != 2 or not all(isinstance(each, ast.Name) for each in targets):
        return None
    if targets[0].id != targets[1].id:  # type: ignore[attr-defined]
        return None
    return ast.Assign(yes.targets, ast.IfExp(test, yes.value, no.value))


@rewrite()
def expressions_to_branches(page: Page) -> bool:
    """`return a if c else b` becomes `if c: return a` `else: return b`."""
    changed = False
    for body in blocks(page.tree):
        for place, each in enumerate(body):
            value = each.value if isinstance(each, ast.Return | ast.Assign) else None
            if not isinstance(value, ast.IfExp):
                continue
            if isinstance(each, ast.Return):
                yes, no = ast.Return(value.body), ast.Return(value.orelse)
                body[place] = ast.If(value.test, [yes], [no])
                changed = True
            elif isinstance(each, ast.Assign) and len(each.targets) == 1:
                target = each.targets[0]
                if isinstance(target, ast.Name):
                    parts = (value.body, value.orelse)
                    one, other = (ast.Assign([write(target.id)], part) for part in parts)
                    body[place] = ast.If(value.test, [one], [other])
                    changed = True
    return changed


@rewrite()
def one_return(page: Page) -> bool:
    """Early returns become branches with one return at the end."""
    changed = False
    for function in every_function(page.tree):
        start = after_docstring(function.body)
        body = function.body[start:]
        returns = [each for each in own(body) if isinstance(each, ast.Return)]
        if len(returns) < 2 or not _is_ladder(body) or holds(function, ast.Yield, ast.YieldFrom):
            continue
        name = fresh(page.tree, "outcome")
        function.body[start:] = [
            ast.Assign([write(name)], ast.Constant(None)),
            *_nested(body, name),
            ast.Return(read(name)),
        ]
        changed = True
    return changed


def _is_ladder(body: list[ast.stmt]) -> bool:
    """Return whether returns stand only last, in the body or in an `if` of it, at any depth."""
    return all(_is_step(each, is_last=place == len(body) - 1) for place, each in enumerate(body))


def _is_step(node: ast.stmt, *, is_last: bool) -> bool:
    if isinstance(node, ast.Return):
        return is_last
    if isinstance(node, Scope) or not holds(node, ast.Return):
        return True
    if not isinstance(node, ast.If) or not _is_ladder(node.body):
        return False
    if node.orelse and not _is_ladder(node.orelse):
        return False
    return is_last or _ends_or_goes_on(node)


def _ends_or_goes_on(branch: ast.If) -> bool:
    """Return whether a branch with returns always ends, and has no other branch."""
    return always_ends(branch.body) and not branch.orelse


def _nested(body: list[ast.stmt], name: str) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    for place, each in enumerate(body):
        if isinstance(each, ast.Return):
            made.append(ast.Assign([write(name)], each.value or ast.Constant(None)))
        elif isinstance(each, ast.If) and holds(each, ast.Return):
            rest = body[place + 1 :]
            orelse = _nested(rest, name) if rest else _nested(each.orelse, name)
            made.append(ast.If(each.test, _nested(each.body, name), orelse))
            if rest:
                return made
        else:
            made.append(each)
    return made


@rewrite()
def else_dropped(page: Page) -> bool:
    """`else` goes where the branch before it always ends."""
    changed = False
    for body in blocks(page.tree):
        last = body[-1]
        if isinstance(last, ast.If) and last.orelse and always_ends(last.body):
            body.extend(last.orelse)
            last.orelse = []
            changed = True
    return changed


@rewrite()
def else_added(page: Page) -> bool:
    """What follows a branch that always ends becomes its `else`."""
    changed = False
    for function in every_function(page.tree):
        for body in own_blocks(function):
            for place, each in enumerate(body[:-1]):
                if isinstance(each, ast.If) and not each.orelse and always_ends(each.body):
                    each.orelse = body[place + 1 :]
                    del body[place + 1 :]
                    changed = True
                    break
    return changed


@rewrite()
def branches_swapped(page: Page) -> bool:
    """`if c: A` `else: B` becomes `if not c: B` `else: A`."""
    changed = False
    for each in ast.walk(page.tree):
        if (isinstance(each, ast.If) and each.orelse) or isinstance(each, ast.IfExp):
            each.test = ast.UnaryOp(ast.Not(), each.test)
            each.body, each.orelse = each.orelse, each.body
            changed = True
    return changed


@rewrite()
def matched(page: Page) -> bool:
    """A chain of `if name == 'text'` becomes a `match`."""
    changed = False
    for function in every_function(page.tree):
        for body in own_blocks(function):
            for place, each in enumerate(body):
                cases = _cases(each)
                if cases and len(cases[1]) > 1:
                    body[place] = ast.Match(read(cases[0]), cases[1])
                    changed = True
    return changed


def _cases(node: ast.stmt) -> tuple[str, list[ast.match_case]] | None:
    """Return the name that a chain compares with texts, and the cases."""
    name, found = "", []
    while isinstance(node, ast.If):
        test = node.test
        if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name):
            return None
        known = test.comparators[0]
        is_text = isinstance(known, ast.Constant) and isinstance(known.value, str)
        if len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq) or not is_text:
            return None
        if name not in ("", test.left.id):
            return None
        name = test.left.id
        found.append(ast.match_case(ast.MatchValue(known), None, node.body))
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            node = node.orelse[0]
            continue
        if node.orelse:
            found.append(ast.match_case(ast.MatchAs(), None, node.orelse))
        break
    return name, found


@rewrite()
def walrus(page: Page) -> bool:
    """`x = f()` before `if x …` moves into the condition."""
    changed = False
    for function in every_function(page.tree):
        for body in own_blocks(function):
            for place in range(len(body) - 1):
                first, branch = body[place], body[place + 1]
                if not isinstance(first, ast.Assign) or not isinstance(branch, ast.If):
                    continue
                target = first.targets[0]
                if len(first.targets) != 1 or not isinstance(target, ast.Name):
                    continue
                inner = ast.NamedExpr(write(target.id), first.value)
                if _put_first(branch, target.id, inner):
                    del body[place]
                    changed = True
                    break
    return changed


def _put_first(branch: ast.If, name: str, inner: ast.NamedExpr) -> bool:
    """Put an expression where a condition first reads a name, if it surely does so first."""
    if isinstance(inner.value, ast.Yield | ast.Await | ast.Starred):
        return False
    holder: ast.AST = branch
    field, node = "test", branch.test
    while True:
        if isinstance(node, ast.Name):
            if node.id == name:
                setattr(holder, field, inner)
            return node.id == name
        if isinstance(node, ast.UnaryOp):
            holder, field, node = node, "operand", node.operand
        elif isinstance(node, ast.Compare | ast.BinOp):
            holder, field, node = node, "left", node.left
        elif isinstance(node, ast.BoolOp):
            first = node.values[0]
            if isinstance(first, ast.Name) and first.id == name:
                node.values[0] = inner
                return True
            holder, field, node = node, "values", first
            if isinstance(first, ast.Name):
                return False
        else:
            return False
