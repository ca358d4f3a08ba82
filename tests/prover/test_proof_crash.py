"""The proof of crashes fails what loses, doubles, or does not come back."""

import pytest

from .paying import broken


def test_an_honest_service_survives_its_crashes(prove_it):
    outcome = prove_it("crash")
    assert broken(outcome) == []
    assert sum("killed" in each.what for each in outcome.moments) == 3


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        ("buffers-log", "Nothing that was acknowledged is lost."),
        ("replays-journal", "Nothing unexpected appears in the log."),
        ("leaves-a-lock", "The service gets ready."),
    ],
)
def test_what_a_crash_breaks_is_found(prove_it, defect, sentence):
    assert sentence in broken(prove_it("crash", defect))
