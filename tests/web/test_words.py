"""How the pages write numbers, moments and names."""

import pytest

from gradus.core.verdict import ClaimOutcome, Finding
from gradus.web import words


def test_short_and_long_checks_are_told_in_their_own_unit() -> None:
    assert [words.milliseconds(s) for s in (0.0001, 0.0414, 0.9994, 3.21)] == [
        "1 ms",
        "41 ms",
        "999 ms",
        "3.2 s",
    ]


def test_work_is_told_in_hours_and_minutes() -> None:
    assert [words.duration(m) for m in (0, 59.4, 60, 80.2)] == [
        "0 min",
        "59 min",
        "1 h",
        "1 h 20 min",
    ]


def test_days_and_moments_may_be_missing() -> None:
    assert words.day("") == ""
    assert words.moment("") == ""
    assert words.day("2026-11-03") == "3 Nov"


def test_backticks_become_code_and_nothing_else_becomes_html() -> None:
    assert words.with_code("Say `a < b` & <b>") == "Say <code>a &lt; b</code> &amp; &lt;b&gt;"
    assert words.with_code("one ` alone") == "one ` alone"


@pytest.mark.parametrize(
    ("claim", "fate"),
    [
        (ClaimOutcome("x", held=True, examples=3), "held"),
        (ClaimOutcome("x", held=False, examples=3), "broken"),
        (ClaimOutcome("x", held=False, examples=0, finding=Finding("f()", "1")), "broken"),
        (ClaimOutcome("x", held=False, examples=0), "unreached"),
    ],
)
def test_a_claim_is_held_broken_or_was_not_reached(claim: ClaimOutcome, fate: str) -> None:
    assert words.fate(claim) == fate
