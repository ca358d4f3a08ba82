"""Tables from a child, read only after it is certain that reading them is bounded.

Arrow's reader checks a stream's structure; what it does not bound is how far a compressed body
inflates and how many rows a column without bytes may claim. Both are refused here.
"""

import struct
from typing import Any

from ..core.values import Table
from .inside.frames import FrameError

KINDS = {"pandas", "series", "arrow", "polars"}
MAX_CELLS = 20_000_000
MAX_NESTED = 1_000_000
"""Cells of lists and structs, which become objects as the items of a message do."""
_MAX_MESSAGES = 100_000
_BYTES_OF_A_CELL = 64
# Every cell of a view may name the same bytes, so that few bytes become many.
_VIEWS = {"string_view", "binary_view"}
_CONTINUATION = 0xFFFFFFFF
_DICTIONARY, _RECORDS = 2, 3
_HEADER_TYPE, _HEADER, _BODY = 1, 2, 3
_COMPRESSION = 3
_DICTIONARY_RECORDS = 1


def read_table(raw: Any, kind: Any) -> Table:
    """Read an Arrow stream; raises FrameError for anything malformed or out of bounds."""
    import pyarrow

    if type(kind) is not str or kind not in KINDS:
        raise FrameError("a table is of no known kind")
    try:
        _refuse_compression(memoryview(raw))
        table = pyarrow.ipc.open_stream(pyarrow.py_buffer(raw)).read_all()
        table.validate(full=True)
        if len(set(table.column_names)) < table.num_columns:
            raise FrameError("a table has two columns of one name")
        cells, nested = table.num_rows, 0
        for column in table.columns:
            held = sum(map(_n_cells, column.chunks))
            cells += held
            nested += held if pyarrow.types.is_nested(column.type) else 0
        if cells > MAX_CELLS or nested > MAX_NESTED:
            raise FrameError("a table has more cells than may be sent")
        return Table(_readable(table), kind)
    except FrameError:
        raise
    except Exception as error:
        raise FrameError("a table cannot be read") from error


def _n_cells(array: Any) -> int:
    import pyarrow

    kind, cells = array.type, len(array)
    if isinstance(kind, pyarrow.BaseExtensionType) or str(kind) in _VIEWS:
        raise FrameError("a table has a column of a kind that does not cross")
    if pyarrow.types.is_dictionary(kind):
        return cells + _n_cells(array.dictionary) + cells * _largest(array.dictionary)
    if pyarrow.types.is_struct(kind):
        return cells + sum(_n_cells(array.field(n)) for n in range(kind.num_fields))
    if pyarrow.types.is_nested(kind):
        if not (pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind)):
            raise FrameError("a table has a column of a kind that does not cross")
        return cells + _n_cells(array.flatten())
    return cells


def _largest(entries: Any) -> int:
    """Return how many cells the largest entry of a dictionary is worth: it may be named often."""
    import pyarrow
    import pyarrow.compute

    kind = entries.type
    text = pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)
    if text or pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind):
        longest: int = pyarrow.compute.max(pyarrow.compute.binary_length(entries)).as_py() or 0
        return longest // _BYTES_OF_A_CELL
    if pyarrow.types.is_primitive(kind):
        return 0
    raise FrameError("a table has a column of a kind that does not cross")


def _readable(table: Any) -> Any:
    """Return a table all of whose cells Python can read: moments are exact to the microsecond.

    Arrow has moments that Python has not; to find them, such columns are read once.
    """
    import pyarrow

    for place, sent in enumerate(table.columns):
        column, kind = sent, sent.type
        if getattr(kind, "unit", None) == "ns":
            column = column.cast(_in_microseconds(kind), safe=False)
            table = table.set_column(place, table.column_names[place], column)
        held = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
        if pyarrow.types.is_temporal(held) or pyarrow.types.is_nested(held):
            column.to_pylist()
    return table


def _in_microseconds(kind: Any) -> Any:
    import pyarrow

    if pyarrow.types.is_timestamp(kind):
        return pyarrow.timestamp("us", kind.tz)
    return pyarrow.duration("us") if pyarrow.types.is_duration(kind) else pyarrow.time64("us")


def _refuse_compression(raw: memoryview) -> None:
    """Walk the stream's messages and refuse those with compressed bodies.

    The format is Arrow's "Encapsulated message format"; metadata are FlatBuffers.
    """
    at = 0
    for _ in range(_MAX_MESSAGES):
        if at == len(raw):
            return
        marker, size = struct.unpack_from("<II", raw, at)
        if marker != _CONTINUATION:
            raise FrameError("a table cannot be read")
        if size == 0:
            return
        message = raw[at + 8 :]
        (root,) = struct.unpack_from("<I", message)
        kind = message[_field(message, root, _HEADER_TYPE)]
        if kind in (_DICTIONARY, _RECORDS):
            records = _table_at(message, root, _HEADER)
            if kind == _DICTIONARY:
                records = _table_at(message, records, _DICTIONARY_RECORDS)
            if _field(message, records, _COMPRESSION):
                raise FrameError("a table is compressed")
        body_at = _field(message, root, _BODY)
        (body,) = struct.unpack_from("<Q", message, body_at) if body_at else (0,)
        at += 8 + size + body
    raise FrameError("a table is in too many pieces")


def _field(message: memoryview, table: int, number: int) -> int:
    """Return where a FlatBuffers table keeps a field, 0 where it has none."""
    (back,) = struct.unpack_from("<i", message, table)
    slots = table - back
    (size,) = struct.unpack_from("<H", message, slots)
    if 4 + 2 * number >= size:
        return 0
    (offset,) = struct.unpack_from("<H", message, slots + 4 + 2 * number)
    return table + offset if offset else 0


def _table_at(message: memoryview, table: int, number: int) -> int:
    at = _field(message, table, number)
    (step,) = struct.unpack_from("<I", message, at)
    return at + int(step)
