"""An Amazon SageMaker inference container: `/ping` and `/invocations` on the port it is told."""

import csv
import io
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
    values,
)
from gradus.prover.exchange import Request, Response


def encode(terms: ContractTerms, rows: Sequence[Row], identifier: str) -> Request:
    """Rows as CSV without a header, which every built-in algorithm takes."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(values(terms, row) for row in rows)
    headers = {
        "Content-Type": "text/csv",
        "Accept": "application/json",
        "X-Amzn-SageMaker-Custom-Attributes": identifier,
    }
    return Request("POST", "/invocations", out.getvalue().encode(), headers)


def decode(terms: ContractTerms, response: Response, n_rows: int) -> list[Any]:
    """One prediction a line of CSV, or JSON with `predictions`."""
    kind = response.headers.get("content-type", "").split(";")[0].strip()
    if kind == "text/csv":
        try:
            text = response.body.decode()
            return one_each([float(row[0]) for row in csv.reader(text.splitlines())], n_rows)
        except (ValueError, IndexError, csv.Error) as fault:
            raise BrokenContract(f"the answer is no CSV of numbers: {fault}") from None
    value = as_json(response)
    if isinstance(value, dict):
        value = member(value, terms.output or "predictions")
    predictions = one_each(value, n_rows)
    if all(isinstance(each, dict) and "score" in each for each in predictions):
        return one_each([each["score"] for each in predictions], n_rows)
    return predictions


CONTRACT = Contract(
    name="sagemaker",
    title="Amazon SageMaker container",
    source="Amazon SageMaker developer guide: use your own inference code with hosting services",
    encode=encode,
    decode=decode,
    ready=lambda terms: Request("GET", "/ping"),
    environment=lambda terms, port: {"SAGEMAKER_BIND_TO_PORT": str(port)},
)
