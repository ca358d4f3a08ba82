"""A Vertex AI custom container: routes and port come in variables, rows are `instances`."""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.core.service import ContractTerms
from gradus.prover.contract import Contract, Row, as_json, member, one_each, post, values
from gradus.prover.exchange import Request, Response

PREDICT, HEALTH = "/predict", "/health"


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """Each instance is an object, or a list of values where columns are declared."""
    instances = [values(terms, row) if terms.columns else dict(row) for row in rows]
    path = terms.path or PREDICT
    return post(path, {"instances": instances}, {"X-Request-ID": identifier})


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """`predictions` has one entry an instance."""
    return one_each(member(as_json(response), "predictions"), n_rows)


def environment(terms: ContractTerms, port: int) -> Mapping[str, str]:
    """The variables that Vertex AI sets in every container."""
    return {
        "AIP_HTTP_PORT": str(port),
        "AIP_PREDICT_ROUTE": terms.path or PREDICT,
        "AIP_HEALTH_ROUTE": terms.ready or HEALTH,
        "AIP_MODE": "PREDICTION",
    }


CONTRACT = Contract(
    name="vertex",
    title="Vertex AI custom container",
    source="Vertex AI: custom container requirements for prediction",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", terms.ready or HEALTH),
    environment=environment,
)
