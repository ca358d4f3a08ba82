"""A project's commands run to their end, and what they answer is compared as predictions are."""

import asyncio
import sys

import pytest

from gradus.prover.claims import BrokenService
from gradus.prover.commands import Ran, filled, read_predictions, run, same

RAN = Ran("python batch.py", 0, 1.0, "")


def test_braces_that_are_none_of_ours_stay():
    assert filled(['{"a": 1}', "--out={rows}"], {"rows": "r"}) == ['{"a": 1}', "--out=r"]


def test_a_command_that_goes_well_says_so(tmp_path):
    words = [sys.executable, "-c", "import sys; print(sys.argv[1])", "{rows}"]
    ran = asyncio.run(run(words, tmp_path, {"rows": "file"}, tmp_path / "log"))
    assert ran.went_well
    assert ran.said == "file"


def test_a_command_that_hangs_is_ended_and_told(tmp_path):
    ran = asyncio.run(run(["sleep", "60"], tmp_path, {}, tmp_path / "log", limit=0.2))
    assert not ran.went_well
    assert ran.as_finding().returned.startswith("it did not end")


def test_a_predicted_text_may_hold_what_ends_lines_elsewhere(tmp_path):
    path = tmp_path / "predictions.jsonl"
    path.write_text('"a\u2028b"\n"c\x85d"\n', encoding="utf-8")
    assert read_predictions(path, 2, RAN) == ["a\u2028b", "c\x85d"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\n2\n", "2 predictions"),
        ("1\nx\n3\n", "Expecting value"),
        (None, "No such file"),
        ("[" * 100_000, "recursion"),
        ("1e999\n2\n3\n", "not finite"),
        (f"1\n{10**400}\n3\n", "not finite"),
    ],
)
def test_predictions_that_are_not_one_a_row_are_a_finding(tmp_path, text, said):
    path = tmp_path / "predictions.jsonl"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BrokenService) as raised:
        read_predictions(path, 3, RAN)
    assert said in raised.value.finding.returned


def test_predictions_are_read_one_a_line(tmp_path):
    path = tmp_path / "predictions.jsonl"
    path.write_text('0.5\n"fraud"\n\n{"p": [1, 2]}\n')
    assert read_predictions(path, 3, RAN) == [0.5, "fraud", {"p": [1, 2]}]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.001, False),
        (1, 1.0, True),
        (True, 1, False),
        ("a", "a", True),
        ([0.1, 0.9], [0.1, 0.9000000001], True),
        ([0.1], [0.1, 0.9], False),
        ({"p": 1.0}, {"p": 1.0}, True),
        ({"p": 1.0}, {"q": 1.0}, False),
        (None, 0, False),
        (10**400, 0.5, False),
        (10**400, 10**400, True),
    ],
)
def test_predictions_agree_within_a_small_tolerance(one, other, agree):
    assert same(one, other) is agree
