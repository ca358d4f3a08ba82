"""Plain values become msgpack nodes and raw buffers, and are made again from them.

Both sides of the trust line use this file. A node is a scalar, or a list whose first item is a
tag. Decoding believes nothing: whatever is not exactly in the format raises `FrameError`.
It must not call a method that a value's own class could have replaced.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from .frames import MAX_FRAME, FrameError

MAX_DEPTH = 64
MAX_NODES = 1_000_000
MAX_INT_BITS = 14_000
_SHORT_TEXT, _LONG_TEXT = 64, 4096
_DTYPE = re.compile(
    r"[<|](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[SU]\d{1,6}|[mM]8(?:\[\w{1,6}\])?)"
)
_SPREAD_ABOVE, _MOST_ALIKE = 256, 64
_COPIED = 2**12
"""Bytes of an array up to which a copy costs less than a view of its memory."""
_NUMBERS = frozenset({float, bool, type(None)})
SCALARS = frozenset({float, bool, type(None), int, str, bytes})
"""Types whose values are their own nodes."""


class TooLarge(Exception):
    """A value is larger or deeper than may cross."""


class Sink:
    """What one message has gathered so far: buffers, and how much may still come."""

    def __init__(self, other: Callable[[Any, "Sink"], Any]) -> None:
        self.other = other
        self.buffers: list[Any] = []
        self.n_bytes = 0
        self.n_nodes = 0

    def buffer(self, raw: Any, n_bytes: int) -> int:
        """Add a raw buffer and return its place."""
        self.n_bytes += n_bytes
        if self.n_bytes > MAX_FRAME:
            raise TooLarge(
                f"is too large to send: {sized(self.n_bytes)} (at most {sized(MAX_FRAME)})"
            )
        self.buffers.append(raw)
        return len(self.buffers) - 1


def sized(n_bytes: int) -> str:
    """Write a number of bytes as a person says it."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.3g} {unit}"
    return f"{n_bytes} bytes"


def encode(value: Any, sink: Sink, depth: int = 0) -> Any:
    """Turn a value into a node; what is not plain is left to `sink.other`."""
    sink.n_nodes += 1
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind is str and len(value) < _SHORT_TEXT and value.isascii():
        sink.n_bytes += len(value)
        return value
    if sink.n_nodes > MAX_NODES:
        raise TooLarge(f"is too large to send: more than {MAX_NODES:,} items")
    if depth > MAX_DEPTH:
        raise TooLarge(
            f"cannot be sent: it is nested more than {MAX_DEPTH} deep, or contains itself"
        )
    make = _PLAIN.get(kind) or _reduced(kind)
    if make is not None:
        return make(value, sink, depth)
    numpy = sys.modules.get("numpy")
    if numpy is not None and issubclass(kind, (numpy.ndarray, numpy.generic)):
        node = _array(value, sink, numpy)
        if node is not None:
            return node
    return sink.other(value, sink)


def _float(value: float, sink: Sink, depth: int) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and issubclass(type(value), numpy.generic):
        return _array(value, sink, numpy)
    return float.__float__(value)


def _int(value: int, sink: Sink, depth: int) -> Any:
    value = int.__int__(value)
    if -(2**63) <= value < 2**63:
        return value
    if value.bit_length() > MAX_INT_BITS:
        raise TooLarge(f"is too large to send: a whole number of {value.bit_length():,} bits")
    return ["i", hex(value)]


def _complex(value: complex, sink: Sink, depth: int) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and issubclass(type(value), numpy.generic):
        return _array(value, sink, numpy)
    value = complex(value)
    return ["c", value.real, value.imag]


def _text(value: str, sink: Sink, depth: int) -> Any:
    numpy = None if type(value) is str else sys.modules.get("numpy")
    if numpy is not None and issubclass(type(value), numpy.generic):
        return _array(value, sink, numpy)
    raw = str.encode(value, "utf-8", "backslashreplace")
    if len(raw) > _LONG_TEXT:
        return ["x", sink.buffer(raw, len(raw))]
    sink.n_bytes += len(raw)
    return raw.decode("utf-8")


def _bytes(value: bytes, sink: Sink, depth: int) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and issubclass(type(value), numpy.generic):
        return _array(value, sink, numpy)
    raw = bytes(memoryview(value))
    return ["y", sink.buffer(raw, len(raw))] if len(raw) > _LONG_TEXT else raw


