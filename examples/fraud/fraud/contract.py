"""What a payment is: one contract for the API, the stream and the training data.

A row that breaks it is refused where it comes in, with the field and the reason, never with the
value: what is refused may hold a name or a card number.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from fraud.defects import planted

Category = Literal[
    "grocery", "fuel", "restaurant", "fashion", "electronics", "travel", "digital", "cash"
]
Country = Literal["DE", "FR", "IT", "ES", "PL", "US", "BR", "TH"]
Entry = Literal["chip", "contactless", "online"]
CATEGORIES: tuple[str, ...] = get_args(Category)
COUNTRIES: tuple[str, ...] = get_args(Country)
ENTRIES: tuple[str, ...] = get_args(Entry)
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _written(value: Any) -> Any:
    """Take a time only as it is written in JSON: a bare number has no unit and no zone."""
    if not isinstance(value, str | datetime):
        raise ValueError("a time is written as in 2026-03-01T12:00:00Z")
    return value


class Question(BaseModel):
    """One payment, as it is asked about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    payment_id: Name | None = None
    """Names the payment for ever; a second one with the same name is the same payment. What has no
    name is a payment of its own each time: it meets no other, and no report."""
    card: Name
    """A pseudonym of the card."""
    merchant: Name
    category: Category
    country: Country
    """Where the merchant is."""
    card_country: Country
    """Where the card was issued."""
    entry: Entry
    amount: Annotated[float, Field(strict=True, gt=0, le=100_000, allow_inf_nan=False)]
    """In euros."""
    at: Annotated[AwareDatetime, BeforeValidator(_written), Field(ge=EARLIEST, lt=LATEST)]
    holder: Annotated[str, Field(max_length=80)] | None = None
    """The card holder's name: banks send it, nothing here may use, store or repeat it."""


class Payment(Question):
    """One payment that has happened: it always has a name."""

    payment_id: Name


class Report(BaseModel):
    """What became of a payment, told days later."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    payment_id: Name
    fraud: Annotated[bool, Field(strict=True)]
    reported_at: AwareDatetime


class Refused(ValueError):
    """Rows that break the contract; the text names the first of them."""


Row = dict[str, Any]
"""A payment inside the system: `at` in Unix seconds, and no `holder`."""


def row_of(payment: Question) -> Row:
    """Return what the system keeps of a payment."""
    with_name = planted("reads-the-name") or planted("keeps-the-name")
    row = payment.model_dump(exclude=None if with_name else {"holder"})
    row["at"] = payment.at.timestamp()
    return row


def said(fault: ValidationError) -> list[dict[str, Any]]:
    """Return what is wrong, field by field, without the values."""
    return [
        {"field": ".".join(map(str, each["loc"])), "wrong": each["msg"]} for each in fault.errors()
    ]


def lines_of(path: Path) -> list[str]:
    """Return the lines of a JSON Lines file, which only line feeds end.

    A text within JSON may hold other characters that Python takes for the end of a line.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def read_rows(lines: Iterable[str]) -> list[Question]:
    """Read JSON Lines of payments to score; raises Refused with the line that is wrong."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(Question.model_validate_json(line))
        except ValidationError as fault:
            first = said(fault)[0]
            raise Refused(f"line {number}: {first['field']}: {first['wrong']}") from None
    return found


def check_batch(rows: Sequence[Mapping[str, Any]]) -> None:
    """Look at training rows together; raises Refused for what no single row shows.

    Each row already keeps the contract. Here: names are unique, both outcomes occur, and no column
    is constant, which is what a broken export looks like.
    """
    if len(rows) < 500:
        raise Refused(f"{len(rows)} labelled payments are too few to train on (500 are needed)")
    names = [row["payment_id"] for row in rows]
    if len(set(names)) < len(names):
        raise Refused(f"{len(names) - len(set(names))} payments stand there twice")
    for column in ("card", "category", "entry", "amount", "at"):
        if len({row[column] for row in rows}) == 1:
            raise Refused(f"every payment has the same {column}")
    n_frauds = sum(bool(row["fraud"]) for row in rows)
    if not 0 < n_frauds < len(rows):
        raise Refused(f"{n_frauds} of {len(rows)} are frauds: there is nothing to tell apart")
    if not all(math.isfinite(row["amount"]) for row in rows):
        raise Refused("an amount is no number")


def read_labelled(lines: Iterable[str]) -> list[Row]:
    """Read JSON Lines of payments with their `fraud`, and perhaps a `weight`.

    A weight says how many payments a row stands for, in a sample that holds every fraud and few
    others. Other fields are passed over. Raises Refused with the line that is wrong.
    """
    found = []
    for number, line in enumerate(lines, 1):
        try:
            whole = json.loads(line)
            fraud, weight = whole["fraud"], float(whole.get("weight", 1.0))
            known = {name: whole[name] for name in Payment.model_fields if name in whole}
        except (ValueError, KeyError, AttributeError, TypeError) as fault:
            raise Refused(f"line {number}: no payment with a `fraud` field ({fault})") from None
        if fraud not in (0, 1) or not 0 < weight < math.inf:
            raise Refused(f"line {number}: `fraud` is 0 or 1, and `weight` above 0")
        try:
            row = row_of(Payment.model_validate(known))
        except ValidationError as fault:
            first = said(fault)[0]
            raise Refused(f"line {number}: {first['field']}: {first['wrong']}") from None
        found.append(row | {"fraud": bool(fraud), "weight": weight})
    return found
