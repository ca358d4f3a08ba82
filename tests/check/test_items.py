"""Items of values that the check itself holds, such as parsed JSON or what a command printed."""

import pytest

from gradus.check import observe
from gradus.check.far import Unmet


def test_an_item_of_a_value_is_an_answer_that_knows_its_place():
    ran = observe("python train.py", {"exit": 1, "lines": ["a", "b"]})
    with pytest.raises(Unmet) as unmet:
        ran["lines"][1].must_equal("c")
    assert unmet.value.finding.call == "python train.py['lines'][1]"
    assert unmet.value.finding.returned == "'b'"


@pytest.mark.parametrize("key", ["stdout", 0, ("x", 1)])
def test_an_item_that_is_not_there_is_a_finding(key):
    with pytest.raises(Unmet) as unmet:
        observe("what it said", {"exit": 1})[key]
    assert unmet.value.finding.expected == f"something with an item {key!r}"


def test_a_number_has_no_items():
    with pytest.raises(Unmet):
        observe("calls of f", 3)[0]
