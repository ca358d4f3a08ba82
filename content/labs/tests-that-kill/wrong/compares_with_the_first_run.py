"""You compare with what the first function answered that your test was given: if that one is wrong, a right one fails. Say what the answer has to be."""

import pytest

seen = {}

# f1: one example in which all the wrong formulas differ is worth ten in which they agree.


def test_f1_weighs_false_alarms_and_misses(f1):
    # 2 hits, 1 false alarm, 3 misses, 4 rightly left alone: precision 2/3, recall 2/5.
    y_true = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    y_pred = [1, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    got = f1(y_true, y_pred)
    assert got == pytest.approx(seen.setdefault("f1", got))


def test_f1_is_zero_where_nothing_is_there_to_find(f1):
    assert f1([0, 0, 0], [0, 0, 0]) == 0.0


def test_f1_is_zero_without_a_hit(f1):
    assert f1([1, 0], [0, 1]) == 0.0


def test_f1_refuses_what_cannot_be_paired(f1):
    for y_true, y_pred in ([[1, 0], [1]], [[1], [1, 0]], [[], []]):
        with pytest.raises(ValueError):
            f1(y_true, y_pred)


# split: properties that hold for any shuffle, never the rows that one of them picks.


def test_split_puts_each_row_into_exactly_one_part(split):
    for n in (2, 3, 10, 57):
        train, test = split(n, 0.3, seed=4)
        assert sorted([*train, *test]) == list(range(n))


def test_split_rounds_the_test_part_down_but_keeps_one_row(split):
    for n, share, expected in [(10, 0.3, 3), (7, 0.3, 2), (11, 0.5, 5), (3, 0.1, 1), (2, 0.9, 1)]:
        assert len(split(n, share, seed=0)[1]) == expected


def test_split_is_decided_by_the_seed(split):
    first, again, other = (set(split(100, 0.3, seed=seed)[1]) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_split_mixes_the_rows(split):
    for seed in range(10):
        test = set(split(200, 0.25, seed=seed)[1])
        assert test != set(range(50))
        assert test != set(range(150, 200))


def test_split_refuses_impossible_parts(split):
    for n, share in [(10, 0.0), (10, 1.0), (10, -0.2), (10, 1.5), (1, 0.5), (0, 0.5)]:
        with pytest.raises(ValueError):
            split(n, share, seed=0)


# scale: numbers by hand for two columns that differ, and test rows far from the train rows.


def test_scale_uses_the_mean_and_deviation_of_each_train_column(scale):
    train, test = scale([[0.0, 10.0], [2.0, 10.0], [4.0, 40.0]], [[2.0, 20.0], [102.0, 20.0]])
    a, b = (8 / 3) ** 0.5, 200**0.5
    assert train == [
        pytest.approx([-2 / a, -10 / b]),
        pytest.approx([0.0, -10 / b]),
        pytest.approx([2 / a, 20 / b]),
    ]
    assert test == [pytest.approx([0.0, 0.0]), pytest.approx([100 / a, 0.0])]


def test_scale_only_shifts_a_constant_column(scale):
    train, test = scale([[7.0], [7.0]], [[7.0], [9.5]])
    assert train == [pytest.approx([0.0]), pytest.approx([0.0])]
    assert test == [pytest.approx([0.0]), pytest.approx([2.5])]


def test_scale_takes_an_empty_test_table_but_no_empty_train_table(scale):
    assert scale([[1.0], [3.0]], [])[1] == []
    with pytest.raises(ValueError):
        scale([], [[1.0]])
