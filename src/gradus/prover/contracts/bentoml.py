"""A BentoML service: an API is a path, its argument a field of the body, its answer the body."""

from collections.abc import Sequence
from typing import Any

from gradus.core.service import ContractTerms
from gradus.prover.contract import Contract, Row, as_json, member, one_each, post, values
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """Rows are lists of values where columns are declared, objects elsewhere."""
    given = [values(terms, row) if terms.columns else dict(row) for row in rows]
    value = {terms.field or "rows": given}
    return post(terms.path or "/predict", value, {"X-Request-ID": identifier})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """The body is the list of predictions, or an object with a declared field."""
    value = as_json(response)
    return one_each(member(value, terms.output) if terms.output else value, n_rows)


CONTRACT = Contract(
    name="bentoml",
    title="BentoML service",
    source="BentoML 1.4: services and HTTP clients",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", terms.ready or "/readyz"),
)
