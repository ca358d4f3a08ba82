"""Labelled rows keep their truth to themselves, and can come to mean something else."""

import json
from collections import Counter

import numpy as np
import pytest

from gradus.core.service import Guards, Labels, Measure, Split
from gradus.prover.claims import InvalidRun
from gradus.prover.labelled import Labelled, features, read_labelled, with_meanings_changed


@pytest.fixture
def labelled(declared):
    declaration = declared(labels=Labels("labelled.jsonl", "y", Measure.AUC, baseline="rule"))
    rng = np.random.default_rng(3)
    lines = [
        {
            "amount": None if n % 7 == 0 else round(float(rng.exponential(9)), 3),
            "hour": int(rng.integers(0, 5)),
            "land": str(rng.choice(["a", "b", "c"], p=[0.6, 0.3, 0.1])),
            "abroad": bool(rng.random() < 0.2),
            "id": f"user-{n}",
            "y": n % 2,
            "rule": 0.5,
        }
        for n in range(300)
    ]
    (declaration.folder / "labelled.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return declaration, read_labelled(declaration, ["amount", "hour", "land", "abroad", "id"])


def test_what_is_sent_has_no_truth(labelled):
    rows = labelled[1]
    assert all(set(row) == {"amount", "hour", "land", "abroad", "id"} for row in rows.rows)
    assert rows.truth[:4] == (0, 1, 0, 1)
    first, second = rows.halves(np.random.default_rng(0))
    ids = [row["id"] for row in (*first.rows, *second.rows)]
    assert sorted(ids) == sorted(row["id"] for row in rows.rows)
    assert all(int(row["id"][5:]) % 2 == y for row, y in zip(first.rows, first.truth, strict=True))


def test_a_text_within_a_row_may_hold_what_ends_lines_elsewhere(declared):
    declaration = declared(labels=Labels("labelled.jsonl", "y", Measure.AUC))
    text = json.dumps({"land": "a\u2028b\x85c", "y": 1}, ensure_ascii=False)
    (declaration.folder / "labelled.jsonl").write_text(f"{text}\n{text}\n", encoding="utf-8")
    rows = read_labelled(declaration, ["land"])
    assert [row["land"] for row in rows.rows] == ["a\u2028b\x85c"] * 2


def test_meanings_change_and_the_looks_stay(labelled):
    rows = labelled[1]
    changed = with_meanings_changed(rows, ["amount", "hour", "land", "abroad"])
    assert changed.truth == rows.truth
    for name in ("amount", "hour"):
        pairs = [(a[name], b[name]) for a, b in zip(rows.rows, changed.rows, strict=True)]
        assert all((a is None) == (b is None) for a, b in pairs)
        numbers = sorted((a, b) for a, b in pairs if a is not None)
        assert [b for _, b in numbers] == sorted((b for _, b in numbers), reverse=True)
        means = np.mean(numbers, axis=0)
        assert means[1] == pytest.approx(means[0], rel=0.25)
    lands = Counter(row["land"] for row in rows.rows), Counter(row["land"] for row in changed.rows)
    assert (lands[0]["a"], lands[0]["b"], lands[0]["c"]) == tuple(lands[1][x] for x in "cba")
    assert all(a["abroad"] != b["abroad"] for a, b in zip(rows.rows, changed.rows, strict=True))
    assert [row["id"] for row in changed.rows] == [row["id"] for row in rows.rows]


def test_features_are_neither_ids_nor_what_may_say_nothing(labelled, declared):
    rows = labelled[1].rows
    assert features(declared(), rows) == ("amount", "hour", "land", "abroad")
    guarded = declared(
        guards=Guards(banned=("land",), personal=("abroad",)),
        split=Split("X", {"a": 0.5, "b": 0.5}, field="hour"),
    )
    assert features(guarded, rows) == ("amount",)


def test_too_few_labelled_rows_are_counted_and_what_they_are_for_is_said():
    few = Labelled(({"n": 1},) * 3, (0,) * 3, ({"n": 1},) * 3)
    few.must_be(3)
    with pytest.raises(InvalidRun, match=r"^3 labelled rows are too few; 200 are needed\.$"):
        few.must_be()
    with pytest.raises(InvalidRun, match=r"4 are needed\. One half is learnt from\.$"):
        few.must_be(4, "One half is learnt from.")
