"""Whether two values agree, and where they first differ."""

import math
from typing import Any

import numpy as np

from gradus.check.show import item_of, show
from gradus.core.values import Handle, Table, Tensor

_FEW = 24
"""Up to so many numbers, comparing them one by one costs less than calling NumPy."""


def plain(value: Any) -> Any:
    """Return tensors as arrays, series as arrays and tables as a dict of column lists."""
    if isinstance(value, Tensor):
        return value.array
    if isinstance(value, Table):
        if value.kind == "series":
            return np.asarray(value.arrow.column(0).to_pylist())
        return {name: value.arrow.column(name).to_pylist() for name in value.arrow.column_names}
    return value


def is_number(value: Any) -> bool:
    """Return whether a value is a single number (bool is not)."""
    if isinstance(value, bool | np.bool_):
        return False
    return isinstance(value, int | float | complex | np.number)


def numeric_array(value: Any) -> np.ndarray | None:
    """Return a numeric array for anything that is one (lists and scalars too), else None."""
    try:
        array = np.asarray(plain(value))
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "iufcb" else _of_long_ints(array)


def _of_long_ints(array: np.ndarray) -> np.ndarray | None:
    """Return as floats what NumPy keeps as objects where it is numbers, some above 64 bits."""
    if not array.size or not all(type(each) in (int, float) for each in array.flat):
        return None
    try:
        return array.astype(np.float64)
    except OverflowError:
        return None


def close_difference(got: Any, expected: Any, rtol: float, atol: float) -> str | None:
    """Return None where `got` is close to `expected`, else a sentence on the first difference."""
    if type(got) is float and type(expected) is float and _near(got, expected, rtol, atol):
        return None
    got, expected = plain(got), plain(expected)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, lambda a, b: close_difference(a, b, rtol, atol))
    right = numeric_array(expected)
    if right is None:
        if isinstance(expected, list | tuple):
            return _list_difference(got, expected, lambda a, b: close_difference(a, b, rtol, atol))
        return equal_difference(got, expected)
    left = numeric_array(got)
    if left is None:
        kind, wanted = kind_of(got), kind_of(expected)
        uneven = "Its items are not all numbers, or its rows differ in length."
        return uneven if kind == wanted else f"It is {kind}, not {wanted}."
    entries, wanted = _entries(got, left), _entries(expected, right)
    if entries != wanted and left.size and (entries, wanted) != ("numbers", "complex numbers"):
        if left.ndim == right.ndim == 0:
            return f"It is {kind_of(got)}, not {kind_of(expected)}."
        return f"It is {kind_of(got)} of {entries}, not of {wanted}."
    return _array_difference(left, right, rtol, atol)


def _entries(value: Any, array: np.ndarray) -> str:
    """Return what the array of a value holds; NumPy makes a number of a truth value beside one."""
    if array.dtype.kind == "b" or _has_truth(value):
        return "bool"
    return "complex numbers" if array.dtype.kind == "c" else "numbers"


def _has_truth(value: Any) -> bool:
    if not isinstance(value, list | tuple):
        return isinstance(value, bool | np.bool_)
    types = set(map(type, value))
    if types <= {float, int}:
        return False
    return any(map(_has_truth, value))


def _array_difference(left: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> str | None:
    if left.shape != right.shape:
        return f"Its shape is {left.shape}, not {right.shape}."
    if left.size <= _FEW:
        pairs = zip(left.ravel().tolist(), right.ravel().tolist(), strict=True)
        if all(_near(one, other, rtol, atol) for one, other in pairs):
            return None
    with np.errstate(all="ignore"):
        agree = np.isclose(
            left.astype(_wide(left)), right.astype(_wide(right)), rtol, atol, equal_nan=True
        )
    if agree.all():
        return None
    if left.ndim == 0:
        return ""
    place = tuple(np.argwhere(~agree)[0])
    at = ", ".join(map(str, place))
    more = f" ({(~agree).sum()} of {agree.size} entries differ)" if agree.size > 1 else ""
    return f"At [{at}] it is {show(left[place])}, not {show(right[place])}{more}."


def _near(one: Any, other: Any, rtol: float, atol: float) -> bool:
    """Return whether two numbers are close; where this says no, NumPy has the last word."""
    size = abs(other)
    return bool(size < math.inf and abs(one - other) <= atol + rtol * size)


def _wide(array: np.ndarray) -> type:
    return np.complex128 if array.dtype.kind == "c" else np.float64


def equal_difference(got: Any, expected: Any) -> str | None:
    """Return None where the values are equal, else a sentence ("" where it says nothing more)."""
    if type(got) is type(expected) and _all_simple(got, expected) and got == expected:
        return None
    got, expected = plain(got), plain(expected)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, equal_difference)
    if isinstance(expected, np.ndarray) or isinstance(got, np.ndarray):
        return _equal_arrays(got, expected)
    if isinstance(expected, list | tuple):
        return _list_difference(got, expected, equal_difference)
    if isinstance(got, np.generic):
        got = item_of(got)
    if isinstance(expected, np.generic):
        expected = item_of(expected)
    if isinstance(got, bool) != isinstance(expected, bool):
        return f"It is {kind_of(got)}, not {kind_of(expected)}."
    if isinstance(got, complex) and not isinstance(expected, complex) and is_number(expected):
        return f"It is {kind_of(got)}, not {kind_of(expected)}."
    if isinstance(got, float) and isinstance(expected, float) and math.isnan(expected):
        return None if math.isnan(got) else ""
    if isinstance(got, set | frozenset) and isinstance(expected, set | frozenset):
        return None if set(map(_told_apart, got)) == set(map(_told_apart, expected)) else ""
    return None if type(got) is not Handle and got == expected else ""


