"""Values as a learner reads them: short, exact where it matters, never an object address."""

import datetime
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np

from gradus.core.values import Handle, Table, Tensor

LONGEST = 240
_MINUS_ZERO = re.compile(r"-0\.(?!\d)")
"""What a number just below zero is printed as: its sign differs between libraries."""
ENOUGH = 1000
"""Characters after which no more items are put into words: no text of a value is as long."""
MOST_RAW = 40
"""Bytes that are no text are counted, not shown, where there are more than this."""

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def item_of(value: np.generic) -> Any:
    """Return a NumPy scalar as Python's; one with more digits than Python has, with fewer."""
    if isinstance(value, np.longdouble):
        return float(value)
    return complex(value) if isinstance(value, np.clongdouble) else value.item()


def show(value: Any, longest: int = LONGEST) -> str:
    """Return a short text for a plain value."""
    text = _text(value)
    return text if len(text) <= longest else _shorter(value, text, longest)


def show_call(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return `name(a, b=c)`; each argument is short, a table long enough to be read whole."""
    parts = [show(each, _room(each)) for each in args]
    parts += [f"{key}={show(each, _room(each))}" for key, each in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def _room(argument: Any) -> int:
    return 480 if isinstance(argument, Table) else 120


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array_text(value)
    if isinstance(value, np.generic):
        return _text(item_of(value))
    if isinstance(value, Tensor):
        grad = ", requires_grad=True" if value.requires_grad else ""
        return f"tensor({_array_text(value.array)}{grad})"
    if isinstance(value, Table):
        return _table_text(value)
    if isinstance(value, Handle):
        return _ADDRESS.sub("", value.text) or f"a {value.type}"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, datetime.date | Decimal):
        return str(value)
    if isinstance(value, list):
        return f"[{_joined(map(_text, value))}]"
    if isinstance(value, tuple):
        return f"({_joined(map(_text, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{_joined(f'{_text(k)}: {_text(v)}' for k, v in value.items())}}}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(_text, value))) + "}" if value else "set()"
    text_of = getattr(value, "as_argument", None)
    if text_of is not None:
        return str(text_of())
    if callable(value):
        return str(getattr(value, "__name__", "a function"))
    raw = isinstance(value, bytes) and len(value) > MOST_RAW and not value.isascii()
    return f"{len(value):,} bytes" if raw else repr(value)


def _joined(texts: Iterable[str]) -> str:
    """Return texts with commas between them, as many as are shown and one more at the least."""
    taken, length = [], 0
    for text in texts:
        taken.append(text)
        length += len(text)
        if length > ENOUGH:
            break
    return ", ".join(taken)


def _float_text(value: float) -> str:
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return f"{value:.1f}"
    return f"{value:.9g}"


def _array_text(array: np.ndarray) -> str:
    if array.size == 0:
        return f"[] of shape {array.shape}" if array.ndim > 1 else "[]"
    if array.size > 60:
        return f"{array.dtype} array of shape {array.shape}"
    with np.printoptions(precision=6, suppress=not _is_tiny(array)):
        text = np.array2string(array, separator=", ")
    return _MINUS_ZERO.sub("0.", " ".join(text.split()).replace("[ ", "["))


def _is_tiny(array: np.ndarray) -> bool:
    """Return whether fixed notation would show every entry as 0, or nearly."""
    if not np.issubdtype(array.dtype, np.inexact):
        return False
    return bool((np.abs(array[np.isfinite(array)]) < 1e-3).all())


def _table_text(table: Table) -> str:
    arrow = table.arrow
    if arrow.num_rows > 8 or arrow.num_columns > 8:
        return f"table of {arrow.num_rows} rows: {', '.join(arrow.column_names)}"
    header = ", ".join(arrow.column_names)
    rows = "; ".join(", ".join(_text(each) for each in row.values()) for row in arrow.to_pylist())
    return f"table ({header}) [{rows}]"


def _shorter(value: Any, text: str, longest: int) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}"
    if isinstance(value, Tensor):
        return f"tensor of shape {value.array.shape}"
    if isinstance(value, list | tuple | set | frozenset) and len(value) > 4:
        return f"{text[: longest - 30]} … ({len(value)} items)"
    return f"{text[: longest - 2]} …"
