"""Plain asserts, NumPy, and one test that uses two of the functions together."""

import unittest

import numpy as np

check = unittest.TestCase()


def refuses(function, *args):
    try:
        function(*args)
    except ValueError:
        return True
    return False


def test_values_of_f1(f1):
    table = [
        ([1, 1, 1, 0, 0], [1, 0, 0, 1, 0], 2 / 5),
        ([1, 1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 1, 0, 0], 4 / 7),
        ([0, 0], [0, 0], 0),
        ([1], [1], 1),
        ([0, 0, 1], [1, 1, 0], 0),
    ]
    for y_true, y_pred, expected in table:
        check.assertAlmostEqual(f1(y_true, y_pred), expected)
        check.assertAlmostEqual(f1(np.array(y_true), np.array(y_pred)), expected)


def test_errors(f1, split, scale):
    assert refuses(f1, [1, 1], [1]) and refuses(f1, [1], [1, 1]) and refuses(f1, [], [])
    assert refuses(split, 10, 0, 0) and refuses(split, 10, 1, 0) and refuses(split, 1, 0.5, 0)
    assert refuses(scale, [], [])


def test_split_sizes(split):
    for n in range(2, 30):
        for share in (0.1, 0.25, 0.5, 0.75, 0.9):
            train, test = split(n, share, n)
            check.assertCountEqual(list(train) + list(test), range(n))
            assert len(test) == (int(n * share) or 1)


def test_split_seeds(split):
    tests = [sorted(split(40, 0.5, seed)[1]) for seed in (0, 1, 2, 3, 4, 5, 6, 7, 0)]
    assert tests[0] == tests[-1]
    assert all(tests[0] != other for other in tests[1:-1])
    blocks = (list(range(20)), list(range(20, 40)))
    assert sum(each in blocks for each in tests) == 0


def test_scaling_a_split_table(split, scale):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(12, 2)) * [1, 30] + [5, -100]
    a, b = split(12, 0.25, 3)
    train, test = scale(rows[sorted(a)].tolist(), (rows[sorted(b)] + 1000).tolist())
    mean, std = rows[sorted(a)].mean(axis=0), rows[sorted(a)].std(axis=0)
    np.testing.assert_allclose(np.array(train), (rows[sorted(a)] - mean) / std, atol=1e-9)
    np.testing.assert_allclose(np.array(test), (rows[sorted(b)] + 1000 - mean) / std, rtol=1e-6)


def test_constant_column(scale):
    train, test = scale([[3, 1], [3, 2]], [[3, 1.5], [4, 2]])
    np.testing.assert_allclose(train, [[0, -1], [0, 1]], atol=1e-9)
    np.testing.assert_allclose(test, [[0, 0], [1, 1]], atol=1e-9)
