"""The proof of the prediction log fails what is logged wrongly, and passes what is not."""

import pytest

from .paying import broken

ONCE = "Every answered request stands in the log exactly once."


def test_an_honest_log_passes_and_its_project_is_not_touched(prove_it, system):
    before = sorted(path.name for path in system.iterdir())
    outcome = prove_it("prediction-log")
    assert broken(outcome) == []
    assert outcome.claims[1].figures[0].value < 0.03
    assert sorted(path.name for path in system.iterdir()) == before


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        ("drops-log", ONCE),
        ("logs-twice", ONCE),
        ("shortens-ids", ONCE),
        ("logs-other", "What is logged is what was answered."),
    ],
)
def test_a_log_that_lies_fails_by_the_claim_that_says_so(prove_it, defect, sentence):
    assert sentence in broken(prove_it("prediction-log", defect))
