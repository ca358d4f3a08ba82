"""An outcome that nobody waited for yet: heard once, by whoever looks first."""

import pytest

from gradus.check import Answer
from gradus.check.far import UNREADABLE, Awaited, Outcome, Raised, Unmet
from gradus.core.verdict import Finding


class Line:
    """Counts how often it is listened to."""

    def __init__(self, said: Outcome | Exception) -> None:
        self.said = said
        self.times = 0

    def hear(self) -> Outcome:
        self.times += 1
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def test_nothing_is_heard_before_somebody_looks() -> None:
    line = Line(Outcome(1, 2.5))
    answer = Answer("f(1)", Awaited(line.hear))
    assert line.times == 0
    answer.must_equal(2.5)
    assert line.times == 1


def test_however_often_one_looks_it_is_heard_once() -> None:
    line = Line(Outcome(7, [1, 2], None))
    awaited = Awaited(line.hear)
    assert (awaited.ref, awaited.value, awaited.raised) == (7, [1, 2], None)
    assert awaited.heard() is awaited.heard()
    answer = Answer("f(1)", awaited)
    answer.must_equal([1, 2])
    assert answer.as_value() == [1, 2]
    assert line.times == 1


def test_an_end_of_the_far_side_is_met_at_every_look() -> None:
    line = Line(ConnectionError("gone"))
    awaited = Awaited(line.hear)
    for _ in range(3):
        with pytest.raises(ConnectionError, match="gone"):
            awaited.heard()
    with pytest.raises(ConnectionError, match="gone"):
        Answer("f(1)", awaited).must_equal(1)
    assert line.times == 1


def test_what_it_raised_is_a_finding_of_the_call_that_was_awaited() -> None:
    line = Line(Outcome(raised=Raised(("ValueError", "Exception"), "too small")))
    answer = Answer("f(1)", Awaited(line.hear))
    with pytest.raises(Unmet) as unmet:
        answer.must_equal(1)
    assert unmet.value.finding.call == "f(1)"
    assert unmet.value.finding.returned == "raised ValueError: too small"
    Answer("f(1)", Awaited(line.hear)).must_raise("ValueError")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (Raised(("ValueError", "Exception"), "too small"), "raised ValueError: too small"),
        (Raised(("ValueError",), ""), "raised ValueError"),
        (Raised((), "too small"), "raised an exception: too small"),
        (Raised((UNREADABLE, "ValueError"), "not a table"), "not a table"),
    ],
)
def test_an_exception_is_told_as_a_learner_reads_it(raised: Raised, told: str) -> None:
    assert raised.told == told


def test_an_unmet_claim_carries_its_finding() -> None:
    finding = Finding("f(1)", "2", "3")
    unmet = Unmet(finding)
    assert unmet.finding is finding
    assert str(unmet) == "f(1): returned 2"
