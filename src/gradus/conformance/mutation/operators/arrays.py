"""What goes wrong with arrays and tensors: axes, reductions, copies, types, gradients."""

import ast
from collections.abc import Iterator

from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator
from gradus.conformance.mutation.python_source import PythonSource

_AXES = {"0": "1", "1": "0", "-1": "0", "2": "1", "-2": "-1", "None": "0"}
_TURNED = {
    "mean": ("sum",),
    "sum": ("mean",),
    "max": ("min",),
    "min": ("max",),
    "amax": ("amin",),
    "amin": ("amax",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "any": ("all",),
    "all": ("any",),
    "std": ("var",),
    "var": ("std",),
    "median": ("mean",),
    "average": ("sum",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "cumsum": ("cumprod",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "prod": ("sum",),
    "nanmean": ("mean",),
    "nansum": ("sum",),
    "log": ("log2",),
    "exp": ("exp2",),
    "sin": ("cos",),
    "cos": ("sin",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "tril": ("triu",),
    "triu": ("tril",),
    "union": ("intersection",),
    "intersection": ("union",),
}
_BUILT_IN = {"sum", "max", "min", "any", "all"}
_COPYING = {"copy", "clone", "deepcopy"}
_TYPES = {"float": "int", "int": "float", "float64": "float32", "float32": "float64"}
_TYPES |= {"int64": "int32", "bool": "int"}
_CASTS = {"astype", "to", "float", "double", "long", "int", "type"}
_ONLY_ANOTHER_CLASS = {"float", "tolist", "item", "tuple", "str", "encode", "decode"}
"""Conversions that change the class of an answer and not the answer: values are compared."""
_CLIPPING = {"clip", "clamp", "maximum", "minimum", "max", "min", "clamp_min", "relu"}
_TURNING = {"transpose", "permute", "reshape", "swapaxes", "ravel", "flatten", "squeeze", "T"}
_TURNING |= {"unsqueeze", "view"}


def _called(node: ast.AST) -> str:
    """Return the last word of what is called: `mean` for `np.mean(x)` and for `x.mean()`."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _core(node: ast.Call) -> ast.AST | None:
    """Return what a call works on: its first argument, or the object whose method it is."""
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        return node.func.value
    return node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None


def _is_module(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in (
        *("np", "numpy", "torch", "math", "nn", "copy", "F", "functional", "pd", "re", "json"),
        *("itertools", "statistics", "random", "scipy", "os"),
    )


def _keeps_the_value(node: ast.Call) -> bool:
    return _called(node) in _ONLY_ANOTHER_CLASS


@operator("python")
def axis(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`axis` or `dim` is another one, or is forgotten."""
    if isinstance(node, ast.Call):
        for each in node.keywords:
            written = source.of(each.value)
            if each.arg in ("axis", "dim") and written in _AXES:
                yield source.replaced(each.value, _AXES[written])


@operator("python")
def keepdims(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`keepdims` is the other way round."""
    if isinstance(node, ast.Call):
        for each in node.keywords:
            if each.arg in ("keepdims", "keepdim") and isinstance(each.value, ast.Constant):
                yield source.replaced(each.value, str(not each.value.value))


@operator("python")
def reduction(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """The wrong reduction or function: mean and sum, max and min, any and all, std and var, …"""
    name = _called(node)
    if isinstance(node, ast.Call) and name in _TURNED:
        if isinstance(node.func, ast.Name) and name not in _BUILT_IN:
            return
        _, end = source.span(node.func)
        for other in _TURNED[name]:
            if isinstance(node.func, ast.Name) and other == "mean":
                yield source.replaced(node, f"{source.of(node)} / 2", loose=True)
            else:
                yield Edit(end - len(name), end, other)


@operator("python")
def dropped_clipping(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A value is no longer kept between bounds: `np.clip(x, 0, 1)` or `max(0, x)` becomes `x`."""
    if isinstance(node, ast.Call) and _called(node) in _CLIPPING:
        parts = [each for each in node.args if not isinstance(each, ast.Starred)]
        if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
            parts = [node.func.value]
        for each in parts if len(node.args) > 1 else parts[:1]:
            if not isinstance(each, ast.Constant):
                yield source.instead_of(node, each)


@operator("python")
def missing_copy(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A copy is not made: the caller's own array, list or dict is used."""
    if not isinstance(node, ast.Call):
        return
    name, core = _called(node), _core(node)
    if core is not None and name in {*_COPYING, "list", "dict", "set"}:
        yield source.instead_of(node, core)
    if name == "array" and node.args and isinstance(node.args[0], ast.Name | ast.Attribute):
        _, end = source.span(node.func)
        yield Edit(end - len("array"), end, "asarray")


@operator("python")
def changed_dtype(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """Another dtype: float and int, 64 and 32 bits."""
    if isinstance(node, ast.Call):
        wanted = [each.value for each in node.keywords if each.arg == "dtype"]
        wanted += node.args if _called(node) in ("astype", "to") else []
        for each in wanted:
            written = source.of(each)
            prefix, _, last = written.rpartition(".")
            if last in _TYPES:
                yield source.replaced(each, f"{prefix}.{_TYPES[last]}" if prefix else _TYPES[last])


@operator("python")
def dropped_cast(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A value keeps the type that it has: `.astype(…)`, `float(…)` or `int(…)` is forgotten."""
    if isinstance(node, ast.Call) and _called(node) in _CASTS and not _keeps_the_value(node):
        core = _core(node)
        if core is not None:
            yield source.instead_of(node, core)


@operator("python")
def dropped_turn(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A transpose, a reshape or another turn of the axes is forgotten."""
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield source.instead_of(node, node.value)
    if isinstance(node, ast.Call) and _called(node) in _TURNING:
        core = _core(node)
        if core is not None:
            yield source.instead_of(node, core)


@operator("python")
def gradient_kept(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """`.detach()`, `no_grad()` or `inference_mode()` is forgotten."""
    if isinstance(node, ast.Call) and _called(node) == "detach" and _core(node) is not None:
        yield source.instead_of(node, _core(node) or node)
    if isinstance(node, ast.With) and len(node.items) == 1:
        what = node.items[0].context_expr
        if _called(what) in ("no_grad", "inference_mode"):
            start, _ = source.span(node)
            yield Edit(start, source.span(what)[1], "if True")


@operator("python")
def dropped_call(source: PythonSource, node: ast.AST) -> Iterator[Edit]:
    """A function is not applied: `np.sqrt(x)` becomes `x`, `name.strip()` becomes `name`."""
    if isinstance(node, ast.Call) and not isinstance(source.parent(node), ast.Expr):
        core = _core(node)
        n_given = len(node.args)
        is_method = isinstance(node.func, ast.Attribute) and not _is_module(node.func.value)
        done = _called(node) in _CLIPPING or _keeps_the_value(node)
        if core is not None and (is_method or n_given == 1) and not done:
            yield source.instead_of(node, core)
