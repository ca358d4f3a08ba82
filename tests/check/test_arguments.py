"""Which arguments of a call count as changed."""

from gradus.check import stub
from gradus.check.assertions import arguments_changed
from gradus.core.values import Handle


def test_a_function_that_was_handed_over_has_not_changed():
    sent = ((stub(abs), [1, 2]), {"key": len})
    afterwards = ([Handle(ref=3, type="function", text="<function abs>"), [1, 2]], {"key": None})
    assert arguments_changed(sent, afterwards) is None


def test_a_list_beside_a_function_is_still_compared():
    sent = ((stub(abs), [1, 2]), {})
    afterwards = ([None, [2, 1]], {})
    assert arguments_changed(sent, afterwards).startswith("argument 2 became")
