"""What each demand lets pass, and what a learner reads where it does not."""

import numpy as np
import pytest

from gradus.check import observe, stub, table, tensor
from gradus.check.answers import Answer
from gradus.check.assertions import MOST_MATCHED, Assertions, arguments_changed
from gradus.check.far import Outcome, Raised, Unmet
from gradus.check.margins import margins
from gradus.core.values import Handle

FAULT = Raised(("KeyError", "LookupError", "Exception"), "'no such key'", ("line 3", "line 7"))
BECAUSE = "So it was asked."


def seen(value):
    return observe("f(x)", value)


def failed():
    return Answer("f(x)", Outcome(raised=FAULT))


def finding_of(demand):
    with pytest.raises(Unmet) as unmet:
        demand()
    return unmet.value.finding


DEMANDS = [
    ("must_be_close_to", (1.0,), 1.0, 2.0, "1.0", ""),
    ("must_be_close_to", (seen(1.0),), 1.0, 2.0, "1.0", ""),
    ("must_be_close_to", ([1.0, 2.0],), [1.0, 2.0], [1.0], "[1.0, 2.0]",
     "Its shape is (1,), not (2,)."),
    ("must_equal", ([1, 2],), (1, 2), [1, 3], "[1, 2]", "Item 1: It is 3, not 2."),
    ("must_equal", (seen([1]),), [1], [1, 3], "[1]", "It has 2 items, not 1."),
    ("must_differ_from", (3,), 4, 3, "something other than 3", ""),
    ("must_differ_from", (seen(3),), 4, 3, "something other than 3", ""),
    ("must_be_a", ("int", "text"), "a", 1.5, "int or text", "It is a float."),
    ("must_have_shape", ((2, 1),), [[1], [2]], [1, 2], "shape (2, 1)", "Its shape is (2,)."),
    ("must_have_shape", ([2],), [1, 2], "no", "shape [2]", "It is a text."),
    ("must_have_dtype", ("int8", "bool"), np.zeros(2, bool), np.zeros(2), "int8 or bool",
     "Its dtype is float64."),
    ("must_have_dtype", ("bfloat16",), tensor([1.0], "bfloat16"), 3, "bfloat16",
     "Its dtype is an int."),
    ("must_be_finite", (), [1, 2.0, 1j], [1.0, np.nan], "finite numbers", "At [1] it is nan."),
    ("must_be_at_least", (2,), [2, 3], [[2, 1]], "at least 2", "At [0, 1] it is 1."),
    ("must_be_at_least", (2,), 2, [3, 1, 0], "at least 2", "At [1] it is 1."),
    ("must_be_at_most", (2,), 2, 3, "at most 2", ""),
    ("must_be_above", (2,), 3, 2, "more than 2", ""),
    ("must_be_below", (2,), 1, 2, "less than 2", ""),
    ("must_be_between", (1, 2), [1, 2], [1, 2.5], "between 1 and 2", "At [1] it is 2.5."),
    ("must_be_between", (1, 2), 1.5, 0.5, "between 1 and 2", ""),
    ("must_be_above", (2,), 3, True, "more than 2", "It is a bool."),
    ("must_be_above", (2,), 3, "4", "more than 2", "It is a text."),
    ("must_be_above", (2,), 3, 4j, "more than 2", "It is complex."),
    ("must_be_one_of", ((1, "a"),), "a", True, "one of 1, 'a'", ""),
    ("must_contain", ("b",), "abc", {"a": 1}, "something with 'b' in it", ""),
    ("must_contain", (1,), [1], 1, "something with 1 in it", "It is an int."),
    ("must_not_contain", (2,), {1}, (1, 2), "nothing with 2 in it", ""),
    ("must_not_contain", (2,), np.array([1]), None, "nothing with 2 in it", "It is None."),
    ("must_match", ("b.d",), "abcde", "abde", "a text that matches b.d", ""),
    ("must_match", ("b",), "b" * MOST_MATCHED, 3, "a text that matches b", ""),
    ("must_match", ("b",), "b", "b" * (MOST_MATCHED + 1), "a text that matches b",
     "It has 100,001 characters."),
    ("must_satisfy", ("be even", lambda n: n % 2 == 0), 4, 5, "it to be even", ""),
    ("must_satisfy", ("be short", lambda n: len(n) < 3), tensor([1, 2]), 5, "it to be short",
     "It is an int."),
    ("must_average_at_least", (1,), [1.5, 1.51, 1.52], 3.0,
     "at least 1 on average, with 99% confidence", ""),
    ("must_average_at_most", (2,), [1.5, 1.51, 1.52], [1.0, np.inf],
     "at most 2 on average, with 99% confidence", ""),
    ("must_average_at_most", (2, 0.5), [1, 2, 2], "no",
     "at most 2 on average, with 50% confidence", ""),
    ("must_average_at_least", (1,), [2, 2, 2], [2.0, 2 + 9j],
     "at least 1 on average, with 99% confidence", "It is complex."),
    ("must_average_at_least", (1,), [1, 1], [2.0],
     "at least 1 on average, with 99% confidence", "That takes 2 numbers or more; it has 1."),
    ("must_average_at_most", (1,), [1, 1], [],
     "at most 1 on average, with 99% confidence", "That takes 2 numbers or more; it has 0."),
]  # fmt: skip


