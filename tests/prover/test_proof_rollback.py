"""The proof of rolling back fails what is slow, has a gap, or does not bring the same back."""

import pytest

from .paying import broken

SAME = "Once it is back, the old answers come again, bit for bit."


def test_an_honest_rollback_passes(prove_it):
    outcome = prove_it("rollback")
    assert broken(outcome) == []
    assert [each.what for each in outcome.moments][-2:] == [
        "it is rolled back",
        "the old version is back",
    ]


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        ("gap-on-change", "Meanwhile every request is answered, by the old version or the new."),
        ("rollback-does-nothing", "The old version is back within 3 s."),
        ("rollback-slow", "The old version is back within 3 s."),
        ("rollback-retrains", SAME),
    ],
)
def test_a_rollback_that_is_none_fails(prove_it, defect, sentence):
    assert sentence in broken(prove_it("rollback", defect))
