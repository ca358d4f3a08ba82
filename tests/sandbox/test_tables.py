"""Tables cross as Arrow, and a table that lies is refused before it costs anything."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.values import Table
from gradus.sandbox import tables
from gradus.sandbox.inside.frames import FrameError
from gradus.sandbox.tables import read_table

END = b"\xff\xff\xff\xff\0\0\0\0"
GOOD = pa.table(
    {
        "n": pa.array([1, None, 3]),
        "x": [0.5, 1.5, float("nan")],
        "t": ["a", None, "é"],
        "at": pa.array([0, 1, 2], pa.timestamp("us")),
        "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        "many": [[1], [], [2, 3]],
        "none": pa.nulls(3),
        "both": [{"a": 1, "b": "x"}] * 3,
    }
)


def stream(table: pa.Table, **options: Any) -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return out.getvalue().to_pybytes()


@pytest.mark.parametrize("kind", ["pandas", "series", "arrow", "polars"])
def test_a_table_of_every_usual_type_is_read(kind: str) -> None:
    back = read_table(stream(GOOD), kind)
    assert back.kind == kind
    assert back.arrow.schema == GOOD.schema
    assert back.arrow.drop(["x"]).equals(GOOD.drop(["x"]))


@pytest.mark.parametrize("kind", ["excel", "", None, 1, ["arrow"]])
def test_a_table_of_no_known_kind_is_refused(kind: Any) -> None:
    with pytest.raises(FrameError, match="of no known kind"):
        read_table(stream(GOOD), kind)


def test_an_empty_table_is_read() -> None:
    assert read_table(stream(GOOD.slice(0, 0)), "arrow").arrow.num_rows == 0
    assert read_table(stream(pa.table({})), "arrow").arrow.num_columns == 0


def test_a_stream_may_end_without_its_end() -> None:
    raw = stream(GOOD)
    assert raw.endswith(END)
    assert read_table(raw.removesuffix(END), "arrow").arrow.num_rows == 3
    assert read_table(raw + b"anything", "arrow").arrow.num_rows == 3


@pytest.mark.parametrize(
    "over", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"1234567", END[:4] + b"\1\0\0\0"]
)
def test_a_stream_ends_with_a_message(over: bytes) -> None:
    with pytest.raises(FrameError, match="cannot be read"):
        read_table(stream(GOOD).removesuffix(END) + over, "arrow")


def test_messages_as_they_once_were_are_refused() -> None:
    """The walk over a stream's messages does not know their form."""
    with pytest.raises(FrameError, match="cannot be read"):
        read_table(stream(GOOD, use_legacy_format=True), "arrow")
    with pytest.raises(FrameError, match="cannot be read"):
        tables._refuse_compression(memoryview(bytes(8)))


