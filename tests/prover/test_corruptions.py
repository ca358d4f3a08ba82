"""Each corruption breaks one thing in a row that was valid."""

import numpy as np

from gradus.prover.corruptions import corrupted

ROWS = [
    {"amount": 1.5 * n, "count": n, "days": None if n % 3 else n, "land": "AB"[n % 2], "new": n > 3}
    for n in range(10)
]
FIELDS = tuple(ROWS[0])


def cases(fields=FIELDS, unbounded=()):
    rng = np.random.default_rng(1)
    return {each.what: each.row for each in corrupted(ROWS, fields, unbounded, rng)}


def test_only_the_named_field_is_wrong():
    for what, row in cases().items():
        name = what.split("'")[1]
        rest = {key: value for key, value in row.items() if key != name}
        assert any(rest == {k: v for k, v in each.items() if k != name} for each in ROWS)
        assert name not in row or row[name] not in [each[name] for each in ROWS], what


def test_each_type_has_its_own_ways_of_being_wrong():
    whats = [what for what in cases() if "'land'" in what or "'new'" in what]
    assert whats == [
        "'land' is null, as it never is",
        "'land' is a number in place of a text",
        "'land' is an object in place of a text",
        "'land' is missing",
        "'new' is null, as it never is",
        "'new' is a text in place of true or false",
        "'new' is missing",
    ]


def test_what_may_be_missing_or_large_is_not_called_wrong():
    assert "'days' is null, as it never is" not in cases()
    assert cases()["'amount' is absurdly large"]["amount"] > 10_000
    assert isinstance(cases()["'count' is absurdly small"]["count"], int)
    assert not [what for what in cases(unbounded=("amount",)) if "'amount' is absurd" in what]
