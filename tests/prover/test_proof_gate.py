"""The proof of the gate fails what lets bad models in, or good ones out."""

import pytest

from .paying import broken


def test_an_honest_gate_refuses_the_bad_and_lets_one_in(prove_it):
    outcome = prove_it("gate")
    assert broken(outcome) == []
    assert len(outcome.claims) == 7


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        ("no-gate", "What was trained on labels of other rows is refused."),
        ("compares-only", "What was trained on labels of other rows is refused."),
        ("swaps-first", "After labels of other rows, the old version goes on answering."),
        ("refuses-in-silence", "What was trained on labels of other rows is refused."),
        ("refuses-all", "A good version is let into service."),
    ],
)
def test_a_gate_that_does_not_close_or_open_fails(prove_it, defect, sentence):
    assert sentence in broken(prove_it("gate", defect))
