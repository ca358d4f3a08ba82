"""You test a stand-in of your own: the function that the test is handed is never called, so no mistake in it can show."""

from unittest.mock import Mock


def test_f1_is_half(f1):
    f1 = Mock(return_value=0.5)
    assert f1([1, 1, 0], [1, 0, 0]) == 0.5
    f1.assert_called_once_with([1, 1, 0], [1, 0, 0])


def test_split_has_all_rows(split):
    split = Mock(return_value=([2, 0], [1]))
    train, test = split(3, 0.4, seed=0)
    assert sorted(train + test) == [0, 1, 2]


def test_scale_gives_zero_mean(scale):
    scale = Mock(return_value=([[-1.0], [1.0]], [[0.0]]))
    train, test = scale([[1.0], [3.0]], [[2.0]])
    assert sum(row[0] for row in train) == 0.0
