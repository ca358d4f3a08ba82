"""What an operator's commands print, and which answers are allowed while they run."""

import pytest

from gradus.core.service import Split
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.commands import Ran
from gradus.prover.exchange import Exchange, Outcome, Response
from gradus.prover.proofs.ab_split import n_users
from gradus.prover.sent import Sent
from gradus.prover.versions import named, only_these_answers

ROWS = [{"n": 0}, {"n": 1}]


def answered(row, prediction, code=200, fault=""):
    exchange = Exchange(0, 0.0, 0.0, 0.0, 0.1, Outcome.ANSWERED, Response(code, {}, b"busy"))
    return Sent("id", row, exchange, prediction, fault)


def found_against(*sent):
    claim = Claim("Only these answers come.")
    only_these_answers(claim, sent, ROWS, [0.25, 0.5], [0.75, 1.0])
    return claim.outcome().finding


@pytest.mark.parametrize(
    ("code", "said", "version"),
    [
        (0, "epoch 1\nepoch 2\n v7 ", "v7"),
        (0, "", ""),
        (1, "v7", ""),
        (None, "v7", ""),
        (0, "v\0\x1b", "v\\x00\\x1b"),
    ],
)
def test_a_version_is_the_last_line_of_a_training_that_went_well(code, said, version):
    assert named(Ran("train", code, 1.0, said)) == version


def test_answers_of_either_version_are_allowed_and_no_others():
    assert found_against(answered(0, 0.25), answered(0, 0.75), answered(1, 1.0)) is None
    finding = found_against(answered(1, 0.25))
    assert (finding.returned, finding.expected) == ("0.25", "0.5 or 1.0, bit for bit")
    assert found_against(answered(0, 0.25 + 1e-12)) is not None


def test_what_is_no_answer_is_never_allowed():
    assert found_against(answered(0, None, 503)).returned == "503: busy"
    assert found_against(answered(0, None, fault="no list")).returned == "no list"


def test_a_narrow_margin_needs_more_users():
    even = {"a": 0.5, "b": 0.5}
    assert n_users(Split("v", even, margin=0.05)) == 3969
    assert n_users(Split("v", even, margin=0.1)) == 993
    assert n_users(Split("v", {"a": 0.9, "b": 0.1}, margin=0.05)) < 1500
    with pytest.raises(InvalidRun, match="Declare a wider 'margin'"):
        n_users(Split("v", even, margin=0.001))
