"""The contract: what breaks it is refused, and nothing that is refused is repeated."""

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fraud.contract import (
    Payment,
    Question,
    Refused,
    check_batch,
    lines_of,
    read_labelled,
    read_rows,
    row_of,
    said,
)
from fraud.events import World, written

HOLDERS = ["Ana\u2028Bauer", "Ana\u2029Bauer", "Ana\x85Bauer"]
GOOD = written(World(20, 1).day(0)[0].payment)


def faults(**changed: Any) -> list[str]:
    row = {k: v for k, v in (GOOD | changed).items() if v is not ...}
    try:
        Payment.model_validate_json(json.dumps(row))
    except ValidationError as fault:
        return [each["field"] for each in said(fault)]
    return []


class Contract(unittest.TestCase):
    def test_a_good_payment_passes_and_loses_the_name(self) -> None:
        self.assertEqual(faults(), [])
        self.assertNotIn("holder", row_of(Payment.model_validate(GOOD)))

    def test_each_broken_field_is_named(self) -> None:
        for field, value in (
            ("amount", 0),
            ("amount", -3.5),
            ("amount", 1e6),
            ("amount", "12"),
            ("amount", True),
            ("amount", float("nan")),
            ("amount", float("inf")),
            ("amount", None),
            ("amount", ...),
            ("card", "c 1"),
            ("card", "x" * 41),
            ("card", "\ud800"),
            ("card", 7),
            ("category", "gold"),
            ("country", "XX"),
            ("at", 1_700_000_000),
            ("at", "1700000000000000"),
            ("at", "2026-01-05T10:00:00"),
            ("at", "soon"),
            ("at", "9999-01-01T00:00:00Z"),
            ("holder", "x" * 81),
            ("more", 1),
        ):
            with self.subTest(field=field, value=value):
                self.assertIn(faults(**{field: value}), ([field], [""]))  # no JSON at all

    def test_only_what_has_happened_needs_a_name(self) -> None:
        self.assertEqual(faults(payment_id=...), ["payment_id"])
        nameless = {name: value for name, value in GOOD.items() if name != "payment_id"}
        self.assertIsNone(row_of(Question.model_validate(nameless))["payment_id"])
        self.assertEqual(len(read_rows([json.dumps(nameless)])), 1)
        with self.assertRaisesRegex(Refused, "line 1: payment_id"):
            read_labelled([json.dumps(nameless | {"fraud": 0})])

    def test_what_is_said_holds_no_value(self) -> None:
        try:
            Payment.model_validate(GOOD | {"holder": "Ana Secret" * 20, "card": "4000 1234"})
        except ValidationError as fault:
            told = json.dumps(said(fault))
        self.assertNotIn("Secret", told)
        self.assertNotIn("4000", told)

    def test_a_file_is_refused_with_its_line(self) -> None:
        lines = [json.dumps(GOOD), json.dumps(GOOD | {"amount": -1})]
        with self.assertRaisesRegex(Refused, "line 2: amount"):
            read_rows(lines)
        labelled = [json.dumps(GOOD | {"fraud": 0, "weight": 2}), '{"fraud": 1']
        with self.assertRaisesRegex(Refused, "line 2"):
            read_labelled(labelled)
        with self.assertRaisesRegex(Refused, "line 1"):
            read_labelled([json.dumps(GOOD | {"fraud": "yes"})])
        self.assertEqual(read_labelled(labelled[:1])[0]["weight"], 2.0)

    def test_a_line_ends_at_a_line_feed_and_nowhere_else(self) -> None:
        rows = [GOOD | {"holder": holder} for holder in HOLDERS]
        text = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.jsonl"
            for end in ("", "\n"):
                path.write_bytes((text + end).encode())
                self.assertEqual([each.holder for each in read_rows(lines_of(path))], HOLDERS)
            path.write_bytes(b"")
            self.assertEqual(lines_of(path), [])

    def test_rows_that_are_each_good_may_be_bad_together(self) -> None:
        rows = [row_of(Payment.model_validate(written(e.payment))) for e in World(400, 1).day(0)]
        rows = [row | {"fraud": place % 40 == 0} for place, row in enumerate(rows)]
        check_batch(rows)
        for spoilt, why in (
            (rows[:100], "too few"),
            ([*rows, rows[0]], "twice"),
            ([row | {"amount": 9.0} for row in rows], "same amount"),
            ([row | {"fraud": False} for row in rows], "nothing to tell apart"),
        ):
            with self.subTest(why), self.assertRaisesRegex(Refused, why):
                check_batch(spoilt)
