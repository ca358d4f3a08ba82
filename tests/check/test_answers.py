"""Answers: values taken out of them, and objects that are gone on with where they stay."""

import math

import numpy as np
import pytest

from gradus.check import observe, table, tensor
from gradus.check.answers import MOST_ITEMS, Answer
from gradus.check.far import Awaited, Outcome, Raised, Unmet
from gradus.core.values import Handle

FAULT = Raised(("KeyError",), "'n'")
ENDED = Outcome(raised=Raised(("StopIteration", "Exception"), ""))
LONG = 2**70


class There:
    """A far side with an object that gives items, and that is entered and left."""

    def __init__(self, n_items=0, leaving=None):
        self.left, self.leaving = n_items, leaving

    def iterate(self, ref):
        return Outcome(2)

    def next(self, ref):
        if not self.left:
            return ENDED
        self.left -= 1
        return Outcome(value=self.left)

    def enter(self, ref):
        return Outcome(3, "inside")

    def exit(self, ref):
        return Outcome(raised=self.leaving)


def finding_of(look):
    with pytest.raises(Unmet) as unmet:
        look()
    return unmet.value.finding


def test_an_iterator_may_give_as_many_items_as_are_allowed_and_not_one_more():
    items = Answer("walk()", Outcome(1), There(MOST_ITEMS))
    assert len([each.as_int() for each in items]) == MOST_ITEMS
    endless = Answer("walk()", Outcome(1), There(MOST_ITEMS + 1))
    found = finding_of(lambda: list(endless))
    assert (found.call, found.returned) == ("walk()", "more than 10000 items")


def test_what_raises_when_it_is_left_is_a_finding():
    def use(leaving):
        with Answer("opened()", Outcome(1), There(leaving=leaving)) as inside:
            assert inside.as_text() == "inside"

    use(None)
    found = finding_of(lambda: use(Raised(("OSError",), "still in use")))
    assert (found.call, found.returned) == ("leaving opened()", "raised OSError: still in use")


def test_what_failed_within_is_told_before_what_raises_when_it_is_left():
    def use():
        with Answer("opened()", Outcome(1), There(leaving=Raised(("OSError",), ""))) as inside:
            inside.must_equal("outside")

    assert finding_of(use).expected == "'outside'"


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (3, 3),
        (3.0, 3),
        (LONG, LONG),
        (10**400, 10**400),
        (np.int64(2**60 + 1), 2**60 + 1),
        (np.array(2**60 + 1), 2**60 + 1),
        (tensor(2**60 + 1), 2**60 + 1),
    ],
)
def test_a_whole_number_is_taken_exactly_however_long_it_is(value, whole):
    taken = observe("n", value).as_int()
    assert (taken, type(taken)) == (whole, int)


@pytest.mark.parametrize("value", [True, 2.5, math.inf, math.nan, "3", [3], None, np.array([3])])
def test_what_is_no_whole_number_is_a_finding(value):
    assert finding_of(observe("n", value).as_int).expected in ("a whole number", "a number")


def test_numbers_above_64_bits_are_numbers():
    assert observe("n", LONG).as_number() == 2.0**70
    observe("n", LONG).must_be_above(2**69).must_be_close_to(2.0**70).must_have_shape(())
    observe("n", [LONG, 1]).must_be_close_to([2.0**70, 1.0]).must_be_at_least(1)
    assert observe("n", [[LONG, 0.5]]).as_array(shape=(1, 2)).tolist() == [[2.0**70, 0.5]]
    assert finding_of(lambda: observe("n", [LONG, 1]).must_be_at_most(2)).note.startswith("At [0]")
    for none in ([LONG, True], [LONG, None], [LONG, "1"], 10**400):
        assert finding_of(observe("n", none).as_array).expected == "an array of numbers"


def test_an_array_of_another_form_is_told_with_the_form_that_was_wanted():
    rows = observe("rows", [[1, 2]])
    assert rows.as_array(2, (1, 2)).shape == (1, 2)
    assert finding_of(lambda: rows.as_array(1)).expected == "1 dimensions"
    for shape in [(), (2,)]:
        wanted = f"an array of numbers of shape {shape}"
        found = finding_of(lambda shape=shape: rows.as_array(shape=shape))
        assert (found.expected, found.note) == (wanted, "Its shape is (1, 2).")
        said = finding_of(lambda shape=shape: observe("rows", "no").as_array(shape=shape))
        assert (said.expected, said.note) == (wanted, "It is a text.")


