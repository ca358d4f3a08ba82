"""Tests of f1, split and scale. A test gets the function that its parameter names."""

import pytest


def test_f1_of_a_perfect_prediction(f1):
    assert f1([1, 0, 1], [1, 0, 1]) == pytest.approx(1.0)
