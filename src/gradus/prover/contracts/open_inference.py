"""Open Inference Protocol, version 2: typed tensors by name, one for each feature."""

from collections.abc import Sequence
from typing import Any

from gradus.core.service import ContractTerms
from gradus.prover.contract import (
    BrokenContract,
    Contract,
    Row,
    as_json,
    member,
    one_each,
    post,
)
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """Each feature is a tensor of shape (n, 1); with `field` all of them are one tensor (n, k)."""
    names = terms.columns or tuple(rows[0])
    if terms.field:
        flat = [float(row[name]) for row in rows for name in names]
        inputs = [_tensor(terms.field, [len(rows), len(names)], flat)]
    else:
        inputs = [_tensor(name, [len(rows), 1], [row[name] for row in rows]) for name in names]
    return post(f"/v2/models/{terms.model}/infer", {"id": identifier, "inputs": inputs})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """The declared output, or the first; its leading side is the number of rows."""
    outputs = member(as_json(response), "outputs")
    if not isinstance(outputs, list) or not outputs:
        raise BrokenContract("the answer has no outputs")
    chosen = [o for o in outputs if not terms.output or member(o, "name") == terms.output]
    if not chosen:
        raise BrokenContract(f"no output is named '{terms.output}'")
    shape, flat = member(chosen[0], "shape"), member(chosen[0], "data")
    if not isinstance(shape, list) or not shape or shape[0] != n_rows:
        raise BrokenContract(f"an output of shape {shape} for {n_rows} rows")
    if not isinstance(flat, list) or n_rows == 0 or len(flat) % n_rows:
        raise BrokenContract(f"{len(flat)} values in an output of shape {shape}")
    width = len(flat) // n_rows
    if width == 1:
        return one_each(flat, n_rows)
    return [flat[n * width : (n + 1) * width] for n in range(n_rows)]


def _tensor(name: str, shape: list[int], flat: list[Any]) -> dict[str, Any]:
    return {"name": name, "shape": shape, "datatype": _datatype(flat), "data": flat}


def _datatype(flat: list[Any]) -> str:
    kinds = {type(each) for each in flat}
    if kinds == {bool}:
        return "BOOL"
    if kinds == {int}:
        return "INT64"
    return "FP64" if kinds <= {int, float} else "BYTES"


CONTRACT = Contract(
    name="open-inference",
    title="Open Inference Protocol v2",
    source="kserve/open-inference-protocol, REST, version 2",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", f"/v2/models/{terms.model}/ready"),
)