TAKEN = [
    ("as_array", (), [[1, 2]], np.array([[1, 2]]), "no", "an array of numbers", "It is a text."),
    ("as_array", (2,), [[1]], np.array([[1]]), [1], "2 dimensions", "Its shape is (1,)."),
    ("as_array", (1, (2,)), [1, 2], np.array([1, 2]), [1], "an array of numbers of shape (2,)",
     "Its shape is (1,)."),
    ("as_number", (), 2, 2.0, True, "a number", "It is a bool."),
    ("as_number", (), np.float32(0.5), 0.5, [1.0], "a number", "It is a list."),
    ("as_number", (), -1.5, -1.5, 1j, "a number", "It is a complex number."),
    ("as_int", (), 2.0, 2, 2.5, "a whole number", ""),
    ("as_int", (), -7, -7, math.inf, "a whole number", ""),
    ("as_bool", (), np.array(True), True, 1, "True or False", "It is an int."),
    ("as_bool", (), False, False, [True], "True or False", "It is a list."),
    ("as_bool", (), tensor(True), True, np.array([True]), "True or False", "It is an array."),
    ("as_bool", (), np.bool_(True), True, tensor([True]), "True or False", "It is a tensor."),
    ("as_text", (), "a", "a", b"a", "a text", "It is bytes."),
    ("as_list", (), (1, 2), [1, 2], {1: 2}, "a list", "It is a dict."),
    ("as_list", (2,), np.array([1, 2]), [1, 2], [1], "a list of 2", "It has 1 items."),
    ("as_list", (), np.array([[1]]), [[1]], np.array(1), "a list", "It is an array."),
    ("as_list", (), tensor([1, 2]), [1, 2], tensor(1), "a list", "It is a tensor."),
    ("as_mapping", (), {"a": 1}, {"a": 1}, [1], "a dict", "It is a list."),
    ("as_mapping", ("a", "b"), {"b": 1, "a": 2}, {"b": 1, "a": 2}, {"a": 1}, "a dict with a, b",
     "'b' is missing."),
    ("as_table", ("n",), table({"n": [1, None]}), {"n": [1, None]}, table({"a": [1], "b": [2]}),
     "a table with the columns n", "It has a, b."),
    ("as_table", (), table({"n": [1]}), {"n": [1]}, table({"n": [1]}, kind="series"), "a table",
     "It is a series."),
    ("as_table", ("n", "m"), table({"n": [1], "m": [2]}), {"n": [1], "m": [2]}, table({"n": [1]}),
     "a table with the columns n, m", "It has n."),
    ("as_table", (), table({}), {}, {"n": [1]}, "a table", "It is a dict."),
    ("as_table", ("n",), table({"n": [1]}), {"n": [1]}, table({}), "a table with the columns n",
     "It has no columns."),
]  # fmt: skip


@pytest.mark.parametrize(("word", "wanted", "right", "taken", "wrong", "expected", "note"), TAKEN)
def test_a_value_is_taken_in_its_form_and_another_form_is_told(
    word, wanted, right, taken, wrong, expected, note
):
    found = getattr(observe("f(x)", right), word)(*wanted)
    assert type(found) is type(taken)
    assert np.array_equal(found, taken) if isinstance(taken, np.ndarray) else found == taken
    finding = finding_of(lambda: getattr(observe("f(x)", wrong), word)(*wanted))
    assert (finding.call, finding.expected, finding.note) == ("f(x)", expected, note)


def test_what_is_taken_as_a_dict_or_a_list_may_be_changed_by_the_check():
    for word, given in (("as_mapping", {"a": 1}), ("as_list", [1])):
        answer = observe("f(x)", given)
        getattr(answer, word)().clear()
        assert answer.as_value() == given != type(given)()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("as_value", "a value"),
        ("as_array", "an array of numbers"),
        ("as_number", "a number"),
        ("as_int", "a number"),
        ("as_bool", "True or False"),
        ("as_text", "a text"),
        ("as_list", "a list"),
        ("as_mapping", "a dict"),
        ("as_table", "a table"),
        ("as_tensor", "a tensor"),
    ],
)
def test_nothing_is_taken_of_what_raised_and_what_was_wanted_is_told(word, expected):
    found = finding_of(getattr(Answer("f(x)", Outcome(raised=FAULT)), word))
    assert (found.returned, found.expected) == ("raised KeyError: 'n'", expected)


def test_a_number_that_is_whole_as_a_float_is_that_whole_number():
    nearly = np.array(np.longdouble(2) - np.longdouble(1e-18))
    assert observe("n", nearly).as_int() == observe("n", nearly).as_number() == 2


