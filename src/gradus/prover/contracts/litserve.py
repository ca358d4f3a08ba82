"""A LitServe server: `/predict` with `input`, answered by `output`."""

from collections.abc import Sequence
from typing import Any

from gradus.prover.contract import Contract, Row, Settings, as_json, member, one_each, post, values
from gradus.prover.exchange import Request, Response


def encode(settings: Settings, rows: Sequence[Row], identifier: str) -> Request:
    """`input` is one row or a list of rows, each a list of values in the columns' order."""
    given = [values(settings, row) for row in rows]
    value = {settings.field or "input": given[0] if settings.single else given}
    return post(settings.path or "/predict", value, {"X-Request-ID": identifier})


def decode(settings: Settings, response: Response, n_rows: int) -> list[Any]:
    """`output` is one prediction or a list of them."""
    value = member(as_json(response), settings.output or "output")
    return [value] if settings.single else one_each(value, n_rows)


CONTRACT = Contract(
    name="litserve",
    title="LitServe",
    source="LitServe: LitServer and its /predict and /health endpoints",
    encode=encode,
    decode=decode,
    ready=lambda settings: Request("GET", settings.ready or "/health"),
)