def _items(tag: str, iterate: Callable[[Any], Any]) -> Callable[[Any, Sink, int], Any]:
    def make(value: Any, sink: Sink, depth: int) -> Any:
        items = [*iterate(value)]
        kinds = set(map(type, items))
        is_plain = kinds <= _NUMBERS or (kinds == {int} and _fit(items))
        if is_plain or (kinds == {str} and _are_simple(items)):
            sink.n_nodes += len(items)
            sink.n_bytes += 0 if is_plain else sum(map(len, items))
            if sink.n_nodes > MAX_NODES:
                raise TooLarge(f"is too large to send: more than {MAX_NODES:,} items")
            return [tag, *items]
        return [tag, *[encode(item, sink, depth + 1) for item in items]]

    return make


def _are_simple(items: list[str]) -> bool:
    """Whether texts are short and ASCII, so that they cross as they are."""
    return (
        max(map(len, items)) <= _LONG_TEXT
        and sum(map(len, items)) <= _LONG_TEXT * 1000
        and "".join(items).isascii()
    )


def _fit(items: list[int]) -> bool:
    return min(items) >= -(2**63) and max(items) < 2**63


def _dict(value: dict[Any, Any], sink: Sink, depth: int) -> Any:
    node: list[Any] = ["d"]
    for key, item in dict.items(value):
        node.append(encode(key, sink, depth + 1))
        node.append(encode(item, sink, depth + 1))
    return node


_PLAIN: dict[type, Callable[[Any, Sink, int], Any]] = {
    float: _float,
    int: _int,
    str: _text,
    list: _items("l", list.__iter__),
    tuple: _items("t", tuple.__iter__),
    dict: _dict,
    complex: _complex,
    bytes: _bytes,
    bytearray: _bytes,
    set: _items("s", set.__iter__),
    frozenset: _items("f", frozenset.__iter__),
}


def _reduced(kind: type) -> Callable[[Any, Sink, int], Any] | None:
    """A subclass of a plain type crosses as that type."""
    for base in type.mro(kind)[1:-1]:
        if base in _PLAIN:
            return _PLAIN[base]
    return None


def _array(value: Any, sink: Sink, numpy: Any) -> Any:
    if issubclass(type(value), numpy.generic):
        value = numpy.asarray(value)
        tag = "n"
    else:
        tag = "a"
    return array_node(tag, value, sink, numpy)


def array_node(tag: str, value: Any, sink: Sink, numpy: Any) -> Any:
    """Turn an array into a node, or None where its dtype does not cross."""
    base = numpy.asarray(value).view(numpy.ndarray) if type(value) is not numpy.ndarray else value
    dtype = base.dtype
    if dtype.kind not in "biufcSUmM" or dtype.names or not dtype.itemsize:
        return None
    n_bytes = base.nbytes
    if sink.n_bytes + n_bytes > MAX_FRAME:
        raise TooLarge(f"is too large to send: {sized(n_bytes)} (at most {sized(MAX_FRAME)})")
    if dtype.byteorder == ">" or (dtype.byteorder == "=" and sys.byteorder == "big"):
        dtype = dtype.newbyteorder("<")
        base = base.astype(dtype)
    if n_bytes <= _COPIED:
        raw: Any = base.tobytes()
    else:
        raw = memoryview(numpy.ascontiguousarray(base).reshape(-1).view(numpy.uint8))
    place = sink.buffer(raw, n_bytes)
    return [tag, dtype.str, list(base.shape), place]


class Source:
    """One message being read: its buffers, the tags that its reader adds, and a budget."""

    def __init__(
        self, buffers: Sequence[Any], tags: Mapping[str, Callable[["Source", list[Any], int], Any]]
    ) -> None:
        self.buffers = buffers
        self.tags = tags
        self.n_nodes = 0
        self.used: set[int] = set()

    def buffer(self, place: Any) -> Any:
        """Return the buffer at `place`, once: a buffer named again and again would fill memory."""
        if type(place) is not int or not 0 <= place < len(self.buffers) or place in self.used:
            raise FrameError("a value points to a buffer that was not sent")
        self.used.add(place)
        return self.buffers[place]


def decode(node: Any, source: Source, depth: int = 0) -> Any:
    """Make the value of a node; raises FrameError for anything outside the format."""
    source.n_nodes += 1
    if source.n_nodes > MAX_NODES + 1 or depth > MAX_DEPTH + 1:
        raise FrameError("a value is larger or deeper than may be sent")
    if type(node) in SCALARS:
        return node
    if type(node) is not list or not node or type(node[0]) is not str:
        raise FrameError("a value has no known form")
    make = _MAKERS.get(node[0]) or source.tags.get(node[0])
    if make is None:
        raise FrameError("a value has no known form")
    return make(source, node, depth)