def test_a_stream_in_too_many_pieces_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three messages and the end."""
    assert tables._MAX_MESSAGES == 100_000
    pieces = stream(pa.concat_tables([GOOD.select(["n"])] * 2))
    monkeypatch.setattr(tables, "_MAX_MESSAGES", 4)
    assert read_table(pieces, "arrow").arrow.num_rows == 6
    monkeypatch.setattr(tables, "_MAX_MESSAGES", 3)
    with pytest.raises(FrameError, match="too many pieces"):
        read_table(pieces, "arrow")


def test_a_table_where_only_the_dictionary_is_compressed_is_refused() -> None:
    wide = pa.table({"kind": pa.array(["a" * 1000, "b" * 1000]).dictionary_encode()})
    plain, small = (
        list(pa.ipc.MessageReader.open_stream(stream(wide, compression=codec)))
        for codec in (None, "zstd")
    )
    assert [each.type for each in small] == ["schema", "dictionary", "record batch"]
    for mixed, words in ((plain, None), ([plain[0], small[1], plain[2]], "compressed")):
        raw = b"".join(each.serialize().to_pybytes() for each in mixed)
        if words is None:
            assert read_table(raw, "arrow").arrow.equals(wide)
            continue
        assert pa.ipc.open_stream(raw).read_all().equals(wide)
        with pytest.raises(FrameError, match=words):
            read_table(raw, "arrow")


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
@pytest.mark.parametrize("columns", [["x"], ["kind"]])
def test_a_compressed_table_is_refused(codec: str, columns: list[str]) -> None:
    wide = pa.concat_tables([GOOD.select(columns)] * 1000).combine_chunks()
    with pytest.raises(FrameError, match="compressed"):
        read_table(stream(wide, compression=codec), "arrow")


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"none": pa.nulls(10**9)}),
        pa.table({"many": pa.ListArray.from_arrays([0, 2**30], pa.nulls(2**30))}),
    ],
    ids=["rows", "items"],
)
def test_cells_without_bytes_are_counted(table: pa.Table) -> None:
    with pytest.raises(FrameError, match="more cells"):
        read_table(stream(table), "arrow")


def dictionary(kind: pa.DataType, longest: int) -> pa.Array:
    """Name ten times one of four entries, whose longest has so many bytes."""
    entries = pa.array([b"a", b"b" * longest, None, b""], pa.binary()).cast(kind)
    return pa.DictionaryArray.from_arrays(pa.array([1] * 10, pa.int8()), entries)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (pa.array([1, 2, 3]), 3 + 3),
        (pa.nulls(7), 7 + 7),
        (pa.array([{"a": 1, "b": "x", "c": {"d": 1}}] * 3), 3 + 3 * 5),
        (pa.array([[1], [], [2, 3]]), 3 + 3 + 3),
        (pa.array([[1], [], [2, 3, 4]], pa.large_list(pa.int8())), 3 + 3 + 4),
        (pa.array([[[1, 2]], [[], [3]]]), 2 + 2 + 3 + 3),
        (pa.array([5, 5, 6]).dictionary_encode(), 3 + 3 + 2),
        (pa.array([True, None]).dictionary_encode(), 2 + 2 + 1),
        (pa.array([None, None], pa.string()).dictionary_encode(), 2 + 2 + 0),
        (dictionary(pa.string(), 63), 10 + 10 + 4),
        (dictionary(pa.string(), 255), 10 + 10 + 4 + 10 * 3),
        (dictionary(pa.large_string(), 256), 10 + 10 + 4 + 10 * 4),
        (dictionary(pa.binary(), 255), 10 + 10 + 4 + 10 * 3),
        (dictionary(pa.large_binary(), 255), 10 + 10 + 4 + 10 * 3),
        (pa.chunked_array([[1, 2], [3]]), 3 + 3),
    ],
    ids=lambda each: str(each.type) if hasattr(each, "type") else None,
)
def test_every_cell_is_counted(
    monkeypatch: pytest.MonkeyPatch, column: pa.Array, cells: int
) -> None:
    assert tables.MAX_CELLS == 20_000_000
    raw = stream(pa.table({"a": column}))
    monkeypatch.setattr(tables, "MAX_CELLS", cells)
    assert read_table(raw, "arrow").arrow.num_rows == len(column)
    monkeypatch.setattr(tables, "MAX_CELLS", cells - 1)
    with pytest.raises(FrameError, match="more cells than may be sent"):
        read_table(raw, "arrow")


def test_cells_that_become_objects_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables.MAX_NESTED == 1_000_000
    lists = pa.chunked_array([[[1, 2]], [[3], []]])
    raw = stream(pa.table({"a": [1] * 3, "b": lists, "c": [{"d": 1}] * 3}))
    monkeypatch.setattr(tables, "MAX_NESTED", 3 + 3 + 3 + 3)
    assert read_table(raw, "arrow").arrow.num_rows == 3
    monkeypatch.setattr(tables, "MAX_NESTED", 3 + 3 + 3 + 3 - 1)
    with pytest.raises(FrameError, match="more cells than may be sent"):
        read_table(raw, "arrow")


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["a"], pa.string_view()),
        pa.array([b"a"], pa.binary_view()),
        pa.RunEndEncodedArray.from_arrays([3], [1]),
        pa.array([b"a" * 16], pa.uuid()),
        pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
        pa.array([[1, 2]], pa.list_(pa.int64(), 2)),
        pa.array([[1, 2]], pa.list_view(pa.int64())),
        pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
        pa.DictionaryArray.from_arrays(pa.array([0]), pa.array([[1, 2]])),
        pa.DictionaryArray.from_arrays(pa.array([0]), pa.array([b"ab"], pa.binary(2))),
        pa.array([["a"]], pa.list_(pa.string_view())),
    ],
    ids=lambda column: str(column.type),
)
def test_a_column_whose_size_is_not_bounded_does_not_cross(column: pa.Array) -> None:
    with pytest.raises(FrameError, match="of a kind that does not cross"):
        read_table(stream(pa.table({"a": column})), "arrow")


def test_two_columns_of_one_name_are_refused() -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"])
    with pytest.raises(FrameError, match="two columns of one name"):
        read_table(stream(twice), "arrow")


def test_what_a_column_holds_is_looked_at() -> None:
    """Arrow's reader itself takes such bytes for text."""
    text = pa.array([b"\xff"]).view(pa.string())
    with pytest.raises(FrameError, match="cannot be read"):
        read_table(stream(pa.table({"n": [1], "a": text})), "arrow")


