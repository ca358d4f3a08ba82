"""Tables cross as Arrow, and a table that lies is refused before it costs anything."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.values import Table
from gradus.sandbox.inside.frames import FrameError
from gradus.sandbox.tables import read_table

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


@pytest.mark.parametrize("kind", ["pandas", "series", "arrow"])
def test_a_table_of_every_usual_type_is_read(kind: str) -> None:
    back = read_table(stream(GOOD), kind)
    assert back.kind == kind
    assert back.arrow.equals(GOOD.slice(0, 3)) or back.arrow.schema == GOOD.schema


def test_an_empty_table_is_read() -> None:
    assert read_table(stream(GOOD.slice(0, 0)), "arrow").arrow.num_rows == 0
    assert read_table(stream(pa.table({})), "arrow").arrow.num_columns == 0


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