def decode_whole(node: Any, source: Source) -> Any:
    """Like `decode`, and whatever else goes wrong is a FrameError too."""
    try:
        return decode(node, source)
    except FrameError:
        raise
    except Exception as error:
        raise FrameError(f"a value cannot be made: {error}") from error


def _children(source: Source, node: list[Any], depth: int) -> list[Any]:
    items = node[1:]
    if depth > MAX_DEPTH:
        return [decode(item, source, depth + 1) for item in items]
    if SCALARS.issuperset(map(type, items)):
        source.n_nodes += len(items)
        if source.n_nodes > MAX_NODES + 1:
            raise FrameError("a value is larger or deeper than may be sent")
        return items
    n_inner = 0
    for place, item in enumerate(items):
        if type(item) not in SCALARS:
            items[place] = decode(item, source, depth + 1)
            n_inner += 1
    source.n_nodes += len(items) - n_inner
    if source.n_nodes > MAX_NODES + 1:
        raise FrameError("a value is larger or deeper than may be sent")
    return items


def _hashable(items: list[Any]) -> list[Any]:
    """Refuse keys made to collide, which would cost the reader quadratic time."""
    if len(items) > _SPREAD_ABOVE:
        alike = Counter(map(hash, items)).most_common(1)[0][1]
        if alike > _MOST_ALIKE:
            raise FrameError("a value's keys collide")
    return items


def _make_dict(source: Source, node: list[Any], depth: int) -> dict[Any, Any]:
    flat = _children(source, node, depth)
    if len(flat) % 2:
        raise FrameError("a dict has a key without a value")
    return dict(zip(_hashable(flat[::2]), flat[1::2], strict=True))


def _make_int(source: Source, node: list[Any], depth: int) -> int:
    if len(node) != 2 or type(node[1]) is not str or len(node[1]) > MAX_INT_BITS // 4 + 8:
        raise FrameError("a whole number has no known form")
    return int(node[1], 16)


def _make_complex(source: Source, node: list[Any], depth: int) -> complex:
    _, real, imaginary = node
    if type(real) is not float or type(imaginary) is not float:
        raise FrameError("a complex number has no known form")
    return complex(real, imaginary)


def make_array(source: Source, node: list[Any], depth: int = 0) -> Any:
    """Make an array of `[tag, dtype, shape, buffer]`, checked against the buffer's length."""
    import numpy

    _, name, shape, place = node
    raw = source.buffer(place)
    if type(name) is not str:
        raise FrameError("an array has a dtype that does not cross")
    dtype, size = _dtype(name), 1
    if type(shape) is not list or len(shape) > 32:
        raise FrameError("an array has no known shape")
    for side in shape:
        if type(side) is not int or not 0 <= side <= MAX_FRAME:
            raise FrameError("an array has no known shape")
        size *= side
    if not dtype.itemsize or size * dtype.itemsize != len(raw):
        raise FrameError("an array's shape does not fit its bytes")
    array = numpy.frombuffer(raw, dtype=dtype) if size else numpy.empty(0, dtype)
    _refuse_impossible_items(array, numpy)
    return array.reshape(shape)


@lru_cache(maxsize=64)
def _dtype(name: str) -> Any:
    import numpy

    if not _DTYPE.fullmatch(name):
        raise FrameError("an array has a dtype that does not cross")
    return numpy.dtype(name)


def _refuse_impossible_items(array: Any, numpy: Any) -> None:
    if not array.size:
        return
    if array.dtype.kind == "b" and array.view(numpy.uint8).max() > 1:
        raise FrameError("a boolean is neither true nor false")
    if array.dtype.kind == "U":
        points = array.view(numpy.uint32)
        if points.max() > 0x10FFFF or ((points >= 0xD800) & (points <= 0xDFFF)).any():
            raise FrameError("an array of text holds what is not text")


def _make_scalar(source: Source, node: list[Any], depth: int) -> Any:
    array = make_array(source, node)
    if array.shape != ():
        raise FrameError("a scalar has a shape")
    return array[()]


_MAKERS: dict[str, Callable[[Source, list[Any], int], Any]] = {
    "l": _children,
    "t": lambda source, node, depth: tuple(_children(source, node, depth)),
    "s": lambda source, node, depth: set(_hashable(_children(source, node, depth))),
    "f": lambda source, node, depth: frozenset(_hashable(_children(source, node, depth))),
    "d": _make_dict,
    "i": _make_int,
    "c": _make_complex,
    "x": lambda source, node, depth: bytes(source.buffer(node[1])).decode("utf-8"),
    "y": lambda source, node, depth: bytes(source.buffer(node[1])),
    "a": make_array,
    "n": _make_scalar,
}
