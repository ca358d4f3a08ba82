"""Properties over many generated inputs, against the definition written out."""

import math

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

BITS = st.integers(0, 1)
PAIRS = st.lists(st.tuples(BITS, BITS), min_size=1, max_size=12)
CELL = st.integers(-50, 50).map(float)
quick = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, phases=[Phase.generate]
)


@quick
@given(pairs=PAIRS)
def test_f1_agrees_with_its_definition(f1, pairs):
    y_true, y_pred = [t for t, _ in pairs], [p for _, p in pairs]
    tp = sum(t == p == 1 for t, p in pairs)
    wrong = sum(t != p for t, p in pairs)
    expected = 2 * tp / (2 * tp + wrong) if tp + wrong else 0.0
    assert math.isclose(f1(y_true, y_pred), expected, rel_tol=1e-9, abs_tol=1e-9)


@quick
@given(st.lists(BITS, max_size=4), st.lists(BITS, max_size=4))
def test_f1_needs_pairs(f1, y_true, y_pred):
    if len(y_true) == len(y_pred) > 0:
        f1(y_true, y_pred)
    else:
        with pytest.raises(ValueError):
            f1(y_true, y_pred)


@quick
@given(n=st.integers(2, 60), percent=st.integers(1, 99), seed=st.integers(0, 5))
def test_split_keeps_its_contract(split, n, percent, seed):
    share = percent / 100
    train, test = split(n, share, seed)
    assert set(train) | set(test) == set(range(n))
    assert len(train) + len(test) == n
    assert len(test) == max(1, int(n * share))
    assert set(split(n, share, seed)[1]) == set(test)


def test_split_depends_on_the_seed(split):
    parts = {frozenset(split(60, 0.5, seed)[1]) for seed in range(8)}
    assert len(parts) == 8
    assert not parts & {frozenset(range(30)), frozenset(range(30, 60))}


def test_split_refuses(split):
    wrong = [(n, 0.5) for n in (0, 1)] + [(10, share) for share in (0, 1, -1, 2)]
    for n, share in wrong:
        try:
            split(n, share, 1)
        except ValueError:
            continue
        raise AssertionError(f"split({n}, {share}) was accepted")


@quick
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.lists(st.tuples(CELL, CELL)))
def test_scale_agrees_with_its_definition(scale, train, test):
    columns = list(zip(*train))
    means = [sum(c) / len(c) for c in columns]
    deviations = [math.sqrt(sum((x - m) ** 2 for x in c) / len(c)) for c, m in zip(columns, means)]
    for rows, scaled in zip((train, test), scale(train, test)):
        assert len(rows) == len(scaled)
        for row, got in zip(rows, scaled):
            for x, y, c, m, d in zip(row, got, columns, means, deviations):
                expected = x - m if len(set(c)) == 1 else (x - m) / d
                assert abs(y - expected) <= 1e-6 * max(1.0, abs(expected))


@quick
@given(test=st.lists(st.tuples(CELL, CELL), max_size=3))
def test_scale_needs_something_to_learn_from(scale, test):
    pytest.raises(ValueError, scale, [], test)