def test_moments_are_exact_to_the_microsecond() -> None:
    kinds = [pa.timestamp("ns", "Europe/Berlin"), pa.timestamp("ns"), pa.duration("ns")]
    kinds += [pa.time64("ns"), pa.timestamp("s")]
    columns = {str(n): pa.array([2_001], kind) for n, kind in enumerate(kinds)}
    back = read_table(stream(pa.table({"first": [1], **columns})), "arrow").arrow
    assert back.schema.types == [
        pa.int64(),
        pa.timestamp("us", "Europe/Berlin"),
        pa.timestamp("us"),
        pa.duration("us"),
        pa.time64("us"),
        pa.timestamp("s"),
    ]
    assert back.column_names == ["first", "0", "1", "2", "3", "4"]
    micro = [back[str(n)].to_pylist()[0] for n in range(1, 4)]
    assert micro == [datetime(1970, 1, 1, 0, 0, 0, 2), timedelta(microseconds=2), time(0, 0, 0, 2)]


@pytest.mark.parametrize(
    "kind", [pa.timestamp("us"), pa.timestamp("s"), pa.timestamp("us", "Nowhere/At"), pa.date64()]
)
@pytest.mark.parametrize("how", ["itself", "in a list", "in a dictionary"])
def test_moments_that_python_has_not_are_refused(kind: pa.DataType, how: str) -> None:
    column = pa.array([2**62], pa.int64()).view(kind)
    if how == "in a list":
        column = pa.ListArray.from_arrays([0, 1], column)
    elif how == "in a dictionary":
        column = pa.DictionaryArray.from_arrays(pa.array([0]), column)
    with pytest.raises(FrameError, match="cannot be read"):
        read_table(stream(pa.table({"n": [1], "a": column})), "arrow")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_table_is_a_table_or_a_frame_error(data: st.DataObject) -> None:
    raw = bytearray(stream(GOOD))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    try:
        table = read_table(bytes(raw[:cut] if data.draw(st.booleans()) else raw), "arrow")
    except FrameError:
        return
    assert isinstance(table, Table)


def test_frames_go_to_a_child_and_back(work: Callable[..., Any]) -> None:
    pytest.importorskip("pandas")
    w = work(
        "def spread(df):\n    df['y'] = df['x'] * 2\n    return df\n\n\n"
        "def one(df):\n    return df['x']\n\n\n"
        "def mixed(df):\n    return type(df)({'a': [1, 'x', object()]})\n"
    )
    table = Table(pa.table({"x": [1.0, 2.0]}), "pandas")
    assert w.value("spread", table).arrow.to_pydict() == {"x": [1.0, 2.0], "y": [2.0, 4.0]}
    series = w.value("one", table)
    assert (series.kind, series.arrow.to_pydict()) == ("series", {"x": [1.0, 2.0]})
    assert w.value("mixed", table).type == "DataFrame"
