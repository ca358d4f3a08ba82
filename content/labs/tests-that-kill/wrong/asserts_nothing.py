"""You call the functions and demand nothing of what they return: such a test fails only if something crashes."""

import pytest


def test_f1_works(f1):
    f1([1, 0, 1, 1], [1, 1, 0, 1])
    f1([0, 0], [0, 0])
    with pytest.raises(ValueError):
        f1([1, 0], [1])


def test_split_works(split):
    for seed in range(5):
        split(20, 0.25, seed=seed)
    train, test = split(20, 0.25, seed=0)
    sorted(train + test) == list(range(20))


def test_scale_works(scale):
    train, test = scale([[1.0, 2.0], [3.0, 2.0]], [[2.0, 2.0]])
    scale([[1.0]], [])