@pytest.mark.parametrize(("word", "wanted", "right", "wrong", "expected", "note"), DEMANDS)
def test_a_demand_lets_the_right_pass_and_tells_what_the_wrong_is(
    word, wanted, right, wrong, expected, note
):
    answer = seen(right)
    assert getattr(answer, word)(*wanted, because=BECAUSE) is answer
    found = finding_of(lambda: getattr(seen(wrong), word)(*wanted))
    assert (found.call, found.expected, found.note) == ("f(x)", expected, note)
    assert found.returned == seen(wrong).as_argument()
    assert found.frames == ()
    found = finding_of(lambda: getattr(seen(wrong), word)(*wanted, because=BECAUSE))
    assert found.note == f"{note} {BECAUSE}".strip()


@pytest.mark.parametrize(("word", "wanted", "right", "wrong", "expected", "note"), DEMANDS)
def test_what_was_raised_meets_no_demand_of_a_value(word, wanted, right, wrong, expected, note):
    found = finding_of(lambda: getattr(failed(), word)(*wanted, because=BECAUSE))
    assert found.returned == "raised KeyError: 'no such key'"
    assert (found.expected, found.note) == (expected, BECAUSE)
    assert found.frames == ("line 3", "line 7")


def test_how_close_is_close_enough_is_absolute_and_relative():
    seen(1.0 + 9e-8).must_be_close_to(1.0)
    seen(1e-9).must_be_close_to(0.0)
    seen([110.0, 0.5]).must_be_close_to([100.0, 0.0], rtol=0.1, atol=0.5)
    assert finding_of(lambda: seen(1.0 + 2e-7).must_be_close_to(1.0))
    assert finding_of(lambda: seen(2e-9).must_be_close_to(0.0))
    found = finding_of(lambda: seen([1.0, 2.0]).must_be_close_to([1.0, 3.0]))
    assert found.note == "At [1] it is 2.0, not 3.0 (1 of 2 entries differ)."


def test_rows_come_in_any_order_unless_one_is_demanded():
    made = seen(table({"n": [2, 1], "t": ["b", "a"]}))
    rows = [(1, "a"), (2, "b")]
    assert made.must_have_rows(rows, ["n", "t"]) is made
    made.must_have_rows(rows[::-1], ["n", "t"], ordered=True)
    found = finding_of(lambda: made.must_have_rows(rows, ["n", "t"], ordered=True, because=BECAUSE))
    assert found.expected == "rows in this order (n, t) [1, 'a'; 2, 'b']"
    assert found.note.endswith(BECAUSE)
    assert found.note != BECAUSE
    assert finding_of(lambda: failed().must_have_rows(rows, ["n"], because=BECAUSE)).note == BECAUSE