def test_a_tensor_is_taken_as_it_is():
    given = tensor([1.0])
    assert observe("f(x)", given).as_tensor() is given
    finding = finding_of(observe("f(x)", [1.0]).as_tensor)
    assert (finding.expected, finding.note) == ("a tensor", "It is a list.")


# ── objects that stay on the far side ──

MODEL = Outcome(7, Handle(7, "Model", "Model(layers=2)"))


class Noted:
    """A far side that notes what is asked of it, and gives one outcome for everything."""

    def __init__(self, gives=MODEL):
        self.gives, self.asked, self.doing = gives, [], ""

    def __getattr__(self, name):
        def ask(*words):
            self.asked.append((name, *words))
            return self.gives

        return ask


def test_an_attribute_of_an_object_is_read_where_it_is_and_told_by_its_path():
    far = Noted()
    layer = Answer("build()", MODEL, far).layer
    assert far.asked == [("get", 7, "layer")]
    assert layer.as_argument() == "build().layer"
    assert layer.bias.as_argument() == "build().layer.bias"
    assert Answer("", MODEL, far).layer.as_argument() == "layer"


def test_a_call_of_an_object_is_told_with_its_arguments_before_it_is_heard():
    far = Noted(Awaited(lambda: Outcome(8, 2.5)))
    made = Answer("build()", MODEL, far)(3, scale=0.5)
    assert far.asked == [("begin", 7, (3,), {"scale": 0.5})]
    assert far.doing() == "build()(3, scale=0.5)"
    assert made.as_value() == 2.5
    found = finding_of(lambda: made.must_equal(3))
    assert (found.call, found.returned) == ("build()(3, scale=0.5)", "2.5")


def test_what_a_call_gave_is_looked_at_once_and_only_when_somebody_reads_it():
    heard = []

    def hear():
        heard.append(1)
        return MODEL

    answer = Answer("build()", Awaited(hear), Noted())
    assert heard == []
    assert answer.as_value() == answer.as_value() == MODEL.value
    assert answer.layer.as_argument() == "build().layer"
    assert heard == [1]


FIRST_LOOKS = [
    (Outcome(7, MODEL.value), lambda answer: answer.as_argument(), "build()"),
    (Outcome(None, [3]), lambda answer: answer[0].as_value(), 3),
    (Outcome(7, 3), lambda answer: answer._ref_on(answer._far), 7),
    (Outcome(None, 3), lambda answer: answer._ref_on(answer._far), None),
    (Outcome(7, 3), lambda answer: answer.must_equal(3).as_int(), 3),
]


@pytest.mark.parametrize(("outcome", "look", "seen"), FIRST_LOOKS)
def test_whatever_is_looked_at_first_is_waited_for(outcome, look, seen):
    assert look(Answer("build()", Awaited(lambda: outcome), Noted())) == seen


def test_a_call_is_put_into_words_once():
    said = []

    def call():
        said.append(1)
        return "build()"

    answer = Answer(call, MODEL, Noted())
    assert said == []
    assert answer.as_argument() == answer.as_argument() == "build()"
    assert said == [1]


def test_among_arguments_a_plain_value_stands_for_itself():
    assert Answer("f(x)", Outcome(1, [1, 2]), Noted()).as_argument() == "[1, 2]"


@pytest.mark.parametrize("name", ["must_be_great", "as_tree", "__len__"])
def test_a_word_that_is_none_is_not_asked_of_the_far_side(name):
    far = Noted()
    with pytest.raises(AttributeError) as error:
        getattr(Answer("build()", MODEL, far), name)
    assert str(error.value) == f"an answer has no word {name!r}"
    assert far.asked == []


GOING_ON = [
    lambda answer: answer.layer,
    lambda answer: answer(1),
    lambda answer: answer["a"],
    list,
    lambda answer: answer.__enter__(),
    lambda answer: answer.__exit__(None, None, None),
    lambda answer: answer.len(),
    lambda answer: answer.now(),
    lambda answer: answer.replace("n", 1),
]


@pytest.mark.parametrize("go_on", GOING_ON)
def test_going_on_with_what_raised_is_a_finding(go_on):
    far = Noted()
    found = finding_of(lambda: go_on(Answer("build()", Outcome(7, raised=FAULT), far)))
    assert (found.call, found.returned) == ("build()", "raised KeyError: 'n'")
    assert (found.expected, far.asked) == ("a value to look at", [])


@pytest.mark.parametrize(("ref", "far"), [(None, Noted()), (7, None)])
def test_going_on_with_a_plain_value_is_the_authors_mistake(ref, far):
    with pytest.raises(TypeError) as error:
        Answer("f(x)", Outcome(ref, 3), far).real  # noqa: B018
    assert str(error.value) == "f(x) is a plain value: use as_…() or must_…()"


