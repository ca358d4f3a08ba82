"""Plain JSON as an OpenAPI document describes it: rows in a field of the body, or a row as it."""

from collections.abc import Sequence
from typing import Any

from gradus.core.service import ContractTerms
from gradus.prover.contract import (
    Contract,
    Row,
    as_json,
    member,
    one_each,
    post,
)
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """One row is the body itself; several stand in the declared field, or are the body."""
    value: Any = dict(rows[0]) if terms.single else [dict(row) for row in rows]
    if terms.field:
        value = {terms.field: value}
    return post(terms.path or "/predict", value, {"X-Request-ID": identifier})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """The declared field holds the predictions, or one of them in a request of one row."""
    value = as_json(response)
    for name in filter(None, terms.output.split(".")):
        value = member(value, name)
    return [value] if terms.single else one_each(value, n_rows)


CONTRACT = Contract(
    name="plain-json",
    title="Plain JSON, described by OpenAPI",
    source="OpenAPI Specification 3.1",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", terms.ready or "/health"),
)
