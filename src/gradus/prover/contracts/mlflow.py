"""MLflow's scoring server: a table in split orientation to `/invocations`."""

from collections.abc import Sequence
from typing import Any

from gradus.core.service import ContractTerms
from gradus.prover.contract import Contract, Row, as_json, member, one_each, post, values
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """Column names once, then the rows as lists."""
    columns = list(terms.columns or rows[0])
    table = {"columns": columns, "data": [values(terms, row) for row in rows]}
    return post("/invocations", {"dataframe_split": table}, {"X-Request-ID": identifier})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """`predictions` has one entry a row."""
    return one_each(member(as_json(response), "predictions"), n_rows)


CONTRACT = Contract(
    name="mlflow",
    title="MLflow scoring server",
    source="MLflow 3, REST endpoint /invocations",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", terms.ready or "/ping"),
)
