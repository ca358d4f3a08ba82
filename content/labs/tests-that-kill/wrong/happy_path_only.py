"""You test one friendly example of each function: most wrong functions give the right answer there."""

import pytest


def test_f1(f1):
    assert f1([1, 1, 0, 0], [1, 1, 0, 0]) == pytest.approx(1.0)


def test_split(split):
    train, test = split(10, 0.3, seed=0)
    assert len(train) == 7
    assert len(test) == 3


def test_scale(scale):
    train, test = scale([[1.0], [3.0]], [[2.0]])
    assert train == [pytest.approx([-1.0]), pytest.approx([1.0])]
    assert test == [pytest.approx([0.0])]