def test_no_reason_is_told_where_the_check_gives_none():
    rows = finding_of(lambda: failed().must_have_rows([(1,)], ["n"]))
    looks = [seen(3).must_raise, failed().as_value, lambda: seen(table({"n": [1]})).as_int()]
    assert [rows.note, *(finding_of(look).note for look in looks)] == ["", "", "", "It is a table."]


def test_an_exception_is_demanded_by_its_class_or_by_one_above_it():
    answer = failed()
    assert answer.must_raise() is answer
    answer.must_raise(KeyError).must_raise("LookupError").must_raise(ValueError, "KeyError")
    answer.must_raise(saying="such").must_raise(KeyError, saying=["no", "key"])


@pytest.mark.parametrize(
    ("answer", "kinds", "saying", "expected", "returned"),
    [
        (seen(3), (), (), "it to raise an exception", "3"),
        (seen(3), (ValueError, "KeyError"), (), "it to raise ValueError or KeyError", "3"),
        (failed(), (ValueError,), (), "it to raise ValueError", "raised KeyError: 'no such key'"),
        (
            failed(),
            (KeyError,),
            ["such", "door"],
            "it to raise KeyError with 'door' in its message",
            "raised KeyError: 'no such key'",
        ),
        (
            failed(),
            (),
            "no door",
            "it to raise an exception with 'no door' in its message",
            "raised KeyError: 'no such key'",
        ),
    ],
)
def test_another_exception_or_none_is_a_finding(answer, kinds, saying, expected, returned):
    found = finding_of(lambda: answer.must_raise(*kinds, saying=saying, because=BECAUSE))
    assert (found.expected, found.returned, found.note) == (expected, returned, BECAUSE)


def test_a_predicate_may_fail_in_the_ways_of_a_wrong_form_and_in_no_other():
    for fault in (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError,
                  RecursionError, MemoryError):  # fmt: skip

        def fails(value, fault=fault):
            raise fault

        assert finding_of(lambda fails=fails: seen(1).must_satisfy("be", fails)).note

    def broken(value):
        raise NameError

    with pytest.raises(NameError):
        seen(1).must_satisfy("be", broken)


def test_a_mean_counts_only_as_far_as_it_is_certain():
    shares = [0.80, 0.82, 0.84, 0.86]
    seen(shares).must_average_at_least(0.75).must_average_at_most(0.92)
    seen(shares).must_average_at_least(0.83, 0.5).must_average_at_most(0.83, 0.5)
    seen([2.0, 2.0]).must_average_at_least(2).must_average_at_most(2)
    low = finding_of(lambda: seen(shares).must_average_at_least(0.8, because=BECAUSE))
    assert low.expected == "at least 0.8 on average, with 99% confidence"
    said = "Over 4 seeds the mean is 0.83, and no more than 0.7714 is certain."
    assert low.note == f"{said} {BECAUSE}"
    high = finding_of(lambda: seen(shares).must_average_at_most(0.86))
    assert high.note == "Over 4 seeds the mean is 0.83, and no more than 0.8886 is certain."
    with margins() as noted:
        seen(shares).must_average_at_least(0.75).must_average_at_most(0.92)
    assert [each.room for each in noted] == pytest.approx([0.0214, 0.0314], abs=1e-4)
    assert {each.label for each in noted} == {"f(x)"}


def test_a_mean_of_short_floats_is_as_certain_as_one_of_long_floats():
    seen(np.full(3, 60_000, np.float16)).must_average_at_least(60_000)


def test_a_bound_may_lie_beyond_the_numbers_of_an_array():
    shares = seen(np.array([0.5, 0.25], np.float16))
    shares.must_be_below(1e6).must_be_between(-1e6, 1e6)
    found = finding_of(lambda: shares.must_be_at_least(1e6))
    assert found.note == "At [0] it is 0.5."