# ── items ──


@pytest.mark.parametrize("kind", [list, tuple])
@pytest.mark.parametrize("place", [0, 1, -1, -2])
def test_an_item_of_a_list_that_came_over_is_not_fetched(kind, place):
    far = Noted()
    item = Answer("f(x)", Outcome(7, kind([4, 5])), far)[place]
    assert item.as_int() == [4, 5][place]
    assert finding_of(lambda: item.must_equal(6)).call == f"f(x)[{place}]"
    assert far.asked == []


@pytest.mark.parametrize("key", [2, -3, True, "a"])
def test_another_item_is_asked_of_the_far_side(key):
    far = Noted(Outcome(raised=FAULT))
    item = Answer("f(x)", Outcome(7, [4, 5]), far)[key]
    assert far.asked == [("item", 7, key)]
    found = finding_of(item.as_value)
    assert (found.call, found.returned) == (f"f(x)[{key!r}]", "raised KeyError: 'n'")


def test_an_item_of_an_object_is_an_object_there():
    far = Noted()
    item = Answer("f(x)", MODEL, far)["a"]
    assert item.as_argument() == "f(x)['a']"
    assert item.layer.as_argument() == "f(x)['a'].layer"
    assert far.asked == [("item", 7, "a"), ("get", 7, "layer")]


def test_a_known_item_is_taken_hold_of_when_somebody_goes_on_with_it():
    far = Noted(Outcome(9, [1]))
    item = Answer("f(x)", Outcome(7, [[1], [2]]), far)[1]
    inner = item[0]
    assert (inner.as_int(), far.asked) == (2, [])
    item.append(3)
    assert far.asked == [("item", 7, 1), ("get", 9, "append"), ("begin", 9, (3,), {})]
    item.append(4)
    assert far.asked[3:] == [("get", 9, "append"), ("begin", 9, (4,), {})]
    assert inner._ref_on(far) == 9
    assert far.asked[5:] == [("item", 9, 0)]


def test_a_known_item_that_is_gone_by_then_is_a_finding():
    item = Answer("f(x)", Outcome(7, [[1]]), Noted(Outcome(raised=FAULT)))[0]
    found = finding_of(lambda: item.append)
    assert (found.call, found.returned) == ("f(x)[0]", "raised KeyError: 'n'")
    assert found.expected == "a value to look at"


def test_an_item_of_what_raised_is_a_finding():
    found = finding_of(lambda: Answer("f(x)", Outcome(raised=FAULT))[0])
    assert (found.call, found.expected) == ("f(x)", "a value to look at")


def test_an_item_of_a_value_that_stays_here_is_taken_as_plain():
    assert observe("seen", table({"n": [1, None]}))["n"].as_value() == [1, None]


def test_an_object_is_known_by_its_number_on_its_own_far_side_alone():
    far, other = Noted(), Noted()
    assert Answer("build()", MODEL, far)._ref_on(far) == 7
    assert Answer("build()", MODEL, far)._ref_on(other) is None
    assert Answer("f(x)", Outcome(value=3), far)._ref_on(far) is None
    assert Answer("f(x)", Outcome(7, [4]), far)[0]._ref_on(other) is None


# ── what is asked of a whole object ──


def test_items_are_told_by_their_place():
    far = There(2)
    first, second = Answer("walk()", Outcome(1), far)
    assert finding_of(lambda: first.must_equal(0)).call == "item 0 of walk()"
    assert finding_of(lambda: second.must_equal(1)).call == "item 1 of walk()"


class Walked(Noted):
    """A far side with an iterator that raises."""

    def __init__(self, iterate=MODEL):
        super().__init__(Outcome(raised=FAULT))
        self.iterate = lambda ref: self.asked.append(("iterate", ref)) or iterate


def test_an_item_that_raises_is_a_finding_of_that_item():
    far = Walked(Outcome(2))
    item = next(iter(Answer("walk()", Outcome(1), far)))
    assert finding_of(item.as_value).call == "item 0 of walk()"
    assert far.asked == [("iterate", 1), ("next", 2)]
    found = finding_of(lambda: list(Answer("walk()", Outcome(1), Walked(Outcome(raised=FAULT)))))
    assert (found.call, found.returned) == ("iter(walk())", "raised KeyError: 'n'")


def test_too_many_items_are_told_with_what_was_expected():
    endless = Answer("walk()", Outcome(1), There(MOST_ITEMS + 1))
    assert finding_of(lambda: list(endless)).expected == "an end"


