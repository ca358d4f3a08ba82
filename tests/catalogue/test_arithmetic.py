"""Arithmetic is evaluated without running any code."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.catalogue.arithmetic import ArithmeticFault, evaluate, names_used


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("-(n - 1) ** 2", -4),
        ("7 // 2 + 7 % 4 + 1 / 4", 6.25),
        ("sqrt(n) * log(exp(1)) + log2(8)", math.sqrt(3) + 3),
        ("round(max(1.26, abs(-n)), 1) + min(n, 9) + floor(1.5) + ceil(1.5)", 9),
        ("2 * pi", 2 * math.pi),
        ("2 ** -1", 0.5),
    ],
)
def test_arithmetic_has_its_value(text, value):
    assert evaluate(text, {"n": 3}) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n +",
        "m",
        "n.real",
        "[n][0]",
        "'a' * n",
        "True",
        "print(n)",
        "__import__('os')",
        "(lambda: 1)()",
        "sqrt(n, n)",
        "sqrt(x=n)",
        "n if n else 1",
        "n < 3",
        "1 / (n - 3)",
        "log(n - 3)",
        "(0 - n) ** 0.5",
        "9 ** 9 ** 9",
        "1e308 * 10",
        "1 + " * 100 + "1",
        "(" * 90 + "1" + ")" * 90 + " x",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(ArithmeticFault) as caught:
        evaluate(text, {"n": 3})
    assert str(caught.value).endswith(".")


def test_the_names_of_parameters_are_found():
    assert names_used("sqrt(n) + k * pi") == {"n", "k"}


@given(st.text(alphabet="n0123456789+-*/%.() ,sqrtlogmax", max_size=40))
def test_no_text_does_anything_but_evaluate_or_be_refused(text):
    with contextlib.suppress(ArithmeticFault):
        assert math.isfinite(evaluate(text, {"n": 3}))