_SIMPLE = frozenset({int, float, str, bool, type(None)})


def _all_simple(got: Any, expected: Any) -> bool:
    """Return whether `==` is enough to agree: numbers, texts and truth values, or lists of them.

    NaN may still equal NaN where it says no. In a list, each item has to be of the type of its
    counterpart, since 1 and True are equal.
    """
    if type(expected) is list or type(expected) is tuple:
        types = list(map(type, expected))
        return _SIMPLE.issuperset(types) and types == list(map(type, got))
    return type(expected) in _SIMPLE


def _equal_arrays(got: Any, expected: Any) -> str | None:
    try:
        left, right = np.asarray(got), np.asarray(expected)
    except (ValueError, TypeError):
        return f"It is {kind_of(got)}, not {kind_of(expected)}."
    if left.shape != right.shape:
        return f"Its shape is {left.shape}, not {right.shape}."
    numbers = left.dtype.kind in "iufc"
    if numbers != (right.dtype.kind in "iufc"):
        return f"Its entries are {left.dtype}, not {right.dtype}."
    if left.dtype.kind == "c" and right.dtype.kind != "c":
        return f"Its entries are {left.dtype}, not {right.dtype}."
    agree = left == right
    if numbers:
        agree = agree | (np.isnan(left) & np.isnan(right))
    if agree.all():
        return None
    place = tuple(np.argwhere(~agree)[0])
    at = ", ".join(map(str, place))
    return f"At [{at}] it is {show(left[place])}, not {show(right[place])}." if place else ""


def _dict_difference(got: Any, expected: dict[Any, Any], inner: Any) -> str | None:
    if not isinstance(got, dict):
        return f"It is {kind_of(got)}, not a dict."
    keys, wanted = set(map(_told_apart, got)), set(map(_told_apart, expected))
    for key in expected:
        if _told_apart(key) not in keys:
            return f"{show(key)} is missing."
    for key in got:
        if _told_apart(key) not in wanted:
            return f"{show(key)} should not be there."
    for key, right in expected.items():
        difference = inner(got[key], right)
        if difference is not None:
            detail = difference or f"It is {show(got[key])}, not {show(right)}."
            return f"Under {show(key)}: {detail}"
    return None


def _told_apart(key: Any) -> Any:
    """Return a key, or an item of a set, so that it equals what it equals as a value alone."""
    if isinstance(key, np.generic):
        key = item_of(key)
    if isinstance(key, tuple):
        return tuple(map(_told_apart, key))
    if isinstance(key, frozenset):
        return frozenset(map(_told_apart, key))
    return (type(key), key) if isinstance(key, bool | complex) else key


def _list_difference(got: Any, expected: Any, inner: Any) -> str | None:
    if not isinstance(got, list | tuple | np.ndarray):
        return f"It is {kind_of(got)}, not {kind_of(expected)}."
    if isinstance(got, np.ndarray) and got.ndim == 0:
        return f"It is a single value, not {kind_of(expected)}."
    if len(got) != len(expected):
        return f"It has {len(got)} items, not {len(expected)}."
    for place, (left, right) in enumerate(zip(got, expected, strict=True)):
        difference = inner(left, right)
        if difference is not None:
            detail = difference or f"It is {show(left)}, not {show(right)}."
            return f"Item {place}: {detail}"
    return None


KINDS = {
    int: "an int",
    complex: "a complex number",
    str: "a text",
    bytes: "bytes",
    np.ndarray: "an array",
    Tensor: "a tensor",
}
"""What is not called by its type's own name with an `a` before it."""


def kind_of(value: Any) -> str:
    """Return what a value is, with its article: `a list`, `None`, `a Linear`."""
    if value is None:
        return "None"
    if isinstance(value, Handle):
        return "an array of Python objects" if value.type == "ndarray" else f"a {value.type} object"
    if isinstance(value, Table):
        return "a series" if value.kind == "series" else "a table"
    if isinstance(value, np.generic):
        return kind_of(item_of(value))
    return KINDS.get(type(value), f"a {type(value).__name__}")


def kinds(value: Any) -> set[str]:
    """Return every word of `must_be_a` that is true of a value."""
    if value is None:
        return {"none"}
    if isinstance(value, Table):
        return {"series" if value.kind == "series" else "table"}
    if isinstance(value, Tensor):
        return {"tensor"}
    if isinstance(value, np.ndarray):
        return {"array"}
    if isinstance(value, Handle):
        return {"object"}
    if isinstance(value, np.generic):
        value = item_of(value)
    words = {
        bool: {"bool"},
        int: {"int", "number"},
        float: {"float", "number"},
        complex: {"complex", "number"},
        str: {"text"},
        bytes: {"bytes"},
        list: {"list"},
        tuple: {"tuple"},
        dict: {"dict"},
        set: {"set"},
        frozenset: {"set"},
    }
    return words.get(type(value), set())
