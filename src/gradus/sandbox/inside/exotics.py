"""Tensors and tables, child side: library objects become nodes and are made from them again.

It must not import torch, pandas or pyarrow unless the value at hand is theirs.
"""

import importlib
import sys
from typing import Any

from .frames import FrameError
from .values import Sink, Source, array_node, make_array

_TORCH_NARROW = {"bfloat16": "float32"}


def library_node(value: Any, sink: Sink) -> Any:
    """Turn a tensor or table into a node, or return None where it is neither or does not fit."""
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(type(value), getattr(torch, "Tensor", ())):
        return _tensor_node(value, sink, torch)
    pandas = sys.modules.get("pandas")
    if pandas is not None and issubclass(type(value), getattr(pandas, "DataFrame", ())):
        return _table_node("pandas", value, sink)
    if pandas is not None and issubclass(type(value), getattr(pandas, "Series", ())):
        return _table_node("series", value, sink)
    arrow = sys.modules.get("pyarrow")
    if arrow is not None and issubclass(type(value), getattr(arrow, "Table", ())):
        return _arrow_node("arrow", value, sink, arrow)
    polars = sys.modules.get("polars")
    if polars is not None and issubclass(type(value), getattr(polars, "DataFrame", ())):
        import pyarrow

        return _arrow_node("polars", value.to_arrow(), sink, pyarrow)
    return None


def _tensor_node(value: Any, sink: Sink, torch: Any) -> Any:
    if value.layout != torch.strided or value.device.type != "cpu" or value.is_quantized:
        return None
    name = str(value.dtype).removeprefix("torch.")
    plain = value.detach().resolve_conj().resolve_neg()
    if name in _TORCH_NARROW:
        plain = plain.to(getattr(torch, _TORCH_NARROW[name]))
    try:
        array = plain.numpy()
    except (TypeError, RuntimeError):
        return None
    inner = array_node("a", array, sink, sys.modules["numpy"])
    return ["T", name, bool(value.requires_grad), *inner[1:]] if inner else None


def _table_node(kind: str, value: Any, sink: Sink) -> Any:
    try:
        import pyarrow

        if kind == "series":
            name = "0" if value.name is None else str(value.name)
            table = pyarrow.Table.from_pandas(value.to_frame(name=name))
        else:
            table = pyarrow.Table.from_pandas(value)
    except Exception:
        return None
    return _arrow_node(kind, table, sink, pyarrow)


def _arrow_node(kind: str, table: Any, sink: Sink, arrow: Any) -> Any:
    stream = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    raw = stream.getvalue()
    return ["A", kind, sink.buffer(raw, raw.size)]


def make_tensor(source: Source, node: list[Any], depth: int = 0) -> Any:
    """Make the torch tensor of `[tag, dtype, requires_grad, array dtype, shape, buffer]`."""
    import torch

    _, name, requires_grad, *inner = node
    dtype = getattr(torch, str(name), None)
    if not isinstance(dtype, torch.dtype):
        raise FrameError(f"torch has no dtype {name}")
    tensor = torch.from_numpy(make_array(source, ["a", *inner]).copy()).to(dtype)
    return tensor.requires_grad_(bool(requires_grad))


def make_table(source: Source, node: list[Any], depth: int = 0) -> Any:
    """Make the DataFrame, Series or Arrow table of `[tag, kind, buffer]`."""
    import pyarrow

    _, kind, place = node
    table = pyarrow.ipc.open_stream(pyarrow.py_buffer(source.buffer(place))).read_all()
    if kind == "arrow":
        return table
    if kind == "polars":
        return importlib.import_module("polars").from_arrow(table)
    frame = table.to_pandas()
    return frame.iloc[:, 0] if kind == "series" else frame