def test_a_call_is_put_into_words_only_where_somebody_reads_them():
    def told():
        pytest.fail("nobody asked for the words")

    number = Answer(told, Outcome(value=0.5))
    number.must_be_at_least(0.25).must_be_between(0.0, 1.0).must_be_close_to(0.5)
    Answer(told, Outcome(value=[0.5, 0.5])).must_average_at_least(0.5).must_average_at_most(0.5)


def test_each_bound_is_noted_where_somebody_measures():
    with margins() as noted:
        seen(0.5).must_be_at_least(0.25).must_be_above(0.125)
        seen(0.5).must_be_at_most(0.75).must_be_below(1.0)
        seen(0.5).must_be_between(0.0, 0.625)
        seen(2.5).must_be_close_to(-2.0, rtol=0.5, atol=4.0)
        seen(-2.5).must_be_close_to(-2.0, rtol=0.5, atol=0.0)
        Answer("f(x)", Outcome(value=0.5), far=object()).must_be_below(1.0)
    assert [each.room for each in noted] == [0.25, 0.375, 0.25, 0.5, 0.125, 0.5, 0.5]
    assert {each.label for each in noted} == {"f(x)"}


def test_a_tolerance_for_last_digits_is_no_bound():
    with margins() as noted:
        seen(2.0).must_be_close_to(2.0).must_be_close_to(2.0, rtol=1e-3, atol=1e-3)
        seen(2.0).must_be_close_to(2.0, rtol=1.5e-3, atol=0.0)
        seen(2.0).must_be_close_to(2.0, rtol=0.0, atol=1.5e-3)
    assert [each.room for each in noted] == pytest.approx([3e-3, 1.5e-3])


def test_what_is_allowed_may_be_given_once_only():
    seen(2).must_be_one_of(iter([1, 2]))


def test_what_a_tensor_holds_is_looked_for_in_its_numbers():
    seen(tensor([1, 2])).must_contain(2).must_not_contain(3)


def test_a_predicate_that_gives_no_single_truth_is_not_met():
    found = finding_of(lambda: seen(1).must_satisfy("be", lambda n: np.array([True, False])))
    assert found.note == "It is an int."


def test_a_call_that_may_raise_can_be_asked_for_its_arguments():
    class There:
        def arguments(self, ref):
            return [[1]], {}

    answer = Answer("f([1])", Outcome(raised=FAULT), There(), (([1],), {}))
    found = finding_of(answer.must_not_change_its_arguments)
    assert found.expected == "an answer, and the arguments left as they were"
    answer.must_raise(KeyError).must_not_change_its_arguments()


def test_what_has_no_call_of_its_own_cannot_be_told():
    with pytest.raises(NotImplementedError):
        Assertions()._told()


@pytest.mark.parametrize(
    ("sent", "now", "said"),
    [
        (([1], [2]), ([1], [2]), None),
        (([1], [2]), ([1], [3]), "argument 2 became [3]; it was [2]"),
        ((seen([1]),), ([2],), "argument 1 became [2]; it was [1]"),
        ((seen([1]),), ([1],), None),
        (([1], 2), ([1],), "1 arguments instead of 2"),
        ((stub(abs), [1]), (None, [1]), None),
        ((Handle(1, "Linear", "Linear()"), 1), (None, 1), None),
    ],
)
def test_an_argument_that_changed_is_told_by_its_place(sent, now, said):
    assert arguments_changed((sent, {}), (now, {})) == said


@pytest.mark.parametrize(
    ("sent", "now", "said"),
    [
        ({"a": [1], "b": [2]}, {"a": [1], "b": [2]}, None),
        ({"a": [1], "b": [2]}, {"a": [1], "b": []}, "b became []; it was [2]"),
        ({"a": seen([1])}, {}, "a became None; it was [1]"),
        ({"a": len}, {}, None),
    ],
)
def test_an_argument_that_changed_is_told_by_its_name(sent, now, said):
    assert arguments_changed(([], sent), ([], now)) == said
