"""How values look to a learner."""

import numpy as np

from gradus.check.show import show


def test_long_bytes_that_are_no_text_are_counted() -> None:
    assert show(b"\x80\x04" * 600) == "1,200 bytes"
    assert show(b"\x80\x04") == r"b'\x80\x04'"
    assert show(b"a text of more than forty letters, shown as it is").startswith("b'a text")


def test_tiny_numbers_are_not_shown_as_zero() -> None:
    assert show(np.array([1e-9, 0.0])) == "[1.e-09, 0.e+00]"
    assert show(np.array([0.25, 1e-9])) == "[0.25, 0. ]"
    assert show(np.array([0.0, 0.0])) == "[0., 0.]"


def test_minus_zero_is_shown_as_zero() -> None:
    assert show(np.array([-0.0, 1.0])) == "[0., 1.]"
    assert show(np.array([-1e-17, -0.5])) == show(np.array([1e-17, -0.5]))
