"""Azure ML's inference server: `/score` with a table, `/` for its liveness."""

import json
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
    values,
)
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """`data` holds the rows as lists; another field may be declared."""
    value = {terms.field or "data": [values(terms, row) for row in rows]}
    return post("/score", value, {"x-ms-client-request-id": identifier})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """A list, a declared field of an object, or either as a JSON text, as older scripts give."""
    value = as_json(response)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise BrokenContract("the answer is a text that is no JSON") from None
    if terms.output:
        value = member(value, terms.output)
    return one_each(value, n_rows)


CONTRACT = Contract(
    name="azure-ml",
    title="Azure ML scoring",
    source="Azure Machine Learning inference HTTP server",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", "/"),
)
