"""Plain JSON as an OpenAPI document describes it: rows in a field of the body, or a row as it."""

from collections.abc import Sequence
from typing import Any

from gradus.prover.contract import (
    Contract,
    Row,
    Settings,
    as_json,
    member,
    one_each,
    post,
)
from gradus.prover.exchange import Request, Response


def encode(settings: Settings, rows: Sequence[Row], identifier: str) -> Request:
    """One row is the body itself; several stand in the declared field, or are the body."""
    value: Any = dict(rows[0]) if settings.single else [dict(row) for row in rows]
    if settings.field:
        value = {settings.field: value}
    return post(settings.path or "/predict", value, {"X-Request-ID": identifier})


def decode(settings: Settings, response: Response, n_rows: int) -> list[Any]:
    """The declared field holds the predictions, or one of them in a request of one row."""
    value = as_json(response)
    for name in filter(None, settings.output.split(".")):
        value = member(value, name)
    return [value] if settings.single else one_each(value, n_rows)


CONTRACT = Contract(
    name="plain-json",
    title="Plain JSON, described by OpenAPI",
    source="OpenAPI Specification 3.1",
    encode=encode,
    decode=decode,
    ready=lambda settings: Request("GET", settings.ready or "/health"),
)
