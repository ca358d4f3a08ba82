"""A LitServe server: `/predict` with `input`, answered by `output`."""

from collections.abc import Sequence
from typing import Any

from gradus.core.service import ContractTerms
from gradus.prover.contract import Contract, Row, as_json, member, one_each, post, values
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """`input` is one row or a list of rows, each a list of values in the columns' order."""
    given = [values(terms, row) for row in rows]
    value = {terms.field or "input": given[0] if terms.single else given}
    return post(terms.path or "/predict", value, {"X-Request-ID": identifier})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """`output` is one prediction or a list of them."""
    value = member(as_json(response), terms.output or "output")
    return [value] if terms.single else one_each(value, n_rows)


CONTRACT = Contract(
    name="litserve",
    title="LitServe",
    source="LitServe: LitServer and its /predict and /health endpoints",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", terms.ready or "/health"),
)
