"""The proof of training anew fails a version that is none, or that has learnt nothing."""

import pytest

from gradus.core.proof import ProofVerdict

from .paying import broken

BETTER = "It is better than the old one on labels that it has not seen."


def test_an_honest_retraining_is_good_again(prove_it):
    outcome = prove_it("retrain")
    assert broken(outcome) == []
    assert outcome.claims[1].figures[0].value > 0.2


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        ("ignores-labels", "A good version is let into service."),
        ("no-gate+ignores-labels", BETTER),
        ("no-gate+holds-on", "It knows at least half of what the old one knew before."),
        ("overwrites", "The new version comes into service."),
    ],
)
def test_a_retraining_that_regains_nothing_fails(prove_it, defect, sentence):
    assert sentence in broken(prove_it("retrain", defect))


def test_a_model_that_knew_nothing_has_nothing_to_regain(prove_it):
    outcome = prove_it("retrain", "constant")
    assert outcome.verdict is ProofVerdict.INVALID
    assert "not better than a constant" in outcome.reason