def test_what_is_entered_is_an_object_there_with_the_words_of_the_whole():
    far = Noted()
    with Answer("opened()", MODEL, far) as inside:
        assert inside.as_argument() == "opened()"
        assert inside.layer.as_argument() == "opened().layer"
    assert far.asked == [("enter", 7), ("get", 7, "layer"), ("exit", 7)]


def test_the_length_is_that_of_the_object_there():
    far = Noted()
    length = Answer("f(x)", Outcome(1), far).len()
    assert far.asked == [("get", 1, "__len__"), ("call", 7, (), {})]
    assert length.as_argument() == "len(f(x))"
    far = Noted(Outcome(raised=FAULT))
    found = finding_of(Answer("f(x)", Outcome(1), far).len().as_value)
    assert (found.call, found.returned) == ("len(f(x))", "raised KeyError: 'n'")
    assert far.asked == [("get", 1, "__len__")]


def test_an_object_is_read_again_as_it_is_afterwards():
    far = Noted(Outcome(7, [1, 2]))
    later = Answer("f(x)", Outcome(1, [1]), far).now()
    assert (later.as_list(), far.asked) == ([1, 2], [("fetch", 1)])
    assert finding_of(lambda: later.must_equal([1])).call == "f(x), afterwards"
    assert later.len().as_argument() == "[1, 2]"


def test_an_attribute_is_set_there_and_a_refusal_is_a_finding():
    far = Noted(Outcome())
    Answer("build()", MODEL, far).replace("n", "three")
    assert far.asked == [("set", 7, "n", "three")]
    refusing = Answer("build()", MODEL, Noted(Outcome(raised=FAULT)))
    found = finding_of(lambda: refusing.replace("n", "three"))
    assert (found.call, found.returned) == ("build().n = 'three'", "raised KeyError: 'n'")


# ── arguments that a call may have changed ──


class Changing:
    """A far side that tells what arguments have become."""

    def __init__(self, args=(), kwargs=None):
        self.asked, self.now = [], (list(args), kwargs or {})

    def arguments(self, ref):
        self.asked.append(ref)
        return self.now

    def begin(self, ref, args, kwargs):
        return Outcome(8, 2.5)


def test_arguments_that_are_as_they_were_are_right():
    far = Changing([[1, 2]], {"n": 3})
    made = Answer("f", Outcome(1), far)([1, 2], n=3)
    assert made.must_not_change_its_arguments() is made
    assert far.asked == [8]


def test_arguments_that_have_become_others_are_a_finding_of_the_call():
    made = Answer("f", Outcome(1), Changing([[2, 1]]))([1, 2])
    found = finding_of(lambda: made.must_not_change_its_arguments("It is theirs."))
    assert (found.call, found.expected) == ("f([1, 2])", "the arguments left as they were")
    assert found.returned == "argument 1 became [2, 1]; it was [1, 2]"
    assert found.note == "It is theirs."
    assert finding_of(made.must_not_change_its_arguments).note == ""


def test_a_call_that_raised_has_to_leave_its_arguments_too():
    far = Changing([[2, 1]])
    failed = Answer("f([1, 2])", Outcome(raised=FAULT), far, (([1, 2],), {}))
    found = finding_of(lambda: failed.must_not_change_its_arguments("It is theirs."))
    assert found.expected == "an answer, and the arguments left as they were"
    assert (found.returned, found.note) == ("raised KeyError: 'n'", "It is theirs.")
    assert far.asked == []
    failed.must_raise("KeyError")
    found = finding_of(failed.must_not_change_its_arguments)
    assert (found.expected, far.asked) == ("the arguments left as they were", [0])


SENT = ((), {})


@pytest.mark.parametrize(
    "answer",
    [
        Answer("f()", Outcome(8), None, SENT),
        Answer("f()", Outcome(8), Changing(), None),
        Answer("f()", Outcome(value=3), Changing(), SENT),
    ],
)
def test_only_the_answer_of_a_call_has_arguments(answer):
    with pytest.raises(TypeError) as error:
        answer.must_not_change_its_arguments()
    said = "must_not_change_its_arguments() belongs to the answer of a call"
    assert str(error.value) == said


# ── what the check computed itself ──


def test_a_single_number_of_numpy_is_observed_as_pythons():
    for given in (np.float32(0.5), np.int8(3)):
        kept = observe("seen", given).as_value()
        assert (kept, type(kept)) == (given.item(), type(given.item()))
    for given in (np.str_("a"), [np.int8(3)]):
        assert observe("seen", given).as_value() is given
