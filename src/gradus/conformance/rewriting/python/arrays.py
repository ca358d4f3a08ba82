"""NumPy said in other words: functions for methods, matmul and einsum for @, in place on copies.

Where the words differ for some values, a small function looks at the values first.
"""

import ast

from gradus.conformance.rewriting.rewrite import CALLED, Page, rewrite
from gradus.conformance.rewriting.tree import (
    fresh,
    functions,
    imports_of,
    name_of_module,
    own,
    read,
    replace,
    top,
)

FOREIGN = {"torch", "pandas", "sympy"}
"""Libraries whose objects are no arrays and answer to the same operators."""
METHODS = ("sum", "mean", "max", "min", "std", "var", "prod", "argmax", "argmin", "cumsum")


def _numpy(page: Page) -> str | None:
    """Return NumPy's name in a file that has no arrays but NumPy's."""
    if imports_of(page.tree) & FOREIGN:
        return None
    return name_of_module(page.tree, "numpy")


def _function(np: str, name: str) -> ast.Attribute:
    return ast.Attribute(read(np), name, ast.Load())


def _add(page: Page, source: str) -> None:
    page.tree.body[top(page.tree) : top(page.tree)] = ast.parse(source).body


@rewrite()
def products_by_matmul(page: Page) -> bool:
    """`a @ b` becomes `np.matmul(a, b)`."""
    np = _numpy(page)
    if np is None:
        return False
    found = [n for n in ast.walk(page.tree) if isinstance(n, ast.BinOp)]
    found = [n for n in found if isinstance(n.op, ast.MatMult)][-1:]
    return replace(
        page.tree, [(n, ast.Call(_function(np, "matmul"), [n.left, n.right], [])) for n in found]
    )


EINSUM = """
def {name}(left, right):
    a, b = {np}.asarray(left), {np}.asarray(right)
    if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-min(b.ndim, 2)]:
        return left @ right
    if a.dtype.kind == 'O' or b.dtype.kind == 'O':
        return left @ right
    rows = '...ij' if a.ndim > 1 else 'j'
    columns = '...jk' if b.ndim > 1 else 'j'
    kept = ('...' if max(a.ndim, b.ndim) > 1 else '')
    kept += ('i' if a.ndim > 1 else '') + ('k' if b.ndim > 1 else '')
    return {np}.einsum(rows + ',' + columns + '->' + kept, a, b)
"""


@rewrite()
def products_by_einsum(page: Page) -> bool:
    """`a @ b` becomes an einsum."""
    np = _numpy(page)
    found = [n for n in ast.walk(page.tree) if isinstance(n, ast.BinOp)]
    found = [n for n in found if isinstance(n.op, ast.MatMult)][-1:]
    if np is None or not found:
        return False
    name = fresh(page.tree, "product_of")
    replace(page.tree, [(n, ast.Call(read(name), [n.left, n.right], [])) for n in found])
    _add(page, EINSUM.format(name=name, np=np))
    return True


@rewrite()
def methods_to_functions(page: Page) -> bool:
    """`x.sum(axis=0)` becomes `np.sum(x, axis=0)`."""
    np = _numpy(page)
    if np is None:
        return False
    changed = False
    for each in ast.walk(page.tree):
        call = each.func if isinstance(each, ast.Call) else None
        if not isinstance(call, ast.Attribute) or call.attr not in METHODS:
            continue
        if isinstance(call.value, ast.Name) and call.value.id in {np, *_modules(page)}:
            continue
        assert isinstance(each, ast.Call)
        each.args.insert(0, call.value)
        each.func = _function(np, call.attr)
        changed = True
    return changed


def _modules(page: Page) -> set[str]:
    """Return the names of everything imported: their functions are no methods."""
    return {
        alias.asname or alias.name
        for each in ast.walk(page.tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
        for alias in each.names
    }


@rewrite()
def functions_to_methods(page: Page) -> bool:
    """`np.sum(x, axis=0)` becomes `np.asarray(x).sum(axis=0)`."""
    np = _numpy(page)
    if np is None:
        return False
    changed = False
    for each in ast.walk(page.tree):
        call = each.func if isinstance(each, ast.Call) else None
        if not isinstance(call, ast.Attribute) or call.attr not in METHODS:
            continue
        assert isinstance(each, ast.Call)
        is_numpy = isinstance(call.value, ast.Name) and call.value.id == np
        if not is_numpy or not each.args or isinstance(each.args[0], _NO_ARRAYS):
            continue
        call.value = ast.Call(_function(np, "asarray"), [each.args.pop(0)], [])
        changed = True
    return changed


_NO_ARRAYS = (ast.GeneratorExp, ast.Starred)

IN_PLACE = """
def {name}(left, right):
    if type(left) is {np}.ndarray and type(right) in ({np}.ndarray, float):
        try:
            fits = {np}.broadcast_shapes(left.shape, {np}.shape(right)) == left.shape
        except ValueError:
            fits = False
        if fits and left.dtype == {np}.float64 and {np}.asarray(right).dtype == {np}.float64:
            whole = left.copy()
            whole {op}= right
            return whole
    return left {op} right
"""
OPERATORS = {ast.Sub: "-", ast.Add: "+", ast.Mult: "*", ast.Div: "/"}


@rewrite()
def in_place_on_copies(page: Page) -> bool:
    """`x - m` becomes a copy of x from which m is taken in place."""
    np = _numpy(page)
    if np is None:
        return False
    changed = False
    for kind, op in OPERATORS.items():
        found = [
            each
            for function in functions(page.tree)
            for each in own(function.body)
            if isinstance(each, ast.BinOp) and isinstance(each.op, kind)
        ]
        if not found:
            continue
        each = page.rng.choice(found)
        name = fresh(page.tree, f"copied_{kind.__name__.lower()}")
        replace(page.tree, [(each, ast.Call(read(name), [each.left, each.right], []))])
        _add(page, IN_PLACE.format(name=name, np=np, op=op))
        changed = True
    return changed


LISTED = """
def {name}(found):
    return found.tolist() if type(found) is {np}.ndarray else found
"""


@rewrite(kinds=CALLED, asks=True)
def lists_for_arrays(page: Page) -> bool:
    """Public functions return lists where they returned arrays."""
    np = name_of_module(page.tree, "numpy")
    returns = [
        each
        for function in functions(page.tree)
        if function.name in page.public
        for each in own(function.body)
        if isinstance(each, ast.Return) and each.value is not None
    ]
    if np is None or not returns:
        return False
    name = fresh(page.tree, "listed")
    for each in returns:
        assert each.value is not None
        each.value = ast.Call(read(name), [each.value], [])
    _add(page, LISTED.format(name=name, np=np))
    return True


NARROW = """
def {name}(given):
    if type(given) is {np}.ndarray and given.dtype == {np}.float64:
        return given.astype({np}.float32)
    return given
"""


@rewrite(kinds=CALLED, asks=True)
def float32_inside(page: Page) -> bool:
    """Public functions compute in float32."""
    np = name_of_module(page.tree, "numpy")
    public = [each for each in functions(page.tree) if each.name in page.public]
    if np is None or not public:
        return False
    name = fresh(page.tree, "narrow")
    for function in public:
        lines = [f"{each.arg} = {name}({each.arg})" for each in function.args.args]
        function.body[:0] = ast.parse("\n".join(lines)).body
    _add(page, NARROW.format(name=name, np=np))
    return True
