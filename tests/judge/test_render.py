"""A verdict as a learner reads it: what is shown of it, in which order, and what is left out."""

from dataclasses import replace

import pytest

from gradus.core.verdict import ClaimOutcome, Finding, Judgement, Verdict
from gradus.judge import render

FINDING = Finding("f(1)", "2", "3")
EMPTY = Judgement(
    **dict.fromkeys(("lab", "lab_version", "submission"), ""),
    verdict=Verdict.FAILED,
    seed=0,
    seconds=0.0,
    claims=(),
)


def failing(*findings):
    """Return a judgement with one claim for each finding."""
    claims = [ClaimOutcome(f"Claim {n}.", False, 1, each) for n, each in enumerate(findings)]
    return replace(EMPTY, claims=tuple(claims))


def lines_of(finding):
    """Return the lines of one finding, without its claim and the closing."""
    return render(failing(finding)).splitlines()[1:-2]


def test_a_failure_is_shown_from_its_title_to_its_count():
    judgement = replace(
        EMPTY,
        claims=(
            ClaimOutcome("It adds.", True, 25),
            ClaimOutcome("It halves.", False, 3, Finding("half(3)", "1", "1.5", (), "A note.")),
            ClaimOutcome("It waits.", False, 0),
        ),
        reason="It is late.",
        frames=("a.py:1 in f\n  g()", "a.py:2 in g"),
        mistake_says="You divide whole numbers.",
        printed="\nhello\n  you\n\n",
    )
    assert render(judgement, title="Halves") == (
        "Halves\n"
        "\n"
        "✓ It adds.\n"
        "✗ It halves.\n"
        "    half(3)\n"
        "      returned 1\n"
        "      expected 1.5\n"
        "      A note.\n"
        "· It waits.\n"
        "\n"
        "It is late.\n"
        "    a.py:1 in f\n"
        "      g()\n"
        "    a.py:2 in g\n"
        "\n"
        "  You divide whole numbers.\n"
        "\n"
        "  Your code printed:\n"
        "    hello\n"
        "      you\n"
        "\n"
        "FAILED  1 of 3 claims hold.\n"
    )


def test_what_was_printed_is_not_shown_of_work_that_passed():
    passed = replace(
        EMPTY, verdict=Verdict.PASSED, claims=(ClaimOutcome("It adds.", True, 2),), printed="hello"
    )
    assert render(passed) == "✓ It adds.\n\nPASSED  1 of 1 claims hold.\n"


def test_claims_of_which_none_was_reached_are_not_listed():
    claims = (ClaimOutcome("It adds.", False, 0), ClaimOutcome("It halves.", False, 0))
    judgement = replace(EMPTY, claims=claims, reason="add.py does not load.", printed=" \n ")
    assert render(judgement) == "add.py does not load.\n\nFAILED  0 of 2 claims hold.\n"


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Verdict.STOPPED, "Why.\n\nSTOPPED  A limit was hit; 0 of 0 claims hold.\n"),
        (
            Verdict.UNJUDGED,
            "Gradus failed, not your code. Your work is kept, and nothing was recorded.\n"
            "  Why.\n\nUNJUDGED  This says nothing about your work.\n",
        ),
    ],
)
def test_a_verdict_without_claims_says_why(verdict, text):
    assert render(replace(EMPTY, verdict=verdict, reason="Why.")) == text


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.PASSED, "\x1b[32m"),
        (Verdict.FAILED, "\x1b[31m"),
        (Verdict.STOPPED, "\x1b[33m"),
        (Verdict.UNJUDGED, "\x1b[33m"),
    ],
)
def test_a_verdict_has_its_colour_where_colours_are_wanted(verdict, code):
    text = render(replace(EMPTY, verdict=verdict), colour=True)
    assert text.startswith(f"{code}{verdict}\x1b[0m  ")
    assert "\x1b" not in render(replace(EMPTY, verdict=verdict))


def test_a_claim_has_the_colour_of_what_became_of_it():
    claims = (
        ClaimOutcome("It adds.", True, 2),
        ClaimOutcome("It halves.", False, 1, FINDING),
        ClaimOutcome("It waits.", False, 0),
    )
    lines = render(replace(EMPTY, claims=claims), colour=True).splitlines()
    assert lines[0] == "\x1b[32m✓\x1b[0m It adds."
    assert lines[1] == "\x1b[31m✗\x1b[0m It halves."
    assert lines[5] == "\x1b[2m·\x1b[0m It waits."


def test_three_counterexamples_are_shown_and_every_claim():
    lines = render(failing(*[FINDING] * 5)).splitlines()
    assert [lines.count(each) for each in ("    f(1)", "      returned 2", "      expected 3")] == [
        3
    ] * 3
    assert lines[-4:] == ["✗ Claim 3.", "✗ Claim 4.", "", "FAILED  0 of 5 claims hold."]


def test_a_traceback_that_was_just_shown_is_not_shown_again():
    here, there = (
        Finding("f(1)", "raised A", "", ("a.py:1",)),
        Finding("f(2)", "2", "", ("b.py:1",)),
    )
    lines = render(failing(here, replace(here, call="f(3)"), there)).splitlines()
    assert [each.strip() for each in lines if each.startswith("      ")] == [
        *("raised A", "a.py:1"),
        *("raised A", "at the same place"),
        *("returned 2", "b.py:1"),
    ]
    assert "at the same place" not in render(failing(FINDING, FINDING))


@pytest.mark.parametrize(
    ("returned", "lines"),
    [
        ("raised ValueError: raised by me", ["raised ValueError: raised by me"]),
        ("The code ended its process.", ["The code ended its process."]),
        ("The code's memory was full.", ["The code's memory was full."]),
        ("The codes", ["returned The codes"]),
        ("", ["returned "]),
        ("[1,\n 2]", ["returned [1,", "          2]"]),
        (
            "\n".join("abcdefghijk"),
            ["returned a", *(f"         {letter}" for letter in "bcdefghi")],
        ),
    ],
)
def test_what_came_back_is_said_in_the_fitting_word(returned, lines):
    found = lines_of(Finding("f(1)", returned))
    assert found == ["    f(1)", *(f"      {line}" for line in lines)]


def test_what_was_expected_is_quoted_whatever_it_says():
    assert lines_of(Finding("f(1)", "2", "The code of a row"))[2:] == [
        "      expected The code of a row"
    ]
    found = lines_of(
        Finding("f(1)", "2", "raised ValueError\nThe code ", ("a.py:1\n  x",), "Note.")
    )
    assert found[2:] == [
        "      expected raised ValueError",
        "               The code ",
        "      a.py:1",
        "        x",
        "      Note.",
    ]


@pytest.mark.parametrize(("n_lines", "first"), [(12, "0"), (13, "…"), (40, "…")])
def test_the_last_twelve_lines_of_what_was_printed_are_shown(n_lines, first):
    printed = "\n".join([*map(str, range(n_lines - 1)), "x" * 300])
    lines = render(replace(EMPTY, printed=printed)).splitlines()
    assert lines[:2] == ["  Your code printed:", f"    {first}"]
    assert lines[-3:] == [f"    {'x' * 200}", "", "FAILED  0 of 0 claims hold."]
    assert lines[-4] == f"    {n_lines - 2}"
    assert len(lines) == 1 + min(n_lines, 13) + 2
