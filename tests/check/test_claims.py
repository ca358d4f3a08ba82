"""How a claim and a diagnostic are declared, and what is refused as soon as a check is read."""

from functools import partial

import pytest

from gradus.check import claim, diagnostic, draw
from gradus.check.claims import GIVEN_BY_NAME

NUMBERS = draw.integers(0, 9)


def test_a_claim_keeps_what_was_declared():
    @claim(
        "It adds.", catches=["subtracts"], may_catch=["rounds"], examples=3, a=NUMBERS, b=NUMBERS
    )
    def adds(work, b, case, a, sizes):
        """Add."""

    assert (adds.sentence, adds.name, adds.examples) == ("It adds.", "adds", 3)
    assert (adds.catches, adds.may_catch) == (("subtracts",), ("rounds",))
    assert adds.inputs == (("a", NUMBERS), ("b", NUMBERS))
    assert adds.given == ("case", "sizes")


def test_what_is_not_said_is_none_of_it():
    declared = claim("It runs.")(lambda work: None)
    assert (declared.catches, declared.may_catch, declared.inputs) == ((), (), ())
    assert declared.given == ()


@pytest.mark.parametrize(
    ("test", "inputs", "said", "count"),
    [
        (lambda work: None, {}, None, 1),
        (lambda work, case: None, {}, None, 1),
        (lambda work, rng: None, {}, None, 25),
        (lambda work, a: None, {"a": NUMBERS}, None, 25),
        (lambda work, a: None, {"a": NUMBERS}, 0, 0),
        (lambda work, rng: None, {}, 7, 7),
        (lambda work: None, {}, 2, 2),
    ],
)
def test_what_is_drawn_is_tried_often_and_all_else_once(test, inputs, said, count):
    assert claim("It runs.", examples=said, **inputs)(test).examples == count


@pytest.mark.parametrize("name", ["rng", "case", "reader", "sizes", "module", "another", "place"])
def test_each_given_name_may_be_asked_for_and_drawn_instead(name):
    scope = {}
    exec(f"def test(work, {name}): return True", scope)
    assert name in GIVEN_BY_NAME
    assert claim("It runs.")(scope["test"]).given == (name,)
    assert diagnostic("a-variant")(scope["test"]).given == (name,)
    assert claim("It runs.", **{name: NUMBERS})(scope["test"]).given == ()


def test_a_diagnostic_keeps_its_variant_and_its_code():
    def looks(work, case):
        return True

    declared = diagnostic("off-by-one")(looks)
    assert (declared.variant, declared.given, declared.test) == ("off-by-one", ("case",), looks)


def test_a_claim_whose_code_has_no_name_is_called_a_claim():
    declared = claim("It runs.")(partial(lambda word, work: None, "x"))
    assert declared.name == "claim"


def declare(*names, **words):
    """Declare a claim whose code takes these names."""
    scope = {}
    exec(f"def test({', '.join(names)}): ...", scope)
    return claim("It adds.", **words)(scope["test"])


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (
            lambda: declare("work", "a", a=3),
            "claim 'It adds.': a is not a draw (use draw.just for a value)",
        ),
        (
            lambda: declare("work", "a", "b", b=NUMBERS, a=3),
            "claim 'It adds.': a is not a draw (use draw.just for a value)",
        ),
        (
            lambda: declare("work", "a", "b", "c", b=NUMBERS),
            "claim 'It adds.': nothing is drawn for a, c",
        ),
        (
            lambda: declare("work", "a", c=NUMBERS, b=NUMBERS, a=NUMBERS),
            "claim 'It adds.': b, c is drawn and not a parameter",
        ),
        (
            lambda: declare("a", a=NUMBERS),
            "claim 'It adds.': a is drawn and not a parameter",
        ),
        (
            lambda: declare("work", catches="subtracts"),
            "claim 'It adds.': catches and may_catch are lists of variants",
        ),
        (
            lambda: declare("work", may_catch="subtracts"),
            "claim 'It adds.': catches and may_catch are lists of variants",
        ),
        (
            lambda: diagnostic("off-by-one")(lambda work, a: True),
            "diagnostic of 'off-by-one': nothing is drawn for a",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_claim(declared, said):
    with pytest.raises(TypeError) as refused:
        declared()
    assert str(refused.value) == said
