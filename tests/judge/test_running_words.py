"""How a finding is worded, and copies that a claim may change."""

import numpy as np
import pytest

from gradus.core.verdict import Finding
from gradus.judge.running import fresh, in_plain_words

WORDS = ("call", "returned", "expected", "note")


@pytest.mark.parametrize("part", WORDS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("x" * 4000, "x" * 4000),
        ("x" * 4001, "x" * 4000 + " …"),
    ],
)
def test_a_strangers_words_are_plain_and_come_to_an_end(part, text, said):
    words = dict.fromkeys(WORDS, "as it was")
    finding = in_plain_words(Finding(frames=("a frame",), **words | {part: text}))
    assert finding == Finding(frames=("a frame",), **words | {part: said})


def objects():
    made = np.empty(1, dtype=object)
    made[0] = [1]
    return made


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1, 2], lambda it: it.append(3)),
        ([[1], 2], lambda it: it[0].append(3)),
        (([1], 2), lambda it: it[0].append(3)),
        ({"a": [1]}, lambda it: it["a"].append(3)),
        ({"a": 1}, lambda it: it.clear()),
        (np.zeros(2), lambda it: it.fill(1)),
        (objects(), lambda it: it[0].append(3)),
        ([objects()], lambda it: it[0][0].append(3)),
        ({1, 2}, lambda it: it.add(3)),
        (bytearray(b"ab"), lambda it: it.extend(b"c")),
    ],
)
def test_a_copy_may_be_changed(value, change):
    copied, before = fresh(value), repr(value)
    assert type(copied) is type(value)
    assert repr(copied) == before
    change(copied)
    assert repr(copied) != before
    assert repr(value) == before


@pytest.mark.parametrize("make", [list, tuple, lambda pair: dict(enumerate(pair))])
def test_what_was_drawn_twice_is_copied_twice(make):
    drawn = [1]
    copied = fresh(make([drawn, drawn]))
    copied[0].append(2)
    assert copied[1] == [1]


def test_an_array_is_laid_out_row_by_row_as_where_the_work_gets_it():
    assert fresh(np.zeros((2, 3), order="F")).flags.c_contiguous


@pytest.mark.parametrize("value", [1, 1.5, "a", True, b"a", None])
def test_what_never_changes_is_what_it_was(value):
    assert fresh(value) is value
